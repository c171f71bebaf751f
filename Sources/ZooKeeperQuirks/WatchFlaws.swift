import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Events that do not come, come twice, come late, or tell what is not so.
///
/// Source for all: ZooKeeper Programmer's Guide, "ZooKeeper Watches"; WATCH-1 to WATCH-6.
extension Quirk {
  static let watchFlaws: [Quirk] =
    lostEvents + doubledEvents + wrongEvents + lateEvents + wrongWatches

  // begin events
  private static let lostEvents: [Quirk] = [
    loses("data-event-lost-on-set", "Setting data fires no watch.") { event, _ in
      event.type == .nodeDataChanged
    },
    loses("event-lost-on-delete", "Deleting a node fires no watch on it.") { event, _ in
      event.type == .nodeDeleted
    },
    loses("event-lost-on-create", "Creating a node fires no watch that exists has left.") {
      event, _ in event.type == .nodeCreated
    },
    loses("child-event-lost-on-create", "A new child fires no watch.") { event, done in
      event.type == .nodeChildrenChanged && !done.paths(.created).isEmpty
    },
    loses("child-event-lost-on-delete", "A child that goes fires no watch.") { event, done in
      event.type == .nodeChildrenChanged && !done.paths(.deleted).isEmpty
    },
    loses("events-lost-when-a-session-ends", "What goes with its session fires no watch.") {
      _, done in if case .closeSession = done.transaction.body { true } else { false }
    },
    loses("events-lost-in-a-multi", "What a multi does fires no watch.") { _, done in
      if case .multi = done.transaction.body { true } else { false }
    },
    loses("same-bytes-fire-nothing", "Setting the data that is there fires no watch.") {
      event, done in
      for case .setData(let path, let data, _) in done.transaction.leaves where path == event.path {
        return done.before[path]?.data == data
      }
      return false
    },
    event("only-one-watcher-is-told", "Of those who watch a path only one is told.") {
      notifications, _, _ in
      var seen: Set<WatchEvent> = []
      notifications.removeAll { !seen.insert($0.event).inserted }
    },
    flaw("own-changes-fire-nothing", "A session is not told of what it does itself.", "WATCH-3") {
      $0.frames = { frames, asked, _ in
        guard asked.request?.opcode != .setWatches else { return }
        frames.now.removeAll { $0.frame.isEvent && $0.connection == asked.connection }
      }
    },
    event("deleting-fires-no-child-watch", "A child watch is not told that its node is gone.") {
      notifications, _, done in
      notifications.removeAll { each in
        each.event.type == .nodeDeleted && !done.dataWatchers(of: each.event.path, each.watcher)
      }
    },
    event("deleting-fires-no-data-watch", "A data watch is not told that its node is gone.") {
      notifications, _, done in
      notifications.removeAll { each in
        each.event.type == .nodeDeleted && done.dataWatchers(of: each.event.path, each.watcher)
      }
    },
  ]

  private static let doubledEvents: [Quirk] = [
    event("events-come-twice", "Every event is sent twice.") { notifications, _, _ in
      notifications = notifications.flatMap { [$0, $0] }
    },
    event("deletions-come-twice", "A deletion is told as deleted and as changed children.") {
      notifications, _, _ in
      notifications = notifications.flatMap { each in
        each.event.type == .nodeDeleted
          ? [each, Notification(each.watcher, WatchEvent(.nodeChildrenChanged, each.event.path))]
          : [each]
      }
    },
    event("data-watches-stay", "A data watch fires for every change, not only the first.") {
      notifications, watches, _ in
      for each in notifications where each.event.type == .nodeDataChanged {
        watches.leave(data: each.event.path, by: each.watcher)
      }
    },
    event("child-watches-stay", "A child watch fires for every change, not only the first.") {
      notifications, watches, _ in
      for each in notifications where each.event.type == .nodeChildrenChanged {
        watches.leave(children: each.event.path, by: each.watcher)
      }
    },
    event("watches-survive-deletion", "A watch that told of a deletion waits on.") {
      notifications, watches, _ in
      for each in notifications where each.event.type == .nodeDeleted {
        watches.leave(data: each.event.path, by: each.watcher)
      }
    },
    event("exists-watches-stay", "A watch that told of a creation waits on.") {
      notifications, watches, _ in
      for each in notifications where each.event.type == .nodeCreated {
        watches.leave(data: each.event.path, by: each.watcher)
      }
    },
  ]

