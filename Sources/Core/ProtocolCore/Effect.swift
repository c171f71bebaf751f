/// What a machine wants done, in the order in which it returns them.
public enum Effect<Words: Vocabulary>: Hashable, Sendable {
  /// Write this record at the end of the journal. It is stable when `stored` says so.
  case persist(Words.Record)
  /// Open a stream to this node; one that exists is replaced and its held sends are dropped.
  case connect(NodeID, Channel = .main)
  /// Close the stream with this node; its held sends are dropped, and so is what comes on it.
  case disconnect(NodeID, Channel = .main)
  /// Send a message.
  case send(Words.Message, to: NodeID, Release = .whenStored)
  /// Answer a request.
  case reply(Words.Reply, to: RequestID, Release = .whenStored)
  /// Set the timer, or set it anew; the driver draws the time from the range.
  ///
  /// Drawn by the driver because chance inside a machine would make it unrepeatable.
  case set(Words.Timer, after: ClosedRange<Ticks>)
  /// Stop the timer, if it is set.
  case cancel(Words.Timer)
  /// Say something aloud; never held back.
  case note(Words.Note)
}

/// When a message or a reply may leave its node.
public enum Release: Hashable, Sendable {
  /// When everything that the node has persisted up to then is stable.
  case whenStored
  /// Now, whatever the disk does.
  case atOnce
}
