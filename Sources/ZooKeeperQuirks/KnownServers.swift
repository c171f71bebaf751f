import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Other servers that speak the protocol, as far as they differ in what this server does.
///
/// Source for all: ClickHouse's repository and issues; not run here.
extension Quirk {
  static let knownServers: [Quirk] =
    keeperParts + [
      Quirk(
        "clickhouse-keeper", .knownServer, "As ClickHouse Keeper answers, all of its ways at once.",
        source: "ClickHouse/ClickHouse, src/Coordination", parts: keeperParts)
    ]

  // begin keeper
  private static let keeperParts: [Quirk] = [
    keeper(
      "keeper-does-not-resume", "Who asks for an old session gets a new one, silently.", "#44571"
    ) {
      $0.admission = { admission, _ in
        switch admission.verdict {
        case .resumed, .expired: admission.verdict = .new
        case .new, .refused, .abandoned: break
        }
        admission.closesOther = false
      }
    },
    keeper("keeper-has-no-readOnly-byte", "The handshake's response is always 36 bytes.", "#116690")
    {
      $0.response = { response, _, _ in response.readOnly = nil }
    },
    keeper(
      "keeper-timeouts", "Timeouts lie between 10 and 100 seconds, and 0 means 30.",
      "CoordinationSettings"
    ) {
      $0.settings = { $0.timeouts = 10_000...100_000 }
      $0.admission = { admission, _ in
        guard admission.request.timeout == 0 else { return }
        (admission.timeout, admission.lease) = (30_000, 30_000)
      }
    },
    keeper(
      "keeper-child-sets-move-cversion", "Setting data moves the parent's cversion.", "#115457"
    ) {
      // Every child's version says how often it was set.
      $0.stat = { stat, path, tree in
        let prefix = path == "/" ? path : path + "/"
        for name in tree[path]?.childNames ?? [] {
          stat.cversion &+= tree[prefix + name]?.version ?? 0
        }
      }
    },
    keeper("keeper-deletes-leave-pzxid", "Deleting a child leaves the parent's pzxid.", "#115457") {
      $0.tree = { service, done in
        for path in done.paths(.deleted) {
          service.restore(\.pzxid, at: Path.parent(of: path), from: done.before)
        }
      }
    },
    keeper("keeper-setACL-order", "setACL looks at node and version before the ACL.", "#59489") {
      $0.reply = { answered, asked, server in
        guard case .setACL(let path, _, let version) = asked.request,
          answered.code == .invalidACL
        else { return }
        guard let node = server.service.applied[path] else { return answered.code = .noNode }
        if version != .any, version != node.aversion { answered.code = .badVersion }
      }
    },
    keeper("keeper-shows-digests", "getACL shows digests to whoever may read.", "#59489") {
      $0.reply = { answered, asked, server in
        guard case .acl(_, let stat)? = answered.answer,
          let node = asked.paths.first.flatMap({ server.service.applied[$0] })
        else { return }
        answered.answer = .acl(node.acl, stat)
      }
    },
    keeper("keeper-auth", "auth knows only digest, of a name and a password.", "#59489") {
      $0.identities = { identities, scheme, shown in
        let colons = shown?.count { $0 == UInt8(ascii: ":") }
        if scheme != "digest" || colons != 1 { identities = nil }
      }
    },
    keeper("keeper-checks-alone", "A check may stand outside a multi.", "#59489") {
      $0.settings = { $0.dialect.refusesLoneCheck = false }
    },
    keeper("keeper-small-session-ids", "Session ids count from 1.", "KeeperStorage") {
      $0.settings = {
        $0.serverNumber = 0
        $0.epoch -= $0.epoch % (1 << 40)
      }
      $0.response = { response, _, _ in response.password = response.password?.map { _ in 0 } }
    },
  ]
  // end keeper

  private static func keeper(
    _ name: String, _ summary: String, _ source: String, _ change: (inout Quirk) -> Void
  ) -> Quirk {
    Quirk(name, .knownServer, summary, source: "ClickHouse/ClickHouse \(source)", change)
  }
}
