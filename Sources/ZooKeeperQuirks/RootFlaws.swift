import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// The root, whose path ends with a slash and whose parent is nobody; and what is much.
///
/// Source for all: ZooKeeper Programmer's Guide; what every edition of Apache's server does.
extension Quirk {
  package static let rootFlaws: [Quirk] = roots + volumes + leavings

  private static let roots: [Quirk] = [
    flaw(
      "nothing-begins-with-two-slashes",
      "A recursive watch on / looks for what begins with //, and tells nothing.", "WATCH-6"
    ) {
      $0.watching = { watches, asked, _ in
        guard case .addWatch("/", .persistentRecursive) = asked.request,
          let watcher = asked.connection
        else { return }
        try? watches.remove(.persistentRecursive, at: "/", by: watcher)
      }
    },
    flaw("the-root-has-no-child-watch", "A child of / fires no watch.", "WATCH-6") {
      $0.events = { notifications, _, _ in
        notifications.removeAll { $0.event == WatchEvent(.nodeChildrenChanged, "/") }
      }
    },
    flaw("the-root-keeps-no-watch", "addWatch on / leaves nothing.", "WATCH-6") {
      $0.watching = { watches, asked, _ in
        guard case .addWatch("/", .persistent) = asked.request, let watcher = asked.connection
        else { return }
        try? watches.remove(.persistent, at: "/", by: watcher)
      }
    },
    flaw("the-root-has-no-cversion", "The cversion of / is 0.", "ZNODE-6") {
      $0.stat = { stat, path, _ in if path == "/" { stat.cversion = 0 } }
    },
    flaw("the-root-has-no-pzxid", "The pzxid of / is 0.", "ZNODE-6") {
      $0.stat = { stat, path, _ in if path == "/" { stat.pzxid = .zero } }
    },
    flaw("the-root-counts-no-children", "The numChildren of / is 0.", "ZNODE-6") {
      $0.stat = { stat, path, _ in if path == "/" { stat.numChildren = 0 } }
    },
  ]

  private static let volumes: [Quirk] = [
    flaw("events-end-after-a-hundred", "No connection gets more than 100 events.", "WATCH-6") {
      $0.frames = { frames, _, server in
        var left: [ConnectionID: Int] = [:]
        frames.now.removeAll { each in
          guard each.frame.isEvent else { return false }
          left[each.connection, default: 100 - server.eventCount(of: each.connection)] -= 1
          return left[each.connection, default: 0] < 0
        }
      }
    },
    flaw(
      "events-end-after-five-hundred-requests",
      "A connection that has asked for more than 500 things is told of nothing.", "WATCH-6"
    ) {
      $0.frames = { frames, _, server in
        frames.now.removeAll { $0.frame.isEvent && server.frameCount(of: $0.connection) > 500 }
      }
    },
    flaw("events-carry-a-hundred-bytes", "An event's path ends after 100 bytes.", "WATCH-6") {
      $0.events = { notifications, _, _ in
        for place in notifications.indices {
          let path = notifications[place].event.path
          notifications[place].event.path = String(path.prefix(100))
        }
      }
    },
    flaw("ephemerals-end-after-a-hundred", "A session's 101st ephemeral is persistent.", "ZNODE-4")
    {
      $0.transactions = { transactions, _, server in
        let tree = server.service.applied
        transactions.editCreations { creation, session in
          if tree.ephemerals(of: session).count >= 100 { creation.isEphemeral = false }
        }
      }
    },
    flaw("events-end-twelve-deep", "What happens below the twelfth level is not told.", "WATCH-6") {
      $0.events = { notifications, _, _ in
        notifications.removeAll { $0.event.path.split(separator: "/").count > 12 }
      }
    },
    flaw("lists-end-after-five-hundred", "No more than 500 children are listed.", "ZNODE-1") {
      $0.reply = { answered, _, _ in
        guard case .children(let names, let stat)? = answered.answer else { return }
        answered.answer = .children(Array(names.sorted().prefix(500)), stat)
      }
    },
  ]

  private static let leavings: [Quirk] = [
    flaw(
      "events-ask-who-left-the-watch",
      "Who may read is judged by whom the watcher was when it left its watch.", "ACL-1"
    ) {
      $0.frames = { frames, _, server in
        frames.now.removeAll { each in
          guard case .event(let event, _) = each.frame,
            let then = server.identities(of: each.connection, watching: event.path),
            let node = server.service.applied[event.path]
          else { return false }
          return !node.acl.allows(.read, to: then)
        }
      }
    }
  ]
}
