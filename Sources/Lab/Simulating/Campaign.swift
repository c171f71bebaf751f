public import ProtocolCore

/// Many simulated runs, and what they have shown together.
public struct Campaign<C: Model>: Sendable {
  /// What plays the runs, in turn by the seed.
  public private(set) var simulators: [Simulator<C>]
  /// The *sometimes* that no run has reached.
  public private(set) var missing = C.Property.allCases.filter { !$0.isJudged }
  /// How many runs were played.
  public private(set) var runs = 0
  /// How many of them differ.
  public var distinctRuns: Int { fingerprints.count }
  /// What happened how often, in all runs.
  public private(set) var tally = Tally()
  /// The *sometimes* that were reached, each with the seed of the first run that did.
  public private(set) var witnesses: [C.Property: UInt64] = [:]
  /// The first run that violates something.
  public private(set) var failure: SimulatedRun<C>?

  private var fingerprints: Set<Int> = []
  private var nextSeed: UInt64

  /// A campaign of runs from this seed on.
  public init(_ simulator: Simulator<C>, from seed: UInt64 = 0) {
    self.init([simulator], from: seed)
  }

  /// A campaign of runs from this seed on, by several simulators in turn.
  public init(_ simulators: [Simulator<C>], from seed: UInt64 = 0) {
    self.simulators = simulators
    nextSeed = seed
  }

  /// Plays runs until something is violated, so many were played, or it shall not go on.
  ///
  /// - Parameters:
  ///   - count: how many runs at most.
  ///   - goOn: asked before each run, with the number of runs so far.
  public mutating func run(_ count: Int = .max, while goOn: (_ runs: Int) -> Bool = { _ in true }) {
    var left = count
    while left > 0, failure == nil, !simulators.isEmpty, goOn(runs) {
      let index = Int(nextSeed % UInt64(simulators.count))
      var simulator = simulators[index]
      simulator.witnesses = missing
      let run = simulator.run(seed: nextSeed)
      nextSeed += 1
      left -= 1
      runs += 1
      tally.add(run.tally)
      // Counted within this process only, so that the hash may differ from process to process.
      var hasher = Hasher()
      hasher.combine(index)
      hasher.combine(run.acts)
      fingerprints.insert(hasher.finalize())
      for property in run.reached { witnesses[property] = run.seed }
      missing.removeAll { run.reached.contains($0) }
      if run.violated != nil { failure = run }
    }
  }
}
