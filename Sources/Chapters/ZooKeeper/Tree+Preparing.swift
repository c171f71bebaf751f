internal import HashTreeCollections

/// Looking at a request before it becomes a transaction.
///
/// When several things are wrong with a request, the client hears of the first that is looked at:
/// so the order of the lines below is part of the protocol.
extension Tree {
  /// What a request changes, or the first thing that is wrong with it.
  func body(
    of request: Request, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    switch request {
    case .create(let create):
      return try preparing(create, by: author, dialect)
    case .delete(let path, let version):
      return try preparingDelete(path, version, by: author, dialect)
    case .setData(let path, let data, let version):
      return try preparingSetData(path, data, version, by: author, dialect)
    case .setACL(let path, let acl, let version):
      return try preparingSetACL(path, acl, version, by: author, dialect)
    case .check(let path, let version):
      guard !dialect.refusesLoneCheck else { throw .unimplemented }
      return try preparingCheck(path, version, by: author, dialect)
    case .multi(let operations):
      return try preparing(operations, by: author, dialect)
    case .closeSession:
      return .closeSession(paths: ephemerals(of: author.session))
    case .reconfig:
      guard dialect.reconfigures else { throw .reconfigDisabled }
      throw .unimplemented  // One server alone has nothing to change.
    case .exists, .getData, .getACL, .getChildren, .sync, .ping, .auth, .setWatches, .multiRead,
      .getEphemerals, .getAllChildrenNumber, .whoAmI, .addWatch, .checkWatches, .removeWatches,
      .sasl:
      throw .unimplemented
    }
  }

  // begin preparing-create
  private func preparing(
    _ create: Create, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    if dialect.modeIsCheckedFirst { try requireMode(of: create, dialect) }
    try requireOpen(author.session)
    guard let (parentPath, _) = Path.split(create.path), !Path.containsNull(create.path) else {
      throw .badArguments
    }
    let acl = try create.acl.stored(by: author.identities, dialect)
    let parent = try node(parentPath)
    try require(.create, of: parent, by: author)
    if !dialect.modeIsCheckedFirst { try requireMode(of: create, dialect) }
    let counter = parent.childrenCreated
    let path = create.mode.isSequential ? Path.numbered(create.path, counter) : create.path
    try requireValid(path, dialect)
    guard nodes[Verbatim(path)] == nil else { throw .nodeExists }
    guard !parent.isEphemeral else { throw .noChildrenForEphemerals }
    if dialect.enforcesQuotas {
      try requireQuota(over: path, nodes: 1, bytes: Int64(create.data?.count ?? 0))
    }
    return .create(
      Transaction.Creation(
        path: path, data: create.data, acl: acl,
        isEphemeral: create.mode.isEphemeral && create.reaping == .never, reaping: create.reaping,
        parentCVersion: counter &+ 1, withStat: create.withStat))
  }
  // end preparing-create

  // begin preparing-delete
  private func preparingDelete(
    _ path: String, _ version: Version, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    try requireOpen(author.session)
    guard let (parentPath, _) = Path.split(path), !Path.containsNull(path),
      !Path.isUndeletable(path, dialect)
    else { throw .badArguments }
    let parent = try node(parentPath)
    if !dialect.deleteAsksParentFirst { _ = try node(Verbatim(path)) }
    try require(.delete, of: parent, by: author)
    let node = try node(Verbatim(path))
    try require(version, toMatch: node.version)
    guard node.childCount == 0 else { throw .notEmpty }
    return .delete(path: path)
  }
  // end preparing-delete

  // begin preparing-others
  private func preparingSetData(
    _ path: String, _ data: Payload, _ version: Version, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    try requireOpen(author.session)
    try requireValid(path, dialect)
    let node = try node(Verbatim(path))
    try require(.write, of: node, by: author)
    if dialect.enforcesQuotas {
      let growth = Int64(data?.count ?? 0) - Int64(node.data?.count ?? 0)
      try requireQuota(over: path, nodes: 0, bytes: growth)
    }
    try require(version, toMatch: node.version)
    return .setData(path: path, data: data, version: node.version &+ 1)
  }

  private func preparingSetACL(
    _ path: String, _ acl: [ACL], _ version: Version, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    try requireOpen(author.session)
    try requireValid(path, dialect)
    let acl = try acl.stored(by: author.identities, dialect)
    let node = try node(Verbatim(path))
    try require(.admin, of: node, by: author)
    try require(version, toMatch: node.aversion)
    return .setACL(path: path, acl: acl, version: node.aversion &+ 1)
  }

  private func preparingCheck(
    _ path: String, _ version: Version, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    try requireOpen(author.session)
    try requireValid(path, dialect)
    let node = try node(Verbatim(path))
    try require(.read, of: node, by: author)
    try require(version, toMatch: node.version)
    return .check(path: path, version: node.version &+ 1)
  }
  // end preparing-others

