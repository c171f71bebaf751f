public import ZooKeeper

/// ZooKeeper's operations, one method each.
///
/// All throw ``ClientError``; its ``ClientError/code`` is the documented one, `.noNode` and so on.
/// A `watch` that is left fires once, as a ``Client/events`` element; the client sets it again when
/// it has to reconnect.
extension Client {
  /// Creates a node.
  ///
  /// ```swift
  /// let path = try await client.create("/jobs/j-", mode: .persistentSequential)
  /// print(path)   // /jobs/j-0000000007
  /// ```
  ///
  /// - Returns: Its path; for a sequential mode, with the number that the server gave.
  @discardableResult
  public func create(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent
  ) async throws(ClientError) -> String {
    try await created(Create(path, data: data, acl: acl, mode: mode))
  }

  /// Creates a node that the server takes away when it has no children and its data was not set for
  /// `ttl`, which may be from one millisecond to 34 years.
  ///
  /// Servers know it since 3.5, and only where `extendedTypesEnabled` is set; others refuse it with
  /// Unimplemented. When it goes is up to the server, which looks once a minute unless told
  /// otherwise.
  ///
  /// ```swift
  /// try await client.create("/leases/a", ttl: .seconds(60))
  /// ```
  ///
  /// - Returns: Its path, with the number that the server gave if it is `sequential`.
  @discardableResult
  public func create(
    _ path: String, data: Payload = [], acl: [ACL] = .open, ttl: Duration, sequential: Bool = false
  ) async throws(ClientError) -> String {
    let time = Milliseconds(ttl)
    return try await created(
      Create(path, data: data, acl: acl, ttl: time, sequential: sequential))
  }

  /// Creates a node and tells its Stat too.
  ///
  /// Servers know it since 3.5.
  ///
  /// ```swift
  /// let (path, stat) = try await client.createWithStat("/lock", mode: .ephemeral)
  /// print(path, stat.czxid)
  /// ```
  public func createWithStat(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent
  ) async throws(ClientError) -> (path: String, stat: Stat) {
    let request = Request.create(Create(path, data: data, acl: acl, mode: mode, withStat: true))
    guard case .created(let path, let stat?) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return (path, stat)
  }

  /// Deletes a node that has no children, if it has this version.
  ///
  /// ```swift
  /// let (_, stat) = try await client.getData("/config")
  /// try await client.delete("/config", version: stat.version)
  /// ```
  public func delete(_ path: String, version: Version = .any) async throws(ClientError) {
    try await ask(.delete(path: path, version: version)).answer()
  }

  /// Asks for a node's Stat.
  ///
  /// ```swift
  /// if let stat = try await client.exists("/lock", watch: true) { print(stat.ephemeralOwner) }
  /// ```
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is created, deleted, or its data set.
  /// - Returns: `nil` if there is no such node; the watch is left all the same.
  public func exists(_ path: String, watch: Bool = false) async throws(ClientError) -> Stat? {
    let request = Request.exists(path: path, watch: watch)
    do throws(ClientError) {
      guard case .stat(let stat) = try await ask(request).answer() else { throw request.unanswered }
      return stat
    } catch {
      if error.reason == .refused(.noNode) { return nil }
      throw error
    }
  }

