public import ProtocolCore

extension Commitment {
  /// A participant's answer when it is asked for its vote.
  public enum Vote: String, Hashable, Sendable {
    /// I can go either way, and will, whatever happens.
    case yes
    /// I have aborted.
    case no
  }

  /// How a participant's part of the transaction goes.
  public enum Work: String, Hashable, Sendable {
    /// It changes something and can be made ready.
    case update
    /// It cannot be made ready: a constraint is violated, a lock was lost.
    case doomed
  }

  /// What clients ask.
  public enum Request: Hashable, Sendable {
    /// Of the coordinator: make the transaction real.
    case commit
    /// Of a participant: do this part of the transaction.
    case work(Work)
  }

  /// What the coordinator answers its client.
  public enum Reply: Hashable, Sendable {
    /// What became of the transaction.
    case decided(Decision)
    /// There is a transaction already, or this is not the one to ask.
    case refused
  }

  /// What a process says aloud.
  public enum Note<Message: Hashable & Sendable>: Hashable, Sendable {
    /// This process has decided; a process that starts again says so again.
    ///
    /// A decision is made when it can no longer be lost: it is said when its record is stable, or
    /// at a start when the disk tells it, never when it is only taken.
    case decided(Decision)
    /// A peer sent what the protocol never sends to a process that stands where this one does.
    case unexpected(Message, from: NodeID)
  }
}

extension Vocabulary where Reply == Commitment.Reply {
  /// A refusal says that nothing was begun.
  public static func isRefusal(_ reply: Commitment.Reply) -> Bool { reply == .refused }
}

extension Commitment.Note {
  /// What kind of note it is, for counting: decisions are counted apart.
  public var kind: String {
    switch self {
    case .decided(.commit): "decided commit"
    case .decided(.abort): "decided abort"
    case .unexpected: "unexpected"
    }
  }
}

extension Commitment.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .commit: "commit"
    case .work(let work): work.rawValue
    }
  }
}

extension Commitment.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .decided(.commit): "committed"
    case .decided(.abort): "aborted"
    case .refused: "refused"
    }
  }
}

extension Commitment.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .decided(let decision): "decided \(decision)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
