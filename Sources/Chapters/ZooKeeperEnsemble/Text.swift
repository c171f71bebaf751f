import ZooKeeper

// Requests as runs write them, in the words of Apache's `zkCli.sh`, and replies as they print.

extension ZooKeeperEnsemble.Call: CustomStringConvertible {
  /// As a run file writes it: `create -e /a v`.
  public var description: String { request.told }

  /// The request that reads so; nil when none does, or when it is about quotas, of which the judge
  /// knows nothing.
  public init?(reading text: String) {
    var words = text.split(separator: " ").map(String.init)
    guard let verb = words.first else { return nil }
    words.removeFirst()
    if verb == "multi" {
      let parts = words.split(separator: "+").map { Array($0) }
      let operations = parts.compactMap { Operation(words: $0) }
      guard !operations.isEmpty, operations.count == parts.count else { return nil }
      self.init(.multi(operations))
    } else if let operation = Operation(words: [verb] + words), let request = operation.alone {
      self.init(request)
    } else if let request = ZooKeeper.Request(reading: verb, words) {
      self.init(request)
    } else {
      return nil
    }
    guard description == text, !text.contains("/zookeeper/quota/") else { return nil }
  }
}

/// The flags of a request, in front of its arguments.
private struct Flags {
  var ephemeral = false
  var sequential = false
  var watch = false
  var version = Version.any
  /// What follows the flags.
  var arguments: [String] = []

  /// Reads flags; nil when one is not known.
  init?(_ words: [String]) {
    var rest = words[...]
    while let word = rest.first, word.hasPrefix("-") {
      rest.removeFirst()
      switch word {
      case "-e": ephemeral = true
      case "-s": sequential = true
      case "-w": watch = true
      case "-v":
        guard let number = rest.popFirst().flatMap({ Version($0) }) else { return nil }
        version = number
      default: return nil
      }
    }
    arguments = Array(rest)
    guard arguments.count <= 2 else { return nil }
  }
}

extension ZooKeeper.Operation {
  fileprivate init?(words: [String]) {
    guard let verb = words.first, let flags = Flags(Array(words.dropFirst())),
      let path = flags.arguments.first, path.hasPrefix("/")
    else { return nil }
    let text = flags.arguments.dropFirst().first
    switch (verb, text) {
    case ("create", _):
      let modes: [CreateMode] = [
        .persistent, .ephemeral, .persistentSequential, .ephemeralSequential,
      ]
      let mode = modes[(flags.ephemeral ? 1 : 0) + (flags.sequential ? 2 : 0)]
      self = .create(Create(path, data: text.map { Array($0.utf8) } ?? [], mode: mode))
    case ("set", let text?):
      self = .setData(path: path, data: Array(text.utf8), version: flags.version)
    case ("delete", nil): self = .delete(path: path, version: flags.version)
    case ("check", nil): self = .check(path: path, version: flags.version)
    default: return nil
    }
  }

  /// The same as a request of its own; a check has none.
  fileprivate var alone: ZooKeeper.Request? {
    switch self {
    case .create(let create): .create(create)
    case .delete(let path, let version): .delete(path: path, version: version)
    case .setData(let path, let data, let version):
      .setData(path: path, data: data, version: version)
    case .check: nil
    }
  }

  fileprivate var told: String {
    switch self {
    case .create(let create):
      "create" + (create.mode.isEphemeral ? " -e" : "") + (create.mode.isSequential ? " -s" : "")
        + " \(create.path)" + create.data.words
    case .delete(let path, let version): "delete" + version.flag + " \(path)"
    case .setData(let path, let data, let version): "set" + version.flag + " \(path)" + data.words
    case .check(let path, let version): "check" + version.flag + " \(path)"
    }
  }
}

extension ZooKeeper.Request {
  fileprivate init?(reading verb: String, _ words: [String]) {
    if verb == "close", words.isEmpty {
      self = .closeSession
      return
    }
    guard let flags = Flags(words), let path = flags.arguments.first, path.hasPrefix("/"),
      flags.arguments.count == 1
    else { return nil }
    switch verb {
    case "get": self = .getData(path: path, watch: flags.watch)
    case "stat": self = .exists(path: path, watch: flags.watch)
    case "ls": self = .getChildren(path: path, watch: flags.watch)
    case "sync": self = .sync(path: path)
    default: return nil
    }
  }

