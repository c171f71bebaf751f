/// What can happen to a machine.
public enum Event<Words: Vocabulary>: Hashable, Sendable {
  /// It starts, for the first time or again, and its disk holds these records.
  case started([Words.Record])
  /// A message arrived.
  case received(Words.Message, from: NodeID)
  /// The stream with this node is gone, or could not be made: the last event of a connection.
  case disconnected(NodeID, Channel = .main)
  /// A timer that was set ran out.
  case expired(Words.Timer)
  /// A client asks; the id is good at this node until it crashes.
  case asked(Words.Request, RequestID)
  /// These records, in the order in which they were persisted, and all before them are stable.
  case stored([Words.Record])
}
