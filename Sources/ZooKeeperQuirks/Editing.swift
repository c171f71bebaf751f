import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// The few verbs in which quirks are written.
extension Quirk {
  /// A flaw; the rest is what it does.
  static func flaw(
    _ name: String, _ summary: String, _ source: String, _ change: (inout Quirk) -> Void
  ) -> Quirk {
    Quirk(name, .flaw, summary, source: source, change)
  }
}

/// The last part of a path.
func lastName(of path: String) -> String {
  String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
}

extension Asked {
  /// A create, create2 among them.
  var create: Create? { if case .create(let create) = request { create } else { nil } }
  /// The operations of a multi.
  var operations: [Operation]? {
    if case .multi(let operations) = request { operations } else { nil }
  }
  /// The paths that it is about.
  var paths: [String] { request?.paths ?? [] }
  /// Whether it is one of these operations.
  func isOne(of opcodes: Opcode...) -> Bool { opcodes.contains(header.opcode) }
}

extension Answered {
  /// Why it fails.
  var code: ErrorCode? {
    get { if case .failure(let code)? = reply?.result { code } else { nil } }
    set { if let newValue { reply?.result = .failure(newValue) } }
  }
  /// What it brings.
  var answer: Answer? {
    get { if case .success(let answer)? = reply?.result { answer } else { nil } }
    set { if let newValue { reply?.result = .success(newValue) } }
  }
  /// The results of a multi.
  var results: [OperationResult]? {
    get { if case .multi(let results)? = answer { results } else { nil } }
    set { if let newValue { answer = .multi(newValue) } }
  }
}

extension [OperationResult] {
  /// Whether it is that of a multi that failed.
  var haveFailed: Bool { contains { if case .failed = $0 { true } else { false } } }
}

extension [Transaction] {
  /// Changes each single change, inside a multi too.
  mutating func edit(_ change: (inout Transaction.Body, SessionID) -> Void) {
    for place in indices {
      let session = self[place].session
      if case .multi(var parts) = self[place].body {
        for part in parts.indices { change(&parts[part], session) }
        self[place].body = .multi(parts)
      } else {
        change(&self[place].body, session)
      }
    }
  }

  /// Changes each creation.
  mutating func editCreations(_ change: (inout Transaction.Creation, SessionID) -> Void) {
    edit { body, session in
      guard case .create(var creation) = body else { return }
      change(&creation, session)
      body = .create(creation)
    }
  }
}

extension Transaction {
  /// The single changes, those of a multi one by one.
  var leaves: [Body] { if case .multi(let parts) = body { parts } else { [body] } }

  /// The error, if it is one.
  var code: ErrorCode? { if case .error(let code) = body { code } else { nil } }

  /// The same at the same place of the order, with another effect.
  func with(_ body: Body) -> Transaction {
    var other = self
    other.body = body
    return other
  }
}

extension Committed {
  /// The paths whose ACL it set.
  var pathsWithNewACL: [String] {
    transaction.leaves.compactMap { if case .setACL(let path, _, _) = $0 { path } else { nil } }
  }

  /// The paths of its changes of one kind.
  func paths(_ kind: Change.Kind) -> [String] {
    changes.filter { $0.kind == kind }.map(\.path)
  }
}

extension Service {
  /// Gives back what a field was before.
  mutating func restore<Value>(
    _ field: WritableKeyPath<Node, Value>, at path: String, from before: Tree
  ) {
    guard let value = before[path]?[keyPath: field] else { return }
    amend(path) { $0[keyPath: field] = value }
  }
}

extension Request {
  /// The same request with every path changed.
  func mappingPaths(_ change: (String) -> String) -> Request {
    switch self {
    case .create(var create):
      create.path = change(create.path)
      return .create(create)
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
    case .getAllChildrenNumber(let path): return .getAllChildrenNumber(path: change(path))
    case .addWatch(let path, let mode): return .addWatch(path: change(path), mode: mode)
    case .checkWatches(let path, let type): return .checkWatches(path: change(path), type: type)
    case .removeWatches(let path, let type): return .removeWatches(path: change(path), type: type)
    case .sync, .multi, .multiRead, .getEphemerals, .whoAmI, .ping, .auth, .sasl, .setWatches,
      .reconfig, .closeSession:
      return self
    }
  }

  /// The same request without conditions on versions, in a multi too.
  func mappingVersions(_ change: (Version) -> Version) -> Request {
    switch self {
    case .delete(let path, let version): .delete(path: path, version: change(version))
    case .setData(let path, let data, let version):
      .setData(path: path, data: data, version: change(version))
    case .setACL(let path, let acl, let version):
      .setACL(path: path, acl: acl, version: change(version))
    case .check(let path, let version): .check(path: path, version: change(version))
    case .multi(let operations):
      .multi(
        operations.map { operation in
          switch operation {
          case .create: operation
          case .delete(let path, let version): .delete(path: path, version: change(version))
          case .setData(let path, let data, let version):
            .setData(path: path, data: data, version: change(version))
          case .check(let path, let version): .check(path: path, version: change(version))
          }
        })
    default: self
    }
  }

  /// The same request with all data that it carries changed, in a multi too.
  func mappingData(_ change: (Payload) -> Payload) -> Request {
    switch self {
    case .create(var create):
      create.data = change(create.data)
      return .create(create)
    case .setData(let path, let data, let version):
      return .setData(path: path, data: change(data), version: version)
    case .multi(let operations):
      return .multi(
        operations.map { operation in
          switch operation {
          case .create(var create):
            create.data = change(create.data)
            return .create(create)
          case .setData(let path, let data, let version):
            return .setData(path: path, data: change(data), version: version)
          default: return operation
          }
        })
    default: return self
    }
  }

  /// The same request with the ACL that it carries changed.
  func mappingACL(_ change: ([ACL]) -> [ACL]) -> Request {
    switch self {
    case .create(var create):
      create.acl = change(create.acl)
      return .create(create)
    case .setACL(let path, let acl, let version):
      return .setACL(path: path, acl: change(acl), version: version)
    default: return self
    }
  }
}
