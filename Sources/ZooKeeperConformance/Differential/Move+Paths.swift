import ZooKeeper

extension Move {
  /// The same move below another node.
  func moved(from root: String, to other: String) -> Move {
    mappingPaths { path in
      path.hasPrefix(root) ? other + path.dropFirst(root.count) : path
    }
  }

  /// The same move with every path changed.
  func mappingPaths(_ change: (String) -> String) -> Move {
    var move = self
    move.request = request.mappingPaths(change)
    return move
  }
}

extension Request {
  /// The same request with every path changed.
  fileprivate func mappingPaths(_ change: (String) -> String) -> Request {
    switch self {
    case .create(let create): return .create(create.mappingPath(change))
    case .delete(let path, let version): return .delete(path: change(path), version: version)
    case .exists(let path, let watch): return .exists(path: change(path), watch: watch)
    case .getData(let path, let watch): return .getData(path: change(path), watch: watch)
    case .setData(let path, let data, let version):
      return .setData(path: change(path), data: data, version: version)
    case .getACL(let path): return .getACL(path: change(path))
    case .setACL(let path, let acl, let version):
      return .setACL(path: change(path), acl: acl, version: version)
    case .getChildren(let path, let watch, let withStat):
      return .getChildren(path: change(path), watch: watch, withStat: withStat)
    case .check(let path, let version): return .check(path: change(path), version: version)
    case .sync(let path): return .sync(path: path.map(change))
    case .multi(let operations): return .multi(operations.map { $0.mappingPath(change) })
    case .setWatches(let set): return .setWatches(set.mappingPaths(change))
    case .multiRead(let operations):
      return .multiRead(
        operations.map { operation in
          switch operation {
          case .getData(let path): .getData(path: change(path))
          case .getChildren(let path): .getChildren(path: change(path))
          }
        })
    case .getEphemerals(let prefix): return .getEphemerals(prefix: prefix.map(change))
    case .getAllChildrenNumber(let path): return .getAllChildrenNumber(path: change(path))
    case .addWatch(let path, let mode): return .addWatch(path: change(path), mode: mode)
    case .checkWatches(let path, let type): return .checkWatches(path: change(path), type: type)
    case .removeWatches(let path, let type): return .removeWatches(path: change(path), type: type)
    case .ping, .auth, .sasl, .whoAmI, .reconfig, .closeSession: return self
    }
  }
}

extension ZooKeeper.Operation {
  fileprivate func mappingPath(_ change: (String) -> String) -> ZooKeeper.Operation {
    switch self {
    case .create(let create): .create(create.mappingPath(change))
    case .delete(let path, let version): .delete(path: change(path), version: version)
    case .setData(let path, let data, let version):
      .setData(path: change(path), data: data, version: version)
    case .check(let path, let version): .check(path: change(path), version: version)
    }
  }
}

extension Create {
  fileprivate func mappingPath(_ change: (String) -> String) -> Create {
    var create = self
    create.path = change(path)
    return create
  }
}
