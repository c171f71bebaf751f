import AtomicCommitment
public import Lab
public import ProtocolCore
public import TwoPhaseCommit

extension TwoPhaseCommitLaboratory {
  /// The claims that a property is about.
  public static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .told: ["2PC-1"]
    case .AC2: ["2PC-2"]
    case .AC3: ["2PC-3"]
    case .AC4, .commits: ["2PC-4"]
    case .AC5: ["2PC-5", "2PC-11"]
    case .termination: ["2PC-8"]
    case .window: ["2PC-7"]
    case .contained, .reported: ["2PC-13"]
    case .aborts: ["2PC-3"]
    }
  }

  /// Everything that a crash and a time-out can do to a commit by two participants, in every
  /// variant; where operators are concerned, they decide for both as they like, and nobody crashes.
  public static func explorers(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Explorer<Subject>] {
    if case .recovers = property.form { return [] }
    var explorers: [Explorer<Subject>] = []
    for variant in Presumption.allCases {
      for work in others(judging: property) {
        var cluster = try Cluster<Subject>(
          Subject.topology(2), variant: variant, without: rules,
          bounds: Bounds(
            crashes: property == .contained ? 0 : 1, losses: 0, duplicates: 0, expiries: 1))
        cluster.asks = cluster.asks.suffix(1)
        if property == .contained { cluster.asks += operators }
        var explorer = Explorer(cluster)
        explorer.prelude = [.ask("a", .work(.update)), .ask("b", .work(work))]
        explorers.append(explorer)
      }
    }
    return explorers
  }

  /// What the other participant does: one that only reads can be taken for one that knows.
  private static func others(judging property: Property) -> [Words.Work] {
    switch property {
    case .AC1: [.update, .read]
    case .AC3, .aborts: [.doomed]
    default: [.update]
    }
  }

  /// Two and three participants, in every variant, and their operators where those are concerned.
  public static func clusters(
    judging property: Property, without rules: Set<Rule>
  ) throws(TopologyError) -> [Cluster<Subject>] {
    var clusters: [Cluster<Subject>] = []
    for variant in Presumption.allCases {
      for size in 2...3 {
        var cluster = try Cluster<Subject>(Subject.topology(size), variant: variant, without: rules)
        if property == .contained || property == .reported { cluster.asks += operators }
        clusters.append(cluster)
      }
    }
    return clusters
  }

  /// Operators who decide for participants in doubt.
  static let operators: [Ask<Words>] = ["a", "b"].map {
    Ask($0, oneOf: [.heuristic(.abort), .heuristic(.commit)])
  }

  /// What a transaction costs, for each outcome, variant and number of participants; and why nobody
  /// can always recover alone.
  public static var examinations: [Examination] {
    let independence = Examination(
      "RECOVERY", "Two runs that one who restarts alone cannot tell apart end otherwise",
      claims: ["2PC-12"]
    ) { try IndependentRecovery.discrepancies() }
    return centralized + withoutCoordinator + [independence]
  }

  private static var centralized: [Examination] {
    CommitCost.table(updaters: 1...5).map { cost in
      let others = cost.readers + (cost.isDoomed ? 1 : 0)
      let size = "\(cost.updaters)" + (others > 0 ? "+\(others)" : "")
      let presumed = cost.presumption.rawValue.split(separator: " ").last ?? ""
      return Examination(
        "COST[\(presumed),\(cost.outcome),\(size)]",
        "What \(cost.isDoomed ? "an abort" : "a commit") by \(size) costs, \(cost.presumption.rawValue)",
        claims: ["2PC-9"]
      ) {
        let counted = try cost.counted()
        return Discrepancy.between(
          "messages", expected: cost.formula.messages, got: counted.messages)
          + Discrepancy.between(
            "forced writes", expected: cost.formula.forced, got: counted.forced)
      }
    }
  }

  private static var withoutCoordinator: [Examination] {
    CommitCost.Form.allCases.flatMap { form in
      (1...5).map { size in
        Examination(
          "COST[\(form.name),commit,\(size)]",
          "What a \(form.name) commit by \(size) and the first costs", claims: ["2PC-9"]
        ) {
          let counted = try CommitCost.counted(all: form.role, beside: size)
          let formula = form.formula(beside: size)
          return Discrepancy.between("messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
  }
}
