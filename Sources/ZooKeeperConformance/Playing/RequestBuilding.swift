import Conformance
import ZooKeeper

/// Makes requests out of a step's arguments, whose references are already looked up.
struct RequestBuilding {
  let folder: Folder

  /// The request; `parts` are a multi's.
  func request(
    _ request: Action.Request, _ arguments: Value,
    _ parts: [(operation: Action.Operation, arguments: Value)] = []
  ) -> Request {
    let path = path(arguments)
    let watch = arguments["watch"] == .flag(true)
    switch request {
    case .create: return .create(create(arguments, withStat: false))
    case .create2: return .create(create(arguments, withStat: true))
    case .delete: return .delete(path: path, version: version(arguments))
    case .exists: return .exists(path: path, watch: watch)
    case .get: return .getData(path: path, watch: watch)
    case .set:
      return .setData(path: path, data: data(arguments["data"]), version: version(arguments))
    case .getACL: return .getACL(path: path)
    case .setACL:
      return .setACL(path: path, acl: acl(arguments["acl"]), version: version(arguments))
    case .children: return .getChildren(path: path, watch: watch)
    case .children2: return .getChildren(path: path, watch: watch, withStat: true)
    case .sync: return .sync(path: path)
    case .multi: return .multi(parts.map { operation($0.operation, $0.arguments) })
    case .ping: return .ping
    case .auth:
      return .auth(
        scheme: arguments["scheme"]?.description ?? "", credentials: data(arguments["credentials"]))
    case .setWatches: return .setWatches(setWatches(arguments))
    case .close: return .closeSession
    }
  }

  private func operation(_ operation: Action.Operation, _ arguments: Value) -> Operation {
    let path = path(arguments)
    switch operation {
    case .create: return .create(create(arguments, withStat: false))
    case .create2: return .create(create(arguments, withStat: true))
    case .delete: return .delete(path: path, version: version(arguments))
    case .set:
      return .setData(path: path, data: data(arguments["data"]), version: version(arguments))
    case .check: return .check(path: path, version: version(arguments))
    }
  }

  private func path(_ arguments: Value) -> String {
    let path = arguments["path"]?.description ?? ""
    return arguments["absolute"] == .flag(true) ? path : folder.absolute(path)
  }

  private func version(_ arguments: Value) -> Version {
    arguments["version"]?.integer.flatMap { Int32(exactly: $0) } ?? .any
  }

  private func data(_ value: Value?) -> Payload {
    switch value {
    case .null: nil
    case .bytes(let bytes): bytes
    case let value?: Array(value.description.utf8)
    case nil: []
    }
  }

  private func acl(_ value: Value?) -> [ACL] {
    guard case .list(let entries) = value else { return .open }
    return entries.compactMap { ACLNotation.entry($0.description) }
  }

  private func create(_ arguments: Value, withStat: Bool) -> Create {
    var mode = CreateMode.persistent
    switch (arguments["mode"] == .text("ephemeral"), arguments["sequential"] == .flag(true)) {
    case (false, false): mode = .persistent
    case (true, false): mode = .ephemeral
    case (false, true): mode = .persistentSequential
    case (true, true): mode = .ephemeralSequential
    }
    if let flags = arguments["flags"]?.integer.flatMap({ Int32(exactly: $0) }) {
      mode = CreateMode(rawValue: flags)
    }
    return Create(
      path(arguments), data: data(arguments["data"]), acl: acl(arguments["acl"]), mode: mode,
      withStat: withStat)
  }

  private func setWatches(_ arguments: Value) -> SetWatches {
    func paths(_ name: String) -> [String] {
      guard case .list(let items) = arguments[name] else { return [] }
      return items.map { folder.absolute($0.description) }
    }
    return SetWatches(
      relativeZxid: Zxid(arguments["relativeZxid"]?.integer ?? 0), data: paths("data"),
      exist: paths("exist"), child: paths("child"))
  }
}
