import NIOCore
import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Containers and nodes with a time to live that do not go, or should not have gone.
///
/// Source for all: ZooKeeper Programmer's Guide, "Container Nodes" and "TTL Nodes"; ZNODE-7.
extension Quirk {
  package static let reapingFlaws: [Quirk] = containerFlaws + ttlFlaws + eitherFlaws

  // begin reaping
  private static let containerFlaws: [Quirk] = [
    reaps("containers-stay", "A container is never taken away.") { paths, server in
      paths.removeAll { server.service.applied[$0]?.reaping == .emptied }
    },
    reaps("new-containers-go", "A container that never had a child is taken away.") {
      paths, server in
      paths += server.service.applied.paths { $0.reaping == .emptied && $0.childCount == 0 }
        .filter { !paths.contains($0) }
    },
    makes("containers-are-persistent", "A container is a persistent node.") { creation, _ in
      if creation.reaping == .emptied { creation.reaping = .never }
    },
    makes("containers-are-ephemeral", "A container goes with its session.") { creation, _ in
      guard creation.reaping == .emptied else { return }
      (creation.reaping, creation.isEphemeral) = (.never, true)
    },
    makes("containers-are-open", "A container's ACL is the open one.") { creation, _ in
      if creation.reaping == .emptied { creation.acl = .open }
    },
    makes("containers-hold-nothing", "A container's data is empty.") { creation, _ in
      if creation.reaping == .emptied { creation.data = [] }
    },
    reaping("containers-tell-an-owner", "A container's owner is told as it is stored.") {
      $0.stat = { stat, path, tree in
        if tree[path]?.reaping == .emptied { stat.ephemeralOwner = SessionID(.min) }
      }
    },
    reaping("createContainer-tells-no-Stat", "The reply to createContainer has no Stat.") {
      $0.reply = { answered, asked, _ in
        guard asked.header.opcode == .createContainer,
          case .created(let path, _)? = answered.answer
        else { return }
        answered.answer = .created(path: path)
      }
    },
    parts("flags-make-no-container-in-a-multi", "Flags 4 in a multi make a persistent node.") {
      create in if create.form == .create, create.mode == .container { create.mode = .persistent }
    },
    parts("no-container-in-a-multi", "A createContainer in a multi makes a persistent node.") {
      create in
      if create.form == .container { (create.form, create.mode) = (.create2, .persistent) }
    },
    reaping("emptied-by-a-session-stays", "A container that a session's end has emptied stays.") {
      $0.tree = { service, done in
        guard case .closeSession = done.transaction.body else { return }
        for path in done.paths(.deleted).map({ Path.parent(of: $0) }) {
          service.amend(path) { if $0.reaping == .emptied { $0.reaping = .never } }
        }
      }
    },
    reaps("containers-in-containers-stay", "A container in a container is never taken away.") {
      paths, server in
      paths.removeAll { path in
        server.service.applied[path]?.reaping == .emptied
          && server.service.applied[Path.parent(of: path)]?.reaping == .emptied
      }
    },
    refuses("containers-need-no-permission", .noAuth, "A container is made without permission."),
    refuses("containers-need-no-name", .badArguments, "A container may have any name."),
    refuses("containers-need-no-acl", .invalidACL, "A container needs no ACL."),
    refuses(
      "containers-stand-below-ephemerals", .noChildrenForEphemerals,
      "A container may be made below an ephemeral."),
    refuses("containers-replace-nodes", .nodeExists, "A container is made where a node is."),
    refuses("containers-need-no-parent", .noNode, "A container is made where no parent is."),
  ]

