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

  /// The first process, called c, and so many others, in a line or as peers.
  public static func cast(_ size: Int, all role: String) -> [Part] {
    [Part("c", role)] + cast(size).dropFirst().map { Part($0.id, role) }
  }

  /// The node that plays a part.
  public static func node(
    for part: Part, in cast: [Part], variant: Presumption, without: Set<Rule>
  ) throws(Miscast) -> TwoPhaseCommit.Node {
    switch part.role {
    case "coordinator", "participant":
      return try centralized(part, in: cast, variant: variant, without: without)
    case "chained", "peer":
      guard part.arguments.isEmpty else { throw .wants("a \(part.role) takes no arguments") }
      guard cast.allSatisfy({ $0.role == part.role }) else {
        throw .wants("all nodes must be \(part.role), or none")
      }
      guard let index = cast.firstIndex(of: part) else { throw .unknownNode(part.id.name) }
      return part.role == "chained"
        ? .chained(Chained(in: cast.map(\.id), at: index, without: without))
        : .peer(Peer(others: cast.map(\.id).filter { $0 != part.id }, without: without))
    default:
      throw .unknownRole(part.role, known: ["coordinator", "participant", "chained", "peer"])
    }
  }

  private static func centralized(
    _ part: Part, in cast: [Part], variant: Presumption, without: Set<Rule>
  ) throws(Miscast) -> TwoPhaseCommit.Node {
    guard let lead = cast.first(where: { $0.role == "coordinator" }) else {
      throw .wants("one of the nodes must be the coordinator")
    }
    let participants = lead.arguments.map { NodeID($0) }
    if part.role == "coordinator" {
      guard part == lead else { throw .wants("there can be only one coordinator") }
      for name in participants where !cast.contains(Part(name, "participant")) {
        throw .unknownNode(name.name)
      }
      return .coordinator(
        Coordinator(participants: participants, presumption: variant, without: without))
    }
    guard part.arguments.isEmpty else { throw .wants("a participant takes no arguments") }
    return .participant(
      Participant(
        coordinator: lead.id, peers: participants.filter { $0 != part.id },
        presumption: variant, without: without))
  }

  /// Each process does its part; then the coordinator, or the first process, is asked to commit.
  public static func asks(of cast: [Part]) -> [Ask<Words>] {
    let readers: [Words.Request] =
      cast.contains { $0.role == "participant" } ? [.work(.read)] : []
    let work = workers(cast).map {
      Ask<Words>($0, oneOf: [.work(.update)] + readers + [.work(.doomed)])
    }
    guard let first = cast.first(where: { $0.role == "coordinator" }) ?? cast.first else {
      return []
    }
    return work + [Ask(first.id, oneOf: [.commit])]
  }

  /// An observer of this cast.
  public static func watch(_ cast: [Part], variant: Presumption) -> Judgement {
    Judgement(processes: cast.map(\.id), participants: workers(cast))
  }

  /// Everybody but the coordinator does a part of the transaction.
  private static func workers(_ cast: [Part]) -> [NodeID] {
    cast.filter { $0.role != "coordinator" }.map(\.id)
  }
}
