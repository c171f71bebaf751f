public import ProtocolCore
public import ReplicatedLog

/// Multi-Paxos: a log of commands, each chosen by an instance of the Synod.
///
/// Every server is proposer, acceptor and learner at once, and keeps a copy of the machine. The
/// instances are numbered, and one ballot serves for all: a server that would lead asks the others
/// *once* to **prepare** its ballot for every number that it has not executed, and their promises
/// tell what they have accepted under each. From then on a command takes phase 2 only: one message
/// to each of the others and one back, while the leader stays.
///
///     follower ─► preparing ─► leading
///        ▲            │           │
///        └────────────┴───────────┘   a greater ballot
///
/// A new leader knows that some numbers are chosen and not others. What its quorum has accepted
/// under a number it proposes again, as the Synod demands. Under a number between those of which
/// nobody has told anything it proposes a **no-op**, so that what stands behind can be executed.
///
/// How many numbers may be open at a time is bounded by **α**: number n is proposed only when n − α
/// is executed. So the members can be changed by an entry of the log: what stands under n − α
/// decides who votes on n, and no two servers can think otherwise.
///
/// A server **executes** entries in the order of their numbers. What clients were answered is a
/// part of the machine, and a command that is asked again is answered and not done again. From time
/// to time a server writes a **checkpoint**, what the machine has come to, and forgets the entries;
/// to one that asks for what is forgotten it sends the checkpoint.
///
/// A leader may not answer a read by itself: there may be another. So reads are commands too. Or,
/// in the form ``Variant/lease``, servers that hear of a leader promise to follow no other for a
/// while, and the leader trusts them for a little less. That takes clocks that run at nearly the
/// same rate, and nothing else here does.
///
/// Sources: Lamport 2001, 3; Lamport 1998, 3; Chandra, Griesemer, Redstone, "Paxos Made Live", PODC
/// 2007; van Renesse and Altinbuken, "Paxos Made Moderately Complex", ACM Computing Surveys 47(3),
/// 2015; Lamport, Malkhi, Zhou, "Reconfiguring a State Machine", SIGACT News 41(1), 2010.
public enum MultiPaxos {
  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// Reads are commands of the log.
    case log
    /// The leader reads by itself, while it has a lease. (Chandra, Griesemer, Redstone 2007, 5.2)
    case lease
  }

  /// The numbers of the log that may be open at a time, what α stands for.
  public static let window = 6
  /// So many beats that no majority answers, and a leader whose beats bind others gives up.
  static let patientBeats = 10
  /// A checkpoint is written every so many entries.
  public static let checkpointInterval = 4
}

/// What a server has accepted under a number of the log.
public struct Slot: Hashable, Sendable {
  /// The number.
  public let number: Int
  /// The ballot in which it was accepted.
  public let ballot: Ballot
  /// What was accepted.
  public let entry: ReplicatedLog.Entry

  /// An acceptance.
  public init(_ number: Int, _ ballot: Ballot, _ entry: ReplicatedLog.Entry) {
    self.number = number
    self.ballot = ballot
    self.entry = entry
  }
}

extension Slot: CustomStringConvertible {
  /// As runs print it: `3 at 2.a: x1 append k a`.
  public var description: String { "\(number) at \(ballot): \(entry)" }
}

/// What all entries up to a number have made.
public struct Checkpoint: Hashable, Sendable {
  /// The number; zero before any.
  public var number = 0
  /// What the machine has come to.
  public var store = KeyValueStore()
  /// Who votes, from which number on; the first from one on.
  public var configurations: [Configuration]

  /// What has come to nothing yet; these vote.
  public init(configurations: [Configuration]) { self.configurations = configurations }

  /// Those who vote from a number on.
  public struct Configuration: Hashable, Sendable {
    /// The number.
    public let from: Int
    /// The members, in order.
    public let members: [NodeID]

    /// These vote from that number on.
    public init(from: Int, members: [NodeID]) {
      self.from = from
      self.members = members
    }
  }
}

extension Checkpoint: CustomStringConvertible {
  /// As runs print it.
  public var description: String { "checkpoint \(number): \(store)" }
}
