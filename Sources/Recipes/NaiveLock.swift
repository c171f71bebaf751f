import ZooKeeper
public import ZooKeeperClient

/// An exclusive lock as the notes tell it: all try to create the same ephemeral node, and whoever
/// succeeds has the lock.
///
/// ```swift
/// let lock = NaiveLock(client, at: "/locks/printer")
/// let hold = try await lock.acquire(within: .seconds(10))
/// ```
///
/// **Who waits** watches the children of `path`; a release wakes all who wait, and all but one of
/// them try in vain: the herd effect. There is no order: who comes first may wait for ever.
/// Prefer ``ExclusiveLock``, which has neither fault.
///
/// **A broken connection**: if the answer to the create was lost, the node that is there is known
/// by its session and its data. If the answer to the delete was lost, the lock may be another's
/// when it is asked again, so it is looked first whose it is.
/// **A session that ends** gives it back. **Cancelled or late**: nothing is left.
public struct NaiveLock: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The lock whose node is made below `path`; see ``ExclusiveLock/init(_:at:named:)``.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Waits for the lock.
  ///
  /// - Throws: `.timedOut`, `.cancelled`, `.sessionExpired`; then nothing is held.
  public func acquire(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    try await client.within(timeout) { () throws(ClientError) in try await acquire() }
  }

  private func acquire() async throws(ClientError) -> Hold {
    let (own, mark) = ("\(path)/lock", Payload.utf8(owner.next()))
    let began = client.session.lastZxidSeen
    try await client.ensure(path)
    do throws(ClientError) {
      while true {
        if case .own(let zxid) = try await client.claim(own, data: mark, without: without) {
          return Hold(client, own, zxid, without: without)
        }
        try await client.wait(at: path) { () throws(ClientError) in
          let names = try await client.getChildren(path, watch: true)
          return names.contains("lock") || without.contains(.looksWhenGone)
        }
      }
    } catch {
      // A create whose answer we did not await may be under way.
      if !without.contains(.givesUpEntry), client.end == nil {
        await client.forgo(own, data: mark, since: began)
      }
      throw error.settled
    }
  }

  /// Holds the lock while `body` runs; when the session ends, `body` is cancelled.
  public func withLock<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await acquire(within: timeout).during(body)
  }
}
