import Testing
import ZooKeeper
import ZooKeeperPersistence

@Suite struct `What a transaction may change` {
  private func transaction(_ body: Transaction.Body) -> Transaction {
    Transaction(session: .none, cxid: 0, zxid: Zxid(1), time: 0, body: body)
  }

  /// As many as a session may own; to look for each among all would take minutes.
  @Test func `Is every node that a session owned, and the nodes above, each once`() {
    let owned = (0..<200_000).map { "/services/\($0 % 2)/_c_6f9a1c3e-lock-\($0)" }
    let touched = transaction(.closeSession(paths: owned)).touchedPaths
    #expect(touched.count == owned.count + 2)
    #expect(touched.prefix(3) == [owned[0], "/services/0", owned[1]])
  }

  @Test func `Is what each part of a multi names, byte for byte`() {
    let body = Transaction.Body.multi([
      .delete(path: "/caf\u{e9}"), .delete(path: "/cafe\u{301}"), .delete(path: "/caf\u{e9}"),
      .setData(path: "/", data: nil, version: 1),
    ])
    #expect(
      transaction(body).touchedPaths.map { Array($0.utf8) }
        == ["/caf\u{e9}", "/", "/cafe\u{301}"].map { Array($0.utf8) })
  }
}
