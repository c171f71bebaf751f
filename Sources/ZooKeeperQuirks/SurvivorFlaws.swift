import ZooKeeper
package import ZooKeeperServer
import ZooKeeperWire

/// Faults that an earlier suite did not notice: mutations of the reference that survived it.
extension Quirk {
  package static let survivorFlaws: [Quirk] = [
    flaw(
      "ephemeral-children-go-along", "A node with ephemeral children only can be deleted.",
      "ZNODE-4"
    ) {
      $0.transactions = { transactions, asked, server in
        let tree = server.service.applied
        guard case .delete(let path, _) = asked.request, let last = transactions.last,
          last.code == .notEmpty
        else { return }
        let below = tree.paths.filter { $0.hasPrefix(path + "/") }
        guard below.allSatisfy({ tree[$0]?.isEphemeral == true }) else { return }
        transactions =
          below.map { last.with(.delete(path: $0)) } + [last.with(.delete(path: path))]
      }
    },
    flaw(
      "auth-of-nobody-is-dropped", "An entry for auth that stands for nobody is left out.", "ACL-1"
    ) {
      $0.request = { asked, _ in
        guard !asked.author.identities.contains(where: { $0.scheme == "digest" }) else { return }
        func dropped(_ acl: [ACL]) -> [ACL] {
          let rest = acl.filter { $0.identity.scheme != "auth" }
          return rest.isEmpty ? acl : rest
        }
        switch asked.request {
        case .create(var create):
          create.acl = dropped(create.acl)
          asked.request = .create(create)
        case .setACL(let path, let acl, let version):
          asked.request = .setACL(path: path, acl: dropped(acl), version: version)
        default: break
        }
      }
    },
    flaw(
      "setWatches-finds-new-nodes-only",
      "setWatches tells of a creation only if the client has not seen it.", "WATCH-6"
    ) {
      $0.request = { asked, server in
        guard case .setWatches(var watches) = asked.request else { return }
        let tree = server.service.applied
        let old = watches.exist.filter { path in
          tree[path].map { $0.czxid <= watches.relativeZxid } ?? false
        }
        watches.exist.removeAll { old.contains($0) }
        watches.data += old
        asked.request = .setWatches(watches)
      }
    },
    flaw("strangers-stay", "A connection that begins with an impossible length stays.", "SESS-3") {
      $0.bearsWith = [.frame]
    },
    flaw("bad-greetings-stay", "A connection that begins with no connect request stays.", "SESS-3")
    {
      $0.bearsWith = [.request]
    },
    flaw(
      "malformed-writes-take-no-zxid", "A write that does not decode takes no zxid.", "GUAR-1"
    ) {
      $0.transactions = { transactions, asked, _ in
        if case .malformed = asked.content { transactions = [] }
      }
    },
    flaw("three-dots-are-no-name", "A path may not have a component of three dots.", "ZNODE-1") {
      $0.request = { asked, _ in
        guard case .create(var create) = asked.request,
          create.path.split(separator: "/").contains("...")
        else { return }
        create.path = "/."
        asked.request = .create(create)
      }
    },
    flaw("passwords-are-cut-short", "The last byte of a password is not compared.", "SESS-4") {
      $0.admission = { admission, server in
        let session = admission.request.session
        if admission.verdict == .expired, server.sessions.isOpen(session),
          admission.request.password?.dropLast() == session.password.dropLast()
        {
          admission.verdict = .resumed
        }
      }
    },
    flaw("dots-inside-are-names", "Only the last component may not be one dot or two.", "ZNODE-1") {
      $0.reply = { answered, asked, server in
        guard answered.code == .badArguments, let path = asked.request?.paths.first,
          let last = path.split(separator: "/").last, last != ".", last != "..",
          path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { return }
        answered.reply?.result = .failure(.noNode)
      }
    },
  ]
}
