public import ProtocolCore

extension Presumption: Named {}

/// Two-phase commit for the drivers.
public enum TwoPhaseCommitModel: Model {
  /// The processes.
  public typealias Node = TwoPhaseCommit.Node
  /// What must hold of them.
  public typealias Monitor = TwoPhaseCommitMonitor
  /// Who has forgotten answers what.
  public typealias Variant = Presumption

  /// How the command names it.
  public static let name = "2pc"

  /// It bears everything, a false suspicion included: it only blocks.
  public static let faults = Set(Fault.allCases)

  /// What can be asked.
  public static let requests: [Words.Request] = [
    .commit, .work(.update), .work(.read), .work(.doomed), .heuristic(.commit),
    .heuristic(.abort),
  ]

  /// A coordinator called c and so many participants, called by the others.
  public static func topology(_ size: Int) -> [Member] {
    let names = "abdefghijklmnopqrstuvwxyz".map { NodeID(String($0)) }.prefix(size)
    return [Member("c", "coordinator", names.map(\.name))] + names.map { Member($0, "participant") }
  }

  /// The first process, called c, and so many others, in a line or as peers.
  public static func topology(_ size: Int, all role: String) -> [Member] {
    [Member("c", role)] + topology(size).dropFirst().map { Member($0.id, role) }
  }

  /// The node that plays a part.
  public static func node(
    for member: Member, in topology: [Member], variant: Presumption, without: Set<Rule>
  ) throws(TopologyError) -> TwoPhaseCommit.Node {
    switch member.role {
    case "coordinator", "participant":
      return try centralized(member, in: topology, variant: variant, without: without)
    case "chained", "peer":
      guard member.arguments.isEmpty else { throw .wants("a \(member.role) takes no arguments") }
      guard topology.allSatisfy({ $0.role == member.role }) else {
        throw .wants("all nodes must be \(member.role), or none")
      }
      guard let index = topology.firstIndex(of: member) else { throw .unknownNode(member.id.name) }
      return member.role == "chained"
        ? .chained(Chained(in: topology.map(\.id), at: index, without: without))
        : .peer(Peer(others: topology.map(\.id).filter { $0 != member.id }, without: without))
    default:
      throw .unknownRole(member.role, known: ["coordinator", "participant", "chained", "peer"])
    }
  }

  private static func centralized(
    _ member: Member, in topology: [Member], variant: Presumption, without: Set<Rule>
  ) throws(TopologyError) -> TwoPhaseCommit.Node {
    guard let lead = topology.first(where: { $0.role == "coordinator" }) else {
      throw .wants("one of the nodes must be the coordinator")
    }
    let participants = lead.arguments.map { NodeID($0) }
    if member.role == "coordinator" {
      guard member == lead else { throw .wants("there can be only one coordinator") }
      for name in participants where !topology.contains(Member(name, "participant")) {
        throw .unknownNode(name.name)
      }
      return .coordinator(
        Coordinator(participants: participants, presumption: variant, without: without))
    }
    guard member.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
    return .participant(
      Participant(
        coordinator: lead.id, peers: participants.filter { $0 != member.id },
        presumption: variant, without: without))
  }

  /// Each process does its part; then the coordinator, or the first process, is asked to commit.
  public static func asks(of topology: [Member]) -> [Ask<Words>] {
    let readers: [Words.Request] =
      topology.contains { $0.role == "participant" } ? [.work(.read)] : []
    let work = workers(topology).map {
      Ask<Words>($0, oneOf: [.work(.update)] + readers + [.work(.doomed)])
    }
    guard let first = topology.first(where: { $0.role == "coordinator" }) ?? topology.first else {
      return []
    }
    return work + [Ask(first.id, oneOf: [.commit])]
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member], variant: Presumption) -> TwoPhaseCommitMonitor {
    TwoPhaseCommitMonitor(processes: topology.map(\.id), participants: workers(topology))
  }

  /// Everybody but the coordinator does a part of the transaction.
  private static func workers(_ topology: [Member]) -> [NodeID] {
    topology.filter { $0.role != "coordinator" }.map(\.id)
  }
}
