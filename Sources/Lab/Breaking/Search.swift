public import ProtocolCore

/// Looks for a run that goes wrong, and makes it small.
///
/// If it is told what to explore, it goes through all of that first, in order, and what it finds is
/// the shortest. Then it simulates clusters in turn until some runs have violated something,
/// minimizes each and keeps the least. About twenty failing runs come within an act or two of the
/// shortest that there is.
public struct Search<C: Model>: Sendable {
  /// What is explored first, the smallest first.
  public var explorers: [Explorer<C>] = []
  /// The settings to simulate, in turn.
  public var clusters: [Cluster<C>]
  /// How many failing runs are minimized.
  public var keep: Int
  /// How many runs are tried.
  public var budget: Int
  /// Between how many acts a run's faults end. (A long run costs the most, and is seldom the
  /// least.)
  public var length: ClosedRange<Int>
  /// Whether what is found is made small.
  public var minimizes = true
  /// What is judged.
  public var judged = C.Property.allCases.filter { $0.isJudged }

  /// A search in these clusters.
  public init(
    _ clusters: [Cluster<C>], keep: Int = 20, budget: Int = 20_000,
    length: ClosedRange<Int> = 8...60
  ) {
    self.clusters = clusters
    self.keep = keep
    self.budget = budget
    self.length = length
  }

  /// The least failing run that was found, or nil when none failed within the budget or nothing is
  /// judged.
  ///
  /// - Parameters:
  ///   - seeds: the seeds of the runs.
  ///   - goOn: asked before each run; false ends the search with what it has.
  public func run(
    seeds: Range<UInt64> = 0..<UInt64.max, goOn: () -> Bool = { true }
  ) -> Counterexample<C>? {
    guard !judged.isEmpty else { return nil }
    if let shortest = explore() { return shortest }
    var best: Counterexample<C>?
    var found = 0
    var runs = 0
    var acts = 0
    for seed in seeds {
      guard runs < budget, found < keep, !clusters.isEmpty, goOn() else { break }
      let cluster = clusters[Int(seed % UInt64(clusters.count))]
      var simulator = Simulator(cluster, length: length)
      simulator.judged = promised(by: cluster)
      guard !simulator.judged.isEmpty else { continue }
      let run = simulator.run(seed: seed)
      runs += 1
      acts += run.tally.acts
      guard let violated = run.violated else { continue }
      found += 1
      var candidate = Counterexample(
        cluster: simulator.cluster, violated: violated, acts: run.acts,
        foundWith: run.acts.count)
      if minimizes { candidate.minimize() }
      if best.map({ candidate.isLess(than: $0) }) ?? true {
        // What was spent until the first was found is what finding costs.
        candidate.runs = best?.runs ?? runs
        candidate.actsToFind = best?.actsToFind ?? acts
        best = candidate
      }
    }
    return best
  }
}

extension Search {
  /// What is judged of runs of a cluster.
  private func promised(by cluster: Cluster<C>) -> [C.Property] {
    judged.filter { C.promises($0, in: cluster.variant) }
  }

  /// The shortest run that goes wrong in what is explored.
  private func explore() -> Counterexample<C>? {
    var transitions = 0
    for var explorer in explorers {
      explorer.judged = Set(promised(by: explorer.cluster))
      let exploration = explorer.explore()
      transitions += exploration.transitions
      guard case .violated(let property, let acts) = exploration.ending else { continue }
      var shortest = Counterexample(
        cluster: explorer.cluster, violated: property, acts: explorer.prelude + acts,
        foundWith: explorer.prelude.count + acts.count)
      if minimizes {
        shortest.minimize()
        shortest.tellShortest()
      }
      shortest.actsToFind = transitions
      return shortest
    }
    return nil
  }
}

/// A run that violates a property.
public struct Counterexample<C: Model>: Sendable {
  /// Its setting.
  public let cluster: Cluster<C>
  /// What it violates.
  public let violated: C.Property
  /// Its acts.
  public private(set) var acts: [Act<C.Words>]
  /// How many acts it had before it was minimized.
  public let foundWith: Int
  /// How many runs were simulated until a first one failed; none if it was found by exploring.
  public internal(set) var runs = 0
  /// Among which runs none does it with fewer acts; known only of what was found by exploring.
  public private(set) var isShortest = Extent.unknown
  /// How many acts were performed until a first run failed; for exploring, transitions taken.
  public internal(set) var actsToFind = 0