  // begin preparing-reaping
  /// What is left of a node's time: it goes, unless it has got children meanwhile.
  func body(ofReaping path: String) throws(ErrorCode) -> Transaction.Body {
    let node = try node(Verbatim(path))
    guard node.childCount == 0 else { throw .notEmpty }
    guard node.reaping != .never else { throw .badVersion }
    return .delete(path: path)
  }
  // end preparing-reaping
}

/// The single checks.
extension Tree {
  private func requireOpen(_ session: SessionID) throws(ErrorCode) {
    guard sessions[session] != nil else { throw .sessionExpired }
  }

  private func requireValid(_ path: String, _ dialect: Dialect) throws(ErrorCode) {
    guard Path.isValid(path, dialect) else { throw .badArguments }
  }

  private func node(_ path: Verbatim) throws(ErrorCode) -> Node {
    guard let node = nodes[path] else { throw .noNode }
    return node
  }

  private func require(
    _ permission: Permissions, of node: Node, by author: Author
  ) throws(ErrorCode) {
    guard node.acl.allows(permission, to: author.identities) else { throw .noAuth }
  }

  /// Minus one matches every version; any other number, negative or not, only itself.
  private func require(_ version: Version, toMatch current: Version) throws(ErrorCode) {
    guard version == .any || version == current else { throw .badVersion }
  }

  /// Only `createTTL` gives a time, and only a mode with a time takes one.
  ///
  /// Apache's server takes a `createTTL` of another mode with the time -1, and is destroyed by it.
  private func requireMode(of create: Create, _ dialect: Dialect) throws(ErrorCode) {
    switch create.mode.rawValue {
    case 0...3: break
    case 4...6 where dialect.knowsLaterModes: break
    default: throw .badArguments
    }
    guard create.mode.hasTTL else {
      if create.ttl != nil { throw .badArguments }
      return
    }
    guard dialect.hasTTL else { throw .unimplemented }
    guard let ttl = create.ttl, Create.grantedTTLs.contains(ttl) else { throw .badArguments }
  }
}

/// Several operations as one.
extension Tree {
  // begin preparing-multi
  /// Looks at each operation on the tree that those before it have made.
  ///
  /// When one fails none of them happens, and what remains of each is an error. Where one cannot be
  /// judged, for a quota that nobody can read, the multi has one answer as a whole.
  private func preparing(
    _ operations: [Operation], by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    if operations.contains(where: { $0.spoilsMulti(dialect) }) { throw .marshallingError }
    var draft = self
    var parts: [Transaction.Body] = []
    for operation in operations {
      do {
        let part = try draft.body(of: operation, by: author, dialect)
        parts.append(part)
        draft.rehearse(part, by: author.session)
      } catch {
        guard error != .marshallingError else { throw error }
        let before = [Transaction.Body](repeating: .error(.ok), count: parts.count)
        let after = [Transaction.Body](
          repeating: .error(.runtimeInconsistency), count: operations.count - parts.count - 1)
        return .multi(before + [.error(error)] + after)
      }
    }
    return .multi(parts)
  }
  // end preparing-multi

  private func body(
    of operation: Operation, by author: Author, _ dialect: Dialect
  ) throws(ErrorCode) -> Transaction.Body {
    switch operation {
    case .create(var create):
      // The flags say what is made, and the operation only whether it is answered with the Stat.
      if create.mode == .container {
        create.form = .container
      } else if create.form == .container {
        create.form = .create2
      }
      if create.form == .create2, !dialect.create2InMultiHasStat { create.form = .create }
      return try preparing(create, by: author, dialect)
    case .delete(let path, let version):
      return try preparingDelete(path, version, by: author, dialect)
    case .setData(let path, let data, let version):
      return try preparingSetData(path, data, version, by: author, dialect)
    case .check(let path, let version):
      return try preparingCheck(path, version, by: author, dialect)
    }
  }

  /// Does to a draft what will be done at the multi's zxid: which one, no check looks at.
  private mutating func rehearse(_ part: Transaction.Body, by session: SessionID) {
    apply(Transaction(session: session, cxid: 0, zxid: zxid, time: 0, body: part))
  }
}

extension Operation {
  /// Whether the whole multi does not decode for its sake: Apache's server reads the kind of
  /// node out of the flags first, and finds a TTL without a time, or no kind at all.
  fileprivate func spoilsMulti(_ dialect: Dialect) -> Bool {
    guard case .create(let create) = self else { return false }
    switch create.mode.rawValue {
    case 0...4: return false
    case 5, 6: return dialect.knowsLaterModes && create.ttl == nil
    default: return dialect.unknownModeSpoilsMulti
    }
  }
}
