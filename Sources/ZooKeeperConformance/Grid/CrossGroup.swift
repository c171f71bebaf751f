import ZooKeeper

/// Requests that are tried on every kind of node, each for another result.
enum CrossGroup: String, CaseIterable, Sendable {
  case creates, create2s, writes, reads
  case multiCreates = "multi-creates"
  case multiCreate2s = "multi-create2s"
  case multiWrites = "multi-writes"
  case laterCreates = "later-creates"
  case laterReads = "later-reads"

  /// The number in its cases' id, never used again for another: what is new comes last.
  var number: Int { Self.allCases.firstIndex(of: self).map { $0 + 1 } ?? 0 }

  /// What a server must have for it.
  var needs: [String] {
    switch self {
    case .creates, .writes, .reads: ["resume"]
    case .create2s: ["resume", "create2"]
    case .multiCreates, .multiWrites: ["resume", "multi", "multiFates"]
    case .multiCreate2s: ["resume", "create2", "multi", "multiFates"]
    case .laterCreates: ["resume", "containers", "ttl"]
    case .laterReads:
      ["resume", "multiRead", "getEphemerals", "countChildren", "addWatch", "checkWatches"]
    }
  }

  /// The claim that its cases judge.
  var claim: String {
    switch self {
    case .creates, .create2s: "ZNODE-1"
    case .writes, .reads: "ZNODE-6"
    case .multiCreates, .multiCreate2s, .multiWrites: "GUAR-2"
    case .laterCreates: "ZNODE-7"
    case .laterReads: "READ-1"
    }
  }

  /// The requests about the node at a path.
  func requests(on path: String) -> [Request] {
    let data = Array("new".utf8)
    switch self {
    case .creates: return creations(on: path, withStat: false).map { .create($0) }
    case .create2s: return creations(on: path, withStat: true).map { .create($0) }
    case .writes:
      return [Version.any, 0, 3].flatMap { version -> [Request] in
        [
          .setData(path: path, data: data, version: version),
          .delete(path: path, version: version),
          .setACL(path: path, acl: [ACL(.all, .anyone)], version: version),
        ]
      } + [.setACL(path: path, acl: [], version: .any)]
    case .reads:
      return [false, true].flatMap { watch -> [Request] in
        [
          .exists(path: path, watch: watch), .getData(path: path, watch: watch),
          .getChildren(path: path, watch: watch),
          .getChildren(path: path, watch: watch, withStat: true),
        ]
      } + [.getACL(path: path), .sync(path: path)]
    case .multiCreates: return multis(on: path, creations(on: path, withStat: false))
    case .multiCreate2s: return multis(on: path, creations(on: path, withStat: true))
    case .multiWrites:
      return multis(
        on: path,
        [Version.any, 0, 3].flatMap { version -> [ZooKeeper.Operation] in
          [
            .setData(path: path, data: data, version: version),
            .delete(path: path, version: version), .check(path: path, version: version),
          ]
        })
    case .laterCreates:
      return (GridOperation.containers(below: path) + GridOperation.ttls(below: path)).map {
        .create($0)
      }
    case .laterReads:
      return [
        .multiRead([.getData(path: path), .getChildren(path: path)]),
        .multiRead([.getChildren(path: Path.parent(of: path)), .getChildren(path: path)]),
        .getEphemerals(prefix: path), .getAllChildrenNumber(path: path),
        .addWatch(path: path, mode: .persistent),
        .addWatch(path: path, mode: .persistentRecursive), .checkWatches(path: path, type: .any),
        .removeWatches(path: path, type: .any),
      ]
    }
  }

  /// In every mode, with an ACL that is none, with a bad name; what stands in the way.
  private func creations(on path: String, withStat: Bool) -> [Create] {
    let modes: [CreateMode] = [
      .persistent, .ephemeral, .persistentSequential, .ephemeralSequential,
    ]
    return modes.flatMap { mode in
      [
        Create(path + "/c", mode: mode, withStat: withStat),
        Create(path + "/c", acl: [], mode: mode, withStat: withStat),
        Create(path + "/..", mode: mode, withStat: withStat),
      ]
    } + [
      Create(path, withStat: withStat), Create(path, mode: .ephemeral, withStat: withStat),
      Create(path + "/c", mode: CreateMode(rawValue: 7), withStat: withStat),
    ]
  }

  private func multis(on path: String, _ creates: [Create]) -> [Request] {
    // What becomes of a bad name and of unknown flags in a multi, editions answer differently.
    let usual = creates.filter { !$0.path.hasSuffix("..") && $0.mode.rawValue != 7 }
    return multis(on: path, usual.map { .create($0) })
  }

  /// Each alone, before a check that fails, and behind one.
  private func multis(on path: String, _ operations: [ZooKeeper.Operation]) -> [Request] {
    let failing = ZooKeeper.Operation.check(path: Path.parent(of: path), version: 99)
    return operations.flatMap { operation -> [Request] in
      [.multi([operation]), .multi([operation, failing]), .multi([failing, operation])]
    }
  }
}
