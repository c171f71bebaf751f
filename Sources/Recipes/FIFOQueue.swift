public import ZooKeeper
public import ZooKeeperClient

/// Messages that many clients put, and each of which one client takes out, the oldest first.
///
/// ```swift
/// let queue = FIFOQueue(client, at: "/queues/mail")
/// try await queue.put(.utf8("to ann"))
///
/// let letter = try await queue.take(within: .seconds(30))                    // at most once
/// try await queue.process { letter in try await post.send(letter.data) }     // at least once
/// ```
///
/// Messages are persistent nodes with numbers, so that they outlive who put them. A consumer claims
/// the first that nobody has claimed, by an ephemeral node beside it, and deletes both together.
///
/// **Who waits.** A consumer who finds nothing waits for a change in the node of all elements; each
/// put wakes all who wait.
/// **A broken connection** costs nothing but time: a put leaves a mark by which it is known when it
/// is repeated, and a delete whose reply was lost can only have been one's own.
/// **A session that ends** gives a claimed element back. `put` throws `.sessionExpired` then, and
/// the element may have been put or not. So does `take`: if the session ended while the delete was
/// under way, the element may be gone, and is lost.
/// **A consumer that dies**: see ``take(within:)`` and ``process(within:_:)``.
/// **Cancelled or late**: a put that has begun comes to its end, and so does a delete. A consumer
/// who waits takes nothing.
/// **Order.** What was put before another was begun to be put is claimed before it, unless its
/// consumer gave it back.
///
/// Source: ZooKeeper Recipes and Solutions, "Queues".
public struct FIFOQueue: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The queue at `path`; the node is made when it is missing.
  ///
  /// - Parameters:
  ///   - client: The session that puts and takes.
  ///   - path: A node of its own, below which nothing else is.
  ///   - name: Stands in what it writes, for operators to read; before random bits, so that it
  ///     need not be unique.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Puts an element at the end.
  ///
  /// - Throws: `.sessionExpired`, `.cancelled`: it may have been put, or may be yet,
  ///   then at most once.
  public func put(_ data: Payload) async throws(ClientError) {
    try await elements.put(data, label: "item")
  }

  /// Takes the first element out, for good: at most one consumer gets it.
  ///
  /// Whoever dies behind the delete, before he has done anything with it, loses it.
  ///
  /// - Parameter timeout: How long to wait for one; nil for as long as it takes.
  /// - Throws: `.timedOut`, `.cancelled`: nothing was taken; unless
  ///   ``ZooKeeperClient/ClientError/isOutcomeUnknown``: then, and with `.sessionExpired`, the
  ///   element that it was about to take may be lost.
  public func take(within timeout: Duration? = nil) async throws(ClientError) -> Payload {
    try await elements.take(within: timeout)
  }

  /// Does something with the first element and takes it out when that is done: at least one
  /// consumer comes to its end with it.
  ///
  /// Whoever dies before the delete has done it in vain: another does it again. So does another
  /// while somebody is still at it whose session has ended without his knowing; what `body` writes
  /// to should refuse an ``Element/token`` below the highest that it has seen of that element.
  ///
  /// - Parameters:
  ///   - timeout: How long to wait for one; nil for as long as it takes.
  ///   - body: What is to be done.
  ///     Is cancelled when the session ends; if it throws, the element is given back.
  public func process<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Element) async throws -> T
  ) async throws -> T {
    try await elements.process(within: timeout, body)
  }

  private var elements: Elements {
    Elements(client: client, path: path, owner: owner, precedes: Entry.isOlder, without: without)
  }
}

/// An element that somebody is at.
public struct Element: Sendable {
  /// The message.
  public let data: Payload
  /// A fencing token: that of a later consumer of the same element is higher.
  public let token: Zxid
}

extension Entry {
  /// Whether `a` was made before `b`.
  @Sendable static func isOlder(_ a: Entry, _ b: Entry) -> Bool {
    // The counter goes on below zero behind its largest number.
    Int32(truncatingIfNeeded: b.number &- a.number) > 0
  }
}
