public import ProtocolCore

/// How a property of a chapter is judged, and for which claims: in all that can happen to small
/// clusters, and in simulated runs of larger ones.
public struct PropertyCheck<M: Model>: Sendable {
  /// What is judged.
  public let property: M.Property
  /// The claims that it is about.
  public let claims: [String]
  /// What is gone through whole.
  public let explored: [Scenario<M>]
  /// What is simulated.
  public let simulated: [Scenario<M>]
  /// How many runs of each cluster are simulated.
  ///
  /// What *recovers* is often judged by nothing else, so there are more of them.
  public var runs: Int
  /// What is asked in simulated runs beside what a model is always asked.
  public let asks: [Ask<M.Words>]
  /// A change that is made, to see whether the check notices.
  public var change: Change<M>?

  /// A check of this property.
  public init(
    _ property: M.Property, claims: [String], exploring explored: [Scenario<M>],
    simulating simulated: [Scenario<M>], asking asks: [Ask<M.Words>] = []
  ) {
    self.property = property
    self.claims = claims
    self.explored = explored
    self.simulated = simulated
    self.asks = asks
    if case .recovers = property.form { runs = 200 } else { runs = 10 }
  }

  /// What came of a check.
  public struct Result: Sendable {
    /// A run that violates the property, made small.
    public var refutation: Counterexample<M>?
    /// Whether a run came to what should happen sometimes; true for all other properties.
    public var isWitnessed: Bool
    /// The number of states that were seen, over all clusters.
    public var states = 0
    /// The number of runs that were simulated.
    public var runs = 0
    /// Whether a cluster was not gone through whole.
    public var isUnfinished = false
  }

  /// Judges the property; a witness of what should happen sometimes is enough.
  ///
  /// - Parameters:
  ///   - seed: the first simulated run of each cluster follows from it.
  ///   - shared: explorations and simulated runs that the checks of other properties share.
  /// - Throws: `TopologyError`, when a topology cannot be made.
  public func result(
    seed: UInt64, sharing shared: SharedEvidence<M>? = nil
  ) throws(TopologyError) -> Result {
    var result = Result(isWitnessed: property.isJudged)
    for explorer in try explorers() {
      let exploration = explore(explorer, sharing: shared)
      result.states += exploration.states
      result.isWitnessed = result.isWitnessed || exploration.witnesses[property] != nil
      switch exploration.ending {
      case .exhausted: break
      case .notExhausted: result.isUnfinished = true
      case .violated(_, let acts):
        result.refutation = small(explorer.cluster, explorer.prelude + acts)
        return result
      }
      if !property.isJudged, result.isWitnessed { return result }
    }
    for cluster in try clusters() where result.refutation == nil {
      simulate(cluster, seed: seed, sharing: shared, &result)
    }
    return result
  }

  /// What is simulated.
  func clusters() throws(TopologyError) -> [Cluster<M>] {
    var clusters: [Cluster<M>] = []
    for scenario in simulated { clusters += try scenario.clusters(with: change, asking: asks) }
    return clusters
  }

  /// What goes through the scenarios.
  func explorers() throws(TopologyError) -> [Explorer<M>] {
    var explorers: [Explorer<M>] = []
    for scenario in explored { explorers += try scenario.explorers(with: change) }
    return explorers
  }

  private func explore(
    _ explorer: Explorer<M>, sharing shared: SharedEvidence<M>?
  ) -> Exploration<M> {
    if let shared { return shared.exploration(explorer, judging: property) }
    var alone = explorer
    alone.judged = [property]
    return alone.explore()
  }

  private func simulate(
    _ cluster: Cluster<M>, seed: UInt64, sharing shared: SharedEvidence<M>?, _ result: inout Result
  ) {
    let campaign: Campaign<M>
    if let shared {
      campaign = shared.campaign(of: cluster, judging: property, runs: runs, seed: seed)
    } else {
      var simulator = Simulator(cluster)
      simulator.judged = property.isJudged ? [property] : []
      var alone = Campaign(simulator, from: seed)
      alone.run(runs)
      campaign = alone
    }
    result.runs += campaign.runs
    result.isWitnessed = result.isWitnessed || campaign.witnesses[property] != nil
    if let failure = campaign.failure { result.refutation = small(cluster, failure.acts) }
  }

  private func small(_ cluster: Cluster<M>, _ acts: [Act<M.Words>]) -> Counterexample<M> {
    var found = Counterexample(
      cluster: cluster, violated: property, acts: acts, foundWith: acts.count)
    found.minimize()
    return found
  }
}
