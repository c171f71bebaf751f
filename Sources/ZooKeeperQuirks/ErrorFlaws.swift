import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Errors under another's name, errors that are none, and successes that should be errors.
///
/// Source for all: ZooKeeper Programmer's Guide, "Error Codes" (`KeeperException.Code`).
extension Quirk {
  static let errorFlaws: [Quirk] = confusions + swallowed + accepted

  // begin confusions
  /// One code instead of another, of one operation.
  private static let confusions: [Quirk] = [
    confuses(.create, .noNode, .badArguments), confuses(.create, .nodeExists, .noNode),
    confuses(.create, .noChildrenForEphemerals, .badArguments),
    confuses(.create, .invalidACL, .badArguments), confuses(.create, .noAuth, .invalidACL),
    confuses(.create, .badArguments, .noNode), confuses(.delete, .noNode, .badArguments),
    confuses(.delete, .notEmpty, .nodeExists), confuses(.delete, .badVersion, .noNode),
    confuses(.delete, .noAuth, .noNode), confuses(.delete, .badArguments, .noNode),
    confuses(.setData, .noNode, .badVersion), confuses(.setData, .badVersion, .nodeExists),
    confuses(.setData, .noAuth, .noNode), confuses(.setData, .badArguments, .noNode),
    confuses(.getData, .noNode, .badArguments), confuses(.getData, .noAuth, .noNode),
    confuses(.exists, .noNode, .badArguments), confuses(.getChildren, .noNode, .badArguments),
    confuses(.getChildren, .noAuth, .noNode), confuses(.getACL, .noNode, .badArguments),
    confuses(.getACL, .noAuth, .noNode), confuses(.setACL, .noNode, .invalidACL),
    confuses(.setACL, .badVersion, .invalidACL), confuses(.setACL, .invalidACL, .badArguments),
    confuses(.setACL, .noAuth, .noNode), confuses(.setACL, .badArguments, .noNode),
  ]
  // end confusions

  /// Errors that are told as success.
  private static let swallowed: [Quirk] = [
    swallows(.delete, .noNode) { _, _ in .done },
    swallows(.create, .nodeExists) { asked, _ in
      asked.create.map { .created(path: $0.path, $0.withStat ? Stat() : nil) }
    },
    swallows(.exists, .noNode) { _, _ in .stat(Stat()) },
    swallows(.getData, .noNode) { _, _ in .data(nil, Stat()) },
    swallows(.getChildren, .noNode) { asked, _ in
      .children([], asked.header.opcode == .getChildren2 ? Stat() : nil)
    },
    swallows(.setData, .badVersion) { asked, server in
      asked.paths.first.flatMap { server.service.applied[$0]?.stat }.map { .stat($0) }
    },
    swallows(.setACL, .badVersion) { asked, server in
      asked.paths.first.flatMap { server.service.applied[$0]?.stat }.map { .stat($0) }
    },
    .flaw("deletes-with-children", "Deleting a node deletes all below it too.", "ZNODE-1") {
      $0.transactions = { transactions, asked, server in
        guard case .delete(let path, _) = asked.request, let last = transactions.last,
          last.code == .notEmpty
        else { return }
        let below = server.service.applied.paths.filter { $0.hasPrefix(path + "/") }
        transactions =
          below.reversed().map { last.with(.delete(path: $0)) } + [last.with(.delete(path: path))]
      }
    },
    .flaw("creates-missing-parents", "A create makes the parents that are missing.", "ZNODE-1") {
      $0.transactions = { transactions, asked, server in
        guard let create = asked.create, let last = transactions.last, last.code == .noNode else {
          return
        }
        var rehearsal = server.service
        rehearsal.abandonProposals()
        transactions = []
        var path = ""
        for part in create.path.split(separator: "/") {
          path += "/" + part
          guard path == create.path || rehearsal.applied[path] == nil else { continue }
          var step = create
          step.path = path
          let new = rehearsal.prepare(
            .create(step), by: asked.author, cxid: last.cxid, zxid: last.zxid, time: last.time)
          _ = rehearsal.commit(new)
          transactions.append(new)
        }
      }
    },
  ]