  /// Reads a node's data.
  ///
  /// ```swift
  /// let (data, stat) = try await client.getData("/config")
  /// print(data.text ?? "", "version", stat.version)
  /// ```
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is deleted or its data set.
  public func getData(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> (data: Payload, stat: Stat) {
    let request = Request.getData(path: path, watch: watch)
    guard case .data(let data, let stat) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return (data, stat)
  }

  /// Replaces a node's data, if it has this version.
  ///
  /// ```swift
  /// let stat = try await client.setData("/config", data: .utf8("v2"), version: 1)
  /// print(stat.version)   // 2
  /// ```
  @discardableResult
  public func setData(
    _ path: String, data: Payload, version: Version = .any
  ) async throws(ClientError) -> Stat {
    try await stat(of: .setData(path: path, data: data, version: version))
  }

  /// Reads a node's ACL.
  ///
  /// ```swift
  /// let (acl, stat) = try await client.getACL("/config")
  /// print(acl.map(\.identity.scheme), stat.aversion)
  /// ```
  public func getACL(_ path: String) async throws(ClientError) -> (acl: [ACL], stat: Stat) {
    let request = Request.getACL(path: path)
    guard case .acl(let acl, let stat) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return (acl, stat)
  }

  /// Replaces a node's ACL, if its `aversion` is this version.
  ///
  /// ```swift
  /// try await client.addAuth(scheme: "digest", credentials: .utf8("bob:secret"))
  /// try await client.setACL("/config", acl: .creator)
  /// ```
  @discardableResult
  public func setACL(
    _ path: String, acl: [ACL], version: Version = .any
  ) async throws(ClientError) -> Stat {
    try await stat(of: .setACL(path: path, acl: acl, version: version))
  }

  /// Lists a node's children, in no particular order.
  ///
  /// ```swift
  /// for name in try await client.getChildren("/jobs").sorted() { print(name) }
  /// ```
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is deleted, or a child is created or deleted.
  public func getChildren(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> [String] {
    let request = Request.getChildren(path: path, watch: watch)
    guard case .children(let names, _) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return names
  }

  /// Lists a node's children and tells its Stat too.
  ///
  /// ```swift
  /// let (names, stat) = try await client.getChildrenWithStat("/jobs")
  /// print(names.count, "jobs, changed", stat.cversion, "times")
  /// ```
  public func getChildrenWithStat(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> (children: [String], stat: Stat) {
    let request = Request.getChildren(path: path, watch: watch, withStat: true)
    guard case .children(let names, let stat?) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return (names, stat)
  }

  /// Waits until this client's server has applied what the leader had committed.
  ///
  /// ```swift
  /// try await client.sync("/config")
  /// let (latest, _) = try await client.getData("/config")
  /// ```
  public func sync(_ path: String = "/") async throws(ClientError) {
    try await ask(.sync(path: path)).answer()
  }

  /// Executes all of the operations, or none.
  ///
  /// ```swift
  /// let results = try await client.multi([
  ///   .check(path: "/config", version: 3), .setData(path: "/config", data: .utf8("v4")),
  ///   .create(Create("/log/entry-", mode: .persistentSequential)),
  /// ])
  /// if case .failed(let code) = results[0], code != .ok { print("somebody was faster") }
  /// ```
  ///
  /// - Returns: What each has brought; when one failed, each is
  ///   ``ZooKeeper/OperationResult/failed(_:)``, and nothing has happened.
  public func multi(_ operations: [Operation]) async throws(ClientError) -> [OperationResult] {
    let request = Request.multi(operations)
    guard case .multi(let results) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return results
  }

  /// Adds an identity to this session's connections, this one and all that follow.
  ///
  /// When it is refused the client is of no use any more.
  ///
  /// ```swift
  /// try await client.addAuth(scheme: "digest", credentials: .utf8("bob:secret"))
  /// ```
  ///
  /// - Parameters:
  ///   - scheme: The scheme, mostly `digest`.
  ///   - credentials: What the scheme wants; for `digest`, `user:password`.
  public func addAuth(scheme: String, credentials: Payload) async throws(ClientError) {
    try await ask(.auth(scheme: scheme, credentials: credentials)).answer()
  }

  private func stat(of request: Request) async throws(ClientError) -> Stat {
    guard case .stat(let stat) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return stat
  }

  private func created(_ create: Create) async throws(ClientError) -> String {
    let request = Request.create(create)
    guard case .created(let path, _) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return path
  }
}

extension Request {
  /// The error of an answer that is of another kind.
  var unanswered: ClientError { ClientError(.unexpectedAnswer, asking: words) }
}

extension Optional where Wrapped == [UInt8] {
  /// A payload of this text in UTF-8.
  ///
  /// ```swift
  /// try await client.setData("/config", data: .utf8("v1"))
  /// ```
  public static func utf8(_ text: String) -> [UInt8]? { Array(text.utf8) }

  /// The payload as text, `nil` if it is null or not UTF-8.
  public var text: String? { flatMap { String(validating: $0, as: UTF8.self) } }
}
