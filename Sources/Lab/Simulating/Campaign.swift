public import ProtocolCore

/// Many simulated runs, and what they have shown together.
public struct Campaign<C: Chapter>: Sendable {
  /// What plays the runs.
  public private(set) var simulator: Simulator<C>
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
    self.simulator = simulator
    self.simulator.witnesses = C.Property.allCases.filter { !$0.isJudged }
    nextSeed = seed
  }

  /// Plays runs until something is violated, so many were played, or it shall not go on.
  ///
  /// - Parameter goOn: asked before each run.
  public mutating func run(_ count: Int = .max, while goOn: () -> Bool = { true }) {
    var left = count
    while left > 0, failure == nil, goOn() {
      let run = simulator.run(seed: nextSeed)
      nextSeed += 1
      left -= 1
      runs += 1
      tally.add(run.tally)
      fingerprints.insert(run.acts.hashValue)  // counted within this process only
      for property in run.reached {
        witnesses[property] = run.seed
        simulator.witnesses.removeAll { $0 == property }
      }
      if run.violated != nil { failure = run }
    }
  }

  /// The *sometimes* that no run has reached.
  public var missing: [C.Property] { simulator.witnesses }
}
