import ArgumentParser
import Conformance
import Foundation
import ProtocolCore
import Recipes
import RecipesLab

/// A rule left out.
struct BreakRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "break",
    abstract: "Leave out a rule of a recipe and see the run with the fewest faults that goes wrong."
  )

  @Argument(help: "The recipe.")
  var name: String?

  @Argument(help: "The rule.")
  var rule: String?

  @Flag(help: "Every rule of every recipe, as a table.")
  var all = false

  @Option(help: "Write the runs that are found to this folder.")
  var write: String?

  @Option(help: "How many runs have several faults, when one does not do.")
  var runs: UInt64 = 2000

  func validate() throws {
    guard all == (name == nil), (name == nil) == (rule == nil) else {
      throw ValidationError("a recipe and a rule, or --all")
    }
  }

  func run() throws {
    guard let name, let rule else { return try breakAll() }
    let program = try RecipesCommand.program(name)
    let rules = try RecipesCommand.rules([rule], of: program)
    guard let finding = search(program, rules) else {
      print("nothing goes wrong")
      throw ExitCode(2)
    }
    BreakRecipe.tell(finding, of: program, without: rules)
    try record(finding, program, rule)
  }

  private func breakAll() throws {
    var missed = 0
    for experiment in Experiment.all {
      let title = "\(experiment.program.name) without \(experiment.rule.rawValue)"
      if let finding = search(experiment.program, [experiment.rule]) {
        let faults = finding.faults.map(\.description).joined(separator: "; ")
        Terminal.row(
          title.padded(to: 48, atLeast: 2) + finding.violation.property.padded(to: 16, atLeast: 2)
            + "\(finding.runs) runs  " + faults)
        try record(finding, experiment.program, experiment.rule.rawValue)
      } else {
        Terminal.row(title.padded(to: 48, atLeast: 2) + "NOT FOUND")
        missed += 1
      }
    }
    if missed > 0 { throw ExitCode(1) }
  }

  private func search(
    _ program: RecipesLab.Program, _ rules: Set<Recipes.Rule>
  ) -> Search.Finding? {
    let names = rules.map(\.rawValue).sorted().joined(separator: ", ")
    let progress = Progress("looking for a run of \(program.name) without \(names)")
    defer { progress.end() }
    let search = Search(
      Simulation(program, on: RecipesCommand.server(ensemble: false), without: rules))
    return search.sweep().finding ?? search.random(seeds: 0..<runs).finding
  }

  private func record(
    _ finding: Search.Finding, _ program: RecipesLab.Program, _ rule: String
  ) throws {
    guard let write else { return }
    var run = RecordedRun(recipe: program.name)
    run.without = Array(try RecipesCommand.rules([rule]))
    run.faults = finding.faults
    run.violates = finding.violation.property
    let file = URL(filePath: write).appending(path: "\(program.name)-without-\(rule).run")
    try run.text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Tells what was found, and how to see it.
  static func tell(
    _ finding: Search.Finding, of program: RecipesLab.Program,
    without rules: Set<Recipes.Rule> = [], ensemble: Bool = false
  ) {
    print("VIOLATED \(finding.violation)\nafter \(finding.runs) runs, by these faults:")
    for fault in finding.faults { print("    \(fault)") }
    if finding.faults.isEmpty { print("    none") }
    let words =
      ["quorate recipes run \(program.name)"] + (ensemble ? ["--ensemble"] : [])
      + rules.map(\.rawValue).sorted().map { "--without \($0)" }
      + finding.faults.map { "--fault '\($0)'" }
    print("see it: " + words.joined(separator: " "))
  }
}

/// Runs that were recorded.
struct ReplayRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play recorded runs, and tell whether they do as they say.")

  @Argument(help: "Files of runs.")
  var files: [String]

  @Flag(help: "Tell what happens, step by step.")
  var log = false

  @OptionGroup var picture: SequencePicture

  func validate() throws {
    if picture.svg != nil, files.count != 1 {
      throw ValidationError("--svg draws one run: name one file")
    }
  }

  func run() throws {
    try picture.look()
    var wrong = 0
    for file in files {
      let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
      let run: RecordedRun
      do {
        run = try RecordedRun(text: text)
      } catch {
        throw failure(.usage, "\(file): \(error)")
      }
      guard let outcome = run.play(logging: log || picture.svg != nil) else { continue }
      if log { for line in outcome.log { print(line) } }
      try picture.draw(outcome, title: URL(filePath: file).lastPathComponent)
      let violated = outcome.violations.first
      let isAsSaid = violated?.property == run.violates
      RecipesCommand.warn(file, run.faults, outcome)
      let words = violated.map { "\($0)" } ?? "nothing is violated"
      print("\(file): \(isAsSaid ? "as the file says, " : "")\(words)")
      if !isAsSaid {
        print("    it says: \(run.violates ?? "nothing is violated")")
        wrong += 1
      }
    }
    if wrong > 0 { throw ExitCode(1) }
  }
}
