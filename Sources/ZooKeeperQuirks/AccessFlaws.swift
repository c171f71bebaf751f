import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Permissions that are not asked for, identities that are not one's own.
///
/// Source for all: ZooKeeper Programmer's Guide, "ZooKeeper access control using ACLs"; ACL-1 to
/// ACL-3.
extension Quirk {
  static let accessFlaws: [Quirk] = permissions + wrongIdentities + lists

  // begin access
  /// Which operation asks for which permission.
  private static let permissions: [Quirk] = [
    unasked("create", [.create, .create2], "CREATE"), unasked("delete", [.delete], "DELETE"),
    unasked("getData", [.getData], "READ"),
    unasked("getChildren", [.getChildren, .getChildren2], "READ"),
    unasked("set", [.setData], "WRITE"), unasked("setACL", [.setACL], "ADMIN"),
    unasked("getACL", [.getACL], "READ or ADMIN"),
    asks("delete-asks-the-node", "delete asks for DELETE on the node, not its parent.", .delete) {
      asked, tree in (asked.paths.first.flatMap { tree[$0] }, .delete)
    },
    asks("create-asks-for-WRITE", "create asks for WRITE on the parent.", .create) { asked, tree in
      (asked.paths.first.flatMap { tree[Path.parent(of: $0)] }, .write)
    },
    asks("set-asks-for-ADMIN", "setData asks for ADMIN.", .setData) { asked, tree in
      (asked.paths.first.flatMap { tree[$0] }, .admin)
    },
    asks("setACL-asks-for-WRITE", "setACL asks for WRITE.", .setACL) { asked, tree in
      (asked.paths.first.flatMap { tree[$0] }, .write)
    },
    asks("getACL-asks-for-ADMIN", "getACL asks for ADMIN, READ is not enough.", .getACL) {
      asked, tree in (asked.paths.first.flatMap { tree[$0] }, .admin)
    },
    asks("getACL-asks-for-READ", "getACL asks for READ, ADMIN is not enough.", .getACL) {
      asked, tree in (asked.paths.first.flatMap { tree[$0] }, .read)
    },
    flaw("acls-are-inherited", "A node is as closed as the nodes above it.", "ACL-1") {
      $0.reply = { answered, asked, server in
        guard asked.isOne(of: .getData, .getChildren, .getChildren2), answered.code == nil,
          var path = asked.paths.first
        else { return }
        while path != "/" {
          path = Path.parent(of: path)
          if server.service.applied[path]?.acl.allows(.read, to: asked.author.identities) == false {
            answered.code = .noAuth
          }
        }
      }
    },
  ]

  /// Who a client is.
  private static let wrongIdentities: [Quirk] = [
    flaw(
      "digests-are-not-hashed", "An identity of the scheme digest is the password itself.",
      "ACL-1"
    ) {
      $0.identities = { identities, scheme, shown in
        guard scheme == "digest", let shown else { return }
        identities = [Identity(scheme: scheme, id: String(decoding: shown, as: UTF8.self))]
      }
    },
    flaw("digests-hash-the-password-alone", "The digest leaves out the name.", "ACL-1") {
      $0.identities = { identities, scheme, shown in
        guard scheme == "digest", let shown else { return }
        let text = String(decoding: shown, as: UTF8.self)
        let name = String(text.prefix { $0 != ":" })
        let hash = Identity.digest(String(text.dropFirst(name.count + 1))).id
        let digest = hash.split(separator: ":").last ?? ""
        identities = [Identity(scheme: scheme, id: name + ":" + digest)]
      }
    },
    flaw("names-are-enough", "Any password proves a name that an ACL mentions.", "ACL-1") {
      $0.request = { asked, server in
        guard let node = asked.paths.first.flatMap({ server.service.applied[$0] }) else { return }
        let names = asked.author.identities.filter { $0.scheme == "digest" }
          .map { $0.id.prefix { $0 != ":" } }
        asked.author.identities += node.acl.map(\.identity)
          .filter { entry in names.contains(entry.id.prefix { $0 != ":" }) }
      }
    },
    flaw("identities-are-shared", "What one connection has shown serves every other.", "ACL-3") {
      $0.request = { asked, server in
        asked.author.identities = server.openConnections
          .flatMap { server.identities(of: $0) }
      }
    },
    flaw("only-the-last-identity-counts", "A new identity replaces the earlier ones.", "ACL-3") {
      $0.request = { asked, _ in
        let shown = asked.author.identities.filter { $0.scheme != "ip" }
        asked.author.identities.removeAll { $0.scheme != "ip" && $0 != shown.last }
      }
    },
    flaw("only-the-first-identity-counts", "A second identity is answered and forgotten.", "ACL-3")
    {
      $0.request = { asked, _ in
        let shown = asked.author.identities.filter { $0.scheme != "ip" }
        asked.author.identities.removeAll { $0.scheme != "ip" && $0 != shown.first }
      }
    },
    flaw(
      "failed-auth-is-survived", "Authentication that fails does not end the connection.", "SESS-3"
    ) {
      $0.reply = { answered, asked, _ in if answered.code == .authFailed { answered.closes = false }
      }
    },
    flaw(
      "failed-auth-is-silent", "Authentication that fails ends the connection without a word.",
      "SESS-3"
    ) {
      $0.reply = { answered, _, _ in if answered.code == .authFailed { answered.reply = nil } }
    },
    flaw("any-scheme-will-do", "Authentication of an unknown scheme is accepted.", "ACL-1") {
      $0.identities = { identities, scheme, _ in
        identities = identities ?? [Identity(scheme: scheme, id: "")]
      }
    },
    flaw("auth-is-not-answered", "Authentication is not answered.", "AuthPacket") {
      $0.reply = { answered, asked, _ in
        if asked.isOne(of: .auth), answered.code == nil { answered.reply = nil }
      }
    },
  ]

