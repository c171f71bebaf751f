public import ProtocolCore
import Synchronization

/// The explorations and the simulated runs by which a chapter's properties are judged, each done
/// once for all of them.
///
/// Most properties are judged in the same small clusters. If nothing is violated there one
/// exploration, or one campaign of simulated runs, says so of all; if something is, the others are
/// judged each by itself.
public final class SharedEvidence<M: Model>: Sendable {
  /// All on which the states of an exploration depend.
  private struct Setting: Hashable {
    let topology: [Member<M.Role>]
    let variant: M.Variant
    let without: Set<M.Rule>
    let flaw: Flaw<M.Node>?
    let asks: [Ask<M.Words>]
    let bounds: Bounds
    let prelude: [Act<M.Words>]
    let faults: Set<Fault>
    let clocks: Clocks
    let late: Set<NodeID>
    let partitions: [[Link]]

    init(_ cluster: Cluster<M>) {
      topology = cluster.topology
      variant = cluster.variant
      without = cluster.without
      flaw = cluster.flaw
      asks = cluster.asks
      bounds = cluster.bounds
      prelude = cluster.prelude
      (faults, clocks) = (cluster.faults, cluster.clocks)
      (late, partitions) = (cluster.late, cluster.partitions)
    }
  }

  /// Something that is made once somebody has asked for it; who asks meanwhile waits.
  private final class Once<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func get(_ make: () -> Value) -> Value {
      value.withLock { value in
        if let value { return value }
        let made = make()
        value = made
        return made
      }
    }
  }

  /// What is judged together, and what came of it.
  private struct Together<Value: Sendable>: Sendable {
    var properties: Set<M.Property> = []
    var runs = 0
    let made = Once<Value>()
  }

  private let shared:
    (
      explorations: [Setting: Together<Exploration<M>>], campaigns: [Setting: Together<Campaign<M>>]
    )

  /// The evidence of these checks.
  ///
  /// - Throws: `TopologyError`, when a topology of the laboratory cannot be made.
  public init(_ checks: [PropertyCheck<M>]) throws(TopologyError) {
    var explorations: [Setting: Together<Exploration<M>>] = [:]
    var campaigns: [Setting: Together<Campaign<M>>] = [:]
    for check in checks {
      for explorer in try check.explorers() {
        let setting = Setting(explorer.cluster)
        explorations[setting, default: Together()].properties.insert(check.property)
      }
      for cluster in try check.clusters() {
        var together = campaigns[Setting(cluster)] ?? Together()
        together.properties.insert(check.property)
        together.runs = max(together.runs, check.runs)
        campaigns[Setting(cluster)] = together
      }
    }
    shared = (explorations, campaigns)
  }

  /// What an exploration says of a property.
  func exploration(
    _ explorer: Explorer<M>, judging property: M.Property
  ) -> Exploration<M> {
    if let together = shared.explorations[Setting(explorer.cluster)] {
      let found = together.made.get {
        var all = explorer
        all.judged = together.properties
        return all.explore()
      }
      if case .violated(let other, _) = found.ending, other != property {} else { return found }
    }
    var alone = explorer
    alone.judged = [property]
    return alone.explore()
  }

  /// What simulated runs say of a property.
  func campaign(
    of cluster: Cluster<M>, judging property: M.Property, runs: Int, seed: UInt64
  ) -> Campaign<M> {
    func play(_ properties: Set<M.Property>, _ runs: Int) -> Campaign<M> {
      var simulator = Simulator(cluster)
      simulator.judged = M.Property.judged.filter(properties.contains)
      var campaign = Campaign(simulator, from: seed)
      campaign.run(runs)
      return campaign
    }
    if let together = shared.campaigns[Setting(cluster)] {
      let played = together.made.get { play(together.properties, together.runs) }
      if played.failure.map({ $0.violated == property }) ?? true { return played }
    }
    return play([property], runs)
  }
}