  private static let wrongEvents: [Quirk] = [
    tells("deleted-told-as-changed", .nodeDeleted, as: .nodeDataChanged),
    tells("created-told-as-changed", .nodeCreated, as: .nodeDataChanged),
    tells("changed-told-as-created", .nodeDataChanged, as: .nodeCreated),
    tells("children-told-as-data", .nodeChildrenChanged, as: .nodeDataChanged),
    event("child-events-name-the-child", "A child event carries the child's path.") {
      notifications, _, done in
      for place in notifications.indices {
        let event = notifications[place].event
        if event.type == .nodeChildrenChanged,
          let child = done.changes.first(where: { Path.parent(of: $0.path) == event.path })
        {
          notifications[place].event.path = child.path
        }
      }
    },
    event("events-name-the-root", "Every event carries the path /.") { notifications, _, _ in
      for place in notifications.indices { notifications[place].event.path = "/" }
    },
    event("events-say-disconnected", "Events carry the state Disconnected.") {
      notifications, _, _ in
      for place in notifications.indices { notifications[place].event.state = .disconnected }
    },
    flaw("events-go-to-another-session", "Events go to a session that has not asked.", "WATCH-3") {
      $0.frames = { frames, asked, server in
        for place in frames.now.indices where frames.now[place].frame.isEvent {
          let other = server.openConnections.first { $0 != frames.now[place].connection }
          if let other { frames.now[place].connection = other }
        }
      }
    },
    flaw("events-go-to-everybody", "Every session gets every event.", "WATCH-3") {
      $0.frames = { frames, _, server in
        frames.now = frames.now.flatMap { each in
          guard each.frame.isEvent else { return [each] }
          return server.openConnections.map { Outgoing(connection: $0, frame: each.frame) }
        }
      }
    },
    event("setting-fires-the-parents-watch", "Setting data fires child watches of the parent.") {
      notifications, watches, done in
      for path in done.paths(.dataChanged) {
        notifications += watches.takeChildren(of: Path.parent(of: path))
      }
    },
    event("grandchildren-fire", "A child watch fires for what happens further below.") {
      notifications, watches, done in
      for path in done.paths(.created) + done.paths(.deleted) where Path.parent(of: path) != "/" {
        notifications += watches.takeChildren(of: Path.parent(of: Path.parent(of: path)))
      }
    },
    event("children-fire-data-watches", "A new child fires data watches of the parent.") {
      notifications, watches, done in
      for path in done.paths(.created) {
        notifications += watches.trigger([
          Change(.dataChanged, Path.parent(of: path), acl: [], parentACL: [])
        ])
      }
    },
    event("setACL-fires-data-watches", "Setting an ACL fires data watches.") {
      notifications, watches, done in
      for path in done.pathsWithNewACL {
        notifications += watches.trigger([Change(.dataChanged, path, acl: [])])
      }
    },
  ]

  private static let lateEvents: [Quirk] = [
    flaw(
      "events-after-the-reply", "A session's event comes after the reply that shows it.", "WATCH-4"
    ) {
      $0.frames = { frames, _, _ in
        frames.now =
          frames.now.filter { !$0.frame.isEvent } + frames.now.filter(\.frame.isEvent)
      }
    },
    flaw("events-come-late", "An event comes after the next reply, not before it.", "WATCH-4") {
      $0.frames = { frames, _, _ in
        frames.later += frames.now.filter(\.frame.isEvent)
        frames.now.removeAll { $0.frame.isEvent }
      }
    },
    flaw("events-in-reverse-order", "The events of one change come in reverse order.", "WATCH-4") {
      $0.frames = { frames, _, _ in
        frames.now =
          frames.now.filter(\.frame.isEvent).reversed() + frames.now.filter { !$0.frame.isEvent }
      }
    },
    event("failed-sets-fire", "A setData that fails fires data watches all the same.") {
      notifications, watches, done in
      guard done.transaction.code != nil, case .setData(let path, _, _) = done.asked.request else {
        return
      }
      notifications += watches.trigger([Change(.dataChanged, path, acl: [])])
    },
    event("failed-creates-fire", "A create that fails fires child watches of the parent.") {
      notifications, watches, done in
      guard done.transaction.code != nil, let create = done.asked.create else { return }
      notifications += watches.takeChildren(of: Path.parent(of: create.path))
    },
  ]