  /// As runs print it.
  var told: String {
    func flag(_ watch: Bool) -> String { watch ? " -w" : "" }
    switch self {
    case .create(let create): return Operation.create(create).told
    case .delete(let path, let version):
      return Operation.delete(path: path, version: version).told
    case .setData(let path, let data, let version):
      return Operation.setData(path: path, data: data, version: version).told
    case .exists(let path, let watch): return "stat" + flag(watch) + " \(path)"
    case .getData(let path, let watch): return "get" + flag(watch) + " \(path)"
    case .getChildren(let path, let watch, _): return "ls" + flag(watch) + " \(path)"
    case .sync(let path): return "sync \(path ?? "/")"
    case .multi(let operations):
      return "multi " + operations.map(\.told).joined(separator: " + ")
    case .closeSession: return "close"
    case .ping: return "ping"
    case .setWatches(let watches): return "setWatches " + watches.paths.joined(separator: " ")
    case .getACL, .setACL, .check, .auth, .multiRead, .getEphemerals, .getAllChildrenNumber,
      .whoAmI, .addWatch, .checkWatches, .removeWatches, .reconfig, .sasl:
      return "\(self)"
    }
  }
}

extension Version {
  fileprivate var flag: String { self == .any ? "" : " -v \(self)" }
}

extension Payload {
  fileprivate var words: String {
    guard let bytes = self, !bytes.isEmpty else { return "" }
    return " " + String(decoding: bytes, as: UTF8.self)
  }
}

extension ZooKeeper.Reply {
  /// As runs print it.
  var told: String {
    switch result {
    case .success(let answer): "\(answer.told) at \(zxid)"
    case .failure(let code): "\(code) at \(zxid)"
    }
  }
}

extension ZooKeeper.Answer {
  fileprivate var told: String {
    switch self {
    case .created(let path, _): path
    case .stat(let stat): "version \(stat.version)"
    case .data(let data, let stat): "'\(data.words.dropFirst())' version \(stat.version)"
    case .children(let names, _): "[\(names.joined(separator: " "))]"
    case .synced: "synced"
    case .multi(let results): results.map(\.told).joined(separator: ", ")
    case .done, .acl, .multiRead, .ephemerals, .count, .identities, .watchAdded, .token: "done"
    }
  }
}

extension ZooKeeper.OperationResult {
  fileprivate var told: String {
    switch self {
    case .created(let path, _): path
    case .deleted: "deleted"
    case .set(let stat): "version \(stat.version)"
    case .checked: "checked"
    case .failed(let code): "\(code)"
    }
  }
}

extension ReplicatedTree: CustomStringConvertible {
  /// The nodes that somebody has made, in the order of their paths.
  public var description: String { tree.told }
}

extension ZooKeeper.Tree {
  /// The nodes that somebody has made: `/a='v' /e(0x1)=''`.
  var told: String {
    let made = paths.filter { $0 != "/" && $0 != "/zookeeper" && !$0.hasPrefix("/zookeeper/") }
    let nodes = made.compactMap { path in
      self[path].map { node in
        let owner = node.isEphemeral ? "(\(node.ephemeralOwner))" : ""
        return "\(path)\(owner)='\(node.data.words.dropFirst())'"
      }
    }
    return nodes.isEmpty ? "empty" : nodes.joined(separator: " ")
  }
}

extension ReplicatedTree.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch ask {
    case .open: "new session at \(server)"
    case .expire: "end of \(author.session)"
    case .request(let request): "\(author.session) #\(cxid) \(request.told)"
    case .reap(let path): "end of \(path)"
    case .refuse(let code): "\(author.session) #\(cxid) \(code)"
    }
  }
}

extension ReplicatedTree.Transaction: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    if case .open = request.ask { return "\(request) \(change.session)" }
    if case .error(let code) = change.body { return "\(request) fails, \(code)" }
    return "\(request)"
  }
}
