public import ZooKeeperClient

/// A lock that many readers or one writer hold, in the order in which they came.
///
/// ```swift
/// let lock = SharedLock(client, at: "/locks/catalogue")
/// let pages = try await lock.reading { _ in try await catalogue.pages() }
/// try await lock.writing { hold in try await catalogue.add(page, fencedBy: hold.token) }
/// ```
///
/// Nodes are named `owner-R-0000000001` and `owner-W-0000000002`. A reader waits for the last
/// writer before it, a writer for whoever is before it. So nobody waits for ever: who comes later
/// is behind, a reader too. When a writer goes all readers behind it wake, and all of them have the
/// lock.
///
/// What holds of ``ExclusiveLock`` of connections, sessions, and giving up, holds here.
///
/// Source: ZooKeeper Recipes and Solutions, "Shared Locks".
public struct SharedLock: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The lock whose line is at `path`; see ``ExclusiveLock/init(_:at:named:)``.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Waits until no writer is before us.
  public func acquireReading(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    let rules = without
    return try await acquire("R", timeout) { entries, place in
      let before = entries[..<place]
      if rules.contains(.readersTogether) { return before.last.map { .entry($0) } }
      if rules.contains(.readerWaitsForWriters) { return nil }
      return before.last { $0.label == "W" }.map { .entry($0) }
    }
  }

  /// Waits until nobody is before us.
  public func acquireWriting(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    let rules = without
    return try await acquire("W", timeout) { entries, place in
      let before = entries[..<place].filter {
        !rules.contains(.writerWaitsForReaders) || $0.label == "W"
      }
      return before.last.map { .entry($0) }
    }
  }

  /// Holds it with other readers while `body` runs; when the session ends, `body` is cancelled.
  public func reading<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await acquireReading(within: timeout).during(body)
  }

  /// Holds it alone while `body` runs; when the session ends, `body` is cancelled.
  public func writing<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await acquireWriting(within: timeout).during(body)
  }

  private func acquire(
    _ label: String, _ timeout: Duration?,
    _ obstacle: @escaping @Sendable ([Entry], Int) -> WaitingLine.Obstacle?
  ) async throws(ClientError) -> Hold {
    let line = WaitingLine(
      client: client, path: path, owner: owner.next(), label: label, without: without)
    return Hold(try await line.turn(within: timeout, obstacle: obstacle))
  }
}
