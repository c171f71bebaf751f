import AtomicCommitment
public import Lab
public import ProtocolCore
public import QuorumCommit

/// Quorum-based commit in the laboratory.
public enum QuorumCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = QuorumCommitModel

  /// The chapter in a few words.
  public static let title = "quorum-based commit"

  /// The folder of its runs.
  public static let folder = "QuorumCommit"

  /// What the chapter states.
  public static let claims = Claim.quorumCommit
}

// MARK: Scenarios

extension QuorumCommitLaboratory {
  /// What can happen to so many participants, from a moment on perhaps.
  ///
  /// What *recovers* is left to simulation: it needs time-outs without bound, and each sends more.
  static func scenario(
    _ participants: Int = 2, crashes: Int = 0, duplicates: Int = 0, expiries: Int = 0,
    after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    Scenario(
      participants,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: expiries),
      after: prelude)
  }

  /// What can happen with a crash or a time-out or two, from the beginning on; from the moment on
  /// at which the coordinator has told preCommit and nobody has heard it; and from that at which
  /// another has gone for abort meanwhile.
  static let anything = [
    scenario(1, crashes: 1, expiries: 2), scenario(crashes: 1), scenario(after: parted),
    scenario(crashes: 1, after: parted), scenario(expiries: 1, after: ready),
    scenario(expiries: 1, after: parted), scenario(crashes: 1, expiries: 1, after: ready),
    scenario(crashes: 1, expiries: 1, after: parted), scenario(expiries: 2, after: ready),
    scenario(expiries: 2, after: parted),
  ]

  /// a and b vote yes, and the coordinator has not heard of it.
  static let voted: [Act<Words>] =
    [.ask("a", .work(.update)), .ask("b", .work(.update)), .ask("c", .commit)]
    + ["a", "b"].flatMap { participant -> [Act<Words>] in
      [.deliver(Link(from: "c", to: participant), 0), .store(participant, first: nil)]
    }

  /// The coordinator hears of both, and tells them preCommit.
  static let ready: [Act<Words>] =
    voted + [
      .deliver(Link(from: "a", to: "c"), 0), .deliver(Link(from: "b", to: "c"), 0),
      .store("c", first: nil),
    ]

  /// a does not hear of it, leads, and goes for abort.
  static let parted: [Act<Words>] =
    ready + [
      .expire("a", .leader), .store("a", first: nil), .deliver(Link(from: "a", to: "b"), 0),
      .store("b", first: nil), .deliver(Link(from: "b", to: "a"), 0), .expire("a", .states),
      .store("a", first: nil),
    ]

  /// a leads, and b has answered it.
  static let polled: [Act<Words>] =
    ready + [
      .expire("a", .leader), .deliver(Link(from: "a", to: "b"), 0),
      .deliver(Link(from: "b", to: "a"), 0), .store("a", first: nil),
    ]

  /// a is ready to commit, and b has polled the others in vain.
  static let alone: [Act<Words>] =
    ready + [.deliver(Link(from: "c", to: "a"), 0), .expire("b", .leader), .expire("b", .states)]

  /// The coordinator comes back, leads, and a has heard of that before it hears of preCommit.
  static let back: [Act<Words>] =
    ready + [
      .crash("c", losing: 0, unsent: 0), .restart("c"), .expire("c", .leader),
      .store("c", first: nil), .deliver(Link(from: "c", to: "a"), 1),
    ]
}

// MARK: Properties

extension QuorumCommitLaboratory {
  /// What can follow, with a crash, when one has gone for abort and another for commit; and
  /// simulated runs with two participants and, for what is not judged by its future, with three.
  public static let checks: [PropertyCheck<Subject>] = Property.allCases.map { property in
    let scenario = scenario(crashes: 1, after: parted)
    let explored: [Scenario<Subject>] =
      switch property {
      case .AC5, .quorate: []
      case .window, .stuck: [scenario.only(.quorum)]
      case .AC1, .AC2, .AC3, .AC4, .told, .succession, .commits, .aborts: [scenario]
      }
    let sizes = property == .AC5 || property == .quorate ? 2...2 : 2...3
    return PropertyCheck(
      property, claims: claims(about: property), exploring: explored,
      simulating: sizes.map { Scenario($0, bounds: Bounds(), workload: .anything) })
  }

  private static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .window, .commits, .aborts: ["3PC-8"]
    case .quorate, .stuck, .succession: ["3PC-8", "3PC-9"]
    }
  }
}
