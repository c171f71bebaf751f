public import ZooKeeperClient

/// At most so many clients hold a permit at a time, in the order in which they came.
///
/// ```swift
/// let semaphore = Semaphore(client, at: "/permits/import", permits: 3)
/// try await semaphore.withPermit { _ in try await importer.run() }
/// ```
///
/// Who waits must be told of every node that goes: to watch one of them is not enough, since any
/// of those before it may go first. So each release wakes all who wait.
///
/// All clients must name the same number of permits. What holds of ``ExclusiveLock`` of
/// connections, sessions, and giving up, holds here.
public struct Semaphore: Sendable {
  private let client: Client
  private let path: String
  private let permits: Int
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The semaphore whose line is at `path`; see ``ExclusiveLock/init(_:at:named:)``.
  public init(
    _ client: Client, at path: String, permits: Int, named name: String? = nil
  ) {
    (self.client, self.path, self.permits, owner) = (client, path, max(permits, 1), Owner(name))
  }

  /// Waits for a permit.
  ///
  /// - Throws: `.timedOut`, `.cancelled`, `.sessionExpired`; then nothing is held.
  public func acquire(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    let (permits, rules) = (permits, without)
    let line = WaitingLine(
      client: client, path: path, owner: owner.next(), label: "permit", without: without)
    let turn = try await line.turn(within: timeout) { entries, place in
      if place < permits { return nil }
      if rules.contains(.watchesAllPermits) { return .entry(entries[place - permits]) }
      return .anyBefore
    }
    return Hold(turn)
  }

  /// Holds a permit while `body` runs; when the session ends, `body` is cancelled.
  public func withPermit<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await acquire(within: timeout).during(body)
  }
}
