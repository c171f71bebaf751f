import ProtocolCore

extension Words {
  /// What the processes send each other.
  public enum Message: Hashable, Sendable {
    /// Coordinator to participant: vote. (VOTE-REQ)
    case canCommit
    /// Participant to coordinator.
    case vote(Vote)
    /// Who polls, to all: how far are you? With the number of its election.
    case stateRequest(Int)
    /// The answer.
    case state(Standing)
    /// Leader to follower: stand on this side. (preCommit, preAbort) With the number of its election.
    case attempt(Outcome, Int)
    /// Follower to leader: I do.
    case ack(Outcome, Int)
    /// What was decided.
    case decide(Outcome)
  }

  /// A participant's answer to `canCommit`.
  public enum Vote: String, Hashable, Sendable {
    /// I can go either way, and will, whatever happens.
    case yes
    /// I have aborted.
    case no
  }

  /// What clients ask.
  public enum Request: Hashable, Sendable {
    /// Of the coordinator: make the transaction real.
    case commit
    /// Of a participant: do this part of the transaction.
    case work(Work)
  }

  /// How a participant's part of the transaction goes.
  public enum Work: String, Hashable, Sendable {
    /// It changes something and can be made ready.
    case update
    /// It cannot be made ready.
    case doomed
  }

  /// What the coordinator answers its client.
  public enum Reply: Hashable, Sendable {
    /// What became of the transaction.
    case decided(Outcome)
    /// There is a transaction already, or this is not the one to ask.
    case refused
  }

  /// What is said aloud.
  public enum Note: Hashable, Sendable {
    /// This process has decided; a process that starts again says so again.
    case decided(Outcome)
  }

  /// What is waited for.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A participant at work: to be asked for its vote.
    case request
    /// The coordinator: the votes.
    case votes
    /// Who is in doubt: anybody's next word.
    case leader
    /// Who polls: the states of the others.
    case states
    /// A leader: acknowledgements of its attempt.
    case acks

    /// By name.
    public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it; the coordinator's own election, the first, has no number.
  public var description: String {
    switch self {
    case .canCommit: "canCommit"
    case .vote(let vote): "vote \(vote.rawValue)"
    case .stateRequest(let election): "stateRequest\(election.shown)"
    case .state(let standing): "state \(standing)"
    case .attempt(let outcome, let election): "\(outcome.side)\(election.shown)"
    case .ack(let outcome, let election): "ack \(outcome.side)\(election.shown)"
    case .decide(let outcome): "\(outcome)"
    }
  }
}

extension Int {
  /// The number of an election behind a word.
  var shown: String { self > 1 ? " \(self)" : "" }
}

extension Words.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .commit: "commit"
    case .work(let work): work.rawValue
    }
  }
}

extension Words.Reply: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .decided(.commit): "committed"
    case .decided(.abort): "aborted"
    case .refused: "refused"
    }
  }
}

extension Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .decided(let outcome): "decided \(outcome)"
    }
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}

extension [NodeID] {
  /// The names, for a line of text.
  var list: String { isEmpty ? "nobody" : map(\.name).joined(separator: " ") }
}
