public import ProtocolCore
import Synchronization

/// The explorations by which a chapter's properties are judged, each done once for all of them.
///
/// Most properties are judged by going through the same small clusters. If nothing is violated
/// there one exploration says so of all; if something is, the others are judged each by itself.
public final class SharedExplorations<M: Model>: Sendable {
  /// All on which the states of an exploration depend.
  private struct Setting: Hashable {
    let topology: [Member<M.Role>]
    let variant: M.Variant
    let without: Set<M.Rule>
    let flaw: Flaw<M.Node>?
    let asks: [Ask<M.Words>]
    let bounds: Bounds
    let prelude: [Act<M.Words>]

    init(_ explorer: Explorer<M>) {
      topology = explorer.cluster.topology
      variant = explorer.cluster.variant
      without = explorer.cluster.without
      flaw = explorer.cluster.flaw
      asks = explorer.cluster.asks
      bounds = explorer.cluster.bounds
      prelude = explorer.prelude
    }
  }

  /// An exploration, once a caller has asked for it; callers that ask meanwhile wait.
  private final class Shared: Sendable {
    let properties: Set<M.Property>
    let found = Mutex<Exploration<M>?>(nil)

    init(_ properties: Set<M.Property>) { self.properties = properties }

    func exploration(_ explorer: Explorer<M>) -> Exploration<M> {
      found.withLock { found in
        if let found { return found }
        var explorer = explorer
        explorer.judged = properties
        let exploration = explorer.explore()
        found = exploration
        return exploration
      }
    }
  }

  private let shared: [Setting: Shared]

  /// The explorations of these checks.
  ///
  /// - Throws: `TopologyError`, when a topology of the laboratory cannot be made.
  public init(_ checks: [PropertyCheck<M>]) throws(TopologyError) {
    var properties: [Setting: Set<M.Property>] = [:]
    for check in checks {
      for explorer in try check.explorers() {
        properties[Setting(explorer), default: []].insert(check.property)
      }
    }
    shared = properties.mapValues { Shared($0) }
  }

  /// What an exploration says of a property.
  func exploration(
    _ explorer: Explorer<M>, judging property: M.Property
  ) -> Exploration<M> {
    if let together = shared[Setting(explorer)]?.exploration(explorer) {
      guard case .violated(let other, _) = together.ending, other != property else {
        return together
      }
    }
    var alone = explorer
    alone.judged = [property]
    return alone.explore()
  }
}
