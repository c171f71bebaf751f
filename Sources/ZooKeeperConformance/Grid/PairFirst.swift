import ZooKeeper

/// What comes first in a segment: what stands behind it has to be judged by what it did.
enum PairFirst: String, CaseIterable, Sendable {
  case auth
  case create
  case createEphemeral = "create-ephemeral"
  case createSequential = "create-sequential"
  case createAgain = "create-again"
  case setData
  case setDataStale = "setData-stale"
  case delete
  case deleteParent = "delete-parent"
  case setACL
  case setACLInvalid = "setACL-invalid"
  case multi
  case multiFailing = "multi-failing"
  case create2
  case getData, exists, getChildren
  case setWatches
  case deleteChild = "delete-child"
  case createBelow = "create-below"
  case createContainer = "create-container"
  case createTTL = "create-ttl"
  case addWatch = "add-watch"
  case addWatchRecursive = "add-watch-recursive"
  case removeWatches = "remove-watches"

  /// The number in its cases' id, never used again for another: what is new comes last.
  var number: Int { Self.allCases.firstIndex(of: self).map { $0 + 1 } ?? 0 }

  /// What it is called in a sentence.
  var words: String {
    switch self {
    case .auth: "an auth"
    case .create: "a create"
    case .createEphemeral: "the create of an ephemeral"
    case .createSequential: "a sequential create"
    case .createAgain: "a create that fails"
    case .setData: "a setData"
    case .setDataStale: "a setData that fails"
    case .delete: "a delete"
    case .deleteParent: "a delete that fails"
    case .setACL: "a setACL"
    case .setACLInvalid: "a setACL that fails"
    case .multi: "a multi"
    case .multiFailing: "a multi that fails"
    case .create2: "a create2"
    case .getData: "a getData that leaves a watch"
    case .exists: "an exists that leaves a watch"
    case .getChildren: "a getChildren that leaves a watch"
    case .setWatches: "a setWatches"
    case .deleteChild: "the delete of a child"
    case .createBelow: "the create of a child"
    case .createContainer: "a createContainer"
    case .createTTL: "a createTTL"
    case .addWatch: "an addWatch"
    case .addWatchRecursive: "a recursive addWatch"
    case .removeWatches: "a removeWatches"
    }
  }

  /// Whether the watches that the segment fires are left by itself.
  var leavesWatches: Bool {
    switch self {
    case .getData, .exists, .getChildren, .setWatches, .addWatch, .addWatchRecursive: true
    default: false
    }
  }

  /// The node that it and what stands behind it are about, in a folder.
  func path(in folder: String) -> String {
    switch self {
    case .create, .createEphemeral, .multiFailing, .create2, .createTTL: folder + "/new"
    case .createSequential: folder + "/s0000000002"
    case .deleteParent, .deleteChild: folder + "/p"
    default: folder + "/n"
    }
  }

  /// What a server must have for it.
  var needs: [String] {
    switch self {
    case .multi, .multiFailing: ["multi", "multiFates"]
    case .create2: ["create2"]
    case .createContainer: ["containers"]
    case .createTTL: ["ttl"]
    case .addWatch, .addWatchRecursive: ["addWatch"]
    case .removeWatches: ["removeWatches"]
    default: []
    }
  }

  /// The request; the folder holds a node `n`, and a node `p` with a child `k`.
  func request(in folder: String) -> Request {
    let node = folder + "/n"
    let new = folder + "/new"
    func create(_ path: String, _ mode: CreateMode = .persistent, withStat: Bool = false) -> Request
    {
      .create(Create(path, data: Array("first".utf8), mode: mode, withStat: withStat))
    }
    switch self {
    case .auth: return .auth(scheme: "digest", credentials: Grid.credentials)
    case .create: return create(new)
    case .createEphemeral: return create(new, .ephemeral)
    case .createSequential: return create(folder + "/s", .persistentSequential)
    case .createAgain: return create(node)
    case .create2: return create(new, withStat: true)
    case .setData: return .setData(path: node, data: Array("first".utf8), version: 0)
    case .setDataStale: return .setData(path: node, data: Array("first".utf8), version: 3)
    case .delete: return .delete(path: node, version: .any)
    case .deleteParent: return .delete(path: folder + "/p", version: .any)
    case .setACL: return .setACL(path: node, acl: [ACL([.admin, .create], .anyone)], version: 0)
    case .setACLInvalid: return .setACL(path: node, acl: [], version: .any)
    case .multi:
      return .multi([
        .setData(path: node, data: Array("first".utf8), version: 0),
        .create(Create(node + "/m", data: Array("first".utf8))),
      ])
    case .multiFailing:
      return .multi([
        .create(Create(new)), .setData(path: node, data: nil, version: .any),
        .create(Create(folder + "/t", mode: .persistentSequential)),
        .check(path: node, version: 99),
      ])
    case .deleteChild: return .delete(path: folder + "/p/k", version: .any)
    case .createBelow: return create(node + "/b")
    // Beside what is looked at: a container that got children and lost them would go some time.
    case .createContainer: return .create(Create(folder + "/box", mode: .container))
    case .createTTL: return .create(Create(new, data: Array("first".utf8), ttl: GridOperation.hour))
    case .addWatch: return .addWatch(path: node, mode: .persistent)
    case .addWatchRecursive: return .addWatch(path: folder, mode: .persistentRecursive)
    case .removeWatches: return .removeWatches(path: node, type: .any)
    case .getData: return .getData(path: node, watch: true)
    case .exists: return .exists(path: node, watch: true)
    case .getChildren: return .getChildren(path: node, watch: true)
    case .setWatches:
      return .setWatches(
        SetWatches(
          relativeZxid: Zxid(.max), data: [node], exist: [node + "/c"],
          child: [Path.parent(of: node)]))
    }
  }
}
