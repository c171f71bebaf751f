public import Consensus
public import ProtocolCore

extension PaxosModel: Model {
  /// The processes.
  public typealias Node = Paxos.Node
  /// What must hold of them.
  public typealias Monitor = PaxosMonitor
  /// What a node is.
  public typealias Role = Paxos.Role
  /// The forms of the protocol.
  public typealias Variant = Paxos.Variant

  /// How the command names it.
  public static let name = "paxos"

  /// It bears everything but disks that forget.
  public static let faults = Fault.usual

  /// What can be asked.
  public static let requests: [Words.Request] = [.propose("v"), .propose("w")]

  /// The request that reads so: `propose v`.
  public static func request(reading text: String) -> Words.Request? {
    Consensus.request(reading: text)
  }

  /// What was learnt.
  public static let outcomes: [Condition] = [.learnt]

  /// Ballots are bounded apart: each sends as much as all before it.
  public static let timerKinds = ["ballot", "inquiry"]

  /// Whether a proposer begins another ballot then, or a learner has it begun.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .ballot, .retry: "ballot"
    case .inquiry: "inquiry"
    }
  }

  /// The round that a process has come to.
  public static func epoch(of node: Paxos.Node) -> Int {
    switch node {
    case .proposer(let proposer): proposer.round
    case .acceptor(let acceptor): acceptor.promised?.round ?? 0
    case .learner: 0
    }
  }

  /// Two proposers called p and q, so many acceptors, called by letters from a on, and a learner
  /// called l.
  public static func topology(_ size: Int) -> [Member<Role>] {
    let names = "abcdefghijkmnorstuvwxyz".map(String.init).prefix(size)
    return [Member("p", .proposer), Member("q", .proposer)]
      + names.map { Member(NodeID($0), .acceptor) } + [Member("l", .learner)]
  }

  /// A process that knows nothing.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> Paxos.Node {
    func all(_ role: Role) -> [NodeID] { topology.filter { $0.role == role }.map(\.id) }
    for role in Role.allCases where all(role).isEmpty {
      throw .wants("one of the nodes must be \(role == .acceptor ? "an" : "a") \(role.rawValue)")
    }
    guard member.arguments.isEmpty else { throw .wants("a \(member.role.rawValue) takes no names") }
    let quorums = Quorums(of: all(.acceptor).count, variant: variant, without: without)
    return switch member.role {
    case .proposer:
      .proposer(
        Proposer(member.id, acceptors: all(.acceptor), quorums: quorums, without: without))
    case .acceptor: .acceptor(Acceptor(learners: all(.learner), without: without))
    case .learner:
      .learner(Learner(proposers: all(.proposer), quorum: quorums.second, without: without))
    }
  }

  /// The first proposer is asked for v, the second for w, each for the other as well.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    topology.filter { $0.role == .proposer }.enumerated().map { place, member in
      Ask(member.id, oneOf: place.isMultiple(of: 2) ? requests : requests.reversed())
    }
  }

  /// Two clients that propose beside each other, each to any proposer.
  public static func concurrentAsks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let proposers = topology.filter { $0.role == .proposer }.map(\.id)
    return [
      Ask("x", of: proposers, oneOf: [.propose("v")]),
      Ask("y", of: proposers.reversed(), oneOf: [.propose("w")]),
    ]
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> PaxosMonitor {
    PaxosMonitor(topology, variant: variant)
  }
}
