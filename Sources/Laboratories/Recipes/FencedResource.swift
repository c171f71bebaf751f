import Recipes
import Synchronization
import ZooKeeper

/// What a lock guards: it takes no write by a token below the highest that it has seen.
final class FencedResource: Sendable {
  private let highest = Mutex(Zxid.zero)

  /// Whether the write is taken.
  func write(_ token: Zxid, without: Set<Rule>) -> Bool {
    highest.withLock { highest in
      if token < highest, !without.contains(.fenced) { return false }
      highest = max(highest, token)
      return true
    }
  }
}
