import ArgumentParser
import Conformance
import Foundation
import Recipes
import RecipesLab
import Synchronization
import ZooKeeperClient

/// Plays a demo's scenes on real servers; a signal ends it, and takes away what it has made.
final class DemoStage: Sendable {
  private let demo: Demo
  private let servers: String
  private let rules: Set<Recipes.Rule>
  private let state = Mutex<(scene: LiveScene?, isStopped: Bool)>((nil, false))

  init(_ demo: Demo, on servers: String, without rules: Set<Recipes.Rule>) {
    (self.demo, self.servers, self.rules) = (demo, servers, rules)
  }

  /// Listens for signals.
  func listen() {
    // A process that was killed does not take what it is answered.
    signal(SIGPIPE, SIG_IGN)
    Interrupts.listen(
      first: { [self] in
        Terminal.complain("\nstopping: its processes are ended, and its nodes taken away")
        state.withLock {
          $0.isStopped = true
          $0.scene?.stop()
        }
      },
      second: { [self] in
        let root = state.withLock { $0.scene?.root }
        Terminal.complain("left behind: \(root ?? "nothing") on \(servers)")
      })
  }

  /// Plays a scene.
  ///
  /// - Throws: A refusal when the servers cannot be used, or it was stopped.
  func play(
    _ place: Int, _ tell: @escaping (Moment) -> Void
  ) async throws -> Simulation.Outcome {
    let (name, rules) = (demo.name, rules.map(\.rawValue).sorted())
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let scene = LiveScene(
      demo.scenes[place], on: servers, without: self.rules, program: URL(filePath: path)
    ) { process, servers in
      ["demo", "process", name, "\(place)", "\(process)", servers]
        + rules.flatMap { ["--without", $0] }
    }
    let isStopped = state.withLock { state in
      state.scene = scene
      return state.isStopped
    }
    if isStopped { scene.stop() }
    do {
      return try await scene.play(tell: tell)
    } catch is LiveScene.Stopped {
      throw failure(.error, "it was stopped")
    } catch let error as ClientError {
      throw failure(.error, "\(servers): \(error.isTimeout ? "no server answers" : "\(error)")")
    }
  }
}

/// One process of a demo on real servers, as a demo starts it.
struct DemoProcess: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "process", abstract: "One process of a demo; demos start it.",
    shouldDisplay: false)

  @Argument var name: String
  @Argument var scene: Int
  @Argument var process: Int
  @Argument var servers: String
  @Option var without: [String] = []

  func run() async throws {
    guard let demo = Demo.all.first(where: { $0.name == name }),
      demo.scenes.indices.contains(scene),
      (0..<demo.scenes[scene].program.processes).contains(process)
    else { throw ValidationError("no demo has such a process") }
    await demo.scenes[scene].play(
      process: process, on: servers, without: try RecipesCommand.rules(without))
  }
}
