import ZooKeeper
import ZooKeeperClient

/// Clients that wait in the order in which they came, each for one of those before it.
///
///     1  make an entry: an ephemeral node whose name ends in a number of the server's
///     2  read all entries, without a watch
///     3  nobody is in the way: it is our turn
///     4  leave a watch on the entry that is in the way; if it is gone already go to 2
///     5  when it goes, go to 2: it may have given up although others before it have not
///
/// When an entry goes, one client wakes. Whose session ends leaves the line by that: its node is
/// ephemeral.
///
/// Source: Hunt et al., "ZooKeeper: Wait-free coordination for Internet-scale systems", USENIX ATC
/// 2010, section 2.4; ZooKeeper Recipes and Solutions, "Locks".
struct WaitingLine: Sendable {
  /// What stands between somebody and his turn.
  enum Obstacle {
    /// This entry; no other matters as long as it is there.
    case entry(Entry)
    /// Any of those before it.
    case anyBefore
  }

  let client: Client
  /// The node whose children are the entries.
  let path: String
  /// Names who waits; no other in the line has this name.
  let owner: String
  /// What the entries are for.
  let label: String
  /// What each entry holds.
  var data: Payload = []
  var without: Set<Rule> = []

  /// Waits for its turn.
  ///
  /// - Parameters:
  ///   - timeout: How long; nil for as long as it takes.
  ///   - obstacle: What is in the way of the entry at this place; nil if nothing is.
  /// - Returns: The entry, and the zxid that made it, which grows along the line.
  /// - Throws: `.timedOut`, `.cancelled` when the task is, the session's end. Its entry is taken
  ///   away then, or goes with the session.
  func turn(
    within timeout: Duration?, obstacle: @escaping @Sendable ([Entry], Int) -> Obstacle?
  ) async throws(ClientError) -> Turn {
    try await client.within(timeout) { () throws(ClientError) in try await turn(obstacle) }
  }

  private func turn(_ obstacle: ([Entry], Int) -> Obstacle?) async throws(ClientError) -> Turn {
    do throws(ClientError) {
      try await client.ensure(path)
      let entry = try await client.enter(
        path, owner: owner, label: label, data: data, without: without)
      return try await wait(entry, obstacle)
    } catch {
      if !without.contains(.givesUpEntry), client.end == nil { await giveUp() }
      throw error.settled
    }
  }

  private func wait(
    _ entry: Entry, _ obstacle: ([Entry], Int) -> Obstacle?
  ) async throws(ClientError) -> Turn {
    let own = "\(path)/\(entry.name)"
    while true {
      let entries = try await client.entries(in: path, without: without)
      guard let place = entries.firstIndex(where: { $0.name == entry.name }) else {
        // Somebody has deleted it: we are not in the line any more.
        throw ClientError(.refused(.noNode), asking: own)
      }
      guard let found = obstacle(entries, place) else { return try await turn(own) }
      try await wait(for: found, seeing: entries.prefix(place))
      if without.contains(.looksAgain) { return try await turn(own) }
    }
  }

  /// The turn of this entry, if it is there yet.
  private func turn(_ own: String) async throws(ClientError) -> Turn {
    let stat = try await client.insist { () throws(ClientError) in try await client.exists(own) }
    guard let stat else { throw ClientError(.refused(.noNode), asking: own) }
    return Turn(line: self, path: own, token: stat.czxid)
  }

  private func wait(
    for obstacle: Obstacle, seeing before: ArraySlice<Entry>
  ) async throws(ClientError) {
    if case .entry(let entry) = obstacle, !without.contains(.watchesOne) {
      let path = "\(path)/\(entry.name)"
      return try await client.wait(at: path, without: without) {
        () throws(ClientError) in
        try await client.watchIfThere(path) || without.contains(.looksWhenGone)
      }
    }
    try await client.wait(at: path, without: without) { () throws(ClientError) in
      // What went before this watch was left has woken nobody: then there is nothing to wait for.
      let names = try await client.getChildren(path, watch: true)
      return Set(names).isSuperset(of: before.map(\.name)) || without.contains(.looksWhenGone)
    }
  }

  /// Takes the entry away, whatever the task has come to.
  private func giveUp() async {
    _ = await client.shielded { () async -> Void in
      // A create whose answer we did not await may be under way, on another server perhaps.
      try? await client.insist { () throws(ClientError) in try await client.sync(path) }
      guard let entries = try? await client.entries(in: path) else { return }
      for entry in entries where entry.owner == owner && entry.label == label {
        try? await client.remove("\(path)/\(entry.name)")
      }
    }
  }
}

/// Somebody's turn in a line.
struct Turn: Sendable {
  let line: WaitingLine
  /// The entry.
  let path: String
  /// The zxid that made it.
  let token: Zxid

  /// Leaves the line.
  ///
  /// - Throws: If the session has ended, so that others have been admitted meanwhile.
  func end() async throws(ClientError) {
    try await line.client.remove(path, without: line.without)
  }
}
