import ZooKeeper
import ZooKeeperServer

/// Stats that tell what is not so: each field, at each change that moves it or must not.
///
/// Source for all: ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure"; ZNODE-6.
extension Quirk {
  static let statFlaws: [Quirk] = fieldsThatStay + fieldsThatMove + fieldsShownWrong

  // begin fields
  /// A field that does not move where it should.
  private static let fieldsThatStay: [Quirk] = [
    stays("mzxid", \.mzxid, .dataChanged), stays("mtime", \.mtime, .dataChanged),
    stays("version", \.version, .dataChanged),
    staysInParent("pzxid", \.pzxid, .created), staysInParent("pzxid", \.pzxid, .deleted),
    stat("aversion-stays-on-setACL", "Setting an ACL leaves aversion as it was.") { service, done in
      for path in done.pathsWithNewACL {
        service.restore(\.aversion, at: path, from: done.before)
      }
    },
    stat("pzxid-stays-on-expiry", "Ephemerals that go with their session leave the parent's pzxid.")
    { service, done in
      guard case .closeSession = done.transaction.body else { return }
      for path in done.paths(.deleted) {
        service.restore(\.pzxid, at: Path.parent(of: path), from: done.before)
      }
    },
  ]

  /// A field that moves where it should not.
  private static let fieldsThatMove: [Quirk] = [
    moves("czxid", .dataChanged) { $0.czxid = $1.zxid },
    moves("ctime", .dataChanged) { $0.ctime = $1.time },
    moves("pzxid", .dataChanged) { $0.pzxid = $1.zxid },
    moves("aversion", .dataChanged) { node, _ in node.aversion &+= 1 },
    movesInParent("pzxid", .dataChanged) { $0.pzxid = $1.zxid },
    movesInParent("mzxid", .created) { $0.mzxid = $1.zxid },
    movesInParent("mtime", .created) { $0.mtime = $1.time },
    movesInParent("version", .created) { node, _ in node.version &+= 1 },
    movesInParent("mzxid", .deleted) { $0.mzxid = $1.zxid },
    movesInParent("version", .deleted) { node, _ in node.version &+= 1 },
    movesOnSetACL("mzxid") { $0.mzxid = $1.zxid },
    movesOnSetACL("mtime") { $0.mtime = $1.time &+ 1 },
    movesOnSetACL("pzxid") { $0.pzxid = $1.zxid },
    movesOnSetACL("version") { node, _ in node.version &+= 1 },
    stat("aversion-moves-by-two", "Setting an ACL counts as two changes.") { service, done in
      for path in done.pathsWithNewACL { service.amend(path) { $0.aversion &+= 1 } }
    },
    stat("version-moves-by-two", "Setting data counts as two changes.") { service, done in
      for path in done.paths(.dataChanged) { service.amend(path) { $0.version &+= 1 } }
    },
    stat("grandchild-moves-pzxid", "A new node moves the pzxid of its parent's parent.") {
      service, done in
      for path in done.paths(.created) where Path.parent(of: path) != "/" {
        service.amend(Path.parent(of: Path.parent(of: path))) { $0.pzxid = done.transaction.zxid }
      }
    },
    create("version-begins-with-one", "A new node has version 1.") { node, _ in node.version = 1 },
    create("aversion-begins-with-one", "A new node has aversion 1.") { node, _ in
      node.aversion = 1
    },
    create("czxid-is-zero", "A new node has czxid 0.") { node, _ in node.czxid = .zero },
    create("mzxid-is-zero", "A node that was never changed has mzxid 0.") { node, _ in
      node.mzxid = .zero
    },
    create("pzxid-is-zero", "A node that never had children has pzxid 0.") { node, _ in
      node.pzxid = .zero
    },
    create("ctime-is-zero", "A new node has ctime 0.") { node, _ in node.ctime = 0 },
    create("mtime-is-zero", "A node that was never changed has mtime 0.") { node, _ in
      node.mtime = 0
    },
    create("times-in-seconds", "Times are counted in seconds.") { node, done in
      node.ctime = done.time / 1000
      node.mtime = done.time / 1000
    },
    create("times-in-microseconds", "Times are counted in microseconds.") { node, done in
      node.ctime = done.time &* 1000
      node.mtime = done.time &* 1000
    },
    create("times-since-the-start", "Times are counted from the server's start.") { node, done in
      node.ctime = 1 + done.time - 1_577_836_800_000
      node.mtime = node.ctime
    },
    create("times-of-another-zone", "Times are those of a clock two hours ahead.") { node, done in
      node.ctime = done.time + 7_200_000
      node.mtime = node.ctime
    },
    create("times-are-short", "Of times the lower 32 bits are kept.") { node, done in
      node.ctime = done.time & 0xffff_ffff
      node.mtime = node.ctime
    },
  ]

