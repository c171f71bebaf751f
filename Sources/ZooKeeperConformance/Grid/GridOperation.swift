import ZooKeeper

/// What is tried on every kind of node, in every way that leads to another result.
enum GridOperation: String, CaseIterable, Sendable {
  case create, create2, delete
  case setData, setACL
  case exists, getData, getACL, getChildren, getChildren2, sync
  case multiCreate = "multi-create"
  case multiDelete = "multi-delete"
  case multiSetData = "multi-setData"
  case multiCheck = "multi-check"
  case setWatches, closeSession
  case multiCreate2 = "multi-create2"
  case createContainer, createTTL, multiRead, getEphemerals
  case countChildren, whoAmI, addWatch, setWatches2, checkWatches, removeWatches
  case multiCreateLater = "multi-create-later"

  /// The number in its cases' id, never used again for another: a new operation comes last.
  var number: Int { Self.allCases.firstIndex(of: self).map { $0 + 1 } ?? 0 }

  /// Whether it leaves watches itself, so that none of its own is there before.
  var leavesWatches: Bool {
    switch self {
    case .exists, .getData, .getChildren, .getChildren2, .setWatches, .addWatch, .setWatches2: true
    default: false
    }
  }

  /// The claim that its cases judge.
  ///
  /// One alone: a run meets Stats, permissions and watches, and what fails in it is told by the
  /// failing field. Which of their claims does not hold, the written cases tell.
  var claim: String {
    switch self {
    case .create, .create2, .delete, .sync: "ZNODE-1"
    case .setData, .exists, .getData, .getChildren, .getChildren2: "ZNODE-6"
    case .setACL, .getACL: "ACL-1"
    case .multiCreate, .multiCreate2, .multiDelete, .multiSetData, .multiCheck: "GUAR-2"
    case .setWatches: "WATCH-6"
    case .closeSession: "ZNODE-4"
    case .createContainer, .createTTL, .multiCreateLater: "ZNODE-7"
    case .multiRead: "READ-1"
    case .getEphemerals, .countChildren: "READ-2"
    case .whoAmI: "ACL-4"
    case .addWatch, .setWatches2: "WATCH-7"
    case .checkWatches, .removeWatches: "WATCH-8"
    }
  }

  /// What a server must have for it.
  var needs: [String] {
    switch self {
    case .create2: ["resume", "create2"]
    case .multiCreate2: ["resume", "create2", "multi", "multiFates"]
    case .multiCreate, .multiDelete, .multiSetData, .multiCheck: ["resume", "multi", "multiFates"]
    case .createContainer: ["resume", "containers"]
    case .createTTL: ["resume", "ttl"]
    case .multiCreateLater: ["resume", "containers", "ttl", "multi", "multiFates"]
    case .multiRead, .getEphemerals, .countChildren, .whoAmI, .addWatch, .setWatches2,
      .checkWatches, .removeWatches:
      ["resume", rawValue]
    default: ["resume"]
    }
  }

