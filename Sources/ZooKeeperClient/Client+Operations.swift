public import ZooKeeper

/// ZooKeeper's operations, one method each.
///
/// All throw ``ClientError``; its ``ClientError/code`` is the documented one, `.noNode` and so on.
/// A `watch` that is left fires once, as a ``Client/events`` element; the client sets it again when
/// it has to reconnect.
extension Client {
  /// Creates a node.
  ///
  /// - Returns: Its path; for a sequential mode, with the number that the server gave.
  @discardableResult
  public func create(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent
  ) async throws(ClientError) -> String {
    let answer = try await ask(.create(Create(path, data: data, acl: acl, mode: mode))).answer()
    guard case .created(let path, _) = answer else { throw ClientError(.unexpectedAnswer) }
    return path
  }

  /// Creates a node and tells its Stat too.
  ///
  /// Servers know it since 3.5.
  public func createWithStat(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent
  ) async throws(ClientError) -> (path: String, stat: Stat) {
    let create = Create(path, data: data, acl: acl, mode: mode, withStat: true)
    guard case .created(let path, let stat?) = try await ask(.create(create)).answer() else {
      throw ClientError(.unexpectedAnswer)
    }
    return (path, stat)
  }

  /// Deletes a node that has no children, if it has this version.
  public func delete(_ path: String, version: Version = .any) async throws(ClientError) {
    try await ask(.delete(path: path, version: version)).answer()
  }

  /// Asks for a node's Stat.
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is created, deleted, or its data set.
  /// - Returns: `nil` if there is no such node; the watch is left all the same.
  public func exists(_ path: String, watch: Bool = false) async throws(ClientError) -> Stat? {
    switch try await ask(.exists(path: path, watch: watch)).reply().content {
    case .answer(.stat(let stat)): return stat
    case .failure(.noNode): return nil
    case .failure(let code): throw ClientError(.refused(code))
    case .malformed(let error): throw ClientError(.malformed(error))
    case .answer, .raw: throw ClientError(.unexpectedAnswer)
    }
  }

  /// Reads a node's data.
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is deleted or its data set.
  public func getData(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> (data: Payload, stat: Stat) {
    guard
      case .data(let data, let stat) = try await ask(.getData(path: path, watch: watch)).answer()
    else { throw ClientError(.unexpectedAnswer) }
    return (data, stat)
  }

  /// Replaces a node's data, if it has this version.
  @discardableResult
  public func setData(
    _ path: String, data: Payload, version: Version = .any
  ) async throws(ClientError) -> Stat {
    try await stat(of: .setData(path: path, data: data, version: version))
  }

  /// Reads a node's ACL.
  public func getACL(_ path: String) async throws(ClientError) -> (acl: [ACL], stat: Stat) {
    guard case .acl(let acl, let stat) = try await ask(.getACL(path: path)).answer() else {
      throw ClientError(.unexpectedAnswer)
    }
    return (acl, stat)
  }

  /// Replaces a node's ACL, if its `aversion` is this version.
  @discardableResult
  public func setACL(
    _ path: String, acl: [ACL], version: Version = .any
  ) async throws(ClientError) -> Stat {
    try await stat(of: .setACL(path: path, acl: acl, version: version))
  }

  /// Lists a node's children, in no particular order.
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - watch: Tell when the node is deleted, or a child is created or deleted.
  public func getChildren(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> [String] {
    guard
      case .children(let names, _) = try await ask(.getChildren(path: path, watch: watch)).answer()
    else { throw ClientError(.unexpectedAnswer) }
    return names
  }

  /// Lists a node's children and tells its Stat too.
  public func getChildrenWithStat(
    _ path: String, watch: Bool = false
  ) async throws(ClientError) -> (children: [String], stat: Stat) {
    let request = Request.getChildren(path: path, watch: watch, withStat: true)
    guard case .children(let names, let stat?) = try await ask(request).answer() else {
      throw ClientError(.unexpectedAnswer)
    }
    return (names, stat)
  }

  /// Waits until this client's server has applied what the leader had committed.
  public func sync(_ path: String = "/") async throws(ClientError) {
    try await ask(.sync(path: path)).answer()
  }

  /// Executes all of the operations, or none.
  ///
  /// - Returns: What each has brought; when one failed, each is
  ///   ``ZooKeeper/OperationResult/failed(_:)``, and nothing has happened.
  public func multi(_ operations: [Operation]) async throws(ClientError) -> [OperationResult] {
    guard case .multi(let results) = try await ask(.multi(operations)).answer() else {
      throw ClientError(.unexpectedAnswer)
    }
    return results
  }

  /// Adds an identity to this session's connections, this one and all that follow.
  ///
  /// When it is refused the client is of no use any more.
  ///
  /// - Parameters:
  ///   - scheme: The scheme, mostly `digest`.
  ///   - credentials: What the scheme wants; for `digest`, `user:password`.
  public func addAuth(scheme: String, credentials: Payload) async throws(ClientError) {
    try await ask(.auth(scheme: scheme, credentials: credentials)).answer()
  }

  private func stat(of request: Request) async throws(ClientError) -> Stat {
    guard case .stat(let stat) = try await ask(request).answer() else {
      throw ClientError(.unexpectedAnswer)
    }
    return stat
  }
}

extension Optional where Wrapped == [UInt8] {
  /// A payload of this text in UTF-8.
  public static func utf8(_ text: String) -> [UInt8]? { Array(text.utf8) }

  /// The payload as text, `nil` if it is null or not UTF-8.
  public var text: String? { flatMap { String(validating: $0, as: UTF8.self) } }
}
