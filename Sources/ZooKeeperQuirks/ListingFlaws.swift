import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Wrong lists of ephemerals, wrong counts, and whom a connection is told to be.
///
/// Source for all: ZooKeeper's Java client, `getEphemerals`, `getAllChildrenNumber` and `whoAmI`.
extension Quirk {
  package static let listingFlaws: [Quirk] = ephemeralsFlaws + countFlaws + identityFlaws

  private static let ephemeralsFlaws: [Quirk] = [
    ephemerals("getEphemerals-of-everybody", "getEphemerals lists all sessions' nodes.") {
      _, prefix, _, server in
      let tree = server.service.applied
      return tree.openSessions.flatMap { tree.ephemerals(of: $0) }.filter { $0.hasPrefix(prefix) }
    },
    ephemerals("getEphemerals-knows-no-prefix", "getEphemerals lists all, whatever the prefix.") {
      _, _, asked, server in server.service.applied.ephemerals(of: asked.author.session)
    },
    ephemerals("getEphemerals-of-a-path", "getEphemerals takes the prefix for a path.") {
      paths, prefix, _, _ in
      let folder = prefix.hasSuffix("/") ? prefix : prefix + "/"
      return paths.filter {
        $0 == prefix || $0.hasPrefix(folder) || folder.allSatisfy { " /".contains($0) }
      }
    },
    ephemerals("getEphemerals-of-the-root-is-nothing", "getEphemerals of the root lists nothing.") {
      paths, prefix, _, _ in prefix == "/" ? [] : paths
    },
    ephemerals("getEphemerals-of-nothing-is-nothing", "getEphemerals of no prefix lists nothing.") {
      paths, prefix, _, _ in prefix.isEmpty ? [] : paths
    },
    ephemerals("getEphemerals-minds-blanks", "getEphemerals takes blanks for a part of the path.") {
      paths, prefix, _, _ in prefix.contains(" ") ? [] : paths
    },
    ephemerals("getEphemerals-lists-the-first", "getEphemerals lists at most one node.") {
      paths, _, _, _ in Array(paths.prefix(1))
    },
    ephemerals("getEphemerals-lists-names", "getEphemerals lists names, not paths.") {
      paths, _, _, _ in paths.map { "/" + lastName(of: $0) }
    },
    ephemerals("getEphemerals-misses-numbered-ones", "getEphemerals misses sequential nodes.") {
      paths, _, _, _ in paths.filter { $0.last?.isNumber == false }
    },
    listing("getEphemerals-misses-multis", "getEphemerals misses what a multi has made.") {
      $0.remember = { notebook, done in
        guard case .multi = done.transaction.body else { return }
        notebook.paths[done.transaction.session, default: []].formUnion(done.paths(.created))
      }
      $0.reply = { answered, asked, server in
        guard case .ephemerals(let paths)? = answered.answer else { return }
        let missed = server.notebook.paths[asked.author.session] ?? []
        answered.answer = .ephemerals(paths.filter { !missed.contains($0) })
      }
    },
    listing("short-lists-are-fine", "A list or count that is cut short is answered.") {
      $0.request = { asked, _ in
        guard asked.isOne(of: .getEphemerals, .getAllChildrenNumber),
          case .malformed = asked.content
        else { return }
        asked.content = .request(.ping)
      }
    },
    listing("lists-take-a-zxid", "Lists and counts take a zxid.") {
      $0.reply = { answered, asked, _ in
        if asked.isOne(of: .getEphemerals, .getAllChildrenNumber) {
          answered.reply?.zxid.rawValue += 1
        }
      }
    },
  ]

