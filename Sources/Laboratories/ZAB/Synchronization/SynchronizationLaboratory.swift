public import Lab
import ProtocolCore
import ReplicatedLog
public import ZAB

/// Data synchronization in the laboratory.
public enum SynchronizationLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = DataSynchronization.Model

  /// The chapter in a few words.
  public static let title = "Data synchronization"

  /// The folder of its runs.
  public static let folder = "ZAB/Synchronization"

  /// A leader, one learner, then two.
  public static let sizes = [2, 3]

  /// What can happen while a leader brings its learners to its history.
  private static func scenario(
    _ size: Int, _ variant: Subject.Variant = .usual, crashes: Int = 0, elected: Int,
    severs: Int = 0, asking asks: [Ask<Subject.Words>] = [],
    after prelude: [Act<Subject.Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: 0)
    bounds.severs = severs
    bounds.kinds = Dictionary(uniqueKeysWithValues: Subject.timerKinds.map { ($0, 0) })
    bounds.kinds["elected"] = elected
    return Scenario(
      size, variants: [variant], bounds: bounds, workload: .only(asks), after: prelude)
  }

  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] = [
    Experiment(
      .without(.truncated), violates: [.sameHistory, .epochMeansHistory, .convergence],
      in: [scenario(3, elected: 3)]),
    Experiment(
      .without(.truncatedSnapshotReplaced),
      violates: [.epochMeansHistory, .sameHistory, .convergence],
      simulating: [simulated(4)]),
    Experiment(
      .without(.logBeforeEpoch), violates: [.epochMeansHistory],
      in: [scenario(2, crashes: 1, elected: 2)]),
    Experiment(
      .without(.snapshotWithEpoch), violates: [.epochMeansHistory],
      in: [scenario(2, .snapshots, crashes: 1, elected: 2)]),
    Experiment(
      .without(.newLeaderStoredFirst), violates: [.servedKept],
      in: [scenario(2, crashes: 1, elected: 2)]),
    Experiment(
      .without(.upToDateFirst), violates: [.committedOnly], in: [scenario(2, elected: 2)]),
    Experiment(
      .flaw(oldWritesLate), violates: [.epochMeansHistory],
      in: [scenario(3, crashes: 1, elected: 3)]),
    Experiment(
      .flaw(missingNamed), violates: [.sameHistory, .epochMeansHistory, .convergence],
      in: [scenario(3, elected: 3)]),
    Experiment(
      .flaw(firstLeftOut), violates: [.epochMeansHistory, .sameHistory, .convergence],
      in: [scenario(2, elected: 2)]),
    Experiment(
      .flaw(snapshotNewer), violates: [.sameHistory],
      in: [
        scenario(
          3, .snapshots, elected: 3, asking: [Ask("x", of: ["a"], oneOf: [x1])])
      ]),
    Experiment(
      .flaw(snapshotAlways), violates: [.cheapest], in: [scenario(2, elected: 2)]),
    Experiment(
      .flaw(newLeaderForgotten), violates: [.convergence], simulating: [simulated(2)]),
  ]

  private static let x1 = Subject.Words.Request.command(
    ReplicatedLog.Command("x", 1, .append("k", "a")))

  private static func simulated(_ size: Int) -> Scenario<Subject> {
    Scenario(size, bounds: Bounds(crashes: 4), workload: .anything)
  }

  /// How each property is judged.
  public static let checks: [PropertyCheck<Subject>] =
    DataSynchronization.Property.allCases.map { property in
      let explored: [Scenario<Subject>] =
        switch property {
        case .convergence: []
        case .snaps: [scenario(2, .snapshots, elected: 2)]
        case .truncs: [scenario(3, elected: 3)]
        case .diffs: [scenario(2, elected: 2)]
        case .cheapest:
          [scenario(2, crashes: 1, elected: 3, severs: 1), scenario(3, elected: 3)]
        case .sameHistory, .epochMeansHistory, .servedKept, .committedOnly:
          [
            scenario(2, crashes: 1, elected: 3, severs: 1),
            scenario(2, .snapshots, crashes: 1, elected: 2),
            scenario(3, elected: 3),
          ]
        }
      return PropertyCheck(
        property, claims: claims(of: property), exploring: explored,
        simulating: [2, 3, 4, 5].map {
          Scenario(
            $0, variants: Subject.Variant.allCases.filter { Subject.promises(property, in: $0) },
            bounds: Bounds(), workload: .anything)
        })
    }

  private static func claims(of property: DataSynchronization.Property) -> [String] {
    switch property {
    case .sameHistory: ["SYNC-1", "SYNC-6"]
    case .epochMeansHistory, .servedKept: ["SYNC-1"]
    case .committedOnly: ["SYNC-1"]
    case .cheapest: ["SYNC-2", "SYNC-3"]
    case .convergence: ["SYNC-1"]
    case .diffs: ["SYNC-3"]
    case .truncs: ["SYNC-4", "SYNC-5"]
    case .snaps: ["SYNC-2"]
    }
  }
}
