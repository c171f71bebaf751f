import Lab
public import ProtocolCore
import Synchronization

/// The explorations by which a chapter's properties are judged, each done once for all of them.
///
/// Most properties are judged by going through the same small clusters. If nothing is violated there
/// one exploration says so of all; if something is, the others are judged each by itself.
public final class SharedExplorations<S: Laboratory>: Sendable {
  /// All on which the states of an exploration depend.
  private struct Setting: Hashable {
    let topology: [Member<S.Subject.Role>]
    let variant: S.Subject.Variant
    let without: Set<S.Subject.Rule>
    let flaw: Flaw<S.Subject.Node>?
    let asks: [Ask<S.Subject.Words>]
    let bounds: Bounds
    let prelude: [Act<S.Subject.Words>]

    init(_ explorer: Explorer<S.Subject>) {
      topology = explorer.cluster.topology
      variant = explorer.cluster.variant
      without = explorer.cluster.without
      flaw = explorer.cluster.flaw
      asks = explorer.cluster.asks
      bounds = explorer.cluster.bounds
      prelude = explorer.prelude
    }
  }

  /// An exploration, once somebody has asked for it; who asks meanwhile waits.
  private final class Shared: Sendable {
    let properties: Set<S.Subject.Property>
    let found = Mutex<Exploration<S.Subject>?>(nil)

    init(_ properties: Set<S.Subject.Property>) { self.properties = properties }

    func exploration(_ explorer: Explorer<S.Subject>) -> Exploration<S.Subject> {
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

  /// Explorations of what judges each property when no rule is left out.
  ///
  /// - Throws: `TopologyError`, when a topology of the laboratory cannot be made.
  public init() throws(TopologyError) {
    var properties: [Setting: Set<S.Subject.Property>] = [:]
    for property in S.Subject.Property.allCases {
      for explorer in try S.explorers(judging: property, without: []) {
        properties[Setting(explorer), default: []].insert(property)
      }
    }
    shared = properties.mapValues { Shared($0) }
  }

  /// What an exploration says of a property.
  func exploration(
    _ explorer: Explorer<S.Subject>, judging property: S.Subject.Property
  ) -> Exploration<S.Subject> {
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
