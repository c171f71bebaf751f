public import Consensus
import ProtocolCore

extension Words {
  /// What the processes send each other.
  public enum Message: Hashable, Sendable {
    /// Proposer to acceptor: promise not to accept a proposal with a smaller number, and tell which
    /// you have accepted. (phase 1a)
    case prepare(Ballot)
    /// Acceptor to proposer: I promise, and have accepted this proposal last. (phase 1b)
    case promise(Ballot, Vote?)
    /// Proposer to acceptor: accept this proposal. (phase 2a)
    case accept(Ballot, Value)
    /// Acceptor to learner: I have accepted this proposal. (phase 2b)
    case accepted(Ballot, Value)
    /// Acceptor to proposer: I have promised so much, and what you ask for is less.
    case reject(Ballot)
    /// Learner to proposer: this value is chosen; proposer to learner, that has asked: it is.
    case chosen(Value)
    /// Learner to proposer: is a value chosen? I cannot tell.
    case inquire
  }

  /// What clients ask.
  public typealias Request = Consensus.Request
  /// What clients are answered.
  public typealias Reply = Consensus.Reply
  /// What is said aloud.
  public typealias Note = Consensus.Note<Message>

  /// What is waited for.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A proposer: its proposal to be chosen.
    case ballot
    /// A proposer whose proposal was pre-empted: the other to come to an end.
    case retry
    /// A learner: to learn what is chosen.
    case inquiry

    /// By name.
    public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
  }
}

extension Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .prepare(let ballot): "prepare \(ballot)"
    case .promise(let ballot, nil): "promise \(ballot)"
    case .promise(let ballot, let vote?): "promise \(ballot), accepted \(vote)"
    case .accept(let ballot, let value): "accept \(ballot) \(value)"
    case .accepted(let ballot, let value): "accepted \(ballot) \(value)"
    case .reject(let ballot): "reject, promised \(ballot)"
    case .chosen(let value): "chosen \(value)"
    case .inquire: "inquire"
    }
  }
}

extension Words.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String { rawValue }
}
