internal import HashTreeCollections

/// Applying transactions: no conditions, only effects.
///
/// A tree may be ahead of a transaction, where a server replays its log over a snapshot that was
/// taken while it wrote: so counters are raised, never lowered. A transaction that cannot be
/// applied (the leader may be of another make) changes nothing and says why.
extension Tree {
  /// Applies the next transaction.
  ///
  /// - Returns: The reply to it and what its watches may tell.
  @discardableResult
  public mutating func apply(_ transaction: Transaction) -> TransactionResult {
    zxid = transaction.zxid
    var changes: [Change] = []
    let result: Result<Answer, ErrorCode>
    if case .multi(let parts) = transaction.body {
      result = .success(.multi(parts.map { applyPart($0, of: transaction, &changes) }))
    } else {
      do {
        result = .success(try apply(transaction.body, of: transaction, &changes))
      } catch {
        result = .failure(error)
      }
    }
    return TransactionResult(reply: Reply(zxid: zxid, result), changes: changes)
  }

  private mutating func apply(
    _ body: Transaction.Body, of transaction: Transaction, _ changes: inout [Change]
  ) throws(ErrorCode) -> Answer {
    switch body {
    case .create(let creation):
      let stat = try create(creation, of: transaction, &changes)
      return .created(path: creation.path, creation.withStat ? stat : nil)
    case .delete(let path):
      try delete(path, zxid: transaction.zxid, &changes)
    case .setData(let path, let data, let version):
      return .stat(try setData(path, data, version, of: transaction, &changes))
    case .setACL(let path, let acl, let version):
      return .stat(try setACL(path, acl, version))
    case .createSession(let timeout):
      sessions[transaction.session] = timeout
    case .closeSession(let paths):
      sessions[transaction.session] = nil
      for path in paths { try? delete(path, zxid: transaction.zxid, &changes) }
    case .check: break
    case .error(let code): throw code
    case .multi: throw .marshallingError  // one within another: no request makes it
    }
    return .done
  }

  private mutating func applyPart(
    _ body: Transaction.Body, of transaction: Transaction, _ changes: inout [Change]
  ) -> OperationResult {
    do {
      switch (try apply(body, of: transaction, &changes), body) {
      case (.created(let path, let stat), _): return .created(path: path, stat)
      case (.stat(let stat), _): return .set(stat)
      case (_, .delete): return .deleted
      default: return .checked
      }
    } catch {
      return .failed(error)
    }
  }

  // begin create
  private mutating func create(
    _ creation: Transaction.Creation, of transaction: Transaction, _ changes: inout [Change]
  ) throws(ErrorCode) -> Stat {
    let path = Verbatim(creation.path)
    guard let (parentPath, name) = Path.split(creation.path) else { throw .noNode }
    let parentACL = update(parentPath) { parent in
      // Past 2,147,483,647 the next number is negative, so it raises nothing any more: the
      // counter stays, and the parent's pzxid with it.
      let created = creation.parentCVersion
      let next = created == -1 ? parent.childrenCreated &+ 1 : created
      if next > parent.childrenCreated {
        parent.childrenCreated = next
        parent.pzxid = transaction.zxid
      }
      parent.children.insert(name)
      return parent.acl
    }
    guard let parentACL else { throw .noNode }
    let owner = creation.isEphemeral ? transaction.session : .none
    var node = Node(
      data: creation.data, acl: creation.acl, ephemeralOwner: owner,
      zxid: transaction.zxid, time: transaction.time)
    node.reaping = creation.reaping
    if let existing = nodes.updateValue(node, forKey: path) {
      nodes[path] = existing
      throw .nodeExists
    }
    if owner != .none { ephemerals[owner, default: []].insert(path) }
    if node.reaping != .never { reaped.insert(path) }
    countCreation(of: creation.path, node)
    changes.append(Change(.created, creation.path, acl: node.acl, parentACL: parentACL))
    return node.stat
  }
  // end create

  // begin delete
  private mutating func delete(
    _ path: String, zxid: Zxid, _ changes: inout [Change]
  ) throws(ErrorCode) {
    let key = Verbatim(path)
    guard let (parentPath, name) = Path.split(path), let node = nodes.removeValue(forKey: key)
    else { throw .noNode }
    let parentACL = update(parentPath) { parent in
      parent.children.remove(name)
      if zxid > parent.pzxid { parent.pzxid = zxid }
      return parent.acl
    }
    if node.isEphemeral { disown(key, by: node.ephemeralOwner) }
    if node.reaping != .never { reaped.remove(key) }
    countDeletion(of: path, node)
    changes.append(Change(.deleted, path, acl: node.acl, parentACL: parentACL ?? []))
  }
  // end delete

  private mutating func disown(_ path: Verbatim, by owner: SessionID) {
    ephemerals[owner]?.remove(path)
    if ephemerals[owner]?.isEmpty == true { ephemerals[owner] = nil }
  }

  // begin setData
  private mutating func setData(
    _ path: String, _ data: Payload, _ version: Version, of transaction: Transaction,
    _ changes: inout [Change]
  ) throws(ErrorCode) -> Stat {
    let change = update(Verbatim(path)) { node in
      let growth = (data?.count ?? 0) - (node.data?.count ?? 0)
      node.data = data
      node.version = version
      node.mzxid = transaction.zxid
      node.mtime = transaction.time
      return (node.acl, node.stat, growth)
    }
    guard let (acl, stat, growth) = change else { throw .noNode }
    countUsage(of: path, nodes: 0, bytes: growth)
    changes.append(Change(.dataChanged, path, acl: acl))
    return stat
  }

  /// The version apart, nothing of the Stat moves, and no watch fires.
  private mutating func setACL(
    _ path: String, _ acl: [ACL], _ version: Version
  ) throws(ErrorCode) -> Stat {
    let stat = update(Verbatim(path)) { node in
      node.acl = acl
      node.aversion = version
      return node.stat
    }
    guard let stat else { throw .noNode }
    return stat
  }
  // end setData
}
