import ZooKeeper

/// The watches that a client has left, and when each must have fired, as the judge has it.
struct JudgedWatches: Hashable, Sendable {
  /// On nodes and their data, by path.
  private var data: [String: Left] = [:]
  /// On children, by path.
  private var child: [String: Left] = [:]
  /// Whether the watches of an earlier connection are being set again.
  private var isRestoring = false
  /// The nodes of which was told meanwhile that they are gone: of data and of children apart.
  private var toldGone: Set<String> = []

  /// A watch.
  private struct Left: Hashable {
    /// The zxid of the read that left it: what comes behind it fires it.
    var since: Int64
    /// Whether it waits for a node to be created.
    let isOfNothing: Bool
  }

  // MARK: What a client does

  /// A read is answered, and leaves the watch that it asks for.
  mutating func leave(after request: ZooKeeper.Request, _ reply: Reply) {
    let zxid = reply.zxid.rawValue
    switch (request, reply.result) {
    case (.exists(let path, watch: true), .success), (.getData(let path, watch: true), .success):
      if data[path] == nil { data[path] = Left(since: zxid, isOfNothing: false) }
    case (.exists(let path, watch: true), .failure(.noNode)):
      if data[path] == nil { data[path] = Left(since: zxid, isOfNothing: true) }
    case (.getChildren(let path, watch: true, _), .success):
      if child[path] == nil { child[path] = Left(since: zxid, isOfNothing: false) }
    default: break
    }
  }

  /// The client has another connection: its watches are to be set again.
  mutating func reconnect() {
    isRestoring = !data.isEmpty || !child.isEmpty
    toldGone = []
  }

  /// They are set: a node that came and went meanwhile is not told of.
  mutating func areSet(at zxid: Int64, in tree: JudgedTree) {
    isRestoring = false
    for (path, left) in data where left.isOfNothing && tree.node(path, at: zxid) == nil {
      data[path]?.since = max(left.since, zxid)
    }
  }

  // MARK: Judging

  /// Whether something is shown at a zxid although a watch should have told of it before.
  func isOverdue(at zxid: Int64, in tree: JudgedTree) -> Bool {
    data.contains { path, left in
      tree.firstDataChange(of: path, after: left.since).map { $0.zxid <= zxid } ?? false
    }
      || child.contains { path, left in
        tree.firstChildChange(of: path, after: left.since).map { $0 <= zxid } ?? false
          || tree.deletion(of: path, after: left.since).map { $0 <= zxid } ?? false
      }
  }

  /// A watch fires.
  ///
  /// - Returns: whether there is such a watch, and this is what it has to tell, in its turn.
  mutating func fire(_ event: WatchEvent, at zxid: Int64, in tree: JudgedTree) -> Bool {
    let path = event.path
    /// While they are set again they tell of any change meanwhile, later of the first at once.
    let isRestoring = isRestoring
    func isRight(_ change: Int64?) -> Bool {
      isRestoring ? change.map { $0 <= zxid } ?? false : change == zxid
    }
    let told: Bool
    switch event.type {
    case .nodeChildrenChanged:
      guard let left = child.removeValue(forKey: path) else { return false }
      // A node that went and came again while its client was away has other children.
      let change = tree.firstChildChange(of: path, after: left.since)
      told =
        isRight(change)
        || isRestoring && tree.node(path, at: zxid) != nil
          && isRight(tree.deletion(of: path, after: left.since))
    case .nodeDeleted:
      let both = [data.removeValue(forKey: path), child.removeValue(forKey: path)].compactMap { $0 }
      guard !both.isEmpty else { return isRestoring && toldGone.contains(path) }
      toldGone.insert(path)
      told =
        both.allSatisfy { isRight(tree.deletion(of: path, after: $0.since)) }
        && (!isRestoring || tree.node(path, at: zxid) == nil)
    case .nodeCreated, .nodeDataChanged:
      guard let left = data.removeValue(forKey: path) else { return false }
      let change = tree.firstDataChange(of: path, after: left.since)
      let isOfKind =
        isRestoring
        ? tree.node(path, at: zxid) != nil && (event.type == .nodeCreated) == left.isOfNothing
        : change?.type == event.type
      told = isOfKind && isRight(change?.zxid)
    default: return false
    }
    // Those that fire on one connection tell in the order of what happened.
    return told && (isRestoring || !isOverdue(at: zxid - 1, in: tree))
  }
}
