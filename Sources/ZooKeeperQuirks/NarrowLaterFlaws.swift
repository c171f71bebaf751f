import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Faults in what came after 3.4 that show in one combination alone.
///
/// They were planted against cases that were written before them.
extension Quirk {
  package static let narrowLaterFlaws: [Quirk] = [
    watch("any-leaves-recursive-ones", "removeWatches of any type leaves recursive watches.") {
      $0.request = { asked, server in
        guard case .removeWatches(let path, .any) = asked.request, let id = asked.connection,
          server.watches.holds(.persistentRecursive, at: path, by: id)
        else { return }
        asked.request = .removeWatches(path: path, type: .persistent)
      }
    },
    watch("set-again-is-once", "What setWatches2 sets fires once.") {
      $0.watching = { watches, asked, _ in
        guard case .setWatches(let set) = asked.request, let id = asked.connection else { return }
        for path in set.lasting?.persistent ?? [] {
          try? watches.remove(.persistent, at: path, by: id)
          watches.leave(data: path, by: id)
          watches.leave(children: path, by: id)
        }
      }
    },
    watch("setWatches2-forgets-children", "setWatches2 sets no child watch.") {
      $0.request = { asked, _ in
        guard case .setWatches(var set) = asked.request, set.lasting != nil else { return }
        set.child = []
        asked.request = .setWatches(set)
      }
    },
    event("lasting-watches-miss-same-bytes", "Setting the same bytes fires no watch that stays.") {
      told, done in
      for case .setData(let path, let data, _) in done.transaction.leaves
      where done.before[path]?.data == data {
        told.removeAll { $0.event.path == path && done.isLasting($0) }
      }
    },
    event("both-kinds-tell-twice", "A persistent and a recursive watch on a node both tell.") {
      told, done in
      told = told.flatMap { each in
        let isBoth =
          done.watches.holds(.persistent, at: each.event.path, by: each.watcher)
          && done.watches.holds(.persistentRecursive, at: each.event.path, by: each.watcher)
        return isBoth && each.event.type != .nodeChildrenChanged ? [each, each] : [each]
      }
    },
    event("recursive-watches-miss-ephemerals", "A recursive watch misses ephemeral nodes.") {
      told, done in
      told.removeAll { each in
        let node = done.before[each.event.path]
        return node?.isEphemeral == true && done.isRecursive(each)
      }
    },
    event("recursive-watches-miss-remade-roots", "A recursive watch misses its node's return.") {
      told, done in
      told.removeAll { each in
        each.event.type == .nodeCreated
          && done.watches.holds(.persistentRecursive, at: each.event.path, by: each.watcher)
      }
    },
    multiRead("multiRead-lists-paths", "A multiRead lists children by their paths.") {
      result, operation, _ in
      guard case .children(let names) = result else { return result }
      return .children(names.map { operation.path + "/" + $0 })
    },
    multiRead("multiRead-lists-the-first", "A multiRead lists at most one child.") {
      result, _, _ in
      guard case .children(let names) = result else { return result }
      return .children(Array(names.prefix(1)))
    },
    multiRead("multiRead-says-NoNode-for-NoAuth", "A multiRead hides what may not be read.") {
      result, _, _ in result == .failed(.noAuth) ? .failed(.noNode) : result
    },
    flaw("containers-in-multis-tell-no-Stat", "A multi tells no Stat of a container.", "ZNODE-7") {
      $0.reply = { answered, asked, _ in
        guard let results = answered.results, let operations = asked.operations else { return }
        answered.results = zip(results, operations).map { result, operation in
          guard case .create(let create) = operation, create.mode == .container,
            case .created(let path, _) = result
          else { return result }
          return .created(path: path)
        }
      }
    },
    flaw("same-bytes-renew-no-ttl", "Setting the same bytes does not begin a TTL anew.", "ZNODE-7")
    {
      $0.tree = { service, done in
        for case .setData(let path, let data, _) in done.transaction.leaves
        where done.before[path]?.data == data {
          service.restore(\.mtime, at: path, from: done.before)
        }
      }
    },
    flaw(
      "ttl-nodes-count-no-number", "A numbered TTL node does not count as a creation.", "ZNODE-7"
    ) {
      $0.tree = { service, done in
        guard let create = done.asked.create, create.ttl != nil, create.mode.isSequential else {
          return
        }
        service.restore(\.childrenCreated, at: Path.parent(of: create.path), from: done.before)
      }
    },
    flaw("quotas-take-null-for-a-byte", "Null data counts as a byte of a quota.", "ZNODE-8") {
      $0.tree = { service, done in
        for case .setData(let path, nil, _) in done.transaction.leaves {
          let subject = Path.parent(of: Path.parent(of: path))
          service.amend(Quota.usage(of: subject)) { node in
            var usage = Quota(node.data)
            usage.bytes += 1
            node.data = Array(usage.text.utf8)
          }
        }
      }
    },
    flaw("getEphemerals-keeps-deleted", "getEphemerals lists what others have deleted.", "READ-2") {
      $0.remember = { notebook, done in
        for path in done.paths(.deleted) where done.before[path]?.isEphemeral == true {
          let owner = done.before[path]?.ephemeralOwner ?? .none
          if owner != done.transaction.session { notebook.paths[owner, default: []].insert(path) }
        }
      }
      $0.reply = { answered, asked, server in
        guard case .ephemerals(let paths)? = answered.answer else { return }
        let gone = server.notebook.paths[asked.author.session] ?? []
        answered.answer = .ephemerals(paths + gone.sorted())
      }
    },
  ]

  private static func watch(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "WATCH-7", change) }

  private static func event(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [Notification], Committed) -> Void
  ) -> Quirk { watch(name, summary) { $0.events = { told, _, done in change(&told, done) } } }

  private static func multiRead(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (ReadResult, ReadOperation, Server) -> ReadResult
  ) -> Quirk {
    flaw(name, summary, "READ-1") {
      $0.reply = { answered, asked, server in
        guard case .multiRead(let operations) = asked.request,
          case .multiRead(let results)? = answered.answer
        else { return }
        answered.answer = .multiRead(
          zip(results, operations).map { change($0, $1, server) })
      }
    }
  }
}
