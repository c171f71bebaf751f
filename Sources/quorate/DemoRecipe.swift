import ArgumentParser
import Conformance
import Foundation
import ProtocolCore
import Recipes
import RecipesLab
import ZooKeeperClient

/// What the demos of recipes have in common.
protocol RecipeDemo: AsyncParsableCommand {
  /// What is shown.
  static var demo: Demo { get }
  /// What was said on the command line.
  var options: DemoOptions { get }
}

/// How and where a demo is played.
struct DemoOptions: ParsableArguments {
  @Argument(
    help: "Real servers, host:port,host:port; the embedded reference, in virtual time, if not.")
  var target: String?

  @Option(
    help: ArgumentHelp("Leave out a rule of the recipe; may be repeated.", valueName: "rule"))
  var without: [String] = []

  /// The rules, of which each must be one that this demo shows.
  func rules(of demo: Demo) throws -> Set<Recipes.Rule> {
    let known = demo.rules.map(\.rawValue)
    if let other = without.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "--without \(other): this demo shows what goes wrong without "
          + known.joined(separator: ", "))
    }
    return try RecipesCommand.rules(without)
  }

  /// Looks whether what is called servers can be any.
  func lookAtServers() throws {
    guard let servers else { return }
    do throws(ClientError) {
      _ = try ConnectString(servers)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// The servers; nil for the embedded reference.
  var servers: String? {
    guard let target, target != "reference:" else { return nil }
    return target.hasPrefix("zookeeper://") ? String(target.dropFirst(12)) : target
  }
}

extension RecipeDemo {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: demo.name,
      abstract: demo.about.title,
      discussion: """
        \(demo.about.replacing("\n", with: " "))

        A lane for each process: │ it lives, ┃ it holds something, ╎ it is stopped, · it is dead \
        and its session is not over yet. On real servers each is a process of its own, killed and \
        stopped by signals; they work below a node that is removed afterwards.

        --without leaves out a rule: \(demo.rules.map(\.rawValue).joined(separator: ", ")).

        Exit codes: 0 all held; 1 something did not; 3 the servers cannot be used, or it was \
        stopped (Ctrl-C); 64 a mistake in the command.
        """)
  }

  func validate() throws {
    _ = try options.rules(of: Self.demo)
    try options.lookAtServers()
  }

  func run() async throws {
    let rules = try options.rules(of: Self.demo)
    Terminal.say(Self.demo.about)
    let stage = options.servers.map { DemoStage(Self.demo, on: $0, without: rules) }
    stage?.listen()
    var allHolds = true
    for (place, scene) in Self.demo.scenes.enumerated() {
      var screen = DemoScreen(
        scene, columns: Terminal.width ?? .max / 2, isColored: Terminal.isColored)
      Terminal.say("\n" + (scene.title.isEmpty ? "" : "\(scene.title)\n") + screen.heading)
      let tell = { (moment: Moment) in
        if let line = screen.line(moment) { Terminal.say(line) }
      }
      let outcome: Simulation.Outcome
      if let stage {
        outcome = try await stage.play(place, tell)
      } else {
        outcome = scene.play(without: rules)
        outcome.moments.forEach(tell)
      }
      allHolds = self.tell(scene.findings(outcome, isLive: stage != nil)) && allHolds
    }
    // What does not hold stands above.
    if !allHolds { throw ExitCode(1) }
  }

  /// Tells what held.
  ///
  /// - Returns: Whether nothing is broken.
  private func tell(_ findings: [(promise: String, finding: Demo.Scene.Finding)]) -> Bool {
    let width = (findings.map(\.promise.count).max() ?? 0) + 2
    var allHolds = true
    for (promise, finding) in findings {
      let words: String
      switch finding {
      case .held: words = "yes"
      case .broken(let what):
        words = "NO, \(what)"
        allHolds = false
      case .notJudged: words = "not judged here"
      }
      Terminal.say((promise + ":").padded(to: width) + words)
    }
    return allHolds
  }
}

extension String {
  /// What stands before the first full stop, and that.
  fileprivate var title: String { prefix { $0 != "." }.replacing("\n", with: " ") + "." }
}
