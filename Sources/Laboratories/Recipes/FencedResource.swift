import Recipes
import Synchronization
import ZooKeeper

/// What a lock guards: it takes no write by a token below the highest that it has seen.
final class FencedResource: Sendable {
  private let highest = Mutex(Zxid.zero)
  private let other: (@Sendable (Zxid) -> Bool)?

  /// - Parameter other: What decides instead, where the resource is in another process.
  init(at other: (@Sendable (Zxid) -> Bool)? = nil) { self.other = other }

  /// Whether the write is taken.
  func write(_ token: Zxid, without: Set<Rule>) -> Bool {
    if let other { return other(token) }
    return highest.withLock { highest in
      if token < highest, !without.contains(.fenced) { return false }
      highest = max(highest, token)
      return true
    }
  }
}
