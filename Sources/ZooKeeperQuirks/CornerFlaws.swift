import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Faults at the edge of what a server is asked every day: the second entry, the hundredth child,
/// an ephemeral where any node may stand.
///
/// Source for all: ZooKeeper Programmer's Guide; what every edition of Apache's server does.
extension Quirk {
  package static let cornerFlaws: [Quirk] = cornerEphemerals + cornerSizes + cornerOrders

  // begin corners
  /// Ephemerals that are treated as what they are not.
  private static let cornerEphemerals: [Quirk] = [
    corner("only-owners-set-ephemerals", "Another session cannot set an ephemeral's data.") {
      asked, node in
      guard case .setData = asked.request, node.isEphemeral else { return nil }
      return node.ephemeralOwner == asked.author.session ? nil : .noAuth
    },
    corner("ephemerals-are-private", "Another session cannot read an ephemeral.") { asked, node in
      guard asked.isOne(of: .getData), node.isEphemeral else { return nil }
      return node.ephemeralOwner == asked.author.session ? nil : .noNode
    },
    corner("ephemerals-have-no-list", "An ephemeral's children cannot be asked for.") {
      asked, node in
      guard asked.isOne(of: .getChildren, .getChildren2) else { return nil }
      return node.isEphemeral ? .noChildrenForEphemerals : nil
    },
    corner("ephemerals-have-no-acl", "An ephemeral's ACL cannot be set.") { asked, node in
      asked.isOne(of: .setACL) && node.isEphemeral ? .badArguments : nil
    },
    flaw("ephemerals-ignore-versions", "An ephemeral of any version is deleted.", "ZNODE-6") {
      $0.request = { asked, server in
        guard case .delete(let path, _) = asked.request,
          server.service.applied[path]?.isEphemeral == true
        else { return }
        asked.request = .delete(path: path, version: .any)
      }
    },
    flaw("setACL-makes-persistent", "Setting an ephemeral's ACL makes it persistent.", "ZNODE-4") {
      $0.tree = { service, done in
        for path in done.pathsWithNewACL { service.amend(path) { $0.ephemeralOwner = .none } }
      }
    },
    flaw("resumed-sessions-expire-early", "A resumed session lives half its timeout.", "SESS-5") {
      $0.admission = { admission, _ in
        if admission.verdict == .resumed { admission.lease /= 2 }
      }
    },
  ]

  /// Limits that nobody has set.
  private static let cornerSizes: [Quirk] = [
    flaw("lists-end-after-a-hundred", "No more than 100 children are listed.", "ZNODE-1") {
      $0.reply = { answered, _, _ in
        guard case .children(let names, let stat)? = answered.answer else { return }
        answered.answer = .children(Array(names.sorted().prefix(100)), stat)
      }
    },
    flaw("multis-are-short", "A multi of more than ten operations is refused.", "GUAR-2") {
      $0.request = { asked, _ in
        if asked.operations?.count ?? 0 > 10 {
          asked.content = .malformed(WireError(.notInMulti(.multi), at: 0))
        }
      }
    },
    flaw("acls-are-short", "Of an ACL no more than four entries are kept.", "ACL-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingACL { Array($0.prefix(4)) }
      }
    },
    flaw("names-are-short", "Of a name no more than 120 bytes are kept.", "ZNODE-1") {
      $0.request = { asked, _ in
        asked.request = asked.request?.mappingPaths { path in
          let name = lastName(of: path)
          guard name.utf8.count > 120 else { return path }
          return String(path.dropLast(name.count)) + String(name.prefix(120))
        }
      }
    },
    flaw("watches-are-few", "A server keeps no more than 30 watches.", "WATCH-1") {
      $0.watch = { registration, watches, _ in
        if watches.count >= 30 { registration.request = .ping }
      }
    },
  ]

  /// What counts is not what comes first.
  private static let cornerOrders: [Quirk] = [
    flaw("the-first-entry-decides", "Of an ACL only the first entry for a client counts.", "ACL-1")
    {
      $0.transactions = { transactions, asked, server in
        guard case .setData(let path, _, _) = asked.request, let last = transactions.last,
          last.code == nil,
          let first = server.service.applied[path]?.acl.first(where: { entry in
            entry.identity == .anyone || asked.author.identities.contains(entry.identity)
          }), !first.permissions.contains(.write)
        else { return }
        transactions = [last.with(.error(.noAuth))]
      }
    },
    flaw("syncs-overtake", "Of requests that came together syncs are served first.", "SESS-6") {
      $0.order = { requests in requests = requests.movingFirst { $0.header.opcode == .sync } }
    },
    flaw("pings-overtake", "Of requests that came together pings are served first.", "SESS-6") {
      $0.order = { requests in requests = requests.movingFirst { $0.header.opcode == .ping } }
    },
    flaw("closing-waits-its-turn-not", "closeSession is served before what came with it.", "SESS-6")
    {
      $0.order = { requests in
        requests = requests.movingFirst { $0.header.opcode == .closeSession }
      }
    },
  ]
  // end corners

  /// Refuses what is asked of a node, for a reason that there is not.
  private static func corner(
    _ name: String, _ summary: String,
    _ code: @escaping @Sendable (Asked, Node) -> ErrorCode?
  ) -> Quirk {
    flaw(name, summary, "ZNODE-4") {
      $0.reply = { answered, asked, server in
        guard answered.code == nil, let node = asked.paths.first.flatMap({ server.previous[$0] }),
          let code = code(asked, node)
        else { return }
        answered.code = code
      }
    }
  }
}

extension [ClientFrame] {
  /// Those of a kind before all others.
  fileprivate func movingFirst(_ isFirst: (ClientFrame) -> Bool) -> [ClientFrame] {
    filter(isFirst) + filter { !isFirst($0) }
  }
}