  private static let countFlaws: [Quirk] = [
    counts("countChildren-counts-children", "Only children are counted, nobody below them.") {
      _, path, tree in Int32(tree[path]?.childCount ?? 0)
    },
    counts("countChildren-counts-itself", "The node itself is counted too.") { count, _, _ in
      count + 1
    },
    counts("countChildren-counts-names-alike", "Nodes whose names begin alike are counted too.") {
      _, path, tree in Int32(tree.paths.count { $0.hasPrefix(path) && $0 != path })
    },
    counts("countChildren-misses-ephemerals", "Ephemerals are not counted.") { _, path, tree in
      let folder = path == "/" ? path : path + "/"
      return Int32(
        tree.paths.count { $0.hasPrefix(folder) && $0 != path && tree[$0]?.isEphemeral == false })
    },
    counts("countChildren-of-the-root-is-nothing", "Below the root nothing is counted.") {
      count, path, _ in path == "/" ? 0 : count
    },
    listing("countChildren-asks-no-permission", "Counting asks for no permission.") {
      $0.reply = { answered, asked, _ in
        guard case .getAllChildrenNumber = asked.request, answered.code == .noAuth else { return }
        answered.answer = .count(1)
      }
    },
    listing("countChildren-of-nothing-is-zero", "Below what is not there nothing is counted.") {
      $0.reply = { answered, asked, _ in
        guard case .getAllChildrenNumber = asked.request, answered.code == .noNode else { return }
        answered.answer = .count(0)
      }
    },
  ]

  private static let identityFlaws: [Quirk] = [
    tells("whoAmI-tells-digests", "whoAmI tells the digest too.") { _, asked in
      asked.author.identities.map { ClientInfo(scheme: $0.scheme, user: $0.id) }
    },
    tells("whoAmI-tells-no-address", "whoAmI tells no address.") { identities, _ in
      identities.filter { $0.scheme != "ip" }
    },
    tells("whoAmI-tells-the-last", "whoAmI tells the last identity alone.") { identities, _ in
      Array(identities.suffix(1))
    },
    tells("whoAmI-tells-each-name-once", "whoAmI tells two identities of one name as one.") {
      identities, _ in
      var seen: Set<ClientInfo> = []
      return identities.filter { seen.insert($0).inserted }
    },
    tells("whoAmI-hides-the-superuser", "whoAmI does not tell who is the superuser.") {
      identities, _ in identities.filter { $0.scheme != "super" }
    },
    tells("whoAmI-hides-sasl", "whoAmI does not tell whom SASL knows.") { identities, _ in
      identities.filter { $0.scheme != "sasl" }
    },
    flaw("whoAmI-tells-doubles", "Who shows the same twice is told twice.", "ACL-4") {
      $0.reply = { answered, asked, _ in
        guard case .identities(let identities)? = answered.answer,
          let digest = identities.first(where: { $0.scheme == "digest" })
        else { return }
        answered.answer = .identities(identities + [digest])
      }
    },
  ]

  private static func listing(
    _ name: String, _ summary: String, _ change: (inout Quirk) -> Void
  ) -> Quirk { flaw(name, summary, "READ-2", change) }

  private static func ephemerals(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable ([String], String, Asked, Server) -> [String]
  ) -> Quirk {
    listing(name, summary) {
      $0.reply = { answered, asked, server in
        guard case .getEphemerals(let prefix) = asked.request,
          case .ephemerals(let paths)? = answered.answer
        else { return }
        answered.answer = .ephemerals(change(paths, prefix ?? "", asked, server))
      }
    }
  }

  private static func counts(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable (Int32, String, Tree) -> Int32
  ) -> Quirk {
    listing(name, summary) {
      $0.reply = { answered, asked, server in
        guard case .getAllChildrenNumber(let path) = asked.request,
          case .count(let count)? = answered.answer
        else { return }
        answered.answer = .count(change(count, path, server.service.applied))
      }
    }
  }

  private static func tells(
    _ name: String, _ summary: String,
    _ change: @escaping @Sendable ([ClientInfo], Asked) -> [ClientInfo]
  ) -> Quirk {
    flaw(name, summary, "ACL-4") {
      $0.reply = { answered, asked, _ in
        guard case .identities(let identities)? = answered.answer else { return }
        answered.answer = .identities(change(identities, asked))
      }
    }
  }
}
