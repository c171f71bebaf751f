/// Whoever may be told of changes: one connection.
///
/// Not a session: watches go with the connection, and a client that comes back with the same
/// session sets its watches again.
public struct WatcherID: RawRepresentable, Hashable, Comparable, Sendable {
  /// A number that no other connection of this server has or had.
  public let rawValue: Int

  /// The watcher of this number.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The watcher of this number.
  public init(_ rawValue: Int) { self.rawValue = rawValue }

  /// The order in which watchers of one path are told.
  public static func < (a: WatcherID, b: WatcherID) -> Bool { a.rawValue < b.rawValue }
}

/// An event for one watcher.
public struct Notification: Hashable, Sendable {
  /// Who is told.
  public var watcher: WatcherID
  /// What.
  public var event: WatchEvent

  /// The notification of these parts.
  public init(_ watcher: WatcherID, _ event: WatchEvent) {
    self.watcher = watcher
    self.event = event
  }
}

/// The watches of one server.
///
/// There are two tables, and no third for `exists`: a watch left by `exists` is a data watch, and
/// what tells a client of the node's creation is that only `exists` could leave one where there
/// was no node.
///
/// A persistent watch stands in both tables, a recursive one in that of data, where it also stands
/// for the nodes below; before 3.9 in both, and a path has one watch of a connection in a table, of
/// the kind that was left last (``Dialect/watchModesAreIndependent``).
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Watches"; Apache ZooKeeper, `WatchManager`.
public struct Watches: Hashable, Sendable {
  var data: WatchTable
  var child: WatchTable
  let dialect: Dialect

  /// No watches.
  public init(_ dialect: Dialect = .reference) {
    self.dialect = dialect
    data = WatchTable(keepsOneKind: !dialect.watchModesAreIndependent)
    child = data
  }

  /// How many there are.
  public var count: Int { data.count + child.count }

  // begin leaving
  /// Leaves the watch that a read asked for, if its result lets it.
  ///
  /// A missing node can be watched by `exists` alone, which answers NoNode and watches for the
  /// creation. A later read without `watch` takes nothing away.
  public mutating func leave(
    after request: Request, _ result: Result<Answer, ErrorCode>, by watcher: WatcherID
  ) {
    switch (request, result) {
    case (.exists(let path, watch: true), .success),
      (.exists(let path, watch: true), .failure(.noNode)),
      (.getData(let path, watch: true), .success):
      data.add(watcher, at: path)
    case (.getChildren(let path, watch: true, _), .success):
      child.add(watcher, at: path)
    default: break
    }
  }
  // end leaving

  /// Who would be told of a change of this node's data, its creation or its deletion.
  public func watchers(ofDataAt path: String) -> Set<WatcherID> { data.watchers(at: path) }

  /// Who would be told of a child that comes or goes.
  public func watchers(ofChildrenAt path: String) -> Set<WatcherID> { child.watchers(at: path) }

  /// The nodes whose data somebody watches, in the order of their bytes, with the watchers of each.
  public var dataWatchers: [(path: String, watchers: [WatcherID])] { data.entries }

  /// Forgets a watcher, whose connection is closed.
  public mutating func forget(_ watcher: WatcherID) {
    data.forget(watcher)
    child.forget(watcher)
  }

  // begin restoring
  /// Sets the watches of an earlier connection again; what would have fired in between fires now.
  ///
  /// Not filtered by ACLs. A node that was deleted and created again since then is told as a
  /// change of its data: nothing of it remembers more.
  ///
  /// - Returns: The events, in order; they go out before the reply.
  public mutating func restore(
    _ watches: SetWatches, by watcher: WatcherID, in tree: Tree
  ) -> [WatchEvent] {
    var events: [WatchEvent] = []
    for path in watches.data {
      switch tree[path] {
      case nil: events.append(WatchEvent(.nodeDeleted, path))
      case let node? where node.mzxid > watches.relativeZxid:
        events.append(WatchEvent(.nodeDataChanged, path))
      default: data.add(watcher, at: path)
      }
    }
    for path in watches.exist {
      if tree[path] != nil {
        events.append(WatchEvent(.nodeCreated, path))
      } else {
        data.add(watcher, at: path)
      }
    }
    for path in watches.child {
      switch tree[path] {
      case nil: events.append(WatchEvent(.nodeDeleted, path))
      case let node? where node.pzxid > watches.relativeZxid:
        events.append(WatchEvent(.nodeChildrenChanged, path))
      default: child.add(watcher, at: path)
      }
    }
    // Nobody knows which changes these were told already: what was missed stays so.
    for path in watches.lasting?.persistent ?? [] { leave(.persistent, at: path, by: watcher) }
    for path in watches.lasting?.recursive ?? [] { leave(.recursive, at: path, by: watcher) }
    return events
  }
  // end restoring

  // begin trigger
  /// Fires, in order, the watches that these changes concern; those of one shot are gone then.
  ///
  /// A watcher hears of a change to a node once, however many of its watches it concerns, and of
  /// the parent's children once.
  ///
  /// - Parameters:
  ///   - changes: What a transaction did.
  ///   - mayRead: Whether a watcher may read a node with this ACL. One that may not is told
  ///     nothing, and its watch is gone all the same.
  public mutating func trigger(
    _ changes: [Change], mayRead: (WatcherID, [ACL]) -> Bool = { _, _ in true }
  ) -> [Notification] {
    var notifications: [Notification] = []
    func tell(_ type: EventType, _ path: String, _ acl: [ACL], _ watchers: Set<WatcherID>) {
      for watcher in watchers.sorted() where mayRead(watcher, acl) {
        notifications.append(Notification(watcher, WatchEvent(type, path)))
      }
    }
    for change in changes {
      let path = change.path
      let watchers = data.fire(path)
      switch change.kind {
      case .created: tell(.nodeCreated, path, change.acl, watchers)
      case .dataChanged: tell(.nodeDataChanged, path, change.acl, watchers)
      case .deleted:
        // Somebody who watched data and children hears of it once.
        tell(.nodeDeleted, path, change.acl, watchers)
        tell(.nodeDeleted, path, change.acl, child.fire(path).subtracting(watchers))
      }
      if change.kind != .dataChanged, let parent = Path.split(path)?.parent.string {
        let watchers = child.fire(parent, ofChildren: true)
        tell(.nodeChildrenChanged, parent, change.parentACL, watchers)
      }
    }
    return notifications
  }
  // end trigger
}
