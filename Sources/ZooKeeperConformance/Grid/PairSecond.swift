import ZooKeeper

/// What stands behind it in the same segment.
enum PairSecond: String, CaseIterable, Sendable {
  case reads, creates, writes, multis
  case laterReads = "later-reads"

  /// Whether Apache's server answers so as if each waited for the one before.
  ///
  /// It judges a write by the ACL that is applied, not by the one under way: which of the two a
  /// write right behind a setACL meets is a race.
  func isPromised(behind first: PairFirst) -> Bool {
    first != .setACL || self == .reads || self == .laterReads
  }

  /// What it is called in a sentence.
  var words: String {
    switch self {
    case .reads: "each read"
    case .creates: "each create"
    case .writes: "each other write"
    case .multis: "multis"
    case .laterReads: "each read that came after 3.4"
    }
  }

  /// What a server must have for it.
  var needs: [String] {
    switch self {
    case .multis: ["multi", "multiFates"]
    case .laterReads:
      ["multiRead", "getEphemerals", "countChildren", "whoAmI", "checkWatches", "addWatch"]
    default: []
    }
  }

  /// The requests about a node in a folder, each for a segment of its own.
  func requests(on path: String, in folder: String) -> [Request] {
    let data = Array("second".utf8)
    switch self {
    case .reads:
      return [
        .exists(path: path), .getData(path: path), .getACL(path: path), .getChildren(path: path),
        .getChildren(path: folder, withStat: true), .sync(path: path),
      ]
    case .creates:
      return [
        .create(Create(path, data: data)), .create(Create(path + "/c", data: data)),
        .create(Create(path + "/c", data: data, mode: .ephemeral)),
        .create(Create(folder + "/s", mode: .persistentSequential)),
        .create(Create(folder + "/a", data: data, acl: .creator)),
      ]
    case .writes:
      return [
        .setData(path: path, data: data, version: .any),
        .setData(path: path, data: data, version: 0), .setData(path: path, data: data, version: 1),
        .delete(path: path, version: .any), .delete(path: path, version: 1),
        .setACL(path: path, acl: [ACL(.all, .anyone)], version: 0),
      ]
    case .multis:
      return [
        .multi([.check(path: path, version: 0), .setData(path: path, data: data, version: .any)]),
        .multi([.create(Create(path)), .create(Create(path + "/c"))]),
        .multi([.setData(path: path, data: data, version: .any), .check(path: path, version: 99)]),
        .multi([.delete(path: path, version: .any), .create(Create(path, data: data))]),
      ]
    case .laterReads:
      return [
        .multiRead([.getData(path: path), .getChildren(path: folder), .getChildren(path: path)]),
        .getEphemerals(prefix: folder), .getAllChildrenNumber(path: folder), .whoAmI,
        .checkWatches(path: path, type: .data), .checkWatches(path: path, type: .children),
        .addWatch(path: path, mode: .persistent),
      ]
    }
  }
}