  /// A field that is kept as it should be and shown otherwise.
  private static let fieldsShownWrong: [Quirk] = [
    shown("cversion-counts-creates", "cversion counts the children created, not those deleted.") {
      stat, _, _ in stat.cversion = (stat.cversion &+ stat.numChildren) / 2
    },
    shown("cversion-counts-children", "cversion is the number of children.") { stat, _, _ in
      stat.cversion = stat.numChildren
    },
    shown("cversion-is-zero", "cversion is always 0.") { stat, _, _ in stat.cversion = 0 },
    shown("ephemeralOwner-is-zero", "ephemeralOwner is always 0.") { stat, _, _ in
      stat.ephemeralOwner = .none
    },
    shown("ephemeralOwner-is-one", "ephemeralOwner is 1 for every ephemeral node.") { stat, _, _ in
      if stat.ephemeralOwner != .none { stat.ephemeralOwner = SessionID(1) }
    },
    .flaw("getACL-shows-no-owner", "In getACL's Stat ephemeralOwner is 0.", "ZNODE-6") {
      $0.reply = { answered, _, _ in
        guard case .acl(let entries, var stat)? = answered.answer else { return }
        stat.ephemeralOwner = .none
        answered.answer = .acl(entries, stat)
      }
    },
    shown("dataLength-is-zero", "dataLength is always 0.") { stat, _, _ in stat.dataLength = 0 },
    shown("dataLength-counts-characters", "dataLength counts characters, not bytes.") {
      stat, path, tree in
      guard let data = tree[path]?.data else { return }
      let text = String(decoding: data, as: UTF8.self)
      stat.dataLength = Int32(truncatingIfNeeded: text.unicodeScalars.count)
    },
    shown("dataLength-of-null-is-minus-one", "A node without data has dataLength -1.") {
      stat, path, tree in
      if let node = tree[path], node.data == nil { stat.dataLength = -1 }
    },
    shown("numChildren-is-zero", "numChildren is always 0.") { stat, _, _ in stat.numChildren = 0 },
    shown("numChildren-counts-descendants", "numChildren counts all nodes below.") {
      stat, path, tree in
      let prefix = path == "/" ? "/" : path + "/"
      let below = tree.paths.count { $0.hasPrefix(prefix) && $0 != path }
      stat.numChildren = Int32(truncatingIfNeeded: below)
    },
    shown("mzxid-and-pzxid-swapped", "mzxid and pzxid have changed places.") { stat, _, _ in
      (stat.mzxid, stat.pzxid) = (stat.pzxid, stat.mzxid)
    },
    .flaw("set-answers-the-old-stat", "setData answers with the Stat of before.", "ZNODE-6") {
      $0.reply = { answered, asked, server in
        guard case .setData = asked.request, case .stat(var stat)? = answered.answer else { return }
        stat.version &-= 1
        answered.answer = .stat(stat)
      }
    },
    .flaw("setACL-answers-the-old-stat", "setACL answers with the Stat of before.", "ZNODE-6") {
      $0.reply = { answered, asked, server in
        guard case .setACL = asked.request, case .stat(var stat)? = answered.answer else { return }
        stat.aversion &-= 1
        answered.answer = .stat(stat)
      }
    },
    .flaw("create2-answers-the-parents-stat", "create2 answers with the parent's Stat.", "ZNODE-6")
    {
      $0.reply = { answered, asked, server in
        guard case .created(let path, _?)? = answered.answer else { return }
        answered.answer = .created(path: path, server.service.applied[Path.parent(of: path)]?.stat)
      }
    },
  ]
  // end fields

  // The forms of these.

  private static func stat(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Service, Committed) -> Void
  ) -> Quirk {
    .flaw(name, summary, "ZNODE-6") { $0.tree = change }
  }

  private static func shown(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Stat, String, Tree) -> Void
  ) -> Quirk {
    .flaw(name, summary, "ZNODE-6") { $0.stat = change }
  }

  private static func stays<Value>(
    _ field: String, _ path: any WritableKeyPath<Node, Value> & Sendable, _ kind: Change.Kind
  ) -> Quirk {
    stat("\(field)-stays-on-\(kind.verb)", "\(kind.sentence) leaves \(field) as it was.") {
      service, done in
      for place in done.paths(kind) { service.restore(path, at: place, from: done.before) }
    }
  }

  private static func staysInParent<Value>(
    _ field: String, _ path: any WritableKeyPath<Node, Value> & Sendable, _ kind: Change.Kind
  ) -> Quirk {
    stat(
      "parents-\(field)-stays-on-\(kind.verb)",
      "\(kind.sentence) leaves the parent's \(field) as it was."
    ) { service, done in
      for place in done.paths(kind) {
        service.restore(path, at: Path.parent(of: place), from: done.before)
      }
    }
  }

  private static func moves(
    _ field: String, _ kind: Change.Kind,
    _ change: @escaping @Sendable (inout Node, Transaction) -> Void
  ) -> Quirk {
    stat("\(field)-moves-on-\(kind.verb)", "\(kind.sentence) moves \(field).") { service, done in
      for path in done.paths(kind) { service.amend(path) { change(&$0, done.transaction) } }
    }
  }

  private static func movesInParent(
    _ field: String, _ kind: Change.Kind,
    _ change: @escaping @Sendable (inout Node, Transaction) -> Void
  ) -> Quirk {
    stat(
      "parents-\(field)-moves-on-\(kind.verb)", "\(kind.sentence) moves the parent's \(field)."
    ) { service, done in
      for path in done.paths(kind) {
        service.amend(Path.parent(of: path)) { change(&$0, done.transaction) }
      }
    }
  }

  private static func movesOnSetACL(
    _ field: String, _ change: @escaping @Sendable (inout Node, Transaction) -> Void
  ) -> Quirk {
    stat("\(field)-moves-on-setACL", "Setting an ACL moves \(field).") { service, done in
      for path in done.pathsWithNewACL { service.amend(path) { change(&$0, done.transaction) } }
    }
  }

  private static func create(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Node, Transaction) -> Void
  ) -> Quirk {
    stat(name, summary) { service, done in
      for path in done.paths(.created) { service.amend(path) { change(&$0, done.transaction) } }
    }
  }
}

extension Change.Kind {
  fileprivate var verb: String {
    switch self {
    case .created: "create"
    case .deleted: "delete"
    case .dataChanged: "set"
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .created: "Creating a node"
    case .deleted: "Deleting a node"
    case .dataChanged: "Setting data"
    }
  }
}
