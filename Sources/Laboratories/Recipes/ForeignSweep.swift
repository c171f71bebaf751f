import Synchronization

/// All runs of a program of somebody else's in which one thing of a kind goes wrong.
package final class ForeignSweep: Sendable {
  /// What is judged.
  package let recipe: ForeignRecipe
  private let command: [String]
  /// The run in which nothing goes wrong: made once, when it is asked for.
  private let first = Mutex<Task<ForeignRun.Outcome, any Error>?>(nil)

  /// What came of a sweep.
  package struct Finding: Sendable {
    /// The first run in which something is violated or the program errs, else the last.
    package var outcome: ForeignRun.Outcome
    /// How many runs there were.
    package var runs = 1
    /// What was seen once, and not again in the same run.
    package var unrepeated: [String] = []

    package init(outcome: ForeignRun.Outcome) { self.outcome = outcome }
  }

  package init(_ recipe: ForeignRecipe, by command: [String]) {
    (self.recipe, self.command) = (recipe, command)
  }

  /// The run in which nothing goes wrong.
  ///
  /// - Throws: ``ForeignRun/Mistake`` when the command cannot be started.
  package func undisturbed() async throws -> ForeignRun.Outcome {
    let run = ForeignRun(recipe, by: command)
    let task = first.withLock { first in
      let task = first ?? Task { try await run.run() }
      first = task
      return task
    }
    return try await task.value
  }

  /// Plays a run for each place at which a fault can strike, the earliest first, until something is
  /// violated.
  ///
  /// - Throws: ``ForeignRun/Mistake`` when the command cannot be started; that it was cancelled.
  package func search(_ kind: ForeignFault.Kind) async throws -> Finding {
    var finding = Finding(outcome: try await undisturbed())
    for fault in places(of: kind, in: finding.outcome) {
      try Task.checkCancellation()
      let run = ForeignRun(recipe, by: command, [fault])
      finding.outcome = try await run.run()
      finding.runs += 1
      guard let violation = finding.outcome.violations.first else {
        if finding.outcome.mistake != nil { return finding }
        continue
      }
      // Who stands still may be a machine that has too much to do.
      guard violation.property == "termination" else { return finding }
      let again = try await run.run()
      finding.runs += 1
      if !again.violations.isEmpty { return finding }
      finding.unrepeated.append("\(fault): \(violation)")
    }
    return finding
  }

  /// Where faults of a kind can strike a run that goes like this one.
  private func places(
    of kind: ForeignFault.Kind, in outcome: ForeignRun.Outcome
  ) -> [ForeignFault] {
    let isAnywhere = kind != .kill || recipe.survives == .everywhere
    let counts = [
      kind.strikesRequests && isAnywhere ? outcome.requests : [],
      kind.strikesIdle ? outcome.rests : [],
      kind.strikesIdle && isAnywhere ? outcome.waits : [],
    ]
    let places: [(Int) -> ForeignFault.Place] = [
      { .request($0) }, { .rest($0) }, { .wait($0) },
    ]
    var faults: [(number: Int, fault: ForeignFault)] = []
    for (count, place) in zip(counts, places) where !count.isEmpty {
      for process in recipe.struck {
        for number in 0..<count[process] {
          faults.append((number, ForeignFault(process, at: place(number + 1), kind)))
        }
      }
    }
    return faults.sorted { $0.number < $1.number }.map(\.fault)
  }
}
