import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Faults that show in one combination only: an operation of one kind on a node of one kind.
///
/// They were planted to look for holes in the suite, one for each place where a server has to treat
/// a special case like all others.
///
/// Source for all: ZooKeeper Programmer's Guide; ZNODE-4, WATCH-6, GUAR-2.
extension Quirk {
  package static let narrowFlaws: [Quirk] =
    narrowLifetimes + narrowEvents + narrowMultis + narrowFields

  // begin narrow
  /// Nodes that stay or go with the wrong session.
  private static let narrowLifetimes: [Quirk] = [
    narrow("multi-ephemerals-stay", "An ephemeral that a multi creates is persistent.", "ZNODE-4") {
      $0.transactions = { transactions, asked, _ in
        if asked.operations != nil { transactions.editCreations { c, _ in c.isEphemeral = false } }
      }
    },
    narrow("create2-ephemerals-stay", "An ephemeral of create2 is persistent.", "ZNODE-4") {
      $0.transactions = { transactions, asked, _ in
        if asked.isOne(of: .create2) {
          transactions.editCreations { creation, _ in creation.isEphemeral = false }
        }
      }
    },
    closing("ephemerals-elsewhere-stay", "Of a session's ephemerals only one parent's go.") {
      paths, _, _ in
      let first = paths.first.map(Path.parent(of:))
      paths.removeAll { Path.parent(of: $0) != first }
    },
    closing("set-ephemerals-stay", "An ephemeral whose data was set stays behind.") {
      paths, tree, _ in paths.removeAll { tree[$0]?.version != 0 }
    },
    closing("ephemerals-with-null-data-stay", "An ephemeral without data stays behind.") {
      paths, tree, _ in paths.removeAll { tree[$0]?.data == nil }
    },
    closing("closed-ephemerals-stay", "An ephemeral that its owner may not delete stays.") {
      paths, tree, asked in
      paths.removeAll { path in
        tree[Path.parent(of: path)]?.acl.allows(.delete, to: asked.author.identities) == false
      }
    },
    narrow(
      "an-ephemerals-namesake-goes", "What is made where an ephemeral was goes too.", "ZNODE-4"
    ) {
      $0.remember = { notebook, done in
        guard done.hasMadeEphemeral else { return }
        for path in done.paths(.created) {
          notebook.paths[done.transaction.session, default: []].insert(path)
        }
      }
      $0.transactions = { transactions, asked, server in
        transactions.edit { body, session in
          guard case .closeSession(let paths) = body else { return }
          let others = server.notebook.paths[session, default: []].filter { path in
            server.service.applied[path] != nil && !paths.contains(path)
          }
          body = .closeSession(paths: paths + others.sorted())
        }
      }
    },
    narrow("set-makes-persistent", "Setting an ephemeral's data makes it persistent.", "ZNODE-4") {
      $0.tree = { service, done in
        for path in done.paths(.dataChanged) { service.amend(path) { $0.ephemeralOwner = .none } }
      }
    },
    narrow("set-takes-over", "Whoever sets an ephemeral's data owns it.", "ZNODE-4") {
      $0.tree = { service, done in
        for path in done.paths(.dataChanged) where service.applied[path]?.isEphemeral == true {
          service.amend(path) { $0.ephemeralOwner = done.transaction.session }
        }
      }
    },
    narrow("set-opens-the-acl", "Setting a node's data opens its ACL.", "ACL-1") {
      $0.tree = { service, done in
        for path in done.paths(.dataChanged) { service.amend(path) { $0.acl = .open } }
      }
    },
  ]

