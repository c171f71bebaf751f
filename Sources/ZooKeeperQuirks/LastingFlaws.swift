import NIOCore
import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Watches that do not stay, or tell what they should not.
///
/// Source for all: ZooKeeper Programmer's Guide, "Persistent, Recursive Watches"; WATCH-7.
extension Quirk {
  package static let lastingFlaws: [Quirk] =
    spentWatches + narrowedWatches + widenedWatches + addedWatches + restoredWatches

  // begin lasting
  private static let spentWatches: [Quirk] = [
    event("persistent-watches-fire-once", "A persistent watch is gone when it has fired.") {
      told, watches, _ in
      for each in told { try? watches.remove(.persistent, at: each.event.path, by: each.watcher) }
    },
    event("recursive-watches-fire-once", "A recursive watch is gone when it has fired.") {
      told, watches, _ in
      for each in told {
        for root in each.event.path.withAncestors {
          try? watches.remove(.persistentRecursive, at: root, by: each.watcher)
        }
      }
    },
    event("persistent-watches-end-with-their-node", "A deletion ends a persistent watch.") {
      told, watches, _ in
      for each in told where each.event.type == .nodeDeleted {
        try? watches.remove(.persistent, at: each.event.path, by: each.watcher)
      }
    },
    event("recursive-watches-end-with-their-node", "A deletion ends a recursive watch.") {
      told, watches, _ in
      for each in told where each.event.type == .nodeDeleted {
        try? watches.remove(.persistentRecursive, at: each.event.path, by: each.watcher)
      }
    },
    event("lasting-watches-are-spent-unread", "What a watcher may not read ends its watch.") {
      told, watches, done in
      let all = done.unfiltered
      for each in all where !told.contains(each) {
        for root in each.event.path.withAncestors {
          try? watches.remove(.any, at: root, by: each.watcher)
        }
      }
    },
    lasting("watch-modes-are-one", "A one-shot watch takes the place of a persistent one.") {
      $0.settings = { $0.dialect.watchModesAreIndependent = false }
    },
    lasting(
      "lasting-watches-outlive-their-connection", "A resumed session has its watches at once."
    ) {
      $0.keepsWatches = .ofSessions
    },
    lasting("lasting-watches-outlive-their-session", "Watches stay when their session ends.") {
      $0.keepsWatches = .ofNobody
    },
  ]

  private static let narrowedWatches: [Quirk] = [
    loses("persistent-watches-are-of-data", "A persistent watch tells nothing of children.") {
      each, done in
      each.event.type == .nodeChildrenChanged
        && done.watches.holds(.persistent, at: each.event.path, by: each.watcher)
    },
    loses("persistent-watches-are-of-children", "A persistent watch tells nothing of its node.") {
      each, done in
      each.event.type != .nodeChildrenChanged
        && done.watches.holds(.persistent, at: each.event.path, by: each.watcher)
    },
    loses("persistent-watches-miss-creations", "A persistent watch tells of no creation.") {
      each, done in
      each.event.type == .nodeCreated
        && done.watches.holds(.persistent, at: each.event.path, by: each.watcher)
    },
    loses("recursive-watches-see-one-level", "A recursive watch tells of children alone.") {
      each, done in
      each.event.path.withAncestors.dropFirst(2).contains {
        done.watches.holds(.persistentRecursive, at: $0, by: each.watcher)
      }
    },
    loses("recursive-watches-see-only-below", "A recursive watch tells nothing of its node.") {
      each, done in
      done.watches.holds(.persistentRecursive, at: each.event.path, by: each.watcher)
    },
    loses("recursive-watches-miss-deletions", "A recursive watch tells of no deletion below.") {
      each, done in
      each.event.type == .nodeDeleted && done.root(of: each) != nil
    },
    loses("lasting-watches-miss-multis", "What a multi does is told to no watch that stays.") {
      each, done in
      if case .multi = done.transaction.body { done.isLasting(each) } else { false }
    },
    loses("lasting-watches-miss-endings", "What goes with its session is told to none that stays.")
    { each, done in
      if case .closeSession = done.transaction.body { done.isLasting(each) } else { false }
    },
    loses("own-changes-fire-no-lasting-watch", "A watch that stays misses its session's changes.") {
      each, done in each.watcher == done.asked.connection && done.isLasting(each)
    },
    event("one-lasting-watcher-is-told", "Of those with a watch that stays only one is told.") {
      told, _, done in
      var seen: Set<WatchEvent> = []
      told.removeAll { done.isLasting($0) && !seen.insert($0.event).inserted }
    },
  ]

