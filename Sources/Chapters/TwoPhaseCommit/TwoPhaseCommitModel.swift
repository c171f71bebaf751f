public import AtomicCommitment
public import ProtocolCore

extension Presumption: Named {}

extension TwoPhaseCommitModel: Model {
  /// The processes.
  public typealias Node = TwoPhaseCommit.Node
  /// What must hold of them.
  public typealias Monitor = TwoPhaseCommitMonitor
  /// What a coordinator answers that has forgotten.
  public typealias Variant = Presumption

  /// What a node can be; in a topology there are the first two, or one of the others only.
  public enum Role: String, CommitmentRole {
    /// It asks for votes, decides and tells.
    case coordinator
    /// It votes.
    case participant
    /// It stands in a line, in linear two-phase commit.
    case chained
    /// It votes to all and decides by itself, in decentralized two-phase commit.
    case peer
  }

  /// How the command names it.
  public static let name = "2pc"

  /// It bears everything, a false suspicion included: it only blocks.
  public static let faults = Fault.usual

  /// Yes: participants and coordinator are asked once.
  public static let isOneTransaction = true

  /// What can be asked.
  public static let requests: [Words.Request] = [
    .commit, .work(.update), .work(.read), .work(.doomed), .heuristic(.commit),
    .heuristic(.abort),
  ]

  /// What was decided.
  public static let outcomes: [Condition] = [.committed, .aborted]

  /// A coordinator called c and so many participants, called by the others.
  public static func topology(_ size: Int) -> [Member<Role>] { Commitment.topology(size) }

  /// The first process, called c, and so many others, in a line or as peers.
  public static func topology(_ size: Int, all role: Role) -> [Member<Role>] {
    topology(size).map { Member($0.id, role) }
  }

  /// A process that knows of no transaction.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Presumption, without: Set<Rule>
  ) throws(TopologyError) -> TwoPhaseCommit.Node {
    switch member.role {
    case .coordinator:
      let parties = try Commitment.Parties(topology)
      return .coordinator(
        Coordinator(participants: parties.participants, presumption: variant, without: without))
    case .participant:
      let parties = try Commitment.Parties(topology)
      return .participant(
        Participant(
          coordinator: parties.coordinator, peers: parties.participants.filter { $0 != member.id },
          presumption: variant, without: without))
    case .chained:
      let index = try place(of: member, among: topology)
      return .chained(Chained(in: topology.map(\.id), at: index, without: without))
    case .peer:
      _ = try place(of: member, among: topology)
      return .peer(
        Peer(others: topology.map(\.id).filter { $0 != member.id }, without: without))
    }
  }

  /// The place of a process among others of its role.
  private static func place(
    of member: Member<Role>, among topology: [Member<Role>]
  ) throws(TopologyError) -> Int {
    let role = member.role.rawValue
    guard member.arguments.isEmpty else { throw .wants("a \(role) takes no arguments") }
    guard topology.allSatisfy({ $0.role == member.role }) else {
      throw .wants("all nodes must be \(role), or none")
    }
    guard let index = topology.firstIndex(of: member) else { throw .unknownNode(member.id.name) }
    return index
  }

  /// Each process does its part; then the coordinator, or the first process, is asked to commit.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let readers: [Words.Request] =
      topology.contains { $0.role == .participant } ? [.work(.read)] : []
    let work = workers(topology).map {
      Ask<Words>($0, oneOf: [.work(.update)] + readers + [.work(.doomed)])
    }
    guard let first = topology.first(where: { $0.role == .coordinator }) ?? topology.first else {
      return []
    }
    return work + [Ask(first.id, oneOf: [.commit])]
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Presumption)
    -> TwoPhaseCommitMonitor
  {
    TwoPhaseCommitMonitor(processes: topology.map(\.id), participants: workers(topology))
  }

  /// All but the coordinator do a part of the transaction.
  private static func workers(_ topology: [Member<Role>]) -> [NodeID] {
    topology.filter { $0.role != .coordinator }.map(\.id)
  }
}
