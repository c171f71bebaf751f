import ProtocolCore
import ZooKeeper

/// What came after 3.4, as far as the service knows it.
extension MoveGenerator {
  /// A request of a later edition.
  mutating func later(in tree: Tree) -> Request {
    guard dialect.minor > 5 else {
      return choices.chance(1, in: 2) ? made(in: tree) : unwatch(tree)
    }
    switch choices.below(100) {
    case 0..<20: return made(in: tree)
    case 20..<45:
      return .addWatch(
        path: reachable(in: tree),
        mode: choices.pick([.persistent, .persistent, .persistentRecursive]) ?? .persistent)
    case 45..<65: return unwatch(tree)
    case 65..<78:
      return .multiRead(
        (0..<choices.below(5)).map { _ in
          let path = reachable(in: tree)
          return choices.chance(1, in: 2) ? .getData(path: path) : .getChildren(path: path)
        })
    case 78..<86:
      return .getEphemerals(prefix: choices.chance(1, in: 2) ? root : existing(in: tree))
    case 86..<94: return .getAllChildrenNumber(path: existing(in: tree))
    case 94..<97 where dialect.minor > 6: return .whoAmI
    default: return setLastingWatches(in: tree)
    }
  }

  /// A node that a server takes away by itself, though not within a run.
  private mutating func made(in tree: Tree) -> Request {
    let parent = existing(in: tree)
    guard dialect.hasTTL, !choices.chance(1, in: 3) else {
      let name = choices.pick(["box", "crate"]) ?? "box"
      return .create(
        Create(child(of: parent, name), data: payload(), acl: acl(), mode: .container))
    }
    let ttl = choices.pick([Self.hour, Self.hour, Self.hour, 0, -1, 1 << 40]) ?? Self.hour
    let name = choices.pick(Self.names) ?? "a"
    return .create(
      Create(
        child(of: parent, name), data: payload(), acl: acl(), ttl: ttl,
        sequential: choices.chance(1, in: 3)))
  }

  /// In milliseconds; no run lasts so long.
  private static let hour: Int64 = 3_600_000

  private mutating func unwatch(_ tree: Tree) -> Request {
    let path = choices.chance(3, in: 4) ? choices.pick(watched) ?? root : reachable(in: tree)
    let type = choices.pick(WatcherType.named + [.any, .any, WatcherType(rawValue: 0)]) ?? .any
    return choices.chance(1, in: 2)
      ? .checkWatches(path: path, type: type) : .removeWatches(path: path, type: type)
  }

  /// Remembers the paths of the latest watches.
  mutating func noteWatches(of request: Request) {
    switch request {
    case .exists(let path, true), .getData(let path, true), .getChildren(let path, true, _),
      .addWatch(let path, _):
      watched.append(path)
      if watched.count > 8 { watched.removeFirst() }
    default: break
    }
  }

  /// Sets watches as a client does that has come back, and had some that stay.
  private mutating func setLastingWatches(in tree: Tree) -> Request {
    guard case .setWatches(var set) = setWatches(in: tree) else { return .ping }
    var lasting = SetWatches.Lasting()
    if choices.chance(2, in: 3) { lasting.persistent.append(reachable(in: tree)) }
    if choices.chance(2, in: 3) { lasting.recursive.append(reachable(in: tree)) }
    set.lasting = lasting
    return .setWatches(set)
  }
}
