public import Lab
public import ProtocolCore
import ZooKeeper
public import ZooKeeperEnsemble

/// An ensemble in the laboratory.
public enum ZooKeeperEnsembleLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = ZooKeeperEnsembleModel

  /// The chapter in a few words.
  public static let title = "An ensemble of ZooKeeper servers, and its clients"

  /// The folder of its runs.
  public static let folder = "ZooKeeperEnsemble"

  /// What the chapter states.
  public static let claims = Claim.ensemble

  /// Servers; with four, one of these observes.
  public static let sizes = [3, 4]
}

// MARK: Scenarios

extension ZooKeeperEnsembleLaboratory {
  /// Simulated runs of three servers and two clients, in which an election may answer anything,
  /// from a moment on.
  static func simulated(
    _ variant: ZooKeeperEnsemble.Variant = .any,
    after prelude: [Act<ZooKeeperEnsembleModel.Words>] = Moments.led
  ) -> Scenario<Subject> {
    Scenario(
      3, variants: [variant], bounds: Bounds(crashes: 4), workload: .anything, after: prelude)
  }
}

// MARK: Properties

extension ZooKeeperEnsembleLaboratory {
  /// How each property is judged.
  public static let checks: [PropertyCheck<Subject>] = ZooKeeperEnsemble.Property.allCases.map {
    property in
    let promising = ZooKeeperEnsemble.Variant.allCases.filter { Subject.promises(property, in: $0) }
    var check = PropertyCheck(
      property, claims: claims(of: property), exploring: [],
      simulating: [
        Scenario(3, variants: promising, bounds: Bounds(), workload: .anything)
      ] + begun.filter { Subject.promises(property, in: $0.variants[0]) })
    // A run is long: soaks have more of them.
    check.runs = min(check.runs, 25)
    return check
  }

  /// What chance alone seldom comes to.
  private static let begun: [Scenario<Subject>] = [
    simulated(), simulated(after: Moments.ahead), simulated(after: Moments.deposed),
    simulated(after: Moments.watched), simulated(.usual, after: Moments.settled),
  ]

  private static func claims(of property: ZooKeeperEnsemble.Property) -> [String] {
    switch property {
    case .linearizable: ["FLAW-3"]
    case .clientOrder: ["GUAR-1"]
    case .singleSystemImage, .reads: ["GUAR-3"]
    case .atomicity: ["GUAR-2"]
    case .durability: ["GUAR-4"]
    case .watches, .firings: ["WATCH-4"]
    case .ephemerals, .closedOnce, .cleanup, .expiries: ["SESS-5"]
    case .sessions, .moves: ["SESS-4"]
    case .syncs: ["GUAR-5"]
    case .sameOrder, .snapshots, .convergence: ["ROLE-1"]
    case .termination: ["ROLE-2"]
    case .staleReads: ["FLAW-3"]
    case .refusals: ["SESS-7"]
    }
  }
}
