public import BASE
public import Lab
public import ProtocolCore

/// The store of chapter 2 in the laboratory.
public enum BASELaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = BASEModel

  /// The chapter in a few words.
  public static let title = "BASE, an eventually consistent store"

  /// The folder of its runs.
  public static let folder = "BASE"

  /// What the chapter states.
  public static let claims = Claim.base

  /// Servers; with one nothing differs.
  public static let sizes = [2, 3]

  /// Whether a form promises it.
  public static func isAtStake(_ property: Property, in cluster: Cluster<BASEModel>) -> Bool {
    BASEModel.promises(property, in: cluster.variant)
  }
}

// MARK: Scenarios

extension BASELaboratory {
  /// What can happen to so many servers of some forms.
  static func scenario(
    _ variants: [Variant], _ size: Int = 2, crashes: Int = 0, losses: Int = 0, duplicates: Int = 0,
    attempts: Int = 0, background: Int = 0, clock: Int = 0, asking asks: [Ask<Words>],
    after prelude: [Act<Words>] = []
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: crashes, losses: losses, duplicates: duplicates, expiries: 0)
    bounds.kinds = ["attempt": attempts, "background": background]
    bounds.clock = clock
    return Scenario(
      size, variants: variants, bounds: bounds, workload: .only(asks), after: prelude)
  }

  /// The client of s asks.
  static func x(_ request: Words.Request) -> Ask<Words> { Ask("x", of: ["s"], oneOf: [request]) }

  /// The client of t asks.
  static func y(_ request: Words.Request) -> Ask<Words> { Ask("y", of: ["t"], oneOf: [request]) }

  /// Simulated runs of these forms.
  static func played(
    _ variants: [Variant], _ size: Int = 2, crashes: Int = 1, losses: Int = 3,
    asking asks: [Ask<Words>]? = nil
  ) -> Scenario<Subject> {
    Scenario(
      size, variants: variants, bounds: Bounds(crashes: crashes, losses: losses),
      workload: asks.map { .only($0) } ?? .anything)
  }

  /// A value is read and written over, and written over again.
  static let rewritten = [
    x(.write("k", 1)), x(.read("k")), x(.write("k", 2)), y(.read("k")), y(.write("k", 3)),
  ]

  /// A value is read and deleted.
  static let deleted = [x(.write("k", 1)), x(.read("k")), x(.delete("k"))]
}

// MARK: Properties

extension BASELaboratory {
  /// Two servers and two sessions where that can be gone through, and simulated runs.
  public static let checks: [PropertyCheck<Subject>] = Property.allCases.map { property in
    let promising = Variant.allCases.filter { BASEModel.promises(property, in: $0) }
    var explored: [Scenario<Subject>] = []
    switch property {
    case .validity:
      explored = promising.map { scenario([$0], asking: [x(.write("k", 1)), y(.read("k"))]) }
    case .readYourWrites, .monotonicReads:
      explored = [
        scenario([.sessions], asking: [x(.write("k", 1)), x(.read("k"))]),
        scenario([.sessions], asking: [y(.write("k", 1)), x(.read("k")), x(.read("k"))]),
      ]
    case .fresh:
      explored = [scenario([.readRepair], 3, asking: [x(.write("k", 1)), y(.read("k"))])]
    case .lastWins:
      explored = [
        scenario(
          [.lastWriterWins], 1, clock: 2,
          asking: [x(.write("k", 1)), x(.write("k", 2)), y(.read("k"))]),
        scenario([.lastWriterWins], asking: [x(.write("k", 1)), y(.write("k", 2)), y(.read("k"))]),
      ]
    case .diverges:
      explored = [scenario([.siblings], asking: [x(.write("k", 1)), y(.write("k", 2))])]
    case .hinted: explored = [scenario([.sloppy], attempts: 1, asking: [x(.write("k", 1))])]
    case .convergence, .updatesKept, .overwrittenGone, .handedOff, .latestStands, .readsRepair,
      .served, .termination:
      break
    }
    return PropertyCheck(
      property, claims: claims(about: property), exploring: explored,
      simulating: [
        Scenario(3, variants: promising, bounds: Bounds(), workload: .anything),
        Scenario(3, variants: promising, bounds: Bounds(), workload: .only(twoKeys)),
      ], asking: [y(.read("k")), y(.delete("k"))])
  }

  /// Both clients write both keys, and read them.
  private static let twoKeys = [
    x(.write("k", 1)), x(.write("l", 2)), x(.read("k")), x(.write("k", 3)), x(.read("l")),
    y(.write("l", 4)), y(.write("k", 5)), y(.read("l")), y(.delete("l")), y(.read("k")),
  ]

  private static func claims(about property: Property) -> [String] {
    switch property {
    case .served, .termination: ["BASE-1"]
    case .hinted, .handedOff: ["BASE-1", "BASE-2"]
    case .readsRepair: ["BASE-2", "BASE-3"]
    case .validity, .convergence, .overwrittenGone: ["BASE-3"]
    case .updatesKept, .diverges, .lastWins, .latestStands: ["BASE-4"]
    case .readYourWrites, .monotonicReads, .fresh: ["BASE-3"]
    }
  }
}
