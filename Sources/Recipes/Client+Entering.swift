import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Makes an entry in a line: a sequential node, ephemeral unless told otherwise.
  ///
  /// The owner's name stands first in the entry's. When the answer to the create is lost, the node
  /// may be there all the same: then it is looked for, and made only if it is not found.
  ///
  /// Source: ZooKeeper Recipes and Solutions, "Recoverable Errors and the GUID".
  func enter(
    _ parent: String, owner: String, label: String, data: Payload = [],
    mode: CreateMode = .ephemeralSequential, without: Set<Rule> = []
  ) async throws(ClientError) -> Entry {
    while true {
      do throws(ClientError) {
        let path = try await create("\(parent)/\(owner)-\(label)-", data: data, mode: mode)
        guard let name = path.split(separator: "/").last, let entry = Entry(String(name)) else {
          throw ClientError(.unexpectedAnswer, asking: "create \(parent)/\(owner)-\(label)-")
        }
        return entry
      } catch {
        guard error.isConnectionLost else { throw error }
        guard !without.contains(.ownerInName) else { continue }
        // The server that it asks now may be another one, and know less than the one that it asked.
        try await insist { () throws(ClientError) in try await sync(parent) }
        if let entry = try await entry(in: parent, owner: owner, label: label) { return entry }
      }
    }
  }

  /// The entries of a line, in order.
  func entries(
    in parent: String, watch: Bool = false, without: Set<Rule> = []
  ) async throws(ClientError) -> [Entry] {
    let names = try await insist(without: without) { () throws(ClientError) in
      try await getChildren(parent, watch: watch)
    }
    let entries = names.compactMap(Entry.init)
    guard !without.contains(.sortsByNumber) else { return entries.sorted { $0.name < $1.name } }
    // The counter goes on below zero behind its largest number.
    return entries.sorted { Int32(truncatingIfNeeded: $1.number &- $0.number) > 0 }
  }

  /// The entry that this owner has in a line already.
  private func entry(
    in parent: String, owner: String, label: String
  ) async throws(ClientError) -> Entry? {
    try await entries(in: parent).first { $0.owner == owner && $0.label == label }
  }
}
