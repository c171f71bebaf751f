import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Reconnecting clients that miss what happened meanwhile, or hear of what did not.
///
/// Source for all: WATCH-6; Apache ZooKeeper, `DataTree.setWatches`.
extension Quirk {
  static let setWatchesFlaws: [Quirk] = [
    restores("setWatches-tells-nothing", "setWatches tells nothing of what was missed.") {
      frames, _, _ in frames.now.removeAll { $0.frame.isEvent }
    },
    restores("setWatches-misses-changes", "setWatches does not tell of changed data.") {
      frames, _, _ in frames.now.removeAll { $0.event?.type == .nodeDataChanged }
    },
    restores("setWatches-misses-deletions", "setWatches does not tell of deletions.") {
      frames, _, _ in frames.now.removeAll { $0.event?.type == .nodeDeleted }
    },
    restores("setWatches-misses-creations", "setWatches does not tell of creations.") {
      frames, _, _ in frames.now.removeAll { $0.event?.type == .nodeCreated }
    },
    restores("setWatches-misses-children", "setWatches does not tell of changed children.") {
      frames, _, _ in frames.now.removeAll { $0.event?.type == .nodeChildrenChanged }
    },
    restores("setWatches-tells-after-the-reply", "What was missed is told after the reply.") {
      frames, _, _ in
      frames.now = frames.now.filter { !$0.frame.isEvent } + frames.now.filter(\.frame.isEvent)
    },
    earlier("setWatches-is-ignored", "setWatches sets nothing.") { watches, _ in
      watches = SetWatches(relativeZxid: watches.relativeZxid)
    },
    earlier("setWatches-ignores-data", "setWatches sets no data watches.") { watches, _ in
      watches.data = []
    },
    earlier("setWatches-ignores-exist", "setWatches sets no watches of exists.") { watches, _ in
      watches.exist = []
    },
    earlier("setWatches-ignores-child", "setWatches sets no child watches.") { watches, _ in
      watches.child = []
    },
    earlier("setWatches-forgets-the-zxid", "setWatches tells of everything, changed or not.") {
      watches, _ in watches.relativeZxid = Zxid(-1)
    },
    earlier("setWatches-trusts-the-client", "setWatches takes the client to be up to date.") {
      watches, tree in watches.relativeZxid = tree.zxid
    },
    earlier("setWatches-is-off-by-one", "setWatches tells of the very change the client has seen.")
    { watches, _ in watches.relativeZxid.rawValue &-= 1 },
    earlier("setWatches-takes-exist-for-data", "Watches of exists are set as data watches.") {
      watches, _ in
      watches.data += watches.exist
      watches.exist = []
    },
    earlier("setWatches-takes-one-path", "Of each list setWatches sees only the first.") {
      watches, _ in
      watches.data = Array(watches.data.prefix(1))
      watches.exist = Array(watches.exist.prefix(1))
      watches.child = Array(watches.child.prefix(1))
    },
  ]

  private static func restores(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Outgoings, Asked, Server) -> Void
  ) -> Quirk {
    flaw(name, summary, "WATCH-6") {
      $0.frames = { frames, asked, server in
        if case .setWatches = asked.request { change(&frames, asked, server) }
      }
    }
  }

  private static func earlier(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout SetWatches, Tree) -> Void
  ) -> Quirk {
    flaw(name, summary, "WATCH-6") {
      $0.request = { asked, server in
        guard case .setWatches(var watches) = asked.request else { return }
        change(&watches, server.service.applied)
        asked.request = .setWatches(watches)
      }
    }
  }
}

extension Outgoing {
  /// The event that it tells of.
  var event: WatchEvent? { if case .event(let event, _) = frame { event } else { nil } }
}
