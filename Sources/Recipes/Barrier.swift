public import ZooKeeperClient

/// So many clients wait for each other; then all of them go on.
///
/// ```swift
/// let barrier = Barrier(client, at: "/barriers/step-7", size: 3)
/// try await barrier.wait(within: .seconds(30))
/// ```
///
/// The node's data says how many; whoever comes makes an ephemeral node below it. Who counts so
/// many opens the barrier by a node `ready` that stays: it opens only if all who were counted are
/// still there. As it is often told, there is no such node, and each counts for himself: who looks
/// when the first have gone on already counts too few, and waits for ever.
///
/// **Who waits** is woken when the barrier opens, and each time that another gives up: that is done
/// by a transaction that makes `ready` and takes it away, so that it is refused when the barrier is
/// open. Of n that give up each wakes all others, who ask twice.
/// **A broken connection** costs nothing but time: a member has one name, and is counted once.
/// **A session that ends** before it opens is not counted any more; `.sessionExpired` is thrown,
/// and the others may have gone on or not.
/// **Cancelled or late**: the member is taken away, unless the barrier has opened before; then it
/// goes on with the others.
///
/// A barrier opens once. Who comes later goes on at once; another round has another path.
///
/// Source: ZooKeeper Recipes and Solutions, "Barriers".
public struct Barrier: Sendable {
  private let client: Client
  private let path: String
  private let size: Int
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The barrier at `path`.
  ///
  /// - Parameters:
  ///   - client: The session that waits.
  ///   - path: A node of its own, below which nothing else is; made when it is missing.
  ///   - size: How many shall meet.
  ///     It is written to the node when that is made; what stands there counts.
  ///   - name: Stands in what it writes, for operators to read; before random bits, so that it
  ///     need not be unique.
  public init(_ client: Client, at path: String, size: Int, named name: String? = nil) {
    (self.client, self.path, self.size, owner) = (client, path, max(size, 1), Owner(name))
  }

  /// Waits until so many wait.
  ///
  /// - Parameter timeout: How long; nil for as long as it takes.
  /// - Throws: `.timedOut`, `.cancelled`: the barrier had not opened, and we are not counted any
  ///   more. Unless ``ZooKeeperClient/ClientError/isOutcomeUnknown``: then no server answered for
  ///   a session's timeout, and it may have opened with us. `.sessionExpired`.
  ///   `.unexpectedAnswer` if the node's data is no number above 0.
  public func wait(within timeout: Duration? = nil) async throws(ClientError) {
    let gathering = Gathering(client: client, path: path, size: size, without: without)
    let name = try await gathering.enter(owner, within: timeout)
    // It is open for good. If this fails the node goes with the session.
    try? await gathering.leave(name)
  }
}
