public import ZooKeeper
public import ZooKeeperClient

/// Messages of which the most urgent is taken out first, the older one of two that are as urgent.
///
/// ```swift
/// let queue = PriorityQueue(client, at: "/queues/repairs")
/// try await queue.put(.utf8("the lamp is out"), priority: 10)
/// try await queue.put(.utf8("water in the cellar"), priority: 1)
/// try await queue.take()      // water in the cellar
/// ```
///
/// Nodes are named `owner-10-0000000007`: the priority, then the number. The lower number is the
/// more urgent, as numbers go: 9 before 10.
///
/// Who takes an element looks at the list of that moment. What comes while it is being claimed may
/// be more urgent, and is next. What holds of ``FIFOQueue`` of connections, sessions, consumers
/// that die and giving up, holds here.
///
/// Source: ZooKeeper Recipes and Solutions, "Priority Queues".
public struct PriorityQueue: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The queue at `path`; see ``FIFOQueue/init(_:at:named:)``.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Puts an element, see ``FIFOQueue/put(_:)``.
  public func put(_ data: Payload, priority: UInt) async throws(ClientError) {
    try await elements.put(data, label: "\(priority)")
  }

  /// Takes the most urgent element out, see ``FIFOQueue/take(within:)``.
  public func take(within timeout: Duration? = nil) async throws(ClientError) -> Payload {
    try await elements.take(within: timeout)
  }

  /// Does something with the most urgent element and takes it out then, see
  /// ``FIFOQueue/process(within:_:)``.
  public func process<T: Sendable>(
    within timeout: Duration? = nil, _ body: @escaping @Sendable (Element) async throws -> T
  ) async throws -> T {
    try await elements.process(within: timeout, body)
  }

  private var elements: Elements {
    let comparesAsNumbers = !without.contains(.comparesAsNumbers)
    return Elements(
      client: client, path: path, owner: owner,
      precedes: { a, b in
        if a.label == b.label { return Entry.isOlder(a, b) }
        guard comparesAsNumbers else { return a.label < b.label }
        // What is no number was not put by this recipe, and comes last.
        return UInt(a.label) ?? .max < UInt(b.label) ?? .max
      }, without: without)
  }
}
