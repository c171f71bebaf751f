/// Reads: answered from what this server has applied, without a transaction.
extension Service {
  // begin reading
  /// Answers a request that changes nothing.
  ///
  /// Paths are not checked here: one that no node can have simply names none. `ping` is answered
  /// with nothing; what concerns a connection (`auth`, `setWatches`) or changes something is none
  /// of this function's business and refused as an unknown operation.
  public func answer(_ request: Request, by author: Author) -> Reply {
    do {
      return Reply(zxid: applied.zxid, .success(try read(request, by: author.identities)))
    } catch {
      return Reply(zxid: applied.zxid, .failure(error))
    }
  }

  private func read(
    _ request: Request, by identities: [Identity]
  ) throws(ErrorCode) -> Answer {
    switch request {
    case .exists(let path, _):
      guard !Path.containsNull(path) else { throw .badArguments }
      let needed: Permissions? = dialect.existsNeedsRead ? .read : nil
      return .stat(try node(path, needed, identities).stat)
    case .getData(let path, _):
      let node = try node(path, .read, identities)
      return .data(node.data, node.stat)
    case .getChildren(let path, _, let withStat):
      let node = try node(path, .read, identities)
      return .children(node.childNames, withStat ? node.stat : nil)
    case .getACL(let path):
      let node = try node(path, [.read, .admin], identities)
      let isAdmin = node.acl.allows(.admin, to: identities)
      return .acl(isAdmin ? node.acl : node.acl.redacted, node.stat)
    case .sync(let path): return .synced(path: path)
    case .ping: return .done
    case .create, .delete, .setData, .setACL, .check, .multi, .auth, .setWatches, .closeSession:
      throw .unimplemented
    }
  }

  /// The node at `path`, for somebody who has one of the permissions.
  private func node(
    _ path: String, _ needed: Permissions?, _ identities: [Identity]
  ) throws(ErrorCode) -> Node {
    guard let node = applied[path] else { throw .noNode }
    if let needed, !node.acl.allows(needed, to: identities) { throw .noAuth }
    return node
  }
  // end reading
}
