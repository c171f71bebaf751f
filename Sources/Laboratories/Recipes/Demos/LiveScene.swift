package import Foundation
package import Recipes
import ZooKeeper
import ZooKeeperClient

/// A scene on real servers: each process is one of the system's, with its own sessions, and is
/// killed and stopped by signals.
///
/// Whoever says something waits for an answer, so that a fault strikes where the scene wants it. A
/// judge is shown what the servers hold then.
package struct LiveScene: Sendable {
  private let scene: Demo.Scene
  private let servers: String
  private let rules: Set<Rule>
  private let start: @Sendable (_ process: Int, _ servers: String) -> [String]
  private let program: URL
  /// The node below which all of it works; it is removed in the end.
  package let root = "/quorate-demo-" + String(UInt64.random(in: 0 ... .max), radix: 16)
  private let heard = AsyncStream<Heard>.makeStream()

  /// What comes to whoever directs the scene.
  enum Heard: Sendable {
    case line(Int, String)
    case closed(Int)
    case tick
    case stop
  }

  /// Somebody wants no more of it.
  package struct Stopped: Error {}

  /// - Parameters:
  ///   - servers: `host:port,host:port`, with a node behind them or without.
  ///   - program: What is started as a process.
  ///   - start: Its arguments, which have it play a process on servers.
  package init(
    _ scene: Demo.Scene, on servers: String, without rules: Set<Rule>, program: URL,
    start: @escaping @Sendable (_ process: Int, _ servers: String) -> [String]
  ) {
    (self.scene, self.servers, self.rules) = (scene, servers, rules)
    (self.program, self.start) = (program, start)
  }

  /// Ends it soon; whoever plays it takes away what was made.
  package func stop() { heard.continuation.yield(.stop) }

  /// Plays it, and leaves nothing behind.
  ///
  /// - Parameter tell: Told each moment.
  /// - Throws: ``ClientError`` if the servers cannot be used; ``Stopped``; why a process cannot be
  ///   started.
  package func play(tell: @escaping (Moment) -> Void) async throws -> Simulation.Outcome {
    let observer = try await Client.connect(to: servers)
    try await observer.create(root)
    var direction = Direction(scene, root: root, rules: rules, observer: observer, tell: tell)
    let clock = Task { [heard] in
      while (try? await Task.sleep(for: .milliseconds(200))) != nil {
        heard.continuation.yield(.tick)
      }
    }
    let outcome: Result<Simulation.Outcome, any Error>
    do {
      for index in 0..<scene.program.processes {
        direction.players[index] = try Player(
          index, program, start(index, servers + root), heard.continuation)
      }
      outcome = .success(try await direction.direct(heard.stream))
    } catch {
      outcome = .failure(error)
    }
    clock.cancel()
    for player in direction.players.values { player.kill() }
    do {
      try await removeAll(root, observer)
    } catch {
      await observer.close()
      _ = try outcome.get()
      throw error
    }
    await observer.close()
    return try outcome.get()
  }

  private func removeAll(_ path: String, _ client: Client) async throws(ClientError) {
    do throws(ClientError) {
      for child in try await client.getChildren(path) {
        try await removeAll("\(path)/\(child)", client)
      }
      try await client.delete(path)
    } catch {
      switch error.code {
      case .noNode: return
      // Whoever was killed has asked for it before, and is heard of no more.
      case .notEmpty: try await removeAll(path, client)
      default: throw error
      }
    }
  }
}
