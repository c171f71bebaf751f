import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Zxids and replies out of order, and writes that are not what was acknowledged.
///
/// Source for all: ZooKeeper Programmer's Guide, "Consistency Guarantees"; GUAR-1, SESS-6.
extension Quirk {
  static let orderFlaws: [Quirk] = zxids + replies + writes

  // begin order
  private static let zxids: [Quirk] = [
    flaw("failed-writes-take-no-zxid", "A write that fails takes no zxid.", "GUAR-1") {
      $0.transactions = { transactions, _, _ in
        transactions.removeAll { $0.code != nil }
      }
    },
    flaw("failed-multis-take-no-zxid", "A multi that fails takes no zxid.", "GUAR-1") {
      $0.transactions = { transactions, _, _ in
        transactions.removeAll { transaction in
          guard case .multi(let parts) = transaction.body else { return false }
          return parts.contains { if case .error = $0 { true } else { false } }
        }
      }
    },
    flaw("writes-skip-a-zxid", "Every write takes two zxids.", "GUAR-1") {
      $0.transactions = { transactions, _, _ in
        for place in transactions.indices { transactions[place].zxid.rawValue &+= 1 }
      }
    },
    flaw("sync-takes-a-zxid", "A sync takes a zxid.", "GUAR-1") {
      $0.reply = { answered, asked, _ in
        if asked.isOne(of: .sync) { answered.reply?.zxid.rawValue &+= 1 }
      }
    },
    zxid("reads-carry-no-zxid", "Replies to reads carry the zxid 0.") { zxid, asked in
      if asked.request?.opcode.isWrite == false { zxid = .zero }
    },
    zxid("writes-carry-no-zxid", "Replies to writes carry the zxid 0.") { zxid, asked in
      if asked.request?.opcode.isWrite == true { zxid = .zero }
    },
    zxid("writes-carry-the-zxid-before", "A write's reply carries the zxid before its own.") {
      zxid, asked in if asked.request?.opcode.isWrite == true { zxid.rawValue &-= 1 }
    },
    zxid("reads-carry-a-zxid-to-come", "A read's reply carries a zxid that is not there yet.") {
      zxid, asked in
      if asked.request?.opcode.isWrite == false, asked.request != .ping { zxid.rawValue &+= 1 }
    },
    zxid("pings-carry-no-zxid", "Replies to pings carry the zxid 0.") { zxid, asked in
      if asked.request == .ping { zxid = .zero }
    },
    zxid("failures-carry-no-zxid", "Replies to writes that fail carry the zxid 0.", onFailure: true)
    {
      zxid, _ in zxid = .zero
    },
    flaw("auth-carries-a-zxid", "The reply to auth carries the last zxid.", "ReplyHeader") {
      $0.reply = { answered, asked, server in
        if asked.isOne(of: .auth) { answered.reply?.zxid = server.service.applied.zxid }
      }
    },
  ]

  private static let replies: [Quirk] = [
    flaw(
      "pings-echo-their-number", "A ping's answer carries the number that it came with.",
      "ReplyHeader"
    ) { $0.reply = { answered, asked, _ in answered.xid = asked.header.xid } },
    flaw(
      "numbers-are-made-positive", "A negative number is answered with its positive.",
      "ReplyHeader"
    ) {
      $0.reply = { answered, asked, _ in
        if answered.xid < 0, asked.request != .ping { answered.xid = 0 &- answered.xid }
      }
    },
    flaw("reads-are-stale", "A read does not see the last write, not even one's own.", "GUAR-1") {
      $0.view = { service, asked, server in
        if asked.isOne(of: .exists, .getData, .getChildren, .getChildren2, .getACL) {
          service = Service(server.previous, dialect: server.settings.dialect)
        }
      }
    },
    flaw("existence-is-stale", "exists does not see the last write.", "GUAR-1") {
      $0.view = { service, asked, server in
        if asked.isOne(of: .exists) {
          service = Service(server.previous, dialect: server.settings.dialect)
        }
      }
    },
    flaw(
      "reads-overtake-writes", "Of requests that came together reads are served first.", "SESS-6"
    ) {
      $0.order = { requests in
        guard !requests.contains(where: { $0.header.opcode == .closeSession }) else { return }
        requests =
          requests.filter { !$0.header.opcode.isWrite }
          + requests.filter(\.header.opcode.isWrite)
      }
    },
    flaw(
      "requests-run-backwards", "Of requests that came together the last is served first.",
      "SESS-6"
    ) {
      $0.order = { requests in
        if !requests.contains(where: { $0.header.opcode == .closeSession }) { requests.reverse() }
      }
    },
  ]

  private static let writes: [Quirk] = [
    flaw("sets-are-lost", "setData is answered as done and not done.", "GUAR-1") {
      $0.transactions = { transactions, asked, _ in
        guard case .setData = asked.request else { return }
        transactions.removeAll { $0.code == nil }
      }
    },
    flaw("deletes-are-lost", "delete is answered as done and not done.", "GUAR-1") {
      $0.transactions = { transactions, asked, _ in
        guard case .delete = asked.request else { return }
        transactions.removeAll { $0.code == nil }
      }
    },
    flaw("acls-are-lost", "setACL is answered as done and not done.", "GUAR-1") {
      $0.transactions = { transactions, asked, _ in
        guard case .setACL = asked.request else { return }
        transactions.removeAll { $0.code == nil }
      }
    },
    flaw("same-bytes-are-no-change", "Setting the data that is there changes nothing.", "ZNODE-6") {
      $0.transactions = { transactions, _, server in
        transactions.removeAll { transaction in
          guard case .setData(let path, let data, _) = transaction.body else { return false }
          return server.service.applied[path]?.data == data
        }
      }
    },
    flaw("creates-run-twice", "A sequential create is done twice.", "GUAR-1") {
      $0.transactions = { transactions, asked, server in
        guard let create = asked.create, create.mode.isSequential, let first = transactions.last,
          first.code == nil
        else { return }
        var rehearsal = server.service
        rehearsal.abandonProposals()
        _ = rehearsal.commit(first)
        transactions.append(
          rehearsal.prepare(
            .create(create), by: asked.author, cxid: first.cxid,
            zxid: Zxid(first.zxid.rawValue &+ 1), time: first.time))
      }
    },
  ]
  // end order

  private static func zxid(
    _ name: String, _ summary: String, onFailure: Bool = false,
    _ change: @escaping @Sendable (inout Zxid, Asked) -> Void
  ) -> Quirk {
    flaw(name, summary, "ReplyHeader; GUAR-1") {
      $0.reply = { answered, asked, _ in
        guard var zxid = answered.reply?.zxid, !onFailure || answered.code != nil else { return }
        change(&zxid, asked)
        answered.reply?.zxid = zxid
      }
    }
  }
}
