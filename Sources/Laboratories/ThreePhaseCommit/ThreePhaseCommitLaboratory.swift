import AtomicCommitment
public import Lab
public import ProtocolCore
public import ThreePhaseCommit

/// Three-phase commit in the laboratory.
public enum ThreePhaseCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = ThreePhaseCommitModel

  /// The chapter in a few words.
  public static let title = "three-phase commit"

  /// The folder of its runs.
  public static let folder = "ThreePhaseCommit"

  /// What the chapter states.
  public static let claims = Claim.threePhaseCommit
}

// MARK: Scenarios

extension ThreePhaseCommitLaboratory {
  /// What can happen to so many participants, from a moment on perhaps.
  ///
  /// Time is not bounded: timers that run out again and again lead to few states.
  static func scenario(
    _ participants: Int = 2, crashes: Int = 1, duplicates: Int = 0, after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    Scenario(
      participants,
      bounds: Bounds(crashes: crashes, losses: 0, duplicates: duplicates, expiries: .max),
      after: prelude)
  }

  /// Everything that one crash can do to two and three processes, and two crashes to two; and to
  /// three from the moment on at which the coordinator has written preCommit down.
  static let anything = [
    scenario(1), scenario(1, crashes: 2), scenario(),
    scenario(crashes: 2, after: votes("a", "b")),
  ]

  /// All these vote yes, and the coordinator writes preCommit down.
  static func votes(_ participants: NodeID...) -> [Act<Words>] {
    participants.map { .ask($0, .work(.update)) } + [.ask("c", .commit)]
      + participants.flatMap { participant -> [Act<Words>] in
        [
          .deliver(Link(from: "c", to: participant), 0), .store(participant, first: nil),
          .deliver(Link(from: participant, to: "c"), 0),
        ]
      }
  }

  /// The coordinator crashes when it has told preCommit to one of two.
  static func toldOnly(_ first: NodeID, beside second: NodeID) -> [Act<Words>] {
    votes(first, second) + [.store("c", first: nil), .crash("c", losing: 0, unsent: 1)]
  }

  /// The coordinator crashes when it has told preCommit to the last in line only, which crashes as
  /// well;
  /// the next leads, does not hear of it, aborts, and crashes before it has told anybody.
  static let lastInLine: [Act<Words>] =
    votes("d", "a", "b") + [
      .store("c", first: nil), .crash("c", losing: 0, unsent: 2),
      .deliver(Link(from: "c", to: "d"), 0), .crash("d", losing: 0, unsent: 0),
      .deliver(Link(from: "d", to: "c"), 0),
      .expire("a", .leader), .deliver(Link(from: "a", to: "c"), 0), .expire("a", .answers),
      .store("a", first: nil),
      .deliver(Link(from: "a", to: "b"), 0), .store("b", first: nil),
      .deliver(Link(from: "b", to: "a"), 0), .deliver(Link(from: "a", to: "d"), 0),
      .expire("a", .states), .store("a", first: nil), .crash("a", losing: 0, unsent: 1),
    ]
}

// MARK: Properties

extension ThreePhaseCommitLaboratory {
  /// Everything that one crash can do to two and three processes, and two crashes to two; and
  /// simulated runs with two participants and with three.
  public static let checks: [PropertyCheck<Subject>] = Property.allCases.map { property in
    PropertyCheck(
      property, claims: claims(about: property), exploring: [scenario(1, crashes: 2), scenario()],
      simulating: (2...3).map { Scenario($0, bounds: Bounds(), workload: .anything) })
  }

  private static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .AC2, .AC3, .AC4, .told, .commits, .aborts: ["3PC-1"]
    case .NB, .nonblocking: ["3PC-2"]
    case .AC5, .succession: ["3PC-3"]
    case .window: ["3PC-7"]
    }
  }
}
