import ZooKeeper
import ZooKeeperClient

/// Clients that wait until so many are there; then all of them go, or none.
///
///     /step              persistent: its data is how many
///     /step/6f3a.1       ephemeral: a member
///     /step/ready        persistent: there have been so many, and it is open
///
///     1  read how many, and become a member
///     2  if `ready` is there: go
///     3  if there are so many members: make `ready`, in a transaction that is refused unless each
///        of them is still there; then go, or go to 2 if it was refused
///     4  leave a watch on `ready`, unless it is there by now; when it fires go to 2
///
/// Who gives up takes itself away in a transaction that is refused when `ready` is there: it makes
/// `ready` and deletes it again. So when it opens, those who were counted are there, and stay. All
/// who wait are woken by it, and look again.
///
/// Source: ZooKeeper Recipes and Solutions, "Barriers" and "Double Barriers".
struct Gathering: Sendable {
  let client: Client
  let path: String
  let size: Int
  let without: Set<Rule>

  private var ready: String { "\(path)/\(Gathering.ready)" }
  private static let ready = "ready"

  /// Becomes a member and waits until it is open.
  ///
  /// - Returns: The member's name.
  func enter(_ owner: Owner, within timeout: Duration?) async throws(ClientError) -> String {
    try await client.within(timeout) { () throws(ClientError) in try await enter(owner) }
  }

  private func enter(_ owner: Owner) async throws(ClientError) -> String {
    var name = owner.next()
    do throws(ClientError) {
      try await client.ensure(path, data: .utf8("\(size)"))
      name = try await join(name)
      if without.contains(.staysOpen) {
        try await waitByCounting()
      } else {
        try await wait()
      }
      return name
    } catch {
      let hasOpened = client.end == nil ? await withdraw(name) : nil
      if hasOpened == true { return name }
      // When the session has ended meanwhile, or no server has answered, nobody knows.
      if let end = client.end { throw ClientError(end) }
      throw hasOpened == nil ? error.unsettled : error.settled
    }
  }

  /// The members' names.
  func members() async throws(ClientError) -> [String] {
    try await names().filter { $0 != Gathering.ready }
  }

  private func names(watch: Bool = false) async throws(ClientError) -> [String] {
    try await client.insist(without: without) { () throws(ClientError) in
      try await client.getChildren(path, watch: watch)
    }
  }

  /// Makes the member's node; that it is there already is as good.
  private func join(_ name: String) async throws(ClientError) -> String {
    if without.contains(.ownerInName) {
      let own = try await client.insist { () throws(ClientError) in
        try await client.create("\(path)/\(name)-", mode: .ephemeralSequential)
      }
      return own.split(separator: "/").last.map(String.init) ?? name
    }
    do throws(ClientError) {
      try await client.insist(without: without) { () throws(ClientError) in
        _ = try await client.create("\(path)/\(name)", mode: .ephemeral)
      }
    } catch {
      guard error.code == .nodeExists else { throw error }
    }
    return name
  }

  private func wait() async throws(ClientError) {
    let size = try await readSize()
    let watch = !without.contains(.leavesWatch)
    while true {
      let names = try await names()
      if names.contains(Gathering.ready) { return }
      if names.count >= size {
        if try await open(names) { return }
        continue
      }
      try await client.wait(at: ready, without: without) {
        () throws(ClientError) in
        try await client.exists(ready, watch: watch) == nil || without.contains(.looksAfterWatching)
      }
      if without.contains(.looksAgain) { return }
    }
  }

  /// How many are needed: what the node says, whatever this client has been told.
  private func readSize() async throws(ClientError) -> Int {
    let (data, _) = try await client.insist(without: without) { () throws(ClientError) in
      try await client.getData(path)
    }
    guard let size = data.text.flatMap({ Int($0) }), size > 0 else {
      throw ClientError(.unexpectedAnswer, asking: "how many shall meet at \(path)")
    }
    return size
  }

  /// Opens it, if these members are still there.
  private func open(_ members: [String]) async throws(ClientError) -> Bool {
    var operations: [Operation] = [.create(Create(ready))]
    if !without.contains(.checksMembers) {
      operations += members.map { .check(path: "\(path)/\($0)", version: .any) }
    }
    guard let refusal = try await client.commit(operations, without: without) else { return true }
    switch refusal.code {
    case .nodeExists: return true
    case .noNode: return false
    default: throw refusal.error(asking: "open \(path)")
    }
  }

  /// Waits as it is often told: for as long as one counts too few.
  ///
  /// Who looks when one of the others has gone again counts too few, and waits for ever.
  private func waitByCounting() async throws(ClientError) {
    let size = try await readSize()
    while try await names().count < size {
      try await client.wait(at: path, without: without) {
        () throws(ClientError) in try await client.getChildren(path, watch: true).count < size
      }
    }
  }

  // MARK: Going

  /// Takes a member away that does not wait any more, whatever the task has come to.
  ///
  /// - Returns: Whether it has opened before, so that it is a member for good; nil if no server
  ///   has answered that.
  private func withdraw(_ name: String) async -> Bool? {
    let answer = await client.shielded { () async -> Bool? in
      // The create may be under way still, on another server perhaps.
      try? await client.insist { () throws(ClientError) in try await client.sync(path) }
      let own = "\(path)/\(name)"
      if without.contains(.withdrawsUnlessOpen) {
        if !without.contains(.givesUpEntry) { try? await client.remove(own) }
        return false
      }
      // Only while nothing is there something can be created.
      do throws(ClientError) {
        let refusal = try await client.commit(
          [.delete(path: own), .create(Create(ready)), .delete(path: ready)])
        return refusal?.place == 1 && refusal?.code == .nodeExists
      } catch {
        return nil
      }
    }
    return answer.flatMap(\.self)
  }

  /// Takes the own node away, whatever the task has come to.
  func leave(_ name: String, _ grace: Grace = Grace()) async throws(ClientError) {
    try await client.shielded(grace) { () throws(ClientError) in
      try await client.remove("\(path)/\(name)", without: without)
    }
  }

  /// Waits until a member has gone.
  func wait(forEndOf name: String) async throws(ClientError) {
    let path = "\(path)/\(name)"
    try await client.wait(at: path, without: without) { () throws(ClientError) in
      try await client.watchIfThere(path) || without.contains(.looksWhenGone)
    }
  }
}