  /// What stands in an ACL.
  private static let lists: [Quirk] = [
    lists("empty-acls-are-open", "An empty ACL is taken for an open one.") {
      $0.isEmpty ? .open : $0
    },
    lists("unknown-schemes-are-dropped", "Entries of an unknown scheme are left out of an ACL.") {
      acl in
      let known = acl.filter { ["world", "auth", "digest", "ip"].contains($0.identity.scheme) }
      return known.isEmpty && !acl.isEmpty ? .open : known
    },
    lists("world-is-whoever", "The scheme world takes any id.") { acl in
      acl.map { $0.identity.scheme == "world" ? ACL($0.permissions, .anyone) : $0 }
    },
    lists("auth-is-world", "The scheme auth stands for everybody.") { acl in
      acl.map { $0.identity.scheme == "auth" ? ACL($0.permissions, .anyone) : $0 }
    },
    lists("acls-keep-one-entry", "Of an ACL only the first entry is kept.") { Array($0.prefix(1)) },
    lists("acls-are-reversed", "An ACL is kept in reverse order.") { $0.reversed() },
    lists("acls-are-always-open", "ACLs are not kept.") { $0.isEmpty ? $0 : .open },
    lists("permissions-are-masked", "Bits without a meaning are cut from an ACL.") { acl in
      acl.map { ACL($0.permissions.intersection(.all), $0.identity) }
    },
    lists("digests-need-no-colon", "An id of the scheme digest may be anything.") { acl in
      acl.map { entry in
        guard entry.identity.scheme == "digest", !entry.identity.id.contains(":") else {
          return entry
        }
        return ACL(entry.permissions, Identity(scheme: "digest", id: entry.identity.id + ":x"))
      }
    },
    flaw("duplicates-are-kept", "An entry that stands twice in an ACL is kept twice.", "ACL-1") {
      $0.transactions = { transactions, asked, _ in
        guard let create = asked.create, create.acl.count > Set(create.acl).count,
          !create.acl.contains(where: { $0.identity.scheme == "auth" })
        else { return }
        transactions.editCreations { creation, _ in creation.acl = create.acl }
      }
    },
    flaw("auth-keeps-one-identity", "The scheme auth stands for one identity only.", "ACL-1") {
      $0.request = { asked, _ in
        guard asked.create?.acl.contains(where: { $0.identity.scheme == "auth" }) == true else {
          return
        }
        let shown = asked.author.identities.filter { $0.scheme == "digest" }
        asked.author.identities.removeAll { $0.scheme == "digest" && $0 != shown.first }
      }
    },
    flaw("digests-are-shown", "getACL shows digests to everybody.", "ACL-2") {
      $0.reply = { answered, asked, server in
        guard case .acl(_, let stat)? = answered.answer,
          let node = asked.paths.first.flatMap({ server.service.applied[$0] })
        else { return }
        answered.answer = .acl(node.acl, stat)
      }
    },
    flaw("digests-are-hidden-from-admins", "getACL hides digests from everybody.", "ACL-2") {
      $0.reply = { answered, _, _ in
        guard case .acl(let acl, let stat)? = answered.answer else { return }
        let hidden = acl.map { entry in
          guard entry.identity.scheme == "digest" else { return entry }
          let name = entry.identity.id.prefix { $0 != ":" }
          return ACL(entry.permissions, Identity(scheme: "digest", id: name + ":x"))
        }
        answered.answer = .acl(hidden, stat)
      }
    },
    flaw("getACL-says-open", "getACL shows every ACL as open.", "ACL-1") {
      $0.reply = { answered, _, _ in
        if case .acl(_, let stat)? = answered.answer { answered.answer = .acl(.open, stat) }
      }
    },
  ]
  // end access

  private static func unasked(_ verb: String, _ opcodes: [Opcode], _ permission: String) -> Quirk {
    flaw("\(verb)-asks-for-nothing", "\(verb) does not ask for \(permission).", "ACL-1") {
      $0.request = { asked, _ in
        // The superuser is asked for nothing.
        if opcodes.contains(asked.header.opcode) { asked.author.identities.append(.superuser) }
      }
    }
  }

  /// Instead of the permission that is due, another is asked for, of another node perhaps.
  private static func asks(
    _ name: String, _ summary: String, _ opcode: Opcode,
    _ question: @escaping @Sendable (Asked, Tree) -> (Node?, Permissions)
  ) -> Quirk {
    flaw(name, summary, "ACL-1") {
      $0.request = { asked, server in
        guard asked.header.opcode == opcode else { return }
        let (node, permission) = question(asked, server.service.applied)
        guard let node else { return }
        let isAllowed = node.acl.allows(permission, to: asked.author.identities)
        // Allowed: nothing else is asked. Not: nobody may, who is not everybody.
        asked.author.identities = isAllowed ? [.superuser] : []
      }
    }
  }

  private static func lists(
    _ name: String, _ summary: String, _ change: @escaping @Sendable ([ACL]) -> [ACL]
  ) -> Quirk {
    flaw(name, summary, "ACL-1") {
      $0.request = { asked, _ in asked.request = asked.request?.mappingACL(change) }
    }
  }
}