  private static let ttlFlaws: [Quirk] = [
    Quirk(
      "ttl-is-not-read", .flaw, "The time of a createTTL is not read: the node is persistent.",
      source: "JDRaftKeeper/RaftKeeper#399"
    ) {
      $0.request = { asked, _ in
        asked.editTTL {
          $0.form = .create2; $0.mode = $0.mode.withoutTTL
        }
      }
    },
    reaps("ttl-nodes-stay", "A node with a TTL is never taken away.") { paths, server in
      paths.removeAll { server.service.applied[$0]?.ttl != nil }
    },
    reaps("ttl-begins-at-creation", "A TTL counts from the node's creation.") { paths, server in
      let now = server.settings.epoch &+ server.now
      paths += server.service.applied.paths { node in
        node.childCount == 0 && node.ttl.map { now - node.ctime > $0 } ?? false
      }.filter { !paths.contains($0) }
    },
    reaps("ttl-nodes-go-at-once", "A node with a TTL goes when nobody looks.") { paths, server in
      paths += server.service.applied.paths { $0.ttl != nil && $0.childCount == 0 }
        .filter { !paths.contains($0) }
    },
    reaping("ttl-nodes-go-with-children", "A node with a TTL goes, whatever is below it.") {
      $0.reaping = { paths, server in
        let now = server.settings.epoch &+ server.now
        paths += server.service.applied.paths { node in
          node.childCount > 0 && node.ttl.map { now - node.mtime > $0 } ?? false
        }
      }
      $0.transactions = { transactions, asked, _ in
        guard asked.header.opcode == .deleteContainer, let path = asked.paths.first else { return }
        transactions = transactions.map { $0.with(.delete(path: path)) }
      }
    },
    reaping("new-acls-renew-a-ttl", "A new ACL begins a TTL anew.") {
      $0.tree = { service, done in
        for path in done.pathsWithNewACL {
          service.amend(path) { if $0.ttl != nil { $0.mtime = done.transaction.time } }
        }
      }
    },
    reaping("children-renew-a-ttl", "A child that comes or goes begins a TTL anew.") {
      $0.tree = { service, done in
        for path in (done.paths(.created) + done.paths(.deleted)).map({ Path.parent(of: $0) }) {
          service.amend(path) { if $0.ttl != nil { $0.mtime = done.transaction.time } }
        }
      }
    },
    asks("ttl-takes-any-time", "A TTL that is none is the nearest that is one.") { create in
      guard let ttl = create.ttl else { return }
      let granted = Create.grantedTTLs
      create.form = .ttl(min(max(ttl, granted.lowerBound), granted.upperBound))
    },
    asks("ttl-has-32-bits", "Of a TTL the lower 32 bits are read.") { create in
      if let ttl = create.ttl { create.form = .ttl(Int64(UInt32(truncatingIfNeeded: ttl))) }
    },
    asks("ttl-in-seconds", "A TTL is taken for seconds.") { create in
      if let ttl = create.ttl, ttl > 0 { create.form = .ttl(min(ttl, 1 << 29) * 1000) }
    },
    asks("ttl-nodes-are-not-numbered", "A sequential node with a TTL gets no number.") { create in
      if create.ttl != nil, create.mode.isSequential { create.mode = .persistentWithTTL }
    },
    asks("createTTL-takes-any-mode", "A createTTL of a mode without a time makes such a node.") {
      create in
      if create.ttl != nil, !create.mode.hasTTL { create.form = .create2 }
    },
    reaping("create-takes-ttl-flags", "A create with the flags of a TTL makes a persistent node.") {
      $0.request = { asked, _ in
        guard var create = asked.create, create.ttl == nil, create.mode.hasTTL else { return }
        create.mode = create.mode.withoutTTL
        asked.request = .create(create)
      }
    },
    reaping("ttl-nodes-tell-an-owner", "A TTL is told as the node's owner.") {
      $0.stat = { stat, path, tree in
        if let ttl = tree[path]?.ttl { stat.ephemeralOwner = SessionID(-1 << 56 | ttl) }
      }
    },
    makes("ttl-nodes-are-ephemeral", "A node with a TTL goes with its session too.") {
      creation, _ in
      guard case .after = creation.reaping else { return }
      (creation.reaping, creation.isEphemeral) = (.never, true)
    },
    parts("ttl-in-a-multi-is-not-read", "A createTTL in a multi makes a persistent node.") {
      create in
      if create.ttl != nil { (create.form, create.mode) = (.create2, create.mode.withoutTTL) }
    },
    reaping("createTTL-tells-no-Stat", "The reply to createTTL has no Stat.") {
      $0.reply = { answered, asked, _ in
        guard asked.header.opcode == .createTTL, case .created(let path, _)? = answered.answer
        else { return }
        answered.answer = .created(path: path)
      }
    },
    reaping("ttl-is-switched-off", "No node has a time to live.") {
      $0.settings = { $0.dialect.hasTTL = false }
    },
  ]

