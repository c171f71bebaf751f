public import Lab
public import ProtocolCore
public import ZAB

/// ZAB in the laboratory.
public enum ZABLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = ZABModel

  /// The chapter in a few words.
  public static let title = "ZAB, atomic broadcast"

  /// The folder of its runs.
  public static let folder = "ZAB"

  /// What the chapter states.
  public static let claims = Claim.zab

  /// Servers; with four, one of these observes.
  public static let sizes = [3, 4, 5]
}

// MARK: Scenarios

extension ZABLaboratory {
  /// What can happen to some servers from a moment on, whatever elections answer.
  ///
  /// - Parameters:
  ///   - variant: the form.
  ///   - size: how many servers there are.
  ///   - crashes: how many.
  ///   - elected: how often a server comes to know a leader.
  ///   - severs: how many connections break.
  ///   - asks: what is asked.
  ///   - prelude: the acts with which it begins.
  static func scenario(
    _ variant: ZAB.Variant = .any, size: Int = 3, crashes: Int = 0, elected: Int = 0,
    severs: Int = 0, asking asks: [Ask<ZABModel.Words>] = [],
    after prelude: [Act<ZABModel.Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: 0)
    bounds.severs = severs
    bounds.kinds = [
      "notification": 0, "finalize": 0, "elected": elected, "connect": 0, "initLimit": 0,
      "ping": 0, "syncLimit": 0,
    ]
    return Scenario(
      size, variants: [variant], bounds: bounds, workload: .only(asks), after: prelude)
  }

  /// Simulated runs of some servers with real elections, from a moment on.
  static func usual(
    _ variant: ZAB.Variant = .usual, size: Int = 3,
    asking workload: Workload<Subject.Words> = .anything,
    after prelude: [Act<ZABModel.Words>] = []
  ) -> Scenario<Subject> {
    Scenario(
      size, variants: [variant], bounds: Bounds(crashes: 4), workload: workload, after: prelude)
  }
}

// MARK: Properties

extension ZABLaboratory {
  /// How each property is judged.
  public static let checks: [PropertyCheck<Subject>] = ZAB.Property.allCases.map { property in
    let promising = ZAB.Variant.allCases.filter { Subject.promises(property, in: $0) }
    let (changing, fixed) = (promising.filter(\.isReconfigured), promising.filter(isFixed))
    return PropertyCheck(
      property, claims: claims(of: property), exploring: explored(property),
      simulating: [
        Scenario(3, variants: fixed, bounds: Bounds(), workload: .anything),
        Scenario(4, variants: changing, bounds: Bounds(), workload: .anything),
      ].filter { !$0.variants.isEmpty })
  }

  private static func isFixed(_ variant: ZAB.Variant) -> Bool { !variant.isReconfigured }

  private static func explored(_ property: ZAB.Property) -> [Scenario<Subject>] {
    switch property {
    case .termination, .progress, .convergence, .operatorsAnswered: []
    case .diffs: [scenario(after: Moments.twoEpochs)]
    case .truncs: [scenario(after: Moments.returned)]
    case .quorumsMeet, .membersLead, .operatorTold, .reconfigures:
      [scenario(.anyReconfigured, elected: 2, after: Moments.all + Moments.reconfigured("a", "b"))]
    case .integrity, .totalOrder, .agreement, .localPrimaryOrder, .globalPrimaryOrder,
      .primaryIntegrity, .leadership, .durability, .stateConsistency, .validity, .exactlyOnce,
      .linearizable, .applies, .rivals, .snaps:
      [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1)),
        scenario(
          crashes: 1, elected: 2, severs: 1,
          after: Moments.chosenUnheard + Moments.gathered("a", "c")),
        scenario(crashes: 1, elected: 2, after: Moments.behind),
      ]
    }
  }

  private static func claims(of property: ZAB.Property) -> [String] {
    switch property {
    case .integrity, .totalOrder, .agreement, .localPrimaryOrder, .globalPrimaryOrder,
      .primaryIntegrity:
      ["ZAB-7"]
    case .leadership: ["ZAB-5"]
    case .durability: ["ZAB-6", "ZAB-2", "ZAB-3", "ELECT-3"]
    case .stateConsistency, .validity: ["SYNC-1", "ZAB-7"]
    case .exactlyOnce, .linearizable: ["ZAB-3"]
    case .termination, .progress: ["ZAB-4", "ELECT-4"]
    case .convergence: ["ZAB-1", "SYNC-1"]
    case .quorumsMeet, .membersLead, .operatorTold, .operatorsAnswered, .reconfigures: ["ZAB-9"]
    case .applies: ["ZAB-1"]
    case .rivals: ["ZAB-5"]
    case .diffs: ["SYNC-3"]
    case .truncs: ["SYNC-4"]
    case .snaps: ["SYNC-2"]
    }
  }
}
