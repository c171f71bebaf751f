/// Reads: answered from what this server has applied, without a transaction.
extension Service {
  // begin reading
  /// Answers a request that changes nothing.
  ///
  /// Paths are not checked here: one that no node can have simply names none. `ping` is answered
  /// with nothing; what concerns a connection (`auth`, watches but for those of reads) or changes
  /// something is none of this function's business and refused as an unknown operation.
  public func answer(_ request: Request, by author: Author) -> Reply {
    do {
      return Reply(zxid: applied.zxid, .success(try read(request, by: author)))
    } catch {
      return Reply(zxid: applied.zxid, .failure(error))
    }
  }

  private func read(_ request: Request, by author: Author) throws(ErrorCode) -> Answer {
    let identities = author.identities
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
    case .multiRead(let operations):
      return .multiRead(operations.map { result(of: $0, by: identities) })
    case .getEphemerals(let prefix):
      return .ephemerals(Self.those(applied.ephemerals(of: author.session), beginning: prefix))
    case .getAllChildrenNumber(let path):
      _ = try node(path, .read, identities)
      return .count(Int32(truncatingIfNeeded: applied.descendants(of: path)))
    case .whoAmI: return .identities(identities.map(\.info))
    case .sync(let path): return .synced(path: path)
    case .ping: return .done
    case .create, .delete, .setData, .setACL, .check, .multi, .auth, .setWatches, .addWatch,
      .checkWatches, .removeWatches, .reconfig, .sasl, .closeSession:
      throw .unimplemented
    }
  }

  /// What one operation of a multiRead brings: it fails by itself.
  private func result(of operation: ReadOperation, by identities: [Identity]) -> ReadResult {
    do {
      let node = try node(operation.path, .read, identities)
      switch operation {
      case .getData: return .data(node.data, node.stat)
      case .getChildren: return .children(node.childNames)
      }
    } catch {
      return .failed(error)
    }
  }

  /// The paths that begin so, byte for byte: `/g` begins `/gg` too; blanks and `/` begin all.
  private static func those(_ paths: [String], beginning prefix: String?) -> [String] {
    guard let prefix else { return paths }
    // Java's trim: what is not above the blank, at both ends.
    let inner = Array(prefix.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 })
    if inner.isEmpty || inner == [Path.slash] { return paths }
    return paths.filter { $0.utf8.starts(with: prefix.utf8) }
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
