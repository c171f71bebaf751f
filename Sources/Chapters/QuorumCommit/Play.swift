public import ProtocolCore

/// Quorum-based commit for the drivers.
public enum Play: Chapter {
  /// The processes.
  public typealias Node = Process
  /// What must hold of them.
  public typealias Watch = Judgement
  /// The forms of the protocol.
  public typealias Variant = QuorumCommit.Variant

  /// How the command names it.
  public static let name = "q3pc"

  /// It bears everything, a partition and a false suspicion included: it only waits.
  public static let faults = Set(Fault.allCases)

  /// What can be asked.
  public static let requests: [Words.Request] = [.commit, .work(.update), .work(.doomed)]

  /// A coordinator called c and so many participants, called by the other letters.
  public static func cast(_ size: Int) -> [Part] {
    let letters = "abdefghijklmnopqrstuvwxyz".map { NodeID(String($0)) }.prefix(size)
    return [Part("c", "coordinator", letters.map(\.name))] + letters.map { Part($0, "participant") }
  }

  /// The node that plays a part.
  public static func node(
    for part: Part, in cast: [Part], variant: Variant, without: Set<Rule>
  ) throws(Miscast) -> Process {
    guard let lead = cast.first(where: { $0.role == "coordinator" }) else {
      throw .wants("one of the nodes must be the coordinator")
    }
    let participants = lead.arguments.map { NodeID($0) }
    for name in participants where !cast.contains(Part(name, "participant")) {
      throw .unknownNode(name.name)
    }
    switch part.role {
    case "coordinator":
      guard part == lead else { throw .wants("there can be only one coordinator") }
    case "participant":
      guard part.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
      guard participants.contains(part.id) else {
        throw .wants("the coordinator does not know \(part.id)")
      }
    default:
      throw .unknownRole(part.role, known: ["coordinator", "participant"])
    }
    return Process(part.id, of: [lead.id] + participants, variant: variant, without: without)
  }

  /// Each participant does its part; then the coordinator is asked to commit.
  public static func asks(of cast: [Part]) -> [Ask<Words>] {
    let work = cast.filter { $0.role == "participant" }.map {
      Ask<Words>($0.id, oneOf: [.work(.update), .work(.doomed)])
    }
    let commit = cast.filter { $0.role == "coordinator" }.map {
      Ask<Words>($0.id, oneOf: [.commit])
    }
    return work + commit
  }

  /// An observer of this cast.
  public static func watch(_ cast: [Part], variant: Variant) -> Judgement {
    let lead = cast.filter { $0.role == "coordinator" }.map(\.id)
    return Judgement(processes: lead + cast.map(\.id).filter { !lead.contains($0) })
  }
}
