import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Watches that are looked for and taken back, wrongly.
///
/// Source for all: ZooKeeper Programmer's Guide, "Remove Watches"; WATCH-8.
extension Quirk {
  package static let unwatchFlaws: [Quirk] = [
    unwatch("removeWatches-takes-nothing-back", "removeWatches takes nothing back.") {
      $0.request = { asked, _ in
        guard case .removeWatches(let path, let type) = asked.request else { return }
        asked.request = .checkWatches(path: path, type: type)
      }
    },
    says("removeWatches-of-nothing-is-fine", "removeWatches without a watch is no error.") {
      answered, asked in
      if case .removeWatches = asked.request, answered.code == .noWatcher {
        answered.answer = .done
      }
    },
    says("checkWatches-of-nothing-is-fine", "checkWatches without a watch is no error.") {
      answered, asked in
      if case .checkWatches = asked.request, answered.code == .noWatcher {
        answered.answer = .done
      }
    },
    says("checkWatches-finds-nothing", "checkWatches never finds a watch.") { answered, asked in
      if case .checkWatches = asked.request, answered.answer != nil { answered.code = .noWatcher }
    },
    says("no-watch-is-no-node", "Without a watch it is said that there is no node.") {
      answered, _ in if answered.code == .noWatcher { answered.code = .noNode }
    },
    asks("removeWatches-takes-every-type", "removeWatches takes back watches of every type.") {
      asked in
      guard case .removeWatches(let path, let type) = asked.request,
        WatcherType.named.contains(type)
      else { return }
      asked.request = .removeWatches(path: path, type: .any)
    },
    asks("checkWatches-knows-no-types", "checkWatches looks for a watch of any type.") { asked in
      guard case .checkWatches(let path, let type) = asked.request,
        WatcherType.named.contains(type)
      else { return }
      asked.request = .checkWatches(path: path, type: .any)
    },
    asks("types-are-swapped", "The types of data and of children are swapped.") { asked in
      func other(_ type: WatcherType) -> WatcherType {
        type == .data ? .children : type == .children ? .data : type
      }
      switch asked.request {
      case .checkWatches(let path, let type):
        asked.request = .checkWatches(path: path, type: other(type))
      case .removeWatches(let path, let type):
        asked.request = .removeWatches(path: path, type: other(type))
      default: break
      }
    },
    asks("unknown-types-are-any", "A type that is none is taken for any.") { asked in
      func known(_ type: WatcherType) -> WatcherType {
        WatcherType.named.contains(type) ? type : .any
      }
      switch asked.request {
      case .checkWatches(let path, let type):
        asked.request = .checkWatches(path: path, type: known(type))
      case .removeWatches(let path, let type):
        asked.request = .removeWatches(path: path, type: known(type))
      default: break
      }
    },
    says("unknown-types-have-no-watch", "A type that is none is one without watches.") {
      answered, asked in
      let isAbout = asked.isOne(of: .checkWatches, .removeWatches) && asked.request != nil
      if isAbout, answered.code == .marshallingError { answered.code = .noWatcher }
    },
    unwatch("removeWatches-takes-everybodys", "removeWatches takes back others' watches too.") {
      $0.watching = { watches, asked, _ in
        guard case .removeWatches(let path, let type) = asked.request else { return }
        for watcher in watches.watchers {
          try? watches.remove(type, at: path, by: watcher)
        }
      }
    },
    unwatch("checkWatches-takes-everybodys", "checkWatches takes others' watches for one's own.") {
      $0.settings = { $0.dialect.checksOwnWatches = false }
    },
    unwatch("checkWatches-spends-the-watch", "checkWatches takes the watch that it finds.") {
      $0.watching = { watches, asked, _ in
        guard case .checkWatches(let path, let type) = asked.request, let watcher = asked.connection
        else { return }
        try? watches.remove(type, at: path, by: watcher)
      }
    },
    unwatch("removeWatches-takes-below", "Taken back on a node, a recursive watch above goes.") {
      $0.watching = { watches, asked, _ in
        guard case .removeWatches(let path, .any) = asked.request, let watcher = asked.connection
        else { return }
        for above in path.withAncestors {
          try? watches.remove(.persistentRecursive, at: above, by: watcher)
        }
      }
    },
    unwatch("below-is-watched-too", "A path below a recursive watch counts as watched.") {
      $0.reply = { answered, asked, server in
        guard answered.code == .noWatcher, let watcher = asked.connection,
          let path = asked.paths.first,
          path.withAncestors.contains(where: {
            server.watches.holds(.persistentRecursive, at: $0, by: watcher)
          })
        else { return }
        answered.answer = .done
      }
    },
    unwatch("one-shot-types-take-lasting-ones", "The type data takes persistent watches back.") {
      $0.request = { asked, server in
        guard case .removeWatches(let path, .data) = asked.request, let watcher = asked.connection,
          server.watches.holds(.persistent, at: path, by: watcher)
        else { return }
        asked.request = .removeWatches(path: path, type: .persistent)
      }
    },
    asks("lasting-types-are-one", "The types of persistent and recursive watches are one.") {
      asked in
      guard case .removeWatches(let path, .persistentRecursive) = asked.request else { return }
      asked.request = .removeWatches(path: path, type: .persistent)
    },
    says("watch-operations-take-a-zxid", "Looking for a watch takes a zxid.") { answered, asked in
      let isAbout = asked.isOne(of: .checkWatches, .removeWatches)
      if isAbout { answered.reply?.zxid.rawValue += 1 }
    },
    unwatch("removeWatches-tells-of-itself", "An event tells that a watch was taken back.") {
      $0.frames = { frames, asked, _ in
        guard case .removeWatches(let path, _) = asked.request, let id = asked.connection,
          frames.now.contains(where: { each in
            if case .reply(_, let reply) = each.frame, case .success = reply.result {
              true
            } else {
              false
            }
          })
        else { return }
        let event = WatchEvent(.dataWatchRemoved, path)
        let frame = ServerFrame.event(event, zxid: ServerFrame.eventZxid)
        frames.now.insert(Outgoing(connection: id, frame: frame), at: 0)
      }
    },
    asks("short-watch-requests-are-fine", "A removeWatches that is cut short is of any type.") {
      asked in
      guard asked.isOne(of: .checkWatches, .removeWatches), case .malformed = asked.content else {
        return
      }
      asked.content = .request(.ping)
    },
  ]

  private static func unwatch(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "WATCH-8", change) }

  private static func says(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Answered, Asked) -> Void
  ) -> Quirk {
    unwatch(name, summary) { $0.reply = { answered, asked, _ in change(&answered, asked) } }
  }

  private static func asks(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Asked) -> Void
  ) -> Quirk {
    unwatch(name, summary) { $0.request = { asked, _ in change(&asked) } }
  }
}
