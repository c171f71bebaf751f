public import Lab
public import ProtocolCore

/// A property of a chapter, judged where it can be refuted: in all that can happen to small
/// clusters, and in simulated runs of larger ones.
public struct PropertyCheck<S: Laboratory>: Sendable {
  /// What is judged.
  public let property: S.Subject.Property
  /// How many runs of each cluster are simulated.
  ///
  /// What *recovers* is often judged by nothing else, so there are more of them.
  public var runs: Int
  /// The rules that are left out, to see whether the check notices.
  public var without: Set<S.Subject.Rule> = []

  /// Explorations that the checks of other properties share.
  private let shared: SharedExplorations<S>?

  /// A check of this property.
  public init(_ property: S.Subject.Property, sharing shared: SharedExplorations<S>? = nil) {
    self.property = property
    self.shared = shared
    if case .recovers = property.form { runs = 200 } else { runs = 10 }
  }

  /// What came of a check.
  public struct Result: Sendable {
    /// A run that violates the property, made small.
    public var refutation: Counterexample<S.Subject>?
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
  /// - Parameter seed: the first simulated run of each cluster follows from it.
  /// - Throws: `TopologyError`, when a topology of the laboratory cannot be made.
  public func result(seed: UInt64) throws(TopologyError) -> Result {
    var result = Result(isWitnessed: property.isJudged)
    for explorer in try S.explorers(judging: property, without: without) {
      let exploration = explore(explorer)
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
    for cluster in try S.clusters(judging: property, without: without) {
      try simulate(cluster, seed: seed, &result)
      if result.refutation != nil { break }
    }
    return result
  }

  private func explore(_ explorer: Explorer<S.Subject>) -> Exploration<S.Subject> {
    if let shared { return shared.exploration(explorer, judging: property) }
    var alone = explorer
    alone.judged = [property]
    return alone.explore()
  }

  private func simulate(
    _ cluster: Cluster<S.Subject>, seed: UInt64, _ result: inout Result
  ) throws(TopologyError) {
    var simulator = Simulator(cluster)
    simulator.judged = property.isJudged ? [property] : []
    var campaign = Campaign(simulator, from: seed)
    campaign.run(runs)
    result.runs += campaign.runs
    result.isWitnessed = result.isWitnessed || campaign.witnesses[property] != nil
    if let failure = campaign.failure { result.refutation = small(cluster, failure.acts) }
  }

  private func small(
    _ cluster: Cluster<S.Subject>, _ acts: [Act<S.Subject.Words>]
  ) -> Counterexample<S.Subject> {
    var found = Counterexample(
      cluster: cluster, violated: property, acts: acts, foundWith: acts.count)
    found.minimize()
    return found
  }
}
