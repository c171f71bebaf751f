import ZooKeeper

extension Move {
  /// The same move with one thing less that a reader would have to think about: a connection of its
  /// own, a segment, a watch, a condition.
  var lowered: [Move] {
    func with(_ change: (inout Move) -> Void) -> Move {
      var move = self
      change(&move)
      return move
    }
    var moves: [Move] = []
    if resumesFirst { moves.append(with { $0.resumesFirst = false }) }
    if isBehind { moves.append(with { $0.isBehind = false }) }
    if !excess.isEmpty { moves.append(with { $0.excess = [] }) }
    if excess.count > 1 { moves.append(with { $0.excess = [0] }) }
    return moves + request.lowered.map { request in with { $0.request = request } }
  }
}

extension Request {
  fileprivate var lowered: [Request] {
    switch self {
    case .create(let create): create.lowered.map { .create($0) }
    case .delete(let path, let version):
      version == .any ? [] : [.delete(path: path, version: .any)]
    case .exists(let path, true): [.exists(path: path)]
    case .getData(let path, true): [.getData(path: path)]
    case .setData(let path, let data, let version):
      (version == .any ? [] : [.setData(path: path, data: data, version: .any)])
        + (data?.isEmpty == true ? [] : [.setData(path: path, data: [], version: version)])
    case .setACL(let path, let acl, let version):
      (version == .any ? [] : [.setACL(path: path, acl: acl, version: .any)])
        + acl.lowered.map { .setACL(path: path, acl: $0, version: version) }
    case .getChildren(let path, let watch, let withStat):
      (watch ? [.getChildren(path: path, watch: false, withStat: withStat)] : [])
        + (withStat ? [.getChildren(path: path, watch: watch, withStat: false)] : [])
    case .multi(let operations): Self.lowered(operations)
    case .setWatches(let set): set.lowered.map { .setWatches($0) }
    case .multiRead(let operations):
      operations.indices.map { index in
        var rest = operations
        rest.remove(at: index)
        return .multiRead(rest)
      }
    case .addWatch(let path, .persistentRecursive): [.addWatch(path: path, mode: .persistent)]
    case .exists, .getData, .getACL, .sync, .check, .ping, .auth, .closeSession, .getEphemerals,
      .getAllChildrenNumber, .whoAmI, .addWatch, .checkWatches, .removeWatches, .reconfig, .sasl:
      []
    }
  }

  private static func lowered(_ operations: [ZooKeeper.Operation]) -> [Request] {
    if operations.count == 1, let alone = operations.first?.alone { return [alone] }
    let shorter = operations.indices.map { index in
      var rest = operations
      rest.remove(at: index)
      return Request.multi(rest)
    }
    let simpler = operations.indices.flatMap { index in
      operations[index].lowered.map { operation in
        var others = operations
        others[index] = operation
        return Request.multi(others)
      }
    }
    return shorter + simpler
  }
}

extension [ACL] {
  /// The open one, or one entry less.
  fileprivate var lowered: [[ACL]] {
    if self == .open { return [] }
    let shorter =
      count < 2
      ? [] : indices.map { index in self.enumerated().filter { $0.offset != index }.map(\.element) }
    return [.open] + shorter
  }
}

extension ZooKeeper.Operation {
  /// The same as a request of its own; nil for what has no reply outside a multi.
  fileprivate var alone: Request? {
    switch self {
    case .create(let create): .create(create)
    case .delete(let path, let version): .delete(path: path, version: version)
    case .setData(let path, let data, let version):
      .setData(path: path, data: data, version: version)
    case .check: nil
    }
  }

  fileprivate var lowered: [ZooKeeper.Operation] {
    switch self {
    case .create(let create): create.lowered.map { .create($0) }
    case .delete(let path, let version):
      version == .any ? [] : [.delete(path: path, version: .any)]
    case .setData(let path, let data, let version):
      (version == .any ? [] : [.setData(path: path, data: data, version: .any)])
        + (data?.isEmpty == true ? [] : [.setData(path: path, data: [], version: version)])
    case .check: []
    }
  }
}

extension Create {
  fileprivate var lowered: [Create] {
    func with(_ change: (inout Create) -> Void) -> Create {
      var create = self
      change(&create)
      return create
    }
    var creates: [Create] = []
    if form != .create {
      creates.append(
        with {
          if form != .create2 { $0.mode = mode.isSequential ? .persistentSequential : .persistent }
          $0.form = .create
        })
    }
    creates += acl.lowered.map { acl in with { $0.acl = acl } }
    if mode != .persistent, form == .create || form == .create2 {
      creates.append(with { $0.mode = .persistent })
    }
    if data?.isEmpty != true { creates.append(with { $0.data = [] }) }
    return creates
  }
}

extension SetWatches {
  fileprivate var lowered: [SetWatches] {
    let lists: [WritableKeyPath<SetWatches, [String]>] =
      lasting == nil
      ? [\.data, \.exist, \.child]
      : [\.data, \.exist, \.child, \.persistent, \.recursive]
    return lists.flatMap { list in
      self[keyPath: list].indices.map { index in
        var shorter = self
        shorter[keyPath: list].remove(at: index)
        return shorter
      }
    }
  }
}

extension SetWatches {
  /// The paths of persistent watches; none for a `setWatches`.
  var persistent: [String] {
    get { lasting?.persistent ?? [] }
    set { lasting?.persistent = newValue }
  }

  /// The paths of recursive watches; none for a `setWatches`.
  var recursive: [String] {
    get { lasting?.recursive ?? [] }
    set { lasting?.recursive = newValue }
  }
}
