public import AtomicCommitment
public import ProtocolCore

extension Words {
  /// What coordinator and participants send each other.
  public enum Message: Hashable, Sendable {
    /// Coordinator to participant: vote. (The papers say VOTE-REQ or canCommit.)
    case prepare
    /// Participant to coordinator.
    case vote(Vote)
    /// What was decided; from the coordinator, or from a peer that was asked.
    case decide(Decision)
    /// Participant to coordinator: I shall never ask about this again. And the coordinator's answer
    /// to `damage`: I have heard.
    case ack
    /// Participant to all: I am in doubt, what was decided? (DECISION-REQ)
    case inquire
    /// Participant to participant: I do not know either.
    case uncertain
    /// Participant to coordinator: an operator had already decided, and otherwise. (XA_HEURMIX)
    case damage
  }

  /// A participant's answer to `prepare`: atomic commitment's, and one more.
  public enum Vote: String, Hashable, Sendable {
    /// I can go either way, and will, whatever happens.
    case yes
    /// I have aborted.
    case no
    /// I changed nothing; leave me out of what follows.
    case readOnly = "read-only"
  }

  /// What clients ask, and operators.
  public enum Request: Hashable, Sendable {
    /// Of the coordinator: make the transaction real.
    case commit
    /// Of a participant: do this part of the transaction.
    case work(Work)
    /// Of a participant, by its operator: decide now, whatever the coordinator will say.
    case heuristic(Decision)
  }

  /// How a participant's part of the transaction goes.
  public enum Work: String, Hashable, Sendable {
    /// It changes something and can be made ready.
    case update
    /// It changes nothing.
    case read
    /// It cannot be made ready: a constraint is violated, a lock was lost.
    case doomed
  }

  /// What the coordinator answers its client.
  public typealias Reply = Commitment.Reply

  /// What is said aloud.
  public enum Note: Hashable, Sendable {
    /// This process has decided; a process that starts again says so again.
    case decided(Decision)
    /// An operator decided for this process.
    case heuristic(Decision)
    /// This participant only read, and leaves.
    case left
    /// The coordinator learns that an operator decided otherwise there.
    case damage(at: NodeID)
    /// A peer sent what the protocol never sends to a process that stands where this one does.
    case unexpected(Message, from: NodeID)
  }

  /// What is waited for.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A participant at work: the request to prepare.
    case request
    /// The coordinator: the votes.
    case votes
    /// A participant in doubt: the decision.
    case decision
    /// The coordinator: the acknowledgements.
    case acks

    /// By name.
    public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .prepare: "prepare"
    case .vote(let vote): "vote \(vote.rawValue)"
    case .decide(let decision): "\(decision)"
    case .ack: "ack"
    case .inquire: "inquire"
    case .uncertain: "uncertain"
    case .damage: "damage"
    }
  }
}

extension Words.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .commit: "commit"
    case .work(let work): work.rawValue
    case .heuristic(let decision): "heuristic \(decision)"
    }
  }
}

extension Words {
  /// What kind of note it is, for counting: decisions are counted apart.
  public static func kind(of note: Note) -> String {
    switch note {
    case .decided(.commit): "decided commit"
    case .decided(.abort): "decided abort"
    case .heuristic(.commit): "heuristically decided commit"
    case .heuristic(.abort): "heuristically decided abort"
    case .left: "left"
    case .damage: "heuristic damage"
    case .unexpected: "unexpected"
    }
  }
}

extension Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .decided(let decision): "decided \(decision)"
    case .heuristic(let decision): "heuristically decided \(decision)"
    case .left: "left"
    case .damage(let participant): "heuristic damage at \(participant)"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}