  /// Events that one kind of change or of node does not make.
  private static let narrowEvents: [Quirk] = [
    silent("null-sets-fire-nothing", "Setting null data fires no watch.") { event, done in
      event.type == .nodeDataChanged && done.hasSetNull(event.path)
    },
    silent("ephemerals-come-silently", "A new ephemeral fires no watch.") { _, done in
      done.hasMadeEphemeral
    },
    silent("deleted-ephemerals-go-silently", "Deleting an ephemeral fires no watch.") { _, done in
      if case .delete(let path) = done.transaction.body {
        done.before[path]?.isEphemeral == true
      } else {
        false
      }
    },
    silent("numbered-nodes-come-silently", "A new sequential node fires no child watch.") {
      event, done in
      event.type == .nodeChildrenChanged && done.asked.create?.mode.isSequential == true
    },
    silent("create2-fires-nothing", "create2 fires no watch.") { _, done in
      done.asked.isOne(of: .create2)
    },
    silent("expiry-fires-nothing", "What goes with an expired session fires no watch.") { _, done in
      if case .closeSession = done.transaction.body { done.asked.connection == nil } else { false }
    },
    silent("closing-fires-nothing", "What goes with a closed session fires no watch.") { _, done in
      if case .closeSession = done.transaction.body { done.asked.connection != nil } else { false }
    },
    silent("one-child-event-a-closing", "Only one parent is told of a closed session's nodes.") {
      event, done in
      guard case .closeSession(let paths) = done.transaction.body else { return false }
      return event.type == .nodeChildrenChanged && event.path != paths.first.map(Path.parent(of:))
    },
    silent("empty-parents-are-not-told", "The last child that goes fires no child watch.") {
      event, done in
      event.type == .nodeChildrenChanged && !done.paths(.deleted).isEmpty
        && done.before[event.path]?.childCount == 1
    },
    silent("first-children-are-not-told", "The first child that comes fires no child watch.") {
      event, done in
      event.type == .nodeChildrenChanged && !done.paths(.created).isEmpty
        && done.before[event.path]?.childCount == 0
    },
    silent("multis-fire-once", "Of all that a multi does only the first event is told.") {
      event, done in
      guard case .multi = done.transaction.body else { return false }
      return event.path != done.changes.first?.path
    },
    fires("failed-deletes-clear-watches", "A delete that fails takes the node's watches away.") {
      notifications, watches, done in
      guard done.transaction.code != nil, case .delete(let path, _) = done.asked.request else {
        return
      }
      _ = watches.trigger([Change(.dataChanged, path, acl: [])])
    },
    fires("failed-sets-clear-watches", "A setData that fails takes the node's watches away.") {
      notifications, watches, done in
      guard done.transaction.code != nil, case .setData(let path, _, _) = done.asked.request else {
        return
      }
      _ = watches.trigger([Change(.dataChanged, path, acl: [])])
    },
    fires("setACL-clears-watches", "Setting an ACL takes the node's watches away.") {
      notifications, watches, done in
      for path in done.pathsWithNewACL {
        _ = watches.trigger([Change(.dataChanged, path, acl: [])])
      }
    },
    fires("closing-clears-all-watches", "A session that ends takes everybody's watches with it.") {
      _, watches, done in
      if case .closeSession = done.transaction.body { watches = Watches() }
    },
    fires("failed-multis-fire", "A multi that fails tells of what stood before the failure.") {
      notifications, watches, done in
      guard let operations = done.asked.operations,
        done.transaction.leaves.contains(where: { if case .error = $0 { true } else { false } })
      else { return }
      for case .setData(let path, _, _) in operations {
        notifications += watches.trigger([Change(.dataChanged, path, acl: [])])
      }
    },
    fires("names-alike-fire", "A change fires watches on nodes whose name its own begins with.") {
      notifications, watches, done in
      for path in done.paths(.dataChanged) where path.utf8.count > 1 {
        notifications += watches.trigger([Change(.dataChanged, String(path.dropLast()), acl: [])])
      }
    },
  ]

  /// Multis whose parts are not what they would be alone.
  private static let narrowMultis: [Quirk] = [
    narrow("multi-creates-are-open", "A node that a multi creates has an open ACL.", "ACL-1") {
      $0.transactions = { transactions, asked, _ in
        if asked.operations != nil { transactions.editCreations { c, _ in c.acl = .open } }
      }
    },
    narrow("multi-null-is-empty", "Null data in a multi is stored as empty.", "ZNODE-6") {
      $0.request = { asked, _ in
        if asked.operations != nil { asked.request = asked.request?.mappingData { $0 ?? [] } }
      }
    },
    narrow("create2-ignores-the-acl", "A node of create2 has an open ACL.", "ACL-1") {
      $0.transactions = { transactions, asked, _ in
        if asked.isOne(of: .create2) { transactions.editCreations { c, _ in c.acl = .open } }
      }
    },
    narrow("empty-multis-take-no-zxid", "A multi without operations takes no zxid.", "GUAR-1") {
      $0.transactions = { transactions, asked, _ in
        if asked.operations?.isEmpty == true { transactions = [] }
      }
      $0.reply = { answered, asked, _ in
        if asked.operations?.isEmpty == true { answered.answer = .multi([]) }
      }
    },
    narrow("multi-deletes-with-children", "In a multi a node with children is deleted.", "ZNODE-1")
    {
      $0.request = { asked, server in
        guard let operations = asked.operations else { return }
        asked.request = .multi(
          operations.flatMap { operation -> [Operation] in
            guard case .delete(let path, _) = operation,
              let names = server.service.applied[path]?.childNames, !names.isEmpty
            else { return [operation] }
            return names.map { .delete(path: "\(path)/\($0)", version: .any) } + [operation]
          })
      }
    },
  ]

