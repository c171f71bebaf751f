public import ZooKeeperClient

/// A lock that one client holds at a time, in the order in which they came.
///
/// ```swift
/// let lock = ExclusiveLock(client, at: "/locks/printer")
/// try await lock.withLock { hold in
///   try await printer.print(page, fencedBy: hold.token)
/// }
/// ```
///
/// **Who waits.** Each client's node is in a line; each watches the one before it, so that a
/// release wakes one client.
/// **A broken connection** costs nothing but time: what may be repeated is repeated, and a node
/// whose create was not answered is found again by its owner's name.
/// **A session that ends** gives the lock back, or leaves the line. The holder learns of it when he
/// is connected again, which may be after another has got the lock: see ``Hold/token``.
/// **Cancelled, or timed out**: the node is taken away before the error is thrown, and nothing is
/// held: `catch where error.isTimeout`, `error.isCancellation`. When `error.reason` is
/// `.sessionExpired`, go on with a new client and a new lock:
///
/// ```swift
/// while true {
///   let client = try await Client.connect(to: "10.0.0.1:2181")
///   do {
///     return try await ExclusiveLock(client, at: "/locks/printer").withLock(printing)
///   } catch let error as ClientError where error.reason == .sessionExpired {
///     continue  // it was lost before it was given back: what it guards was told its token
///   }
/// }
/// ```
///
/// Several tasks may use one lock. It is not reentrant: who asks again while he holds it waits
/// behind himself.
///
/// Source: Hunt et al., USENIX ATC 2010, section 2.4, "Simple Locks without Herd Effect".
public struct ExclusiveLock: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The lock whose line is at `path`; the node is made when it is missing.
  ///
  /// - Parameters:
  ///   - client: The session that will hold it.
  ///   - path: A node of its own, below which nothing else is.
  ///   - name: Stands in the nodes' names, for operators to read; before random bits, so that it
  ///     need not be unique.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Waits for the lock.
  ///
  /// While no server answers, what it has left cannot be taken away: then it throws a session's
  /// timeout later, and its node goes as soon as a server answers, or with the session.
  ///
  /// - Parameter timeout: How long; nil for as long as it takes.
  /// - Returns: What is held, to be released.
  /// - Throws: `.timedOut`, `.cancelled`, `.sessionExpired`, what the server refuses, `.closed`;
  ///   then nothing is held.
  public func acquire(within timeout: Duration? = nil) async throws(ClientError) -> Hold {
    let line = WaitingLine(
      client: client, path: path, owner: owner.next(), label: "lock", without: without)
    let turn = try await line.turn(within: timeout) { entries, place in
      place == 0 ? nil : .entry(entries[place - 1])
    }
    return Hold(turn)
  }

  /// Holds the lock while `body` runs; when the session ends, `body` is cancelled.
  ///
  /// A body that does not heed its cancellation is waited for.
  ///
  /// - Throws: As ``acquire(within:)``, and what `body` throws; and `.sessionExpired` when the lock
  ///   was lost before it could be given back, though `body` was done.
  public func withLock<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Hold) async throws -> T
  ) async throws -> T {
    try await acquire(within: timeout).during(body)
  }
}
