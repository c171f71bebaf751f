public import ProtocolCore

/// Quorum-based commit for the drivers.
public enum QuorumCommitModel: Model {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Monitor = QuorumCommitMonitor
  /// The forms of the protocol.
  public typealias Variant = QuorumCommit.Variant

  /// How the command names it.
  public static let name = "q3pc"

  /// It bears everything, a partition and a false suspicion included: it only waits.
  public static let faults = Set(Fault.allCases)

  /// What can be asked.
  public static let requests: [Words.Request] = [.commit, .work(.update), .work(.doomed)]

  /// A coordinator called c and so many participants, called by the others.
  public static func topology(_ size: Int) -> [Member] {
    let names = "abdefghijklmnopqrstuvwxyz".map { NodeID(String($0)) }.prefix(size)
    return [Member("c", "coordinator", names.map(\.name))] + names.map { Member($0, "participant") }
  }

  /// The node that plays a part.
  public static func node(
    for member: Member, in topology: [Member], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> Process {
    guard let lead = topology.first(where: { $0.role == "coordinator" }) else {
      throw .wants("one of the nodes must be the coordinator")
    }
    let participants = lead.arguments.map { NodeID($0) }
    for name in participants where !topology.contains(Member(name, "participant")) {
      throw .unknownNode(name.name)
    }
    switch member.role {
    case "coordinator":
      guard member == lead else { throw .wants("there can be only one coordinator") }
    case "participant":
      guard member.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
      guard participants.contains(member.id) else {
        throw .wants("the coordinator does not know \(member.id)")
      }
    default:
      throw .unknownRole(member.role, known: ["coordinator", "participant"])
    }
    return Process(member.id, of: [lead.id] + participants, variant: variant, without: without)
  }

  /// Each participant does its part; then the coordinator is asked to commit.
  public static func asks(of topology: [Member]) -> [Ask<Words>] {
    let work = topology.filter { $0.role == "participant" }.map {
      Ask<Words>($0.id, oneOf: [.work(.update), .work(.doomed)])
    }
    let commit = topology.filter { $0.role == "coordinator" }.map {
      Ask<Words>($0.id, oneOf: [.commit])
    }
    return work + commit
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member], variant: Variant) -> QuorumCommitMonitor {
    let lead = topology.filter { $0.role == "coordinator" }.map(\.id)
    return QuorumCommitMonitor(processes: lead + topology.map(\.id).filter { !lead.contains($0) })
  }
}
