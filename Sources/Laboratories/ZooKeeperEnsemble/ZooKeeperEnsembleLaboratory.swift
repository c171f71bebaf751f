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
    after prelude: [Act<ZooKeeperEnsembleModel.Words>] = Moments.led,
    asking workload: Workload<ZooKeeperEnsembleModel.Words> = .anything
  ) -> Scenario<Subject> {
    Scenario(3, variants: [variant], bounds: Bounds(crashes: 4), workload: workload, after: prelude)
  }
}

extension ZooKeeperEnsembleLaboratory {
  /// All that can happen to three servers and two clients from a moment on.
  ///
  /// - Parameters:
  ///   - variant: the form of the ensemble.
  ///   - dials: how often a client connects.
  ///   - asks: what clients ask, each of one thread: `x create /a 1`.
  ///   - inTurn: whether it is one thread that asks all of it, each when it knows what came of that
  ///     before.
  ///   - prelude: the acts with which it begins.
  static func explored(
    _ variant: ZooKeeperEnsemble.Variant = .any, dials: Int = 0, asking asks: [String] = [],
    inTurn: Bool = false, after prelude: [Act<ZooKeeperEnsembleModel.Words>] = Moments.led
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.severs = 0
    bounds.kinds = ["election": 0, "replication": 0, "session": 0, "client": dials]
    let asked = asks.enumerated().compactMap { place, text -> Ask<Subject.Words>? in
      let client = text.prefix { $0 != " " }
      let call = ZooKeeperEnsemble.Call(reading: String(text.dropFirst(client.count + 1)))
      return call.map {
        Ask(
          ClientID("\(client)\(inTurn ? 1 : place + 1)"), of: [NodeID(String(client))],
          oneOf: [$0], awaits: true)
      }
    }
    return Scenario(
      3, variants: [variant], bounds: bounds, workload: .only(asked), after: prelude)
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
    simulated(after: Moments.watched), simulated(after: Moments.told),
    simulated(after: Moments.proposed),
    simulated(.usual, after: Moments.settled),
  ]

  private static func claims(of property: ZooKeeperEnsemble.Property) -> [String] {
    switch property {
    case .linearizable: ["FLAW-3"]
    case .clientOrder, .overtakes: ["GUAR-1"]
    case .integrity, .answers: ["ROLE-2"]
    case .singleSystemImage, .reads, .staleBehindEvents: ["GUAR-3"]
    case .atomicity: ["GUAR-2"]
    case .durability: ["GUAR-4"]
    case .watches, .firings: ["WATCH-4"]
    case .ephemerals, .closedOnce, .cleanup, .expiries: ["SESS-5"]
    case .sessions, .moves: ["SESS-4"]
    case .timeouts: ["SESS-5"]
    case .syncs, .timeliness: ["GUAR-5"]
    case .sameOrder, .stamps, .snapshots, .trees, .convergence: ["ROLE-1"]
    case .termination, .progress: ["ROLE-2"]
    case .staleReads: ["FLAW-3"]
    case .refusals: ["SESS-7"]
    }
  }
}
