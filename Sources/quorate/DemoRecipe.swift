import ArgumentParser
import Conformance
import Foundation
import ProtocolCore
import Recipes
import RecipesLab

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
    let rules = try RecipesCommand.rules(without)
    if let other = rules.first(where: { !demo.rules.contains($0) }) {
      let known = demo.rules.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "--without \(other.rawValue): this demo shows what goes wrong without \(known)")
    }
    return rules
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

  func validate() throws { _ = try options.rules(of: Self.demo) }

  func run() async throws {
    let rules = try options.rules(of: Self.demo)
    Terminal.say(Self.demo.about)
    let stage = options.servers.map { DemoStage(Self.demo, on: $0, without: rules) }
    stage?.listen()
    var broken: [String] = []
    for (place, scene) in Self.demo.scenes.enumerated() {
      var screen = DemoScreen(scene, isColored: Terminal.isColored)
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
      broken += self.tell(scene.findings(outcome, isLive: stage != nil))
    }
    if !broken.isEmpty { throw failure(.notConformant, broken.joined(separator: "; ")) }
  }

  /// Tells what held.
  ///
  /// - Returns: What did not.
  private func tell(_ findings: [(promise: String, finding: Demo.Scene.Finding)]) -> [String] {
    let width = (findings.map(\.promise.count).max() ?? 0) + 2
    return findings.compactMap { promise, finding in
      let words =
        switch finding {
        case .held: "yes"
        case .broken(let words): "NO, \(words)"
        case .notJudged: "not judged here"
        }
      Terminal.say((promise + ":").padded(to: width) + words)
      guard case .broken(let words) = finding else { return nil }
      return "\(promise): no, \(words)"
    }
  }
}

extension String {
  /// What stands before the first full stop, and that.
  fileprivate var title: String { prefix { $0 != "." }.replacing("\n", with: " ") + "." }
}
