public import AtomicCommitment
public import ProtocolCore

extension PaxosCommit {
  /// Paxos Commit, for the drivers.
  public enum Model: ProtocolCore.Model {
    /// The processes.
    public typealias Node = PaxosCommit.Node
    /// What must hold of them.
    public typealias Monitor = PaxosCommit.Monitor
    /// The forms of the protocol.
    public typealias Variant = PaxosCommit.Variant

    /// What a node can be.
    public enum Role: String, Named {
      /// It remembers votes, and may lead; the first is asked to commit.
      case acceptor
      /// It votes.
      case participant
    }

    /// How the command names it.
    public static let name = "paxoscommit"

    /// It bears everything but disks that forget.
    public static let faults = Fault.usual

    /// Yes: participants and leader are asked once.
    public static let isOneTransaction = true

    /// What can be asked.
    public static let requests: [Words.Request] = [.commit, .work(.update), .work(.doomed)]

    /// What was decided.
    public static let outcomes: [Condition] = [.committed, .aborted]

    /// Ballots are bounded apart: each sends as much as all before it.
    public static let timerKinds = ["ballot"]

    /// Whether an acceptor begins another ballot then.
    public static func kind(of timer: Words.Timer) -> String? {
      switch timer {
      case .ballot, .lead: "ballot"
      case .request, .decision: nil
      }
    }

    /// The round that a process has come to.
    public static func epoch(of node: Node) -> Int {
      switch node {
      case .acceptor(let acceptor): acceptor.round
      case .participant: 0
      }
    }

    /// Three acceptors called c, d and e, so F = 1, and so many participants, called by the other
    /// letters.
    public static func topology(_ size: Int) -> [Member<Role>] { topology(size, surviving: 1) }

    /// So many participants, and acceptors of which so many may fail: F.
    ///
    /// - Precondition: F is not negative.
    public static func topology(_ size: Int, surviving failures: Int) -> [Member<Role>] {
      let acceptors = "cdeghijk".map(String.init).prefix(2 * failures + 1)
      let names = "ablmnopqrstuvwxyz".map(String.init).prefix(size)
      return acceptors.map { Member(NodeID($0), .acceptor) }
        + names.map { Member(NodeID($0), .participant) }
    }

    /// A process that knows of no transaction.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
      without: Set<Rule>
    ) throws(TopologyError) -> Node {
      func all(_ role: Role) -> [NodeID] { topology.filter { $0.role == role }.map(\.id) }
      let (acceptors, participants) = (all(.acceptor), all(.participant))
      guard !acceptors.isEmpty else { throw .wants("one of the nodes must be an acceptor") }
      guard !participants.isEmpty else { throw .wants("one of the nodes must be a participant") }
      guard member.arguments.isEmpty else {
        throw .wants("a \(member.role.rawValue) takes no names")
      }
      return switch member.role {
      case .acceptor:
        .acceptor(
          Acceptor(member.id, acceptors: acceptors, participants: participants, without: without))
      case .participant:
        .participant(Participant(member.id, acceptors: acceptors, without: without))
      }
    }

    /// Each participant does its part, or finds that it cannot; then the first acceptor is asked to
    /// commit.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
      topology.filter { $0.role == .participant }.map {
        Ask($0.id, oneOf: [.work(.update), .work(.doomed)])
      } + topology.filter { $0.role == .acceptor }.prefix(1).map { Ask($0.id, oneOf: [.commit]) }
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(
        acceptors: topology.filter { $0.role == .acceptor }.map(\.id),
        participants: topology.filter { $0.role == .participant }.map(\.id))
    }
  }
}
