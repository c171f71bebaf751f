import ZooKeeperClient

/// Looks for a run that violates something: first every single fault at every step, then several at
/// once, drawn by seeds.
package struct Search: Sendable {
  /// What is run.
  package var simulation: Simulation
  /// Which kinds of faults there may be.
  package var kinds: [Fault.Kind] = Search.all

  /// Of the runs of a sweep, each so-manieth is made.
  package var stride = 1

  /// The faults that strike one process.
  package static let all: [Fault.Kind] = [
    .hold(12), .hold(40), .delay(12), .delay(40), .cut, .loseReplies, .stop(3000), .stop(15_000),
    .stop(35_000),
    .crash, .cancel, .away(1500), .away(6000), .away(15_000),
  ]

  package init(_ simulation: Simulation) { self.simulation = simulation }

  /// What was found, and what it took.
  package struct Finding: Sendable {
    /// The faults of the run, as few as will do.
    package var faults: [Fault]
    /// What was violated.
    package var violation: Violation
    /// How many runs there were until it was found.
    package var runs: Int
  }

  /// What came of a search that found nothing, or something.
  package struct Result: Sendable {
    /// The runs.
    package var runs = 0
    /// Their steps.
    package var steps = 0
    /// What was found.
    package var finding: Finding?
  }

  /// No fault, and then each fault alone, at each step at which the run without faults does
  /// something.
  package func sweep() -> Result {
    var result = Result()
    let calm = simulation.run()
    if take(calm, [], &result) { return result }
    let faults = (0..<calm.steps).flatMap { step in
      (0..<simulation.program.processes).flatMap { process in
        kinds.map { Fault(step: step, process: process, $0) }
      }
    }
    for place in Swift.stride(from: 0, to: faults.count, by: stride) {
      if take(simulation.run([faults[place]]), [faults[place]], &result) { return result }
    }
    return result
  }

  /// Runs with one to six faults each.
  package func random(seeds: Range<UInt64>, within span: Int = 400) -> Result {
    var result = Result()
    for seed in seeds {
      let faults = draw(seed, within: span)
      if take(simulation.run(faults), faults, &result) { return result }
    }
    return result
  }

  /// The faults of a seed.
  package func draw(_ seed: UInt64, within span: Int) -> [Fault] {
    var chance = SeededChoices(seed)
    let count = Int.random(in: 1...6, using: &chance)
    return (0..<count).map { _ in
      let kind = kinds.randomElement(using: &chance) ?? .cut
      let process = Int.random(in: 0..<simulation.program.processes, using: &chance)
      let step = Int.random(in: 0..<span, using: &chance)
      return Fault(step: step, process: process, vary(kind, &chance))
    }
    .sorted { ($0.step, $0.process) < ($1.step, $1.process) }
  }

  private func vary(_ kind: Fault.Kind, _ chance: inout SeededChoices) -> Fault.Kind {
    switch kind {
    case .hold: .hold(Int.random(in: 1...80, using: &chance))
    case .delay: .delay(Int.random(in: 1...80, using: &chance))
    case .stop: .stop(Int.random(in: 500...40_000, using: &chance))
    case .away: .away(Int.random(in: 200...20_000, using: &chance))
    case .lag: .lag(Int.random(in: 1...3, using: &chance), Int.random(in: 50...900, using: &chance))
    case .cut, .loseReplies, .crash, .cancel, .leader: kind
    }
  }

  private func take(
    _ outcome: Simulation.Outcome, _ faults: [Fault], _ result: inout Result
  ) -> Bool {
    result.runs += 1
    result.steps += outcome.steps
    guard let violation = outcome.violations.first else { return false }
    let (least, seen) = minimize(faults, violation)
    result.finding = Finding(faults: least, violation: seen, runs: result.runs)
    return true
  }

  /// Leaves out faults for as long as the same property is violated.
  func minimize(_ faults: [Fault], _ violation: Violation) -> ([Fault], Violation) {
    var (least, seen) = (faults, violation)
    var place = 0
    while place < least.count {
      var fewer = least
      fewer.remove(at: place)
      let again = simulation.run(fewer).violations.first { $0.property == violation.property }
      if let again { (least, seen) = (fewer, again) } else { place += 1 }
    }
    return (least, seen)
  }
}
