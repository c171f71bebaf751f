public import ZooKeeper

/// The watches that the server holds for this session, as far as the client can know.
///
/// A server forgets a connection's watches with the connection. The client keeps these lists
/// to set them again on the next, and they are exact: a watch enters with the reply that says it
/// was set, and leaves with the event that says it has fired, or when it is taken back.
///
/// | call with a watch            | reply    | list       |
/// | ---------------------------- | -------- | ---------- |
/// | getData                      | Ok       | data       |
/// | exists                       | Ok       | data       |
/// | exists                       | NoNode   | exist      |
/// | getChildren, getChildren2    | Ok       | child      |
/// | addWatch persistent          | Ok       | persistent |
/// | addWatch persistentRecursive | Ok       | recursive  |
///
/// | event                          | leaves the lists   |
/// | ------------------------------ | ------------------ |
/// | NodeCreated, NodeDataChanged   | data, exist        |
/// | NodeChildrenChanged            | child              |
/// | NodeDeleted                    | data, exist, child |
///
/// What stands in the last two lists leaves only with removeWatches.
///
/// Paths are the server's, the chroot included.
///
/// Source: Apache ZooKeeper, `ZKWatchManager`.
public struct WatchRegistry: Hashable, Sendable {
  private var data: Set<PathKey> = []
  private var exist: Set<PathKey> = []
  private var child: Set<PathKey> = []
  private var persistent: Set<PathKey> = []
  private var recursive: Set<PathKey> = []

  /// No watch.
  public init() {}

  /// Whether there is no watch.
  public var isEmpty: Bool {
    [data, exist, child, persistent, recursive].allSatisfy(\.isEmpty)
  }

  /// Whether there is a watch that stays on this very path.
  func holds(_ mode: AddWatchMode, _ path: String) -> Bool {
    (mode == .persistent ? persistent : recursive).contains(PathKey(path))
  }

  /// Takes note of what a reply says about the watch that `request` may have asked for.
  public mutating func note(_ request: Request, _ result: Result<Answer, ErrorCode>) {
    switch (request, result) {
    case (.getData(let path, true), .success), (.exists(let path, true), .success):
      data.insert(PathKey(path))
    case (.exists(let path, true), .failure(.noNode)):
      exist.insert(PathKey(path))
    case (.getChildren(let path, true, _), .success):
      child.insert(PathKey(path))
    case (.addWatch(let path, .persistent), .success):
      persistent.insert(PathKey(path))
    case (.addWatch(let path, .persistentRecursive), .success):
      recursive.insert(PathKey(path))
    default:
      break
    }
  }

  /// Forgets the watches that were taken back.
  ///
  /// - Returns: What to tell of it: an event type for each kind of watch that there was.
  @discardableResult
  package mutating func remove(_ type: WatcherType, at path: String) -> [EventType] {
    let path = PathKey(path)
    var told: [EventType] = []
    func isMeant(_ types: WatcherType...) -> Bool { type == .any || types.contains(type) }
    if isMeant(.children), child.remove(path) != nil { told.append(.childWatchRemoved) }
    if isMeant(.data) {
      let (ofNode, ofNone) = (data.remove(path), exist.remove(path))
      if ofNode != nil || ofNone != nil { told.append(.dataWatchRemoved) }
    }
    let lasted = isMeant(.persistent) && persistent.remove(path) != nil
    let reached = isMeant(.persistentRecursive) && recursive.remove(path) != nil
    if lasted || reached { told.append(.persistentWatchRemoved) }
    return told
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
    func add(_ path: PathKey, _ put: (inout SetWatches, String) -> Void) {
      if size > 0, size + path.path.utf8.count > WatchRegistry.batchLimit {
        batches.append(batch)
        batch = SetWatches(relativeZxid: zxid)
        size = 0
      }
      put(&batch, path.path)
      size += max(path.path.utf8.count, 1)
    }
    for path in data.sorted() { add(path) { $0.data.append($1) } }
    for path in exist.sorted() { add(path) { $0.exist.append($1) } }
    for path in child.sorted() { add(path) { $0.child.append($1) } }
    // Only what needs setWatches2 asks for it: servers know it since 3.6.
    for path in persistent.sorted() {
      add(path) { batch, path in
        batch.lasting = batch.lasting ?? SetWatches.Lasting()
        batch.lasting?.persistent.append(path)
      }
    }
    for path in recursive.sorted() {
      add(path) { batch, path in
        batch.lasting = batch.lasting ?? SetWatches.Lasting()
        batch.lasting?.recursive.append(path)
      }
    }
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
