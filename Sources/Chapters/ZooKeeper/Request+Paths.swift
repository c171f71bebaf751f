extension Request {
  /// The path that it is about, of a multi one for each operation; empty where there is none.
  public var paths: [String] {
    switch self {
    case .create(let create): [create.path]
    case .delete(let path, _), .exists(let path, _), .getData(let path, _),
      .setData(let path, _, _), .getACL(let path), .setACL(let path, _, _),
      .getChildren(let path, _, _), .check(let path, _), .getAllChildrenNumber(let path),
      .addWatch(let path, _), .checkWatches(let path, _), .removeWatches(let path, _):
      [path]
    case .sync(let path): [path ?? ""]
    case .multi(let operations): operations.map(\.path)
    case .multiRead(let operations): operations.map(\.path)
    case .getEphemerals(let prefix): [prefix ?? ""]
    case .ping, .auth, .setWatches, .whoAmI, .reconfig, .sasl, .closeSession: []
    }
  }
}

extension Operation {
  /// The path that it is about.
  public var path: String {
    switch self {
    case .create(let create): create.path
    case .delete(let path, _), .setData(let path, _, _), .check(let path, _): path
    }
  }
}
