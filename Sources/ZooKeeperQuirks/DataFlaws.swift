import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Data and lists of children that are not what was written.
///
/// Source for all: ZooKeeper Programmer's Guide, "Data Access"; ZNODE-1.
extension Quirk {
  static let dataFlaws: [Quirk] = [
    data("null-becomes-empty", "Null data is stored as empty.") { $0 ?? [] },
    data("empty-becomes-null", "Empty data is stored as null.") { $0 == [] ? nil : $0 },
    data("data-is-cut", "Data is cut after 1,024 bytes.") { $0.map { Array($0.prefix(1024)) } },
    data("data-ends-at-zero", "Data ends at its first zero byte.") {
      $0.map { Array($0.prefix { $0 != 0 }) }
    },
    data("data-is-text", "Bytes that are no text are replaced in data.") {
      $0.map { Array(String(decoding: $0, as: UTF8.self).utf8) }
    },
    data("data-is-trimmed", "White space at the end of data is cut.") {
      $0.map { Array($0.reversed().drop { $0 == 0x20 || $0 == 0x0a }.reversed()) }
    },
    flaw("set-appends", "setData appends to the data.", "ZNODE-1") {
      $0.transactions = { transactions, _, server in
        transactions.edit { body, _ in
          guard case .setData(let path, let data, let version) = body else { return }
          let old = server.service.applied[path]?.data ?? []
          body = .setData(path: path, data: old + (data ?? []), version: version)
        }
      }
    },
    flaw("created-nodes-are-empty", "A create drops the data.", "ZNODE-1") {
      $0.transactions = { transactions, _, _ in
        transactions.editCreations { creation, _ in creation.data = [] }
      }
    },
    children("children-are-paths", "Children are listed with their whole path.") {
      names, path, _ in names = names.map { path == "/" ? "/" + $0 : path + "/" + $0 }
    },
    children("children-are-descendants", "All nodes below are listed as children.") {
      names, path, tree in
      let prefix = path == "/" ? "/" : path + "/"
      names = tree.paths.filter { $0.hasPrefix(prefix) && $0 != path }
        .map { String($0.dropFirst(prefix.count)) }
    },
    children("one-child-is-missing", "The last child is not listed.") { names, _, _ in
      if names.count > 1 { names.removeLast() }
    },
    children("ephemerals-are-not-listed", "Ephemeral children are not listed.") {
      names, path, tree in
      let prefix = path == "/" ? "/" : path + "/"
      names.removeAll { tree[prefix + $0]?.isEphemeral == true }
    },
    children("system-nodes-are-not-listed", "The root does not list the node zookeeper.") {
      names, path, _ in if path == "/" { names.removeAll { $0 == "zookeeper" } }
    },
    flaw("sync-forgets-the-path", "sync answers with the path /.", "zookeeper.jute, SyncResponse") {
      $0.reply = { answered, _, _ in
        if case .synced? = answered.answer { answered.answer = .synced(path: "/") }
      }
    },
    flaw("sync-asks-for-a-node", "sync of a path without a node is NoNode.", "GUAR-5") {
      $0.reply = { answered, asked, server in
        if case .synced(let path)? = answered.answer, server.service.applied[path ?? ""] == nil {
          answered.code = .noNode
        }
      }
    },
    flaw(
      "the-empty-path-is-refused", "Reading the empty path is BadArguments, not the root.",
      "Apache ZooKeeper, DataTree"
    ) {
      $0.reply = { answered, asked, _ in
        if asked.request?.opcode.isWrite == false, asked.paths == [""], !asked.isOne(of: .sync) {
          answered.code = .badArguments
        }
      }
    },
    flaw("create-answers-the-name", "create answers with the name instead of the path.", "ZNODE-1")
    {
      $0.reply = { answered, _, _ in
        if case .created(let path, let stat)? = answered.answer {
          answered.answer = .created(path: lastName(of: path), stat)
        }
      }
    },
  ]

  private static func data(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (Payload) -> Payload
  ) -> Quirk {
    flaw(name, summary, "ZNODE-1") {
      $0.request = { asked, _ in asked.request = asked.request?.mappingData(change) }
    }
  }

  private static func children(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [String], _ path: String, Tree) -> Void
  ) -> Quirk {
    flaw(name, summary, "ZNODE-1") {
      $0.reply = { answered, asked, server in
        guard case .children(var names, let stat)? = answered.answer, let path = asked.paths.first
        else { return }
        change(&names, path, server.service.applied)
        answered.answer = .children(names, stat)
      }
    }
  }
}
