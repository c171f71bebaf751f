import EmbeddedServers
import Synchronization
import ZooKeeperClient

// What a stage knows of who has what.

extension ForeignStage {
  /// Whether another process has a thing.
  func othersHold(_ index: Int) -> Bool { progress.withLock { $0.holdings.othersHold(index) } }

  /// A process begins to wait for a thing.
  func wants(_ thing: String, _ index: Int) {
    progress.withLock { $0.holdings.wants(index, thing) }
  }

  /// A process has a thing.
  func takes(_ thing: String, _ index: Int) {
    progress.withLock { $0.holdings.takes(index, thing) }
  }

  /// A process has given back what it had.
  func givesBack(_ index: Int) {
    if progress.withLock({ $0.holdings.givesBack(index) }) { isBackLater(index) }
  }

  /// How long others wait for one that was struck, in milliseconds.
  static let returning = Milliseconds(3000)

  /// A process that was struck is back when it has a session, and all have done what follows.
  func isBackLater(_ index: Int) {
    Task(executorPreference: OwnThreads.shared) { [self] in
      let limit = server.now + Self.returning
      while !server.judged.isAlive(server.session(of: index)), server.now < limit, !isDecided {
        await OwnThreads.pause(2)
      }
      await quiet(within: Self.returning)
      progress.withLock { $0.holdings.isBack(index) }
    }
  }
}