  /// Among which runs a counterexample is one of the shortest.
  public enum Extent: Hashable, Sendable {
    /// Nobody knows.
    case unknown
    /// Among those that begin with the cluster's prelude.
    case thatBeginSo
    /// Among all.
    case all
  }

  /// A counterexample.
  public init(cluster: Cluster<C>, violated: C.Property, acts: [Act<C.Words>], foundWith: Int) {
    self.cluster = cluster
    self.violated = violated
    self.acts = acts
    self.foundWith = foundWith
  }

  /// Whether the acts violate the property; those that cannot happen, or that the chapter does not
  /// claim to bear, are left out.
  ///
  /// Where clocks are trusted acts can be harmful by themselves, in an order of time-outs that no
  /// clock allows: a change is to blame only for what does not happen without it.
  public func fails(_ acts: [Act<C.Words>]) -> Bool {
    guard violates(acts) else { return false }
    guard C.clockRates(of: cluster.variant) != nil, cluster.change != nil else { return true }
    return !violatesWithoutChange(acts)
  }

  /// Whether the change is to blame: with it the acts violate the property, and without it they do
  /// not.
  public var isToBlame: Bool { violates(acts) && !violatesWithoutChange(acts) }

  private func violatesWithoutChange(_ acts: [Act<C.Words>]) -> Bool {
    guard var sound = try? Cluster<C>(cluster.topology, variant: cluster.variant) else {
      return true
    }
    (sound.asks, sound.asked, sound.prelude) = (cluster.asks, cluster.asked, cluster.prelude)
    return Counterexample(cluster: sound, violated: violated, acts: [], foundWith: 0)
      .violates(acts)
  }

  private func violates(_ acts: [Act<C.Words>]) -> Bool {
    var system = SystemState(cluster)
    for act in acts {
      guard system.isBorne(act), (try? system.perform(act)) != nil else { continue }
      if violated.form == .always, !system.monitor.holds(violated) { return true }
    }
    return !system.holds(violated)
  }

  /// Whether the property of a counterexample is still violated when further acts have happened.
  static func isViolated(_ found: Counterexample, after more: [Act<C.Words>]) -> Bool {
    var system = SystemState(found.cluster)
    for act in found.acts + more { _ = try? system.perform(act) }
    return !system.holds(found.violated)
  }

  /// Leaves out what is not needed.
  public mutating func minimize() {
    acts = Lab.minimize(acts, lowering: { $0.lowered }, stillFails: fails)
  }

  /// Says of what an explorer has found, and what was minimized then, how short it is.
  ///
  /// The explorer goes through all that follows its prelude, the shortest first. From a scene on
  /// others may be shorter that never come to the scene.
  public mutating func tellShortest() {
    guard violated.form == .always else { return }
    let isWhole = cluster.prelude.allSatisfy { if case .ask = $0 { true } else { false } }
    isShortest = isWhole ? .all : acts.count == foundWith ? .thatBeginSo : .unknown
  }

  /// Fewer acts are less; then fewer nodes are.
  func isLess(than other: Counterexample) -> Bool {
    (acts.count, cluster.topology.count) < (other.acts.count, other.cluster.topology.count)
  }
}

extension Act {
  /// Simpler acts in its place, the simplest first.
  var lowered: [Act] {
    switch self {
    case .deliver(let link, let place): (0..<place).map { .deliver(link, $0) }
    case .lose(let link, let place): (0..<place).map { .lose(link, $0) }
    case .duplicate(let link, let place): (0..<place).map { .duplicate(link, $0) }
    case .store(let node, .some): [.store(node, first: nil)]
    case .crash(let node, let losing, let unsent) where losing + unsent > 0:
      [.crash(node, losing: 0, unsent: 0)]
        + (unsent > 0 ? [.crash(node, losing: losing, unsent: 0)] : [])
    case .cut(let links) where links.count > 1: links.map { .cut([$0]) }
    case .expire, .store, .crash, .restart, .ask, .cut, .heal, .sever, .forget, .clock, .abandon:
      []
    }
  }
}
