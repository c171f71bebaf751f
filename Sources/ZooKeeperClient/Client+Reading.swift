public import ZooKeeper

/// What servers know since 3.6 and later: many reads as one, and what a session and a connection
/// have.
extension Client {
  /// Reads many things in one request, at one state of the tree.
  ///
  /// Each succeeds or fails by itself. Servers know it since 3.6.
  ///
  /// ```swift
  /// let results = try await client.multiRead([.getData(path: "/a"), .getChildren(path: "/b")])
  /// for case .data(let data, let stat) in results { print(data.text ?? "", stat.version) }
  /// ```
  ///
  /// - Returns: A result for each operation, in their order.
  public func multiRead(_ operations: [ReadOperation]) async throws(ClientError) -> [ReadResult] {
    let request = Request.multiRead(operations)
    guard case .multiRead(let results) = try await ask(request).answer(),
      results.count == operations.count
    else { throw request.unanswered }
    return results
  }

  /// The paths of this session's ephemeral nodes, in no particular order.
  ///
  /// Servers know it since 3.6.
  ///
  /// ```swift
  /// let locks = try await client.getEphemerals("/locks/")
  /// ```
  ///
  /// - Parameter prefix: How the paths begin, letter by letter: `/g` begins `/gg` too.
  public func getEphemerals(_ prefix: String = "/") async throws(ClientError) -> [String] {
    let request = Request.getEphemerals(prefix: prefix)
    guard case .ephemerals(let paths) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return paths
  }

  /// Counts the nodes below a node, at all depths, without the node itself.
  ///
  /// Takes the server a look at every node that it has. Servers know it since 3.6.
  ///
  /// ```swift
  /// let jobs = try await client.getAllChildrenNumber("/queue")
  /// ```
  public func getAllChildrenNumber(_ path: String) async throws(ClientError) -> Int {
    let request = Request.getAllChildrenNumber(path: path)
    guard case .count(let count) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return Int(count)
  }

  /// Whom the server takes this connection for, in no particular order; its address is among it.
  ///
  /// Servers know it since 3.7.
  ///
  /// ```swift
  /// try await client.addAuth(scheme: "digest", credentials: .utf8("bob:secret"))
  /// print(try await client.whoAmI())   // ip 10.0.0.7, digest bob
  /// ```
  public func whoAmI() async throws(ClientError) -> [ClientInfo] {
    guard case .identities(let identities) = try await ask(.whoAmI).answer() else {
      throw Request.whoAmI.unanswered
    }
    return identities
  }

  /// Changes who belongs to the ensemble.
  ///
  /// Servers know it since 3.5, and refuse it with ReconfigDisabled unless `reconfigEnabled` is
  /// set; one that stands alone refuses it with Unimplemented.
  ///
  /// ```swift
  /// try await client.reconfig(Reconfiguration(leaving: "3"))
  /// ```
  ///
  /// - Returns: The new configuration, as a text, and the Stat of its node.
  @discardableResult
  public func reconfig(
    _ change: Reconfiguration
  ) async throws(ClientError) -> (configuration: Payload, stat: Stat) {
    let request = Request.reconfig(change)
    guard case .data(let data, let stat) = try await ask(request).answer() else {
      throw request.unanswered
    }
    return (data, stat)
  }
}
