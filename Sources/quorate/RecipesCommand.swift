import ArgumentParser
import Conformance
import EmbeddedServers
import Foundation
import ProtocolCore
import Recipes
import RecipesLab
import ZooKeeperClient

/// What clients build of ZooKeeper: locks, elections, queues, under faults and on real servers.
struct RecipesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes",
    abstract: "Run the recipes for ZooKeeper's clients: in the laboratory, or on a server.",
    discussion: """
      quorate recipes                                        what there is
      quorate recipes run lock                               what happens, step by step
      quorate recipes run lock --fault 'at 31 break b losing replies'
      quorate recipes run lock 127.0.0.1:2181 --cuts 10      on a real server, breaking connections
      quorate recipes run counter 'exec:python3 Fixtures/clients/kazoo-recipes.py' \
        --fault 'at request 3 of a break losing reply'       somebody else's, on loopback
      quorate recipes simulate lock --runs 20000             each fault, then several at once
      quorate recipes break lock looksWhenGone               leave out a rule, see what goes wrong
      quorate recipes replay Fixtures/Recipes/*.run          runs that were recorded
      quorate recipes replay mine.run --svg mine.svg         a picture of one

      The same source runs in both places. In the laboratory the client's tasks run one step at a \
      time in virtual time, so that a run is the same each time.

      Exit codes: 0 nothing was violated; 1 something was; 2 a search found nothing; 3 a server \
      cannot be used; 64 a mistake in the command.
      """,
    subcommands: [
      ListRecipes.self, RunRecipe.self, SimulateRecipe.self, BreakRecipe.self,
      ReplayRecipe.self,
    ],
    defaultSubcommand: ListRecipes.self)

  /// The program of this name.
  static func program(_ name: String) throws -> RecipesLab.Program {
    let all = RecipesLab.Program.all
    guard let program = all.first(where: { $0.name == name }) else {
      let near = nearest(to: name, among: all.map(\.name))
      let hint = near.map { "; did you mean \($0)?" } ?? ""
      throw ValidationError("\(name): no such recipe" + hint)
    }
    return program
  }

  /// The rules of these names, of which each must be one that the recipe heeds.
  static func rules(_ names: [String], of program: RecipesLab.Program) throws -> Set<Recipes.Rule> {
    let heeded = program.rules.map(\.rawValue)
    for name in names where !heeded.contains(name) {
      let near = nearest(to: name, among: heeded).map { "; did you mean \($0)?" } ?? ""
      let known = heeded.joined(separator: ", ")
      let list = heeded.isEmpty ? "it has no rules" : "its rules are \(known)"
      throw ValidationError("\(program.name) does not heed \(name)\(near); \(list)")
    }
    return try rules(names)
  }

  /// The rules of these names.
  static func rules(_ names: [String]) throws -> Set<Recipes.Rule> {
    Set(
      try names.map { name in
        guard let rule = Recipes.Rule(rawValue: name) else {
          let near = nearest(to: name, among: Recipes.Rule.allCases.map(\.rawValue))
          throw ValidationError(
            "\(name): no such rule" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        return rule
      })
  }

  /// Says on standard error which faults did not strike, since the run had ended by then.
  static func warn(_ place: String, _ faults: [RecipesLab.Fault], _ outcome: Simulation.Outcome) {
    for fault in faults where !outcome.struck.contains(fault) {
      Terminal.complain("\(place): '\(fault)' never strikes: the run ends at \(outcome.steps)")
    }
  }

  static func server(ensemble: Bool) -> any SimulatedServer {
    ensemble ? EmbeddedEnsemble.simulated : EmbeddedServer.simulated
  }
}

/// The list.
struct ListRecipes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The recipes, and the rules that each heeds.")

  @Flag(help: "Only their names, one a line.")
  var names = false

  func run() throws {
    for program in RecipesLab.Program.all {
      guard !names else {
        print(program.name)
        continue
      }
      print(
        program.name.padded(to: 18, atLeast: 2)
          + program.claims.joined(separator: ", ").padded(to: 22, atLeast: 2) + program.about)
      let shared = program.relative.map { ["(and those of \($0))"] } ?? []
      let rules = program.experiments.map(\.rawValue) + shared
      if !rules.isEmpty { print("    " + rules.joined(separator: " ")) }
    }
  }
}

