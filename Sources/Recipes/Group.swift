public import ZooKeeper
public import ZooKeeperClient

/// Who is there, and how far each has come.
///
/// ```swift
/// let workers = Group(client, at: "/workers")
/// let membership = try await workers.join("10.0.0.7", data: .utf8("0 %"))
/// try await membership.update(.utf8("40 %"))
/// try await membership.leave()
///
/// for try await members in workers.members {          // a monitor
///   print(members.map { "\($0.name): \($0.data.text ?? "")" })
/// }
/// ```
///
/// Each member has an ephemeral node by its name; its data is what it tells of itself. A member
/// that dies goes with its session: that is its heartbeat, and no agent runs beside it. A monitor
/// watches the list and each member's data.
///
/// **A broken connection** costs nothing but time. If the answer to a join was lost, the node that
/// is there is known by the session that owns it.
/// **When the session ends** the member is gone; join again in a new session. As long as the old
/// session's node is there, ``join(_:data:within:)`` waits for it to go; it is never taken away by
/// its name, since it may be another's.
/// **Two tasks of one session** take two names: by one name, and with the same data, each may take
/// the node for its own when an answer is lost, and the first that leaves takes it away.
///
/// Source: Hunt et al., USENIX ATC 2010, section 2.4, "Group Membership".
public struct Group: Sendable {
  private let client: Client
  private let path: String
  package var without: Set<Rule> = []

  /// The group at `path`; the node is made when it is missing.
  public init(_ client: Client, at path: String) { (self.client, self.path) = (client, path) }

  /// Joins; when another session has this name, waits until that has gone.
  ///
  /// What a join that was given up has left in this session is taken away first.
  ///
  /// - Parameters:
  ///   - name: The member's name, without `/`.
  ///   - data: What it tells of itself.
  ///   - timeout: How long to wait for the name; nil for as long as it takes.
  /// - Throws: `.nodeExists` if this session has joined by this name already; `.badArguments` if it
  ///   is no name; `.timedOut`, `.cancelled`, `.sessionExpired`. It is no member then.
  public func join(
    _ name: String, data: Payload = [], within timeout: Duration? = nil
  ) async throws(ClientError) -> Membership {
    guard name.isNodeName else {
      throw ClientError(.refused(.badArguments), asking: "join \(path) as '\(name)'")
    }
    return try await client.within(timeout) { () throws(ClientError) in
      try await join(name, data)
    }
  }

  private func join(_ name: String, _ data: Payload) async throws(ClientError) -> Membership {
    let own = "\(path)/\(name)"
    let began = client.session.lastZxidSeen
    try await client.ensure(path)
    do throws(ClientError) {
      while true {
        switch try await client.claim(own, data: data, without: without) {
        case .own(let zxid):
          return Membership(client: client, name: name, path: own, token: zxid, without: without)
        case .taken(let stat):
          guard stat.ephemeralOwner != client.session.id else {
            throw ClientError(.refused(.nodeExists), asking: "join \(path) as '\(name)'")
          }
          try await client.wait(at: own) { () throws(ClientError) in
            try await client.exists(own, watch: true) != nil
          }
        }
      }
    } catch {
      // A create whose answer we did not await may be under way.
      let isUnawaited = error.code == .operationTimeout && client.end == nil
      if isUnawaited, !without.contains(.givesUpEntry) {
        await client.forgo(own, data: data, since: began)
      }
      throw error.settled
    }
  }

  /// All members, as they come, tell of themselves, and go.
  public var members: Snapshots<[Member]> {
    let group = self
    return Snapshots(client, path, without: without) { watch throws(ClientError) in
      try await group.members(watch: watch)
    }
  }

  /// The members that this client's server knows.
  public func current() async throws(ClientError) -> [Member] { try await members(watch: false) }

  /// Takes one read for the list and one for each member.
  func members(watch: Bool) async throws(ClientError) -> [Member] {
    var members: [Member] = []
    for name in try await client.names(below: path, watch: watch) {
      do throws(ClientError) {
        let (data, stat) = try await client.insist { () throws(ClientError) in
          try await client.getData("\(path)/\(name)", watch: watch)
        }
        members.append(Member(name: name, data: data, since: stat.czxid))
      } catch {
        // It has gone between the two reads; the watch on the list has fired by then.
        guard error.code == .noNode else { throw error }
      }
    }
    return members
  }
}

/// A member as others see it.
public struct Member: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// What it tells of itself.
  public let data: Payload
  /// The transaction by which it joined.
  public let since: Zxid
}

/// Being a member, until the session ends.
public struct Membership: Sendable {
  private let hasLeft = Given()
  let client: Client
  /// The member's name.
  public let name: String
  let path: String
  /// The transaction by which it joined.
  public let token: Zxid
  let without: Set<Rule>

  /// Tells something else of itself.
  ///
  /// - Throws: `.noNode` if it has left, or somebody has deleted the member's node;
  ///   `.sessionExpired`.
  public func update(_ data: Payload) async throws(ClientError) {
    guard !hasLeft.isOver else { throw ClientError(.refused(.noNode), asking: path) }
    try await client.replace(path, made: token, by: data)
  }

  /// Leaves; repeated until it is answered, even if the task is cancelled.
  ///
  /// Leaving again does nothing.
  public func leave() async throws(ClientError) { try await leave(Grace()) }

  func leave(_ grace: Grace) async throws(ClientError) {
    guard hasLeft.first() else { return }
    try await client.removeShielded(path, made: token, without: without, grace)
  }
}

extension Client {
  /// The names of a node's children, in order; the node is made when it is missing.
  func names(below path: String, watch: Bool) async throws(ClientError) -> [String] {
    while true {
      do throws(ClientError) {
        let names = try await insist { () throws(ClientError) in
          try await getChildren(path, watch: watch)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      } catch {
        guard error.code == .noNode else { throw error }
        try await ensure(path)
      }
    }
  }
}
