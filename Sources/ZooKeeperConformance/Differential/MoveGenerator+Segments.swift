import ProtocolCore
import ZooKeeper

/// What is sent right behind something else, and what needs several moves to come about.
extension MoveGenerator {
  /// A move in the segment of the one before; nil if the segment is to end.
  ///
  /// Nothing stands behind a close, no auth behind anything, for its reply may come first, and no
  /// write behind a setACL: Apache's server judges it by the ACL that is applied, not by the one
  /// under way.
  mutating func behind(in tree: Tree) -> Move? {
    guard let last = segment.last, last.request != .closeSession, segment.count < 6 else {
      return nil
    }
    let likelihood = interest(in: last.request) == .none ? 6 : 2
    guard choices.chance(1, in: likelihood) else { return nil }
    let request = follower(of: last.request, in: tree) ?? self.request(in: tree)
    if case .auth = request { return nil }
    let followsACL = segment.contains { if case .setACL = $0.request { true } else { false } }
    if followsACL, request.isWrite { return nil }
    return Move(client: last.client, isBehind: true, request)
  }

  /// Why something may depend on a request.
  private enum Interest: Equatable {
    case none, identity
    case watch(String)
    case children(String)
  }

  private func interest(in request: Request) -> Interest {
    switch request {
    case .auth: .identity
    case .exists(let path, true), .getData(let path, true): .watch(path)
    case .getChildren(let path, true, _): .children(path)
    case .addWatch(let path, .persistent): .watch(path)
    case .addWatch(let path, .persistentRecursive): .children(path)
    default: .none
    }
  }

  private mutating func follower(of request: Request, in tree: Tree) -> Request? {
    guard choices.chance(2, in: 3) else { return nil }
    let name = choices.pick(Self.names) ?? "a"
    switch interest(in: request) {
    case .none: return nil
    case .identity:
      var acl = [ACL].creator
      if let janitor { acl.append(janitor) }
      return .create(Create(child(of: root, name), data: payload(), acl: acl))
    case .watch(let path):
      if tree[path] == nil { return .create(Create(path, data: payload())) }
      return choices.chance(1, in: 3) && path != root
        ? .delete(path: path) : .setData(path: path, data: payload(), version: .any)
    case .children(let path): return .create(Create(child(of: path, name), data: payload()))
    }
  }

  /// Sets watches as a client does that has come back.
  mutating func setWatches(in tree: Tree) -> Request {
    var set = SetWatches(relativeZxid: choices.chance(1, in: 2) ? .zero : Zxid(.max))
    for _ in 0..<choices.below(4) {
      switch choices.below(3) {
      case 0: set.data.append(existing(in: tree))
      case 1: set.exist.append(reachable(in: tree))
      default: set.child.append(existing(in: tree))
      }
    }
    return .setWatches(set)
  }

  /// A list of children grows beyond what fits into a request, and is read.
  mutating func growing(by client: Int) -> [Move] {
    let parent = child(of: root, choices.pick(Self.names) ?? "a")
    let names = (0..<9).map { place in
      String(UnicodeScalar(UInt8(ascii: "a") + UInt8(place)))
        + String(repeating: "x", count: Self.longName - 1)
    }
    let creates = names.map { Create(parent + "/" + $0) }
    let requests: [Request] = [
      .create(Create(parent)), .multi(creates.dropLast().map { .create($0) }),
      .create(creates[8]), .getChildren(path: parent, withStat: choices.chance(1, in: 2)),
    ]
    return requests.map { Move(client: client, $0) }
  }

  /// Eight names of this length fit into a request, nine do not.
  private static let longName = 120_001
}