  private static let widenedWatches: [Quirk] = [
    event("recursive-watches-name-their-root", "A recursive watch names the path it is left on.") {
      told, _, done in
      for place in told.indices {
        if let root = done.root(of: told[place]) { told[place].event.path = root }
      }
    },
    event("recursive-watches-tell-of-children", "A recursive watch tells of changed children.") {
      told, _, done in
      for change in done.changes where change.kind != .dataChanged {
        let event = WatchEvent(.nodeChildrenChanged, Path.parent(of: change.path))
        let watchers = Set(told.map(\.watcher)).sorted()
        told += watchers.map { Notification($0, event) }.filter { each in
          !told.contains(each) && done.isRecursive(each)
        }
      }
    },
    event("overlapping-watches-tell-twice", "Two recursive watches tell of a change twice.") {
      told, _, done in
      told = told.flatMap { each in
        let roots = each.event.path.withAncestors.filter {
          done.watches.holds(.persistentRecursive, at: $0, by: each.watcher)
        }
        return Array(repeating: each, count: max(1, roots.count))
      }
    },
    event("both-watches-tell-twice", "A one-shot watch beside one that stays tells again.") {
      told, _, done in
      told = told.flatMap { each in
        done.isLasting(each) && done.isOnce(each) ? [each, each] : [each]
      }
    },
    event("names-alike-are-below", "A recursive watch takes names that begin alike for below.") {
      told, _, done in
      for change in done.changes {
        let shorter = change.path.prefixesInName
        for watcher in done.everybody where !told.contains(where: { $0.watcher == watcher }) {
          if shorter.contains(where: {
            done.watches.holds(.persistentRecursive, at: $0, by: watcher)
          }) {
            told.append(Notification(watcher, WatchEvent(.nodeDataChanged, change.path)))
          }
        }
      }
    },
    event("new-acls-fire-lasting-watches", "A new ACL is told to watches that stay.") {
      told, _, done in
      for path in done.pathsWithNewACL {
        let event = WatchEvent(.nodeDataChanged, path)
        told += done.everybody.map { Notification($0, event) }.filter(done.isLasting)
      }
    },
    event("lasting-watchers-need-no-read", "A watch that stays tells also who may not read.") {
      told, _, done in
      told += done.unfiltered.filter { !told.contains($0) && done.isLasting($0) }
    },
    event("failures-fire-lasting-watches", "A set that fails is told to watches that stay.") {
      told, _, done in
      guard done.transaction.code != nil, case .setData(let path, _, _) = done.asked.request else {
        return
      }
      let event = WatchEvent(.nodeDataChanged, path)
      told += done.everybody.map { Notification($0, event) }.filter(done.isLasting)
    },
  ]

  private static let addedWatches: [Quirk] = [
    lasting("addWatch-wants-a-node", "A watch that stays is refused where no node is.") {
      $0.reply = { answered, asked, server in
        guard case .addWatch(let path, _) = asked.request, server.service.applied[path] == nil
        else { return }
        answered.code = .noNode
      }
    },
    lasting("addWatch-asks-for-read", "A watch that stays is refused to who may not read.") {
      $0.reply = { answered, asked, server in
        guard case .addWatch(let path, _) = asked.request,
          let node = server.service.applied[path],
          !node.acl.allows(.read, to: asked.author.identities)
        else { return }
        answered.code = .noAuth
      }
    },
    lasting("addWatch-takes-any-mode", "A mode that is none is taken for persistent.") {
      $0.request = { asked, _ in
        guard case .addWatch(let path, let mode) = asked.request, !(0...1).contains(mode.rawValue)
        else { return }
        asked.request = .addWatch(path: path, mode: .persistent)
      }
    },
    lasting("addWatch-knows-one-mode", "Every watch that stays is a recursive one.") {
      $0.request = { asked, _ in
        guard case .addWatch(let path, .persistent) = asked.request else { return }
        asked.request = .addWatch(path: path, mode: .persistentRecursive)
      }
    },
    Quirk(
      "addWatch-has-no-code", .flaw, "The reply to an addWatch has no body.",
      source: "ClickHouse/ClickHouse#98499"
    ) {
      $0.frames = { frames, asked, _ in
        frames.replaceReply { header, answer in
          answer == .watchAdded ? .rawReply(header, body: ByteBuffer()) : nil
        }
      }
    },
    lasting("addWatch-leaves-one-shots", "addWatch leaves watches that fire once.") {
      $0.watching = { watches, asked, _ in
        guard case .addWatch(let path, _) = asked.request, let watcher = asked.connection else {
          return
        }
        try? watches.remove(.any, at: path, by: watcher)
        watches.leave(data: path, by: watcher)
        watches.leave(children: path, by: watcher)
      }
    },
  ]

