public import ProtocolCore

/// A change to a protocol, what it violates, and where that is seen: the witness of a rule, or of
/// the properties that see a flaw.
public struct Experiment<M: Model>: Sendable {
  /// What is changed.
  public let change: Change<M>
  /// What it violates in its scenarios and in simulated runs, and nothing else; first what its
  /// recorded run shows.
  ///
  /// None, when nothing goes wrong and only the costs show it.
  public let violates: [M.Property]
  /// What is gone through whole, the smallest first, before anything is simulated.
  public let scenarios: [Scenario<M>]
  /// What is simulated, where it is other than the usual: from moments on that chance does not come
  /// to, for what *recovers* and so cannot be gone through whole.
  public let moments: [Scenario<M>]
  /// What is asked in simulated runs beside what a model is always asked.
  public let asks: [Ask<M.Words>]
  /// The claims that it refutes, where these are others than those of what it violates.
  public let claims: [String]
  /// What there is more of, for what violates nothing: `messages`.
  public let measure: String
  /// Whether the costs of a run tell it, for what violates nothing.
  public let isCostly: @Sendable () throws -> Bool

  /// A change and what it violates.
  public init(
    _ change: Change<M>, violates: [M.Property], in scenarios: [Scenario<M>] = [],
    simulating moments: [Scenario<M>] = [], asking asks: [Ask<M.Words>] = [],
    refuting claims: [String] = []
  ) {
    self.change = change
    self.violates = violates
    self.scenarios = scenarios
    self.moments = moments
    self.asks = asks
    self.claims = claims
    measure = ""
    isCostly = { false }
  }

  /// A flaw that violates nothing and is seen by what a run costs.
  public init(
    costly flaw: Flaw<M.Node>, refuting claims: [String],
    isCostly: @escaping @Sendable () throws -> Bool
  ) {
    self.init(costly: .flaw(flaw), refuting: claims, isCostly: isCostly)
  }

  /// A change that violates nothing and is seen by what a run costs.
  ///
  /// - Parameters:
  ///   - change: the change.
  ///   - measure: what there is more of with it, in the plural.
  ///   - claims: the claims that it refutes.
  ///   - isCostly: whether there is more of it.
  public init(
    costly change: Change<M>, counting measure: String = "messages", refuting claims: [String],
    isCostly: @escaping @Sendable () throws -> Bool
  ) {
    self.change = change
    violates = []
    scenarios = []
    moments = []
    asks = []
    self.claims = claims
    self.measure = measure
    self.isCostly = isCostly
  }

  /// The property that its recorded run shows, if anything is violated.
  public var shown: M.Property? { violates.first }
}

extension Experiment {
  /// The properties that are violated somewhere in the scenarios, or in so many simulated runs of
  /// each cluster and from each moment, in their order.
  ///
  /// What *recovers* is judged in scenarios whose time is not bounded; elsewhere by simulation.
  ///
  /// - Parameters:
  ///   - clusters: what is simulated.
  ///   - runs: how often each.
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public func observedViolations(
    simulating clusters: [Cluster<M>], runs: Int
  ) throws(TopologyError) -> [M.Property] {
    var rest = Set(M.Property.judged)
    for scenario in scenarios {
      for explorer in try scenario.explorers(with: change) { explore(explorer, &rest) }
    }
    var simulated = clusters
    for moment in moments { simulated += try moment.clusters(with: change, asking: asks) }
    for cluster in simulated {
      var simulator = Simulator(cluster, length: 8...60)
      for seed in 0..<UInt64(runs) where !rest.isEmpty {
        simulator.judged = M.Property.judged.filter {
          rest.contains($0) && M.promises($0, in: cluster.variant)
        }
        if let violated = simulator.run(seed: seed).violated { rest.remove(violated) }
      }
    }
    return M.Property.judged.filter { !rest.contains($0) }
  }

  /// Takes from the rest what is violated in an exploration.
  private func explore(_ explorer: Explorer<M>, _ rest: inout Set<M.Property>) {
    var explorer = explorer
    let isTimeFree = explorer.cluster.bounds.expiries == .max
    let variant = explorer.cluster.variant
    explorer.judged = rest.filter {
      ($0.form == .always || isTimeFree) && M.promises($0, in: variant)
    }
    while !explorer.judged.isEmpty,
      case .violated(let property, _) = explorer.explore().ending
    {
      rest.remove(property)
      explorer.judged.remove(property)
    }
  }
}