  /// Fields that one kind of change moves wrongly.
  private static let narrowFields: [Quirk] = [
    narrow("multi-sets-leave-mzxid", "A setData in a multi leaves mzxid.", "ZNODE-6") {
      $0.tree = { service, done in
        guard case .multi = done.transaction.body else { return }
        for path in done.paths(.dataChanged) {
          service.restore(\.mzxid, at: path, from: done.before)
        }
      }
    },
    narrow("multi-creates-leave-pzxid", "A create in a multi leaves the parent's pzxid.", "ZNODE-6")
    {
      $0.tree = { service, done in
        guard case .multi = done.transaction.body else { return }
        for path in done.paths(.created) {
          service.restore(\.pzxid, at: Path.parent(of: path), from: done.before)
        }
      }
    },
    narrow("ephemerals-leave-pzxid", "A new ephemeral leaves the parent's pzxid.", "ZNODE-6") {
      $0.tree = { service, done in
        for path in done.paths(.created) where service.applied[path]?.isEphemeral == true {
          service.restore(\.pzxid, at: Path.parent(of: path), from: done.before)
        }
      }
    },
    narrow("names-are-composed", "Of a letter and its accent one character is made.", "ZNODE-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingPaths { path in
          var scalars: [Unicode.Scalar] = []
          for scalar in path.unicodeScalars {
            if scalar == "\u{301}", scalars.last == "e" {
              scalars[scalars.endIndex - 1] = "\u{e9}"
            } else {
              scalars.append(scalar)
            }
          }
          var composed = String.UnicodeScalarView()
          composed.append(contentsOf: scalars)
          return String(composed)
        }
      }
    },
    narrow("events-carry-the-zxid-before", "An event carries the zxid before its own.", "WATCH-4") {
      $0.frames = { frames, _, _ in
        for place in frames.now.indices {
          guard case .event(let event, let zxid) = frames.now[place].frame, zxid > .zero else {
            continue
          }
          frames.now[place].frame = .event(event, zxid: Zxid(zxid.rawValue - 1))
        }
      }
    },
    narrow("create2-tells-no-owner", "The Stat of create2 has ephemeralOwner 0.", "ZNODE-6") {
      $0.reply = { answered, _, _ in
        guard case .created(let path, var stat?)? = answered.answer else { return }
        stat.ephemeralOwner = .none
        answered.answer = .created(path: path, stat)
      }
    },
    narrow("setACL-makes-duplicates", "Setting an ACL keeps entries that stand twice.", "ACL-1") {
      $0.tree = { service, done in
        guard case .setACL(let path, let acl, _) = done.asked.request, done.transaction.code == nil,
          !acl.contains(where: { $0.identity.scheme == "auth" })
        else { return }
        service.amend(path) { $0.acl = acl }
      }
    },
    narrow("setACL-auth-is-kept", "The scheme auth in setACL is stored as it stands.", "ACL-1") {
      $0.tree = { service, done in
        guard case .setACL(let path, let acl, _) = done.asked.request, done.transaction.code == nil
        else { return }
        service.amend(path) { $0.acl = acl }
      }
    },
  ]
  // end narrow

  // The forms of these.

  private static func narrow(
    _ name: String, _ summary: String, _ source: String, _ change: (inout Quirk) -> Void
  ) -> Quirk {
    flaw(name, summary, source, change)
  }

  private static func closing(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [String], Tree, Asked) -> Void
  ) -> Quirk {
    flaw(name, summary, "ZNODE-4") {
      $0.transactions = { transactions, asked, server in
        transactions.edit { body, _ in
          guard case .closeSession(var paths) = body else { return }
          change(&paths, server.service.applied, asked)
          body = .closeSession(paths: paths)
        }
      }
    }
  }

  private static func fires(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [Notification], inout Watches, Committed) -> Void
  ) -> Quirk {
    flaw(name, summary, "WATCH-6") { $0.events = change }
  }

  private static func silent(
    _ name: String, _ summary: String,
    _ isLost: @escaping @Sendable (WatchEvent, Committed) -> Bool
  ) -> Quirk {
    fires(name, summary) { notifications, _, done in
      notifications.removeAll { isLost($0.event, done) }
    }
  }
}

extension Committed {
  /// Whether it has set a node's data to null.
  fileprivate func hasSetNull(_ path: String) -> Bool {
    transaction.leaves.contains { if case .setData(path, nil, _) = $0 { true } else { false } }
  }

  /// Whether it has created an ephemeral node.
  fileprivate var hasMadeEphemeral: Bool {
    transaction.leaves.contains { if case .create(let it) = $0 { it.isEphemeral } else { false } }
  }
}
