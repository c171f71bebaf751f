public import ProtocolCore

/// Three-phase commit for the drivers.
public enum ThreePhaseCommitModel: Model {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Monitor = ThreePhaseCommitMonitor

  /// The forms of the protocol.
  public enum Variant: String, Named {
    /// A follower that loses its leader elects the next.
    case elected
  }

  /// How the command names it.
  public static let name = "3pc"

  /// It bears crashes only; messages may overtake each other and arrive twice.
  ///
  /// A message that is lost, or late, or cut off makes a live process look dead.
  public static let faults: Set<Fault> = [.crash, .duplication, .reordering]

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
    return Process(member.id, of: [lead.id] + participants, without: without)
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
  public static func monitor(_ topology: [Member], variant: Variant) -> ThreePhaseCommitMonitor {
    let lead = topology.filter { $0.role == "coordinator" }.map(\.id)
    return ThreePhaseCommitMonitor(
      processes: lead + topology.map(\.id).filter { !lead.contains($0) })
  }
}
