import EmbeddedServers
package import Recipes

extension Demo.Scene {
  /// Plays it in the laboratory, in virtual time: each time the same.
  package func play(without rules: Set<Rule> = []) -> Simulation.Outcome {
    var simulation = Simulation(program, on: EmbeddedServer.simulated, without: rules)
    simulation.cues = cues
    return simulation.run()
  }

  /// What came of a promise.
  package enum Finding: Hashable, Sendable {
    case held
    /// What was seen that breaks it.
    case broken(String)
    /// Only where all can be seen, and time stands when nothing happens, can it be judged.
    case notJudged
  }

  /// What held: each promise, and then what was broken besides.
  ///
  /// - Parameter isLive: Whether it was played on real servers.
  package func findings(
    _ outcome: Simulation.Outcome, isLive: Bool
  ) -> [(promise: String, finding: Finding)] {
    let seen = outcome.violations
    let told = promises.map { promise -> (String, Finding) in
      let broken = seen.first { promise.properties.contains($0.property) }
      if let broken { return (promise.words, .broken(broken.words)) }
      let isHidden = Self.atRest.isSuperset(of: promise.properties)
      return (promise.words, isLive && isHidden ? .notJudged : .held)
    }
    let known = Set(promises.flatMap(\.properties))
    return told
      + seen.filter { !known.contains($0.property) }.map {
        ("nothing else goes wrong", .broken($0.words))
      }
  }

  /// The properties that are judged when nothing can happen before time passes.
  private static let atRest: Set<String> = ["noIdling", "follows", "allOwned", "balance"]
}
