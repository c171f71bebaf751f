public import AtomicCommitment
import ProtocolCore

extension Words {
  /// What the processes send each other.
  public enum Message: Hashable, Sendable {
    /// Coordinator to participant: vote. (VOTE-REQ)
    case canCommit
    /// Participant to coordinator.
    case vote(Vote)
    /// A process that polls, to all: how far are you? With the number of its election.
    case stateRequest(Int)
    /// The answer.
    case state(Standing)
    /// Leader to follower: stand on this side. (preCommit, preAbort) With the number of its
    /// election.
    case attempt(Decision, Int)
    /// Follower to leader: I do.
    case ack(Decision, Int)
    /// What was decided.
    case decide(Decision)
  }

  /// A participant's answer to `canCommit`.
  public typealias Vote = Commitment.Vote
  /// How a participant's part of the transaction goes.
  public typealias Work = Commitment.Work
  /// What clients ask.
  public typealias Request = Commitment.Request
  /// What the coordinator answers its client.
  public typealias Reply = Commitment.Reply
  /// What is said aloud.
  public typealias Note = Commitment.Note<Message>

  /// What is waited for.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A participant at work: to be asked for its vote.
    case request
    /// The coordinator: the votes.
    case votes
    /// A process in doubt: the next word of any other.
    case leader
    /// A process that polls: the states of the others.
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
    case .attempt(let decision, let election): "\(decision.side)\(election.shown)"
    case .ack(let decision, let election): "ack \(decision.side)\(election.shown)"
    case .decide(let decision): "\(decision)"
    }
  }
}

extension Int {
  /// The number of an election behind a word.
  var shown: String { self > 1 ? " \(self)" : "" }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}

extension [NodeID] {
  /// The names, for a line of text.
  var list: String { isEmpty ? "nobody" : map(\.name).joined(separator: " ") }
}

extension Words {
  /// What kind of note it is, for counting.
  public static func kind(of note: Note) -> String { note.kind }
}