/// One run.
struct RunRecipe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a recipe once and tell what happens.",
    discussion: """
      What goes wrong, behind step N, to process a, b, c …:

      \(Fault.forms.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      On real servers it works below a node of its own, which it removes.

      With exec: the command, split at spaces, is started once for each process, beside a server \
      that is started on loopback. In its environment are QUORATE_ZOOKEEPER (host:port), \
      QUORATE_PATH (the node to use), QUORATE_RECIPE and QUORATE_NAME (a, b, c). It makes its \
      session, and then reads from standard input what it shall do, a line each, does it, and says \
      on standard output what came of it, a line each:

      \(ForeignRecipe.forms.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      It need not end by itself. What goes wrong with it is, with --fault:

      \(ForeignFault.forms.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      quorate verify exec:… --recipe lock tries each fault at each request.
      """)

  @Argument(help: "The recipe.")
  var name: String

  @Argument(
    help: "Real servers, host:port; or exec:COMMAND, a program; our own in the laboratory if not.")
  var servers: String?

  /// The servers without what other commands' URLs begin with.
  private var address: String? {
    servers.map { $0.hasPrefix("zookeeper://") ? String($0.dropFirst(12)) : $0 }
  }

  @Option(
    help: ArgumentHelp("What goes wrong, as 'at 31 break b'; may be repeated.", valueName: "line"))
  var fault: [String] = []

  @Option(help: ArgumentHelp("Leave out a rule; may be repeated.", valueName: "rule"))
  var without: [String] = []

  @Flag(help: "On an ensemble of three instead of one server.")
  var ensemble = false

  @OptionGroup var picture: SequencePicture

  @Option(help: "How many connections break, on real servers.")
  var cuts = 0

  @Option(help: "The seed of what and when.")
  var seed: UInt64 = 0

  func validate() throws {
    if servers != nil, ensemble { throw ValidationError("--ensemble is for the laboratory") }
    if servers != nil, !isForeign, !fault.isEmpty {
      throw ValidationError("--fault is for the laboratory and for exec:")
    }
    if servers == nil || isForeign, cuts != 0 {
      throw ValidationError("--cuts is for real servers")
    }
    if servers != nil, picture.svg != nil { throw ValidationError("--svg is for the laboratory") }
    guard (0...10_000).contains(cuts) else { throw ValidationError("--cuts is 0 to 10000") }
  }

  func run() async throws {
    if isForeign { return try await runForeign() }
    let program = try RecipesCommand.program(name)
    let rules = try RecipesCommand.rules(without, of: program)
    try picture.look()
    let outcome: Simulation.Outcome
    if let servers = address {
      var live = LiveRun(program, on: servers)
      (live.without, live.cuts, live.seed) = (rules, cuts, seed)
      do {
        outcome = try await live.run()
      } catch let error as ClientError {
        let words = error.isTimeout ? "no server answers" : "\(error)"
        throw failure(.error, "\(servers): \(words)")
      }
      for note in outcome.notes { print("\(note.time) ms  \(note)") }
    } else {
      let faults = try fault.map { line in
        guard let fault = Fault(line) else {
          throw ValidationError("--fault '\(line)' is none of these:\n\(Fault.forms)")
        }
        guard fault.process < program.processes else {
          let name = Fault.name(fault.process)
          throw ValidationError("--fault '\(line)': \(program.name) has no process \(name)")
        }
        guard ensemble || !fault.needsEnsemble else {
          throw ValidationError("--fault '\(line)' needs --ensemble")
        }
        return fault
      }
      var simulation = Simulation(
        program, on: RecipesCommand.server(ensemble: ensemble), without: rules)
      simulation.isLogging = true
      outcome = simulation.run(faults)
      for line in outcome.log { print(line) }
      RecipesCommand.warn("--fault", faults, outcome)
      try picture.draw(outcome, title: name)
    }
    try tell(outcome)
  }

  private func tell(_ outcome: Simulation.Outcome) throws { try Self.tell(outcome.violations) }

  static func tell(_ violations: [Violation]) throws {
    for violation in violations { print("VIOLATED \(violation)") }
    if !violations.isEmpty { throw ExitCode(1) }
    print("nothing is violated")
  }
}

/// Many runs.
struct SimulateRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Every single fault at every step, and then several faults at once.")

  @Argument(help: "The recipe.")
  var name: String

  @Option(help: "How many runs have several faults.")
  var runs: UInt64 = 1000

  @Option(help: "The first seed.")
  var seed: UInt64 = 0

  @Option(help: "Of the runs with one fault, every how-manyth is made.")
  var stride = 1

  @Flag(help: "On an ensemble of three whose servers lag and whose leader stops now and then.")
  var ensemble = false

  func validate() throws {
    guard stride > 0 else { throw ValidationError("--stride counts from 1") }
  }

  func run() throws {
    let program = try RecipesCommand.program(name)
    var search = Search(Simulation(program, on: RecipesCommand.server(ensemble: ensemble)))
    search.stride = stride
    if ensemble { search.kinds += [.leader, .lag(1, 500), .lag(2, 500), .lag(3, 500)] }
    let stopwatch = Stopwatch()
    let sweep = search.sweep()
    try tell(sweep, "one fault", stopwatch, program)
    let (end, isTooFar) = seed.addingReportingOverflow(runs)
    let random = search.random(seeds: seed..<(isTooFar ? .max : end))
    try tell(random, "several faults", stopwatch, program)
  }

  private func tell(
    _ result: Search.Result, _ what: String, _ stopwatch: Stopwatch, _ program: RecipesLab.Program
  ) throws {
    print(
      "\(name), \(what): \(result.runs) runs, \(result.steps) steps, "
        + "\(Int(stopwatch.seconds)) s so far")
    guard let finding = result.finding else { return }
    BreakRecipe.tell(finding, of: program, ensemble: ensemble)
    throw ExitCode(1)
  }
}
