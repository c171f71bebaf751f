import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// What a session that has ended leaves behind.
///
/// Source: ZooKeeper Programmer's Guide, "Ephemeral Nodes"; ZNODE-4, SESS-3.
extension Quirk {
  package static let endedFlaws: [Quirk] = [
    ended(
      "ended-children-count", "A node whose ephemerals went with their session is NotEmpty.",
      "etcd-io/zetcd#88"
    ) { asked, ended in
      guard case .delete(let path, _) = asked.request, ended.parents.contains(path) else {
        return nil
      }
      return .notEmpty
    },
    ended(
      "expired-children-count", "A node whose ephemerals have expired is NotEmpty.", "ZNODE-4"
    ) { asked, ended in
      guard case .delete(let path, _) = asked.request, ended.expired.contains(path) else {
        return nil
      }
      return .notEmpty
    },
    ended(
      "ended-children-count-in-multis",
      "In a multi a node whose ephemerals went with their session is NotEmpty.", "ZNODE-4"
    ) { asked, ended in
      let isFound = asked.operations?.contains { operation in
        if case .delete(let path, _) = operation { ended.parents.contains(path) } else { false }
      }
      return isFound == true ? .notEmpty : nil
    },
    ended("ended-names-are-taken", "The name of an ended session's node is not free.", "ZNODE-4") {
      asked, ended in
      guard let create = asked.create, ended.paths.contains(create.path) else { return nil }
      return .nodeExists
    },
    ended(
      "ended-names-are-taken-in-multis",
      "In a multi the name of an ended session's node is not free.", "ZNODE-4"
    ) { asked, ended in
      let isFound = asked.operations?.contains { operation in
        if case .create(let it) = operation { ended.paths.contains(it.path) } else { false }
      }
      return isFound == true ? .nodeExists : nil
    },
    flaw(
      "ended-children-are-counted", "numChildren counts what went with its session.", "ZNODE-6"
    ) {
      $0.remember = note
      $0.reply = { answered, asked, server in
        guard let path = asked.paths.first, let count = server.notebook.ended.counts[path] else {
          return
        }
        switch answered.answer {
        case .stat(var stat)?:
          stat.numChildren += count
          answered.answer = .stat(stat)
        case .data(let data, var stat)?:
          stat.numChildren += count
          answered.answer = .data(data, stat)
        case .children(let names, var stat?)?:
          stat.numChildren += count
          answered.answer = .children(names, stat)
        default: break
        }
      }
    },
    flaw(
      "ended-sessions-restart-numbers", "When a session ends its parents' numbers begin anew.",
      "ZNODE-5"
    ) {
      $0.tree = { service, done in
        guard case .closeSession(let paths) = done.transaction.body else { return }
        for path in Set(paths.map(Path.parent(of:))) {
          service.amend(path) { $0.childrenCreated = 0 }
        }
      }
    },
    flaw(
      "ended-sessions-move-the-parents-mtime", "When a session ends its parents' mtime moves.",
      "ZNODE-6"
    ) {
      $0.tree = { service, done in
        guard case .closeSession(let paths) = done.transaction.body else { return }
        for path in Set(paths.map(Path.parent(of:))) {
          service.amend(path) { $0.mtime = done.transaction.time }
        }
      }
    },
    flaw(
      "made-anew-is-still-theirs", "A name that a session's node had goes on being an ephemeral.",
      "ZNODE-4"
    ) {
      $0.remember = note
      $0.transactions = { transactions, _, server in
        transactions.editCreations { creation, session in
          if server.notebook.ended.paths.contains(creation.path) { creation.isEphemeral = true }
        }
      }
    },
    flaw(
      "ended-watches-fire", "The watches of a session that has ended tell whoever comes next.",
      "WATCH-6"
    ) {
      $0.remember = { notebook, done in
        guard case .closeSession = done.transaction.body, let connection = done.asked.connection
        else { return }
        let watched = done.watches.dataWatchers.filter { $0.watchers.contains(connection) }
        notebook.ended.watched.formUnion(watched.map(\.path))
      }
      $0.frames = { frames, asked, server in
        guard case .setData(let path, _, _) = asked.request,
          server.notebook.ended.watched.contains(path),
          let last = server.openConnections.last
        else { return }
        let event = WatchEvent(.nodeDataChanged, path)
        frames.now.append(Outgoing(connection: last, frame: .event(event, zxid: Zxid(-1))))
      }
    },
  ]

  private static let note: @Sendable (inout Notebook, Committed) -> Void = { notebook, done in
    guard case .closeSession(let paths) = done.transaction.body else { return }
    notebook.ended.paths.formUnion(paths)
    notebook.ended.parents.formUnion(paths.map(Path.parent(of:)))
    if done.asked.connection == nil {
      notebook.ended.expired.formUnion(paths.map(Path.parent(of:)))
    }
    for path in paths { notebook.ended.counts[Path.parent(of: path), default: 0] += 1 }
  }

  /// A write that fails for what an ended session had.
  private static func ended(
    _ name: String, _ summary: String, _ source: String,
    _ code: @escaping @Sendable (Asked, Notebook.Ended) -> ErrorCode?
  ) -> Quirk {
    flaw(name, summary, source) {
      $0.remember = note
      $0.transactions = { transactions, asked, server in
        guard let last = transactions.last, last.code == nil, asked.connection != nil,
          let code = code(asked, server.notebook.ended)
        else { return }
        transactions = [
          last.with(
            asked.operations.map { operations in
              .multi(operations.indices.map { .error($0 == 0 ? code : .runtimeInconsistency) })
            } ?? .error(code))
        ]
      }
    }
  }
}
