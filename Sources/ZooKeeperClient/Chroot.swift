internal import ZooKeeper

/// The node that a client takes for the root.
///
/// It stands before every path that leaves the client and is cut off every path that comes back,
/// in answers and in events.
///
/// A path that does not begin with `/` is no path, and stays as it is: the server shall refuse
/// what the caller wrote, not `/app` with something attached to it. The empty path, which reads
/// take for the root, becomes the chroot in reads only.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Sessions".
public struct Chroot: Hashable, Sendable {
  /// The path, empty for none.
  public let path: String

  /// Paths stay as they are.
  public static let none = Chroot(unchecked: "")

  private init(unchecked path: String) { self.path = path }

  /// The root at `path`; ``none`` for `""` and `"/"`; `nil` for what is no path.
  public init?(_ path: String) {
    if path == "" || path == "/" {
      self = .none
      return
    }
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    guard names.first == "", names.dropFirst().allSatisfy({ !["", ".", ".."].contains($0) }),
      !path.utf8.contains(0)
    else { return nil }
    self.path = path
  }

  // MARK: Outward

  enum Use { case read, write }

  func out(_ path: String, _ use: Use) -> String {
    if self.path.isEmpty { return path }
    if path == "/" { return self.path }
    if path.isEmpty { return use == .read ? self.path : path }
    return path.utf8.first == UInt8(ascii: "/") ? self.path + path : path
  }

  func out(_ create: Create) -> Create {
    var create = create
    create.path = out(create.path, .write)
    return create
  }

  func out(_ operation: Operation) -> Operation {
    switch operation {
    case .create(let create): .create(out(create))
    case .delete(let path, let version): .delete(path: out(path, .write), version: version)
    case .setData(let path, let data, let version):
      .setData(path: out(path, .write), data: data, version: version)
    case .check(let path, let version): .check(path: out(path, .write), version: version)
    }
  }

  func out(_ request: Request) -> Request {
    switch request {
    case .create(let create): .create(out(create))
    case .delete(let path, let version): .delete(path: out(path, .write), version: version)
    case .exists(let path, let watch): .exists(path: out(path, .read), watch: watch)
    case .getData(let path, let watch): .getData(path: out(path, .read), watch: watch)
    case .setData(let path, let data, let version):
      .setData(path: out(path, .write), data: data, version: version)
    case .getACL(let path): .getACL(path: out(path, .read))
    case .setACL(let path, let acl, let version):
      .setACL(path: out(path, .write), acl: acl, version: version)
    case .getChildren(let path, let watch, let withStat):
      .getChildren(path: out(path, .read), watch: watch, withStat: withStat)
    case .sync(let path): .sync(path: path.map { out($0, .read) })
    case .check(let path, let version): .check(path: out(path, .write), version: version)
    case .multi(let operations): .multi(operations.map(out))
    case .setWatches(let watches): .setWatches(watches.mappingPaths { out($0, .read) })
    case .addWatch(let path, let mode): .addWatch(path: out(path, .read), mode: mode)
    case .checkWatches(let path, let type): .checkWatches(path: out(path, .read), type: type)
    case .removeWatches(let path, let type): .removeWatches(path: out(path, .read), type: type)
    case .multiRead(let operations): .multiRead(operations.map(out))
    case .getEphemerals(let prefix): .getEphemerals(prefix: outPrefix(prefix))
    case .getAllChildrenNumber(let path): .getAllChildrenNumber(path: out(path, .read))
    case .ping, .auth, .sasl, .whoAmI, .reconfig, .closeSession: request
    }
  }

  func out(_ operation: ReadOperation) -> ReadOperation {
    switch operation {
    case .getData(let path): .getData(path: out(path, .read))
    case .getChildren(let path): .getChildren(path: out(path, .read))
    }
  }

  /// A prefix is no path: that of everything ends with the slash below the root.
  private func outPrefix(_ prefix: String?) -> String? {
    if path.isEmpty { return prefix }
    let isOfAll = prefix == nil || prefix == "" || prefix == "/"
    return isOfAll ? path + "/" : prefix.map { path + $0 }
  }

  // MARK: Inward

  func back(_ path: String) -> String {
    guard !self.path.isEmpty, path.utf8.starts(with: self.path.utf8) else { return path }
    let rest = path.utf8.dropFirst(self.path.utf8.count)
    if rest.isEmpty { return "/" }
    return rest.first == UInt8(ascii: "/") ? String(Substring(rest)) : path
  }

  func back(_ answer: Answer) -> Answer {
    switch answer {
    case .created(let path, let stat): .created(path: back(path), stat)
    case .synced(let path): .synced(path: path.map(back))
    case .multi(let results): .multi(results.map(back))
    case .ephemerals(let paths): .ephemerals(paths.map(back))
    case .done, .stat, .data, .acl, .children, .multiRead, .count, .identities, .watchAdded, .token:
      answer
    }
  }

  private func back(_ result: OperationResult) -> OperationResult {
    guard case .created(let path, let stat) = result else { return result }
    return .created(path: back(path), stat)
  }
}