  private static let restoredWatches: [Quirk] = [
    earlier("setWatches2-forgets-persistent-ones", "setWatches2 sets no persistent watch.") {
      $0.lasting?.persistent = []
    },
    earlier("setWatches2-forgets-recursive-ones", "setWatches2 sets no recursive watch.") {
      $0.lasting?.recursive = []
    },
    earlier("setWatches2-takes-recursive-for-persistent", "setWatches2 sets persistent ones only.")
    {
      let recursive = $0.lasting?.recursive ?? []
      $0.lasting?.persistent += recursive
      $0.lasting?.recursive = []
    },
    earlier("setWatches2-takes-one-path", "Of each list setWatches2 sees only the first.") {
      if let lasting = $0.lasting {
        $0.lasting = SetWatches.Lasting(
          persistent: Array(lasting.persistent.prefix(1)),
          recursive: Array(lasting.recursive.prefix(1)))
      }
    },
    earlier("setWatches2-forgets-one-shots", "setWatches2 sets no watch that fires once.") {
      if $0.lasting != nil { ($0.data, $0.exist, $0.child) = ([], [], []) }
    },
    lasting(
      "setWatches2-tells-what-was-missed", "setWatches2 tells of what persistent ones missed."
    ) {
      $0.frames = { frames, asked, server in
        guard case .setWatches(let watches) = asked.request, let id = asked.connection else {
          return
        }
        let missed = (watches.lasting?.persistent ?? []).filter {
          server.service.applied[$0].map { $0.mzxid > watches.relativeZxid } ?? false
        }
        let events = missed.map { WatchEvent(.nodeDataChanged, $0) }
        frames.now.insert(
          contentsOf: events.map {
            Outgoing(connection: id, frame: .event($0, zxid: ServerFrame.eventZxid))
          }, at: 0)
      }
    },
    lasting("setWatches2-takes-null", "setWatches2 takes a null list for an empty one.") {
      $0.request = { asked, _ in
        guard asked.header.opcode == .setWatches2, case .malformed = asked.content else { return }
        asked.content = .request(.ping)
      }
    },
  ]
  // end lasting

  // The forms of these.

  private static func lasting(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "WATCH-7", change) }

  private static func event(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [Notification], inout Watches, Committed) -> Void
  ) -> Quirk { lasting(name, summary) { $0.events = change } }

  private static func loses(
    _ name: String, _ summary: String,
    _ isLost: @escaping @Sendable (Notification, Committed) -> Bool
  ) -> Quirk {
    event(name, summary) { told, _, done in told.removeAll { isLost($0, done) } }
  }

  private static func earlier(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout SetWatches) -> Void
  ) -> Quirk {
    lasting(name, summary) {
      $0.request = { asked, _ in
        guard case .setWatches(var watches) = asked.request, watches.lasting != nil else { return }
        change(&watches)
        asked.request = .setWatches(watches)
      }
    }
  }
}

extension Committed {
  /// Whom it would be told without any permission.
  var unfiltered: [Notification] {
    var watches = watches
    return watches.trigger(changes)
  }

  /// All connections that watch something.
  var everybody: [WatcherID] { watches.watchers.sorted() }

  /// The nearest path above an event's on which its watcher has a recursive watch.
  func root(of each: Notification) -> String? {
    each.event.path.withAncestors.dropFirst().first {
      watches.holds(.persistentRecursive, at: $0, by: each.watcher)
    }
  }

  func isRecursive(_ each: Notification) -> Bool {
    each.event.path.withAncestors.contains {
      watches.holds(.persistentRecursive, at: $0, by: each.watcher)
    }
  }

  func isLasting(_ each: Notification) -> Bool {
    isRecursive(each) || watches.holds(.persistent, at: each.event.path, by: each.watcher)
  }

  func isOnce(_ each: Notification) -> Bool {
    (try? watches.check(.data, at: each.event.path, by: each.watcher)) != nil
  }
}

extension String {
  /// The path, its parent, and so on.
  var withAncestors: [String] {
    var paths = [self]
    while let last = paths.last, last != "/" { paths.append(Path.parent(of: last)) }
    return paths
  }

  /// The path without its last letters, one by one, as long as there is a name.
  var prefixesInName: [String] {
    let (parent, name) = (Path.parent(of: self), lastName(of: self))
    return (1..<max(1, name.count)).map {
      (parent == "/" ? "" : parent) + "/" + name.prefix($0)
    }
  }
}

extension Outgoings {
  /// Puts something else in the place of the reply that goes out, if `change` makes it.
  mutating func replaceReply(_ change: (ReplyHeader, Answer) -> ServerFrame?) {
    for place in now.indices {
      guard case .reply(let xid, let reply) = now[place].frame,
        case .success(let answer) = reply.result,
        let other = change(ReplyHeader(xid: xid, zxid: reply.zxid), answer)
      else { continue }
      now[place].frame = other
    }
  }
}
