import ZooKeeper

extension JudgedTree {
  /// Does what a request asks, at its place in the order, and says what its client must see; nil
  /// where the judge does not know.
  mutating func perform(
    _ request: ZooKeeper.Request, by session: SessionID, at zxid: Int64, time: Int64
  ) -> Result<Answer, ErrorCode>? {
    guard isOpen(session) else { return .failure(.sessionExpired) }
    switch request {
    case .create(let asked):
      return create(asked, by: session, at: zxid, time: time).map { .created(path: $0) }
    case .delete(let path, let version):
      return delete(path, version, at: zxid).map { .failure($0) } ?? .success(.done)
    case .setData(let path, let data, let version):
      return setData(path, data, version, at: zxid, time: time).map { .stat($0) }
    case .multi(let operations):
      return .success(
        .multi(perform(operations, by: session, at: zxid, time: time)))
    case .closeSession:
      return closeSession(session, at: zxid) == nil ? .failure(.sessionExpired) : .success(.done)
    case .exists, .getData, .getACL, .setACL, .getChildren, .sync, .check, .ping, .auth,
      .multiRead, .getEphemerals, .getAllChildrenNumber, .whoAmI, .setWatches, .addWatch,
      .checkWatches, .removeWatches, .reconfig, .sasl:
      return nil
    }
  }

  /// All of them, or none.
  private mutating func perform(
    _ operations: [Operation], by session: SessionID, at zxid: Int64, time: Int64
  ) -> [OperationResult] {
    var draft = self
    var results: [OperationResult] = []
    for (place, operation) in operations.enumerated() {
      let result = draft.perform(operation, by: session, at: zxid, time: time)
      if case .failed(let code) = result {
        return operations.indices.map {
          .failed($0 < place ? .ok : $0 == place ? code : .runtimeInconsistency)
        }
      }
      results.append(result)
    }
    self = draft
    return results
  }

  private mutating func perform(
    _ operation: Operation, by session: SessionID, at zxid: Int64, time: Int64
  ) -> OperationResult {
    switch operation {
    case .create(let asked):
      switch create(asked, by: session, at: zxid, time: time) {
      case .success(let path): return .created(path: path)
      case .failure(let code): return .failed(code)
      }
    case .delete(let path, let version):
      return delete(path, version, at: zxid).map { .failed($0) } ?? .deleted
    case .setData(let path, let data, let version):
      switch setData(path, data, version, at: zxid, time: time) {
      case .success(let stat): return .set(stat)
      case .failure(let code): return .failed(code)
      }
    case .check(let path, let version):
      guard path.names else { return .failed(.badArguments) }
      guard let node = node(path) else { return .failed(.noNode) }
      let matches = version == .any || version == node.version
      return matches ? .checked : .failed(.badVersion)
    }
  }

  /// What a read must show when all up to a zxid has been applied; nil for what is no read.
  func expected(of request: ZooKeeper.Request, at zxid: Int64) -> Result<Answer, ErrorCode>? {
    switch request {
    case .exists(let path, _):
      return node(path, at: zxid).map { .success(.stat($0.stat)) } ?? .failure(.noNode)
    case .getData(let path, _):
      return node(path, at: zxid).map { .success(.data($0.data, $0.stat)) } ?? .failure(.noNode)
    case .getChildren(let path, _, let withStat):
      guard let node = node(path, at: zxid) else { return .failure(.noNode) }
      return .success(.children(node.children.sorted(), withStat ? node.stat : nil))
    case .sync(let path): return .success(.synced(path: path))
    case .ping, .setWatches: return .success(.done)
    case .create, .delete, .setData, .getACL, .setACL, .check, .multi, .auth, .multiRead,
      .getEphemerals, .getAllChildrenNumber, .whoAmI, .addWatch, .checkWatches, .removeWatches,
      .reconfig, .sasl, .closeSession:
      return nil
    }
  }
}
