public import ZooKeeper
public import ZooKeeperClient

/// A queue in which everybody takes out what he has put himself, when it is its turn; as it is
/// often told, and not to be used.
///
/// ```swift
/// let queue = TurnQueue(client, at: "/queues/turns")
/// let message = try await queue.pass(.utf8("a"))
/// ```
///
/// Each client puts a persistent node and watches the one before it; whose node is the first
/// consumes and deletes it. That is a lock's line, but persistent: **the node of a client that has
/// died stays, and whoever is behind it waits for ever**. Nobody else takes it out. In
/// ``FIFOQueue`` every consumer takes any element.
public struct TurnQueue: Sendable {
  private let client: Client
  private let path: String
  private let owner: Owner
  package var without: Set<Rule> = []

  /// The queue at `path`; see ``FIFOQueue/init(_:at:named:)``.
  public init(_ client: Client, at path: String, named name: String? = nil) {
    (self.client, self.path, owner) = (client, path, Owner(name))
  }

  /// Puts an element, waits until it is the first, and takes it out.
  public func pass(_ data: Payload) async throws(ClientError) -> Payload {
    try await client.ensure(path)
    let entry = try await client.enter(
      path, owner: owner.next(), label: "item", data: data, mode: .persistentSequential,
      without: without)
    let own = "\(path)/\(entry.name)"
    while let before = try await client.entries(in: path).prefix(while: { $0 != entry }).last {
      try await client.wait(at: "\(path)/\(before.name)") { () throws(ClientError) in
        try await client.watchIfThere("\(path)/\(before.name)")
      }
    }
    let (message, _) = try await client.insist { () throws(ClientError) in
      try await client.getData(own)
    }
    try await client.remove(own)
    return message
  }
}
