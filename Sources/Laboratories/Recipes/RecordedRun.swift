import EmbeddedServers
package import Recipes

/// A run as text: what is run, without which rules, what goes wrong, and what is violated then.
///
///     recipe lock
///     without looksWhenGone
///     at 38 hold b for 12
///     violates noIdling
///
/// Lines that begin with `#` and empty lines say nothing. A run without a `violates` line is clean.
package struct RecordedRun: Hashable, Sendable {
  /// The program's name.
  package var recipe: String
  /// The rules that are left out.
  package var without: [Rule] = []
  /// Whether the server is an ensemble of three.
  package var isEnsemble = false
  /// What goes wrong.
  package var faults: [Fault] = []
  /// The property that is violated, if one is.
  package var violates: String?

  package init(recipe: String) { self.recipe = recipe }

  /// What is wrong with a text, and where.
  package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package var line: Int
    /// What is wrong there.
    package var words: String

    package var description: String { "line \(line): \(words)" }
  }

  /// Reads a text.
  package init(text: String) throws(Mistake) {
    var recipe: String?
    self.recipe = ""
    for (place, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.split(separator: "#", omittingEmptySubsequences: false)[0]
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      func wrong(_ words: String) -> Mistake { Mistake(line: place + 1, words: words) }
      switch (first, words.count) {
      case ("recipe", 2):
        guard recipe == nil else { throw wrong("a second recipe") }
        guard let program = Program.all.first(where: { $0.name == words[1] }) else {
          throw wrong("no recipe is called \(words[1])")
        }
        recipe = program.name
      case ("on", 2) where words[1] == "ensemble": isEnsemble = true
      case ("without", 2...):
        for name in words.dropFirst() {
          guard let rule = Rule(rawValue: name) else { throw wrong("no rule is called \(name)") }
          without.append(rule)
        }
      case ("at", _):
        guard let fault = Fault(line) else { throw wrong("no fault: \(line)") }
        guard let program = Program.all.first(where: { $0.name == recipe }) else {
          throw wrong("a fault before the recipe is named")
        }
        guard fault.process < program.processes else {
          throw wrong("\(program.name) has no process \(Fault.name(fault.process))")
        }
        guard isEnsemble || !fault.needsEnsemble else { throw wrong("a fault of an ensemble") }
        faults.append(fault)
      case ("violates", 2): violates = words[1]
      default: throw wrong("neither recipe, on ensemble, without, at nor violates: \(line)")
      }
    }
    guard let recipe else { throw Mistake(line: 1, words: "no recipe is named") }
    self.recipe = recipe
  }

  /// Plays it; nil when there is no such recipe.
  package func play(logging: Bool = false) -> Simulation.Outcome? {
    guard let program = Program.all.first(where: { $0.name == recipe }) else { return nil }
    let server: any SimulatedServer =
      isEnsemble ? EmbeddedEnsemble.simulated : EmbeddedServer.simulated
    var simulation = Simulation(program, on: server, without: Set(without))
    simulation.isLogging = logging
    return simulation.run(faults)
  }

  /// Its text.
  package var text: String {
    var lines = ["recipe \(recipe)"]
    if isEnsemble { lines.append("on ensemble") }
    let names = without.map(\.rawValue).joined(separator: " ")
    if !without.isEmpty { lines.append("without \(names)") }
    lines += faults.map(\.description)
    if let violates { lines.append("violates \(violates)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