  /// The requests that try it on the node at a path, each for another result.
  func requests(on path: String) -> [Request] {
    switch self {
    case .create: creations(on: path, withStat: false).map { .create($0) }
    case .create2: creations(on: path, withStat: true).map { .create($0) }
    case .delete: Self.versions.map { .delete(path: path, version: $0) }
    case .setData:
      Self.versions.map { .setData(path: path, data: Array("new".utf8), version: $0) }
        + [.setData(path: path, data: nil)]
    case .setACL:
      [(.any, .open), (0, Grid.guarded), (3, .open), (.any, [])].map { version, acl in
        .setACL(path: path, acl: acl, version: version)
      }
    case .exists: [false, true].map { .exists(path: path, watch: $0) }
    case .getData: [false, true].map { .getData(path: path, watch: $0) }
    case .getACL: [.getACL(path: path)]
    case .getChildren: [false, true].map { .getChildren(path: path, watch: $0) }
    case .getChildren2: [false, true].map { .getChildren(path: path, watch: $0, withStat: true) }
    case .sync: [.sync(path: path)]
    case .multiCreate: multis(creations(on: path, withStat: false).prefix(2).map { .create($0) })
    case .multiCreate2: multis(creations(on: path, withStat: true).prefix(2).map { .create($0) })
    case .multiDelete: multis([.any, 3].map { .delete(path: path, version: $0) })
    case .multiSetData:
      multis([.any, 3].map { .setData(path: path, data: Array("m".utf8), version: $0) })
    case .multiCheck: multis([.any, 3].map { .check(path: path, version: $0) })
    case .setWatches:
      [Zxid.zero, Zxid(.max)].flatMap { zxid in
        [
          SetWatches(relativeZxid: zxid, data: [path]),
          SetWatches(relativeZxid: zxid, exist: [path]),
          SetWatches(relativeZxid: zxid, child: [path]),
        ].map { .setWatches($0) }
      }
    case .closeSession: [.closeSession]
    case .createContainer: Self.containers(below: path).map { .create($0) }
    case .createTTL: (Self.ttls(below: path) + [Create(path, ttl: Self.hour)]).map { .create($0) }
    case .multiCreateLater:
      multis(
        [Create(path + "/c", mode: .container), Create(path + "/c", ttl: Self.hour)].map {
          .create($0)
        })
    case .multiRead:
      [
        .multiRead([.getData(path: path), .getChildren(path: path)]),
        .multiRead([.getChildren(path: path + "/none"), .getData(path: Path.parent(of: path))]),
      ]
    case .getEphemerals: [path, Path.parent(of: path)].map { .getEphemerals(prefix: $0) }
    case .countChildren: [path, Path.parent(of: path)].map { .getAllChildrenNumber(path: $0) }
    case .whoAmI: [.whoAmI]
    case .addWatch, .setWatches2, .checkWatches, .removeWatches: watchings(on: path)
    }
  }

  /// An hour in milliseconds: nothing goes by itself while it is looked at.
  static let hour: Int64 = 3_600_000

  /// Containers that nobody creates anything in.
  static func containers(below path: String) -> [Create] {
    [
      Create(path + "/c", mode: .container), Create(path + "/c", acl: [], mode: .container),
      Create(path + "/..", mode: .container),
    ]
  }

  /// With times, and with what is none.
  static func ttls(below path: String) -> [Create] {
    [
      Create(path + "/c", ttl: hour), Create(path + "/c", ttl: hour, sequential: true),
      Create(path + "/c", ttl: 0), Create(path + "/c", acl: [], ttl: hour),
    ]
  }

  private func watchings(on path: String) -> [Request] {
    let parent = Path.parent(of: path)
    let modes: [AddWatchMode] = [.persistent, .persistentRecursive]
    switch self {
    case .addWatch:
      return [path, parent].flatMap { path in modes.map { .addWatch(path: path, mode: $0) } }
        + [.addWatch(path: path, mode: AddWatchMode(rawValue: 2))]
    case .setWatches2:
      return [Zxid.zero, Zxid(.max)].flatMap { zxid in
        [
          SetWatches.Lasting(persistent: [path]), SetWatches.Lasting(recursive: [path]),
          SetWatches.Lasting(persistent: [path, parent], recursive: [path, parent]),
        ].map { .setWatches(SetWatches(relativeZxid: zxid, data: [path], lasting: $0)) }
      }
    case .checkWatches: return WatcherType.named.map { .checkWatches(path: path, type: $0) }
    default: return WatcherType.named.map { .removeWatches(path: path, type: $0) }
    }
  }

  private static let versions: [Version] = [.any, 0, 3]

  private func creations(on path: String, withStat: Bool) -> [Create] {
    let modes: [CreateMode] = [
      .persistent, .ephemeral, .persistentSequential, .ephemeralSequential,
    ]
    return modes.map { Create(path + "/c", mode: $0, withStat: withStat) }
      + [
        Create(path, withStat: withStat), Create(path, mode: .ephemeral, withStat: withStat),
        Create(path + "/c", acl: [], withStat: withStat),
        Create(path + "/c", acl: [], mode: .ephemeralSequential, withStat: withStat),
        Create(path + "/c/", withStat: withStat),
      ]
  }

  /// Each alone, after a create that has to be taken back with it, and before a check that fails.
  private func multis(_ operations: [ZooKeeper.Operation]) -> [Request] {
    operations.flatMap { operation -> [Request] in
      let path = Path.parent(of: operation.path)
      return [
        .multi([operation]),
        .multi([.create(Create(path + "/first")), operation]),
        .multi([operation, .check(path: path, version: 99)]),
      ]
    }
  }
}
