public import ProtocolCore

extension Presumption: Named {}

/// Two-phase commit for the drivers.
public enum Play: Chapter {
  /// The processes.
  public typealias Node = TwoPhaseCommit.Node
  /// What must hold of them.
  public typealias Watch = Judgement
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

  /// A coordinator called c and so many participants, called by the other letters.
  public static func cast(_ size: Int) -> [Part] {
    let letters = "abdefghijklmnopqrstuvwxyz".map { NodeID(String($0)) }.prefix(size)
    return [Part("c", "coordinator", letters.map(\.name))] + letters.map { Part($0, "participant") }
  }

  /// The node that plays a part.
  public static func node(
    for part: Part, in cast: [Part], variant: Presumption, without: Set<Rule>
  ) throws(Miscast) -> TwoPhaseCommit.Node {
    guard let lead = cast.first(where: { $0.role == "coordinator" }) else {
      throw .wants("one of the nodes must be the coordinator")
    }
    let participants = lead.arguments.map { NodeID($0) }
    switch part.role {
    case "coordinator":
      guard part == lead else { throw .wants("there can be only one coordinator") }
      for name in participants where !cast.contains(Part(name, "participant")) {
        throw .unknownNode(name.name)
      }
      return .coordinator(
        Coordinator(participants: participants, presumption: variant, without: without))
    case "participant":
      guard part.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
      return .participant(
        Participant(
          coordinator: lead.id, peers: participants.filter { $0 != part.id },
          presumption: variant, without: without))
    default:
      throw .unknownRole(part.role, known: ["coordinator", "participant"])
    }
  }

  /// Each participant does its part; then the coordinator is asked to commit.
  public static func asks(of cast: [Part]) -> [Ask<Words>] {
    let work = cast.filter { $0.role == "participant" }.map {
      Ask<Words>($0.id, oneOf: [.work(.update), .work(.read), .work(.doomed)])
    }
    let commit = cast.filter { $0.role == "coordinator" }.map {
      Ask<Words>($0.id, oneOf: [.commit])
    }
    return work + commit
  }

  /// An observer of this cast.
  public static func watch(_ cast: [Part], variant: Presumption) -> Judgement {
    Judgement(
      processes: cast.map(\.id), participants: cast.filter { $0.role == "participant" }.map(\.id))
  }
}
