import ZooKeeper
public import ZooKeeperClient

/// Numbers of which none is given twice.
///
/// ```swift
/// let ids = UniqueIDs(client, at: "/ids/orders")
/// let id = try await ids.next()
/// ```
///
/// A number is what the server puts behind the name of a sequential node; the node is deleted at
/// once, and the server goes on counting. When the answer is lost, so is the number, and the next
/// is asked for: numbers are skipped, never given twice. They grow, as far as one is asked for
/// after another was answered. There are 2³² of them; and who deletes the node at `path` makes the
/// server begin anew.
///
/// Source: ZooKeeper Programmer's Guide, "Sequence Nodes -- Unique Naming".
public struct UniqueIDs: Sendable {
  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The numbers that are counted at `path`; the node is made when it is missing.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  /// A number that nobody has had.
  public func next() async throws(ClientError) -> UInt32 {
    try await client.ensure(path)
    if without.contains(.numbersByServer) { return try await counted() }
    // Ephemeral: what is made without our knowing goes with the session.
    let made = try await client.insist { () throws(ClientError) in
      try await client.create("\(path)/id-", mode: .ephemeralSequential)
    }
    // A node that is left is no harm, so this is asked and not awaited.
    _ = client.ask(.delete(path: made, version: .any))
    guard let name = made.split(separator: "/").last, let entry = Entry(String(name)) else {
      throw ClientError(.unexpectedAnswer, asking: "create \(path)/id-")
    }
    return UInt32(bitPattern: Int32(truncatingIfNeeded: entry.number))
  }

  /// What goes wrong: the last number is read, and the next is written whoever has written since.
  private func counted() async throws(ClientError) -> UInt32 {
    let last = try await client.insist { () throws(ClientError) in try await client.getData(path) }
    let next = (last.data.text.flatMap { UInt32($0) } ?? 0) &+ 1
    try await client.replace(path, by: .utf8("\(next)"))
    return next
  }
}
