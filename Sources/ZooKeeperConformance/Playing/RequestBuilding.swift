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
    case .create: return .create(create(arguments, .create))
    case .create2: return .create(create(arguments, .create2))
    case .createContainer: return .create(create(arguments, .container))
    case .createTTL: return .create(create(arguments, .ttl(0)))
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
    case .setWatches, .setWatches2, .addWatch, .checkWatches, .removeWatches:
      return watching(request, arguments)
    case .multiRead:
      return .multiRead(
        parts.map { part in
          let path = self.path(part.arguments)
          return part.operation == .children ? .getChildren(path: path) : .getData(path: path)
        })
    case .getEphemerals:
      return .getEphemerals(prefix: arguments["path"] == nil ? nil : path)
    case .countChildren: return .getAllChildrenNumber(path: path)
    case .whoAmI: return .whoAmI
    case .reconfig:
      return .reconfig(
        Reconfiguration(
          joining: arguments["joining"]?.description, leaving: arguments["leaving"]?.description,
          members: arguments["members"]?.description,
          version: arguments["version"]?.integer ?? -1))
    case .sasl: return .sasl(token: data(arguments["token"]))
    case .close: return .closeSession
    }
  }

  private func operation(_ operation: Action.Operation, _ arguments: Value) -> Operation {
    let path = path(arguments)
    switch operation {
    case .create: return .create(create(arguments, .create))
    case .create2: return .create(create(arguments, .create2))
    case .createContainer: return .create(create(arguments, .container))
    case .createTTL: return .create(create(arguments, .ttl(0)))
    case .delete: return .delete(path: path, version: version(arguments))
    case .set:
      return .setData(path: path, data: data(arguments["data"]), version: version(arguments))
    case .get, .children, .check: return .check(path: path, version: version(arguments))
    }
  }

  private func path(_ arguments: Value) -> String {
    let path = arguments["path"]?.description ?? ""
    if arguments["quota"] == .flag(true) { return Quota.folder + folder.absolute(path) }
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

  private func create(_ arguments: Value, _ form: Create.Form) -> Create {
    var (mode, form) = (CreateMode.persistent, form)
    switch (arguments["mode"] == .text("ephemeral"), arguments["sequential"] == .flag(true)) {
    case (false, false): mode = .persistent
    case (true, false): mode = .ephemeral
    case (false, true): mode = .persistentSequential
    case (true, true): mode = .ephemeralSequential
    }
    if let flags = arguments["flags"]?.integer.flatMap({ Int32(exactly: $0) }) {
      mode = CreateMode(rawValue: flags)
    }
    let isGiven = arguments["flags"] != nil
    switch form {
    case .container where !isGiven: mode = .container
    case .ttl:
      form = .ttl(arguments["ttl"]?.integer ?? 0)
      if !isGiven { mode = mode.isSequential ? .persistentSequentialWithTTL : .persistentWithTTL }
    default: break
    }
    return Create(
      path(arguments), data: data(arguments["data"]), acl: acl(arguments["acl"]), mode: mode,
      form: form)
  }

  private func watching(_ request: Action.Request, _ arguments: Value) -> Request {
    let path = path(arguments)
    func number(_ name: String, _ words: [(String, Int32)]) -> Int32 {
      if let number = arguments[name]?.integer { return Int32(truncatingIfNeeded: number) }
      return words.first { $0.0 == arguments[name]?.description }?.1 ?? words[0].1
    }
    let mode = number("mode", Self.modes.map { ("\($0)", $0.rawValue) })
    let type = WatcherType(
      rawValue: number("type", WatcherType.named.map { ("\($0)", $0.rawValue) }))
    switch request {
    case .addWatch: return .addWatch(path: path, mode: AddWatchMode(rawValue: mode))
    case .checkWatches: return .checkWatches(path: path, type: type)
    case .removeWatches: return .removeWatches(path: path, type: type)
    case .setWatches2: return .setWatches(setWatches(arguments, isLasting: true))
    default: return .setWatches(setWatches(arguments, isLasting: false))
    }
  }

  static let modes: [AddWatchMode] = [.persistent, .persistentRecursive]

  private func setWatches(_ arguments: Value, isLasting: Bool) -> SetWatches {
    func paths(_ name: String) -> [String] {
      guard case .list(let items) = arguments[name] else { return [] }
      return items.map { folder.absolute($0.description) }
    }
    return SetWatches(
      relativeZxid: Zxid(arguments["relativeZxid"]?.integer ?? 0), data: paths("data"),
      exist: paths("exist"), child: paths("child"),
      lasting: isLasting
        ? SetWatches.Lasting(persistent: paths("persistent"), recursive: paths("recursive")) : nil)
  }
}