  /// Watches that are left where they should not be, or not left.
  private static let wrongWatches: [Quirk] = [
    leaves("no-watch-on-missing-nodes", "exists leaves no watch where there is no node.") {
      watch, _, _ in
      if case .exists = watch.request, case .failure = watch.result { watch.request = .ping }
    },
    leaves("exists-leaves-no-watch", "exists leaves no watch where there is a node.") {
      watch, _, _ in
      if case .exists = watch.request, case .success = watch.result { watch.request = .ping }
    },
    leaves("getData-leaves-no-watch", "getData leaves no watch.") { watch, _, _ in
      if case .getData = watch.request { watch.request = .ping }
    },
    leaves("getChildren-leaves-no-watch", "getChildren leaves no watch.") { watch, _, _ in
      if case .getChildren = watch.request { watch.request = .ping }
    },
    leaves("getChildren2-leaves-no-watch", "getChildren2 leaves no watch.") { watch, _, _ in
      if case .getChildren(_, _, withStat: true) = watch.request { watch.request = .ping }
    },
    leaves("missing-nodes-are-watched", "getData leaves a watch where there is no node.") {
      watch, _, _ in
      if case .getData(let path, let isWatch) = watch.request, case .failure = watch.result {
        watch.request = .exists(path: path, watch: isWatch)
      }
    },
    leaves("missing-children-are-watched", "getChildren leaves a watch where there is no node.") {
      watch, _, _ in
      if case .getChildren = watch.request, case .failure(.noNode) = watch.result {
        watch.result = .success(.children([]))
      }
    },
    leaves("closed-nodes-are-watched", "getData leaves a watch where it may not read.") {
      watch, _, _ in
      if case .getData = watch.request, case .failure(.noAuth) = watch.result {
        watch.result = .success(.done)
      }
    },
    leaves("data-watches-are-child-watches", "getData leaves a child watch.") { watch, _, _ in
      if case .getData(let path, let isWatch) = watch.request {
        watch.request = .getChildren(path: path, watch: isWatch)
      }
    },
    leaves("child-watches-are-data-watches", "getChildren leaves a data watch.") { watch, _, _ in
      if case .getChildren(let path, let isWatch, _) = watch.request {
        watch.request = .getData(path: path, watch: isWatch)
      }
    },
    leaves("every-read-watches", "Every read leaves a watch, asked for or not.") { watch, _, _ in
      switch watch.request {
      case .exists(let path, _): watch.request = .exists(path: path, watch: true)
      case .getData(let path, _): watch.request = .getData(path: path, watch: true)
      case .getChildren(let path, _, _): watch.request = .getChildren(path: path, watch: true)
      default: break
      }
    },
    leaves("reads-clear-watches", "A read without a watch takes the session's earlier one away.") {
      watch, watches, _ in
      guard case .getData(let path, watch: false) = watch.request else { return }
      for other in watches.trigger([Change(.dataChanged, path, acl: [])])
      where other.watcher != watch.watcher {
        watches.leave(data: path, by: other.watcher)
      }
    },
    leaves("one-watch-a-path", "A new watch replaces those of other sessions on the path.") {
      watch, watches, _ in
      if case .getData(let path, watch: true) = watch.request {
        _ = watches.trigger([Change(.dataChanged, path, acl: [])])
      }
    },
  ]
  // end events

  // The forms of these.

  private static func event(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [Notification], inout Watches, Committed) -> Void
  ) -> Quirk {
    flaw(name, summary, "WATCH-6") { $0.events = change }
  }

  private static func loses(
    _ name: String, _ summary: String,
    _ isLost: @escaping @Sendable (WatchEvent, Committed) -> Bool
  ) -> Quirk {
    event(name, summary) { notifications, _, done in
      notifications.removeAll { isLost($0.event, done) }
    }
  }

  private static func tells(_ name: String, _ type: EventType, as other: EventType) -> Quirk {
    event(name, "\(type) is told as \(other).") { notifications, _, _ in
      for place in notifications.indices where notifications[place].event.type == type {
        notifications[place].event.type = other
      }
    }
  }

  private static func leaves(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Registration, inout Watches, Server) -> Void
  ) -> Quirk {
    flaw(name, summary, "WATCH-6") { $0.watch = change }
  }
}

extension ServerFrame {
  var isEvent: Bool { if case .event = self { true } else { false } }
}

extension Watches {
  mutating func leave(data path: String, by watcher: WatcherID) {
    leave(after: .getData(path: path, watch: true), .success(.done), by: watcher)
  }

  mutating func leave(children path: String, by watcher: WatcherID) {
    leave(after: .getChildren(path: path, watch: true), .success(.done), by: watcher)
  }

  /// Fires the child watches of a path, and gives its data watches back.
  mutating func takeChildren(of path: String) -> [Notification] {
    let data = trigger([Change(.dataChanged, path, acl: [])])
    var children: [Notification] = []
    for each in trigger([Change(.deleted, path, acl: [])]) {
      if each.event.path == path {
        children.append(Notification(each.watcher, WatchEvent(.nodeChildrenChanged, path)))
      } else {
        leave(children: each.event.path, by: each.watcher)
      }
    }
    for each in data { leave(data: path, by: each.watcher) }
    return children
  }
}

extension Committed {
  /// Whether somebody had a data watch there before.
  fileprivate func dataWatchers(of path: String, _ watcher: WatcherID) -> Bool {
    var watches = watches
    return watches.trigger([Change(.dataChanged, path, acl: [])]).contains { $0.watcher == watcher }
  }
}
