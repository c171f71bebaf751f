internal import Synchronization
public import ZooKeeper
public import ZooKeeperClient

/// What somebody holds: a lock, a permit, an office.
///
/// It is held until it is given back, or until the session ends. **The holder may not know yet that
/// the session has ended**: his process may have been stopped for longer than the session's
/// timeout, and another may hold it meanwhile. Whatever the hold guards should therefore be told
/// the ``token`` with each request, and refuse a token below the highest it has seen. (Not so what
/// a ``Semaphore`` guards: of several permits at once none is the highest. Nor readers of a
/// ``SharedLock`` among each other, who hold it in any order: a reader's token is to be compared
/// with those of writers alone.)
///
/// Source: Burrows, "The Chubby lock service", OSDI 2006, section 2.4 (sequencers).
public struct Hold: Sendable {
  let client: Client
  /// The node that stands for it.
  public let path: String
  /// The fencing token: each holder's is higher than those of all before it in the line.
  ///
  /// It is the zxid of the transaction that made the holder's node.
  public let token: Zxid
  let without: Set<Rule>
  /// It is given back once: by then its node's name may be another's.
  private let isGiven = Given()

  init(_ turn: Turn) {
    self.init(turn.line.client, turn.path, turn.token, without: turn.line.without)
  }

  init(_ client: Client, _ path: String, _ token: Zxid, without: Set<Rule>) {
    (self.client, self.path, self.token, self.without) = (client, path, token, without)
  }

  /// Whether the holder has reason to believe that it is held: the client knows of no end of the
  /// session, and is connected.
  ///
  /// False tells of trouble: do no more of what the hold allows. True promises nothing, see
  /// ``token``.
  public var isBelieved: Bool {
    without.contains(.endsWithSession) || (client.end == nil && client.state.isConnected)
  }

  /// Gives it back; repeated until it is answered.
  ///
  /// Giving it back again does nothing.
  ///
  /// - Throws: `.sessionExpired` if the session has ended: it was lost then, and is another's by
  ///   now perhaps. `.cancelled` if the task is: it is given back all the same.
  public func release() async throws(ClientError) {
    guard isGiven.first() else { return }
    try await client.removeShielded(path, made: token, without: rulesOfRelease)
  }

  private var rulesOfRelease: Set<Rule> {
    without.contains(.releaseInsists) ? without.union([.asksAgain]) : without
  }

  /// Waits until the session has ended, and it is lost.
  ///
  /// - Returns: Why; nil if the task was cancelled before.
  public func lost() async -> ClientError.Reason? {
    for await _ in client.arrivedEvents where client.end != nil { break }
    return client.end
  }

  /// Does something while it is held, and gives it back.
  ///
  /// When the session ends, what is being done is cancelled.
  package func during<T: Sendable>(
    _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    do {
      let result = try await whileHeld { try await body(self) }
      try await release()
      return result
    } catch {
      if client.end == nil { try? await release() }
      throw error
    }
  }

  /// Does something; when the session ends, what is being done is cancelled.
  func whileHeld<T: Sendable>(
    _ body: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    try await withThrowingTaskGroup(of: T?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        if let reason = await self.lost() { throw ClientError(reason) }
        return nil
      }
      defer { group.cancelAll() }
      while let next = try await group.next() {
        if let next { return next }
      }
      throw CancellationError()
    }
  }
}

/// Tells the first who asks.
final class Given: Sendable {
  private let state = Mutex(false)

  /// Whether somebody has asked.
  var isOver: Bool { state.withLock { $0 } }

  func first() -> Bool {
    state.withLock { isOver in
      defer { isOver = true }
      return !isOver
    }
  }
}