  /// Successes that should be errors.
  private static let accepted: [Quirk] = [
    .flaw("ephemerals-have-children", "A node is created below an ephemeral one.", "ZNODE-4") {
      $0.transactions = { transactions, asked, server in
        guard let create = asked.create, let last = transactions.last,
          last.code == .noChildrenForEphemerals
        else { return }
        let creation = Transaction.Creation(
          path: create.path, data: create.data, acl: create.acl,
          isEphemeral: create.mode.isEphemeral, parentCVersion: -1, withStat: create.withStat)
        transactions = [last.with(.create(creation))]
      }
    },
    .flaw("system-nodes-can-be-deleted", "/zookeeper/quota can be deleted.", "ZNODE-1") {
      $0.transactions = { transactions, asked, _ in
        guard case .delete("/zookeeper/quota", _) = asked.request, let last = transactions.last
        else { return }
        transactions = [last.with(.delete(path: "/zookeeper/quota"))]
      }
    },
    path("trailing-slash-is-cut", "A slash at a path's end is cut off.") { path in
      path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path
    },
    path("double-slash-is-one", "Two slashes in a path count as one.") { path in
      let parts = path.split(separator: "/")
      return path.hasPrefix("/") ? "/" + parts.joined(separator: "/") : path
    },
    path("missing-slash-is-added", "A path without its first slash gets one.") { path in
      path.hasPrefix("/") || path.isEmpty ? path : "/" + path
    },
    path("dots-are-names", "The names . and .. are taken for others.") { path in
      path.split(separator: "/", omittingEmptySubsequences: false)
        .map { $0 == "." ? "dot" : $0 == ".." ? "dots" : String($0) }.joined(separator: "/")
    },
    path("control-characters-are-cut", "Characters that a path may not have are left out.") {
      path in
      String(
        String.UnicodeScalarView(
          path.unicodeScalars.filter {
            !(0x01...0x1f).contains($0.value) && !(0x7f...0x9f).contains($0.value)
          }))
    },
    path("null-is-cut", "A path ends at the character U+0000.") { path in
      String(path.prefix { $0 != "\0" })
    },
    path("case-does-not-matter", "Paths are written in small letters.") { $0.lowercased() },
    .flaw(
      "unknown-flags-are-persistent", "Flags without a meaning make a persistent node.", "ZNODE-3"
    ) {
      $0.request = { asked, _ in
        guard var create = asked.create, !(0...3).contains(create.mode.rawValue) else { return }
        create.mode = .persistent
        asked.request = .create(create)
      }
    },
    .flaw(
      "unknown-operations-are-survived", "An unknown operation does not end the connection.",
      "Apache ZooKeeper, UnimplementedRequestProcessor"
    ) {
      $0.reply = { answered, asked, _ in if asked.request == nil { answered.closes = false } }
    },
    .flaw(
      "cut-bodies-end-connections", "A body that does not decode ends the connection.",
      "Apache ZooKeeper, PrepRequestProcessor"
    ) {
      $0.reply = { answered, asked, _ in
        guard case .malformed = asked.content else { return }
        answered.closes = true
      }
    },
    .flaw(
      "cut-bodies-are-not-answered", "A body that does not decode is not answered.",
      "Apache ZooKeeper, PrepRequestProcessor"
    ) {
      $0.reply = { answered, asked, _ in
        guard case .malformed = asked.content else { return }
        answered.reply = nil
      }
    },
    .flaw(
      "cut-bodies-are-bad-arguments", "A body that does not decode is BadArguments.",
      "Apache ZooKeeper, PrepRequestProcessor"
    ) {
      $0.reply = { answered, asked, _ in
        guard case .malformed = asked.content else { return }
        answered.code = .badArguments
      }
    },
  ]

  // The forms of these.

  private static func confuses(_ opcode: Opcode, _ code: ErrorCode, _ other: ErrorCode) -> Quirk {
    flaw(
      "\(opcode)-\(code)-as-\(other)", "\(opcode) says \(other) where it should say \(code).",
      "KeeperException.Code"
    ) {
      $0.reply = { answered, asked, _ in
        if asked.request?.opcode.isLike(opcode) == true, answered.code == code {
          answered.code = other
        }
      }
    }
  }

  private static func swallows(
    _ opcode: Opcode, _ code: ErrorCode,
    _ answer: @escaping @Sendable (Asked, Server) -> Answer?
  ) -> Quirk {
    flaw(
      "\(opcode)-swallows-\(code)", "\(opcode) says Ok where it should say \(code).",
      "KeeperException.Code"
    ) {
      $0.reply = { answered, asked, server in
        guard asked.request?.opcode.isLike(opcode) == true, answered.code == code else { return }
        answered.answer = answer(asked, server)
      }
    }
  }

  private static func path(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (String) -> String
  ) -> Quirk {
    flaw(name, summary, "ZooKeeper Programmer's Guide, \"The ZooKeeper Data Model\"") {
      $0.request = { asked, _ in asked.request = asked.request?.mappingPaths(change) }
    }
  }
}

extension Opcode {
  /// Whether it is this operation or its form with a Stat.
  fileprivate func isLike(_ other: Opcode) -> Bool {
    self == other || (self == .create2 && other == .create)
      || (self == .getChildren2 && other == .getChildren)
  }
}