  private static let eitherFlaws: [Quirk] = [
    reaping("reaping-fires-no-watch", "A node that the server takes away fires no watch.") {
      $0.events = { told, _, done in
        if done.asked.header.opcode == .deleteContainer { told = [] }
      }
    },
    reaping(
      "reaping-leaves-the-parent", "A node that the server takes away leaves the parent's pzxid."
    ) {
      $0.tree = { service, done in
        guard done.asked.header.opcode == .deleteContainer else { return }
        for path in done.paths(.deleted) {
          service.restore(\.pzxid, at: Path.parent(of: path), from: done.before)
        }
      }
    },
    reaping("reaping-tells-of-data", "A node that the server takes away is told as changed.") {
      $0.events = { told, _, done in
        guard done.asked.header.opcode == .deleteContainer else { return }
        for place in told.indices where told[place].event.type == .nodeDeleted {
          told[place].event.type = .nodeDataChanged
        }
      }
    },
  ]
  // end reaping

  // The forms of these.

  private static func reaping(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "ZNODE-7", change) }

  private static func reaps(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout [String], Server) -> Void
  ) -> Quirk { reaping(name, summary) { $0.reaping = change } }

  private static func makes(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (inout Transaction.Creation, SessionID) -> Void
  ) -> Quirk {
    reaping(name, summary) {
      $0.transactions = { transactions, _, _ in transactions.editCreations(change) }
    }
  }

  private static func asks(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Create) -> Void
  ) -> Quirk { reaping(name, summary) { $0.request = { asked, _ in asked.editTTL(change) } } }

  /// Changes the creates in a multi.
  private static func parts(
    _ name: String, _ summary: String, _ change: @escaping @Sendable (inout Create) -> Void
  ) -> Quirk {
    reaping(name, summary) {
      $0.request = { asked, _ in
        guard let operations = asked.operations else { return }
        asked.request = .multi(
          operations.map { operation in
            guard case .create(var create) = operation else { return operation }
            change(&create)
            return .create(create)
          })
      }
    }
  }

  /// A refusal of a createContainer that is left out.
  private static func refuses(_ name: String, _ code: ErrorCode, _ summary: String) -> Quirk {
    reaping(name, summary) {
      $0.reply = { answered, asked, _ in
        guard asked.header.opcode == .createContainer, answered.code == code,
          let path = asked.paths.first
        else { return }
        answered.answer = .created(path: path, Stat())
      }
    }
  }
}

extension Node {
  /// The time that it has to live, in milliseconds.
  fileprivate var ttl: Int64? { if case .after(let ttl) = reaping { ttl } else { nil } }
}

extension Tree {
  /// The paths of the nodes that are such, in the order of their bytes.
  fileprivate func paths(_ isSuch: (Node) -> Bool) -> [String] {
    paths.filter { path in self[path].map(isSuch) ?? false }
  }
}

extension CreateMode {
  fileprivate var withoutTTL: CreateMode { isSequential ? .persistentSequential : .persistent }
}

extension Asked {
  /// Changes a createTTL.
  fileprivate mutating func editTTL(_ change: (inout Create) -> Void) {
    guard var create, create.ttl != nil else { return }
    change(&create)
    request = .create(create)
  }
}
