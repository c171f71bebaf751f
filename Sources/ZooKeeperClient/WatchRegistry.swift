public import ZooKeeper

/// The one-shot watches that the server holds for this session, as far as the client can know.
///
/// A server forgets a connection's watches with the connection. The client keeps these lists
/// to set them again on the next, and they are exact: a watch enters with the reply that says it
/// was set, and leaves with the event that says it has fired.
///
/// | call with a watch          | reply    | list  |
/// | -------------------------- | -------- | ----- |
/// | getData                    | Ok       | data  |
/// | exists                     | Ok       | data  |
/// | exists                     | NoNode   | exist |
/// | getChildren, getChildren2  | Ok       | child |
///
/// | event                          | leaves the lists   |
/// | ------------------------------ | ------------------ |
/// | NodeCreated, NodeDataChanged   | data, exist        |
/// | NodeChildrenChanged            | child              |
/// | NodeDeleted                    | data, exist, child |
///
/// Paths are the server's, the chroot included.
///
/// Source: Apache ZooKeeper, `ZKWatchManager`.
public struct WatchRegistry: Hashable, Sendable {
  private var data: Set<PathKey> = []
  private var exist: Set<PathKey> = []
  private var child: Set<PathKey> = []

  /// No watch.
  public init() {}

  /// Whether there is no watch.
  public var isEmpty: Bool { data.isEmpty && exist.isEmpty && child.isEmpty }

  /// Takes note of what a reply says about the watch that `request` may have asked for.
  public mutating func note(_ request: Request, _ result: Result<Answer, ErrorCode>) {
    switch (request, result) {
    case (.getData(let path, true), .success), (.exists(let path, true), .success):
      data.insert(PathKey(path))
    case (.exists(let path, true), .failure(.noNode)):
      exist.insert(PathKey(path))
    case (.getChildren(let path, true, _), .success):
      child.insert(PathKey(path))
    default:
      break
    }
  }

  /// Takes note of an event.
  public mutating func note(_ event: WatchEvent) {
    let path = PathKey(event.path)
    switch event.type {
    case .nodeCreated, .nodeDataChanged:
      data.remove(path)
      exist.remove(path)
    case .nodeChildrenChanged:
      child.remove(path)
    case .nodeDeleted:
      data.remove(path)
      exist.remove(path)
      child.remove(path)
    default:
      break
    }
  }

  /// The most bytes of paths that one setWatches carries: far below what a server accepts.
  public static let batchLimit = 128 << 10

  /// What sets all of them again, in as few requests as ``batchLimit`` allows; paths in the order
  /// of their bytes.
  public func setWatches(since zxid: Zxid) -> [SetWatches] {
    var batches: [SetWatches] = []
    var batch = SetWatches(relativeZxid: zxid)
    var size = 0
    func add(_ path: PathKey, _ list: WritableKeyPath<SetWatches, [String]>) {
      if size > 0, size + path.path.utf8.count > WatchRegistry.batchLimit {
        batches.append(batch)
        batch = SetWatches(relativeZxid: zxid)
        size = 0
      }
      batch[keyPath: list].append(path.path)
      size += max(path.path.utf8.count, 1)
    }
    for path in data.sorted() { add(path, \.data) }
    for path in exist.sorted() { add(path, \.exist) }
    for path in child.sorted() { add(path, \.child) }
    if size > 0 { batches.append(batch) }
    return batches
  }
}

/// A path as the server compares paths: by its bytes.
///
/// Swift's strings are equal when they look alike, and "é" can be written in two ways that
/// are two nodes.
struct PathKey: Hashable, Comparable {
  let path: String

  init(_ path: String) { self.path = path }

  static func == (a: PathKey, b: PathKey) -> Bool { a.path.utf8.elementsEqual(b.path.utf8) }

  static func < (a: PathKey, b: PathKey) -> Bool {
    a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in path.utf8 { hasher.combine(byte) }
  }
}
