import Testing
import ZooKeeper
import ZooKeeperPersistence

@Suite struct `Nodes with a time of their own` {
  @Test(arguments: [true, false])
  func `Stay what they are where there are no TTL nodes any more`(hasTTL: Bool) throws {
    let (disk, folders) = (SimulatedDisk(), DataFolders(snapshots: "d", logs: "d"))
    var service = Service(nil, dialect: .reference)
    var log = TransactionLog(disk, folder: "d")
    for create in [Create("/t", ttl: 60_000), Create("/c", mode: .container)] {
      let transaction = service.prepare(
        .create(create), by: Author(.none),
        cxid: 0, zxid: Zxid(service.lastProposed.rawValue + 1), time: 0)
      _ = service.commit(transaction)
      try log.append([LoggedTransaction(transaction, digest: nil)])
    }
    try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
    var options = Recovery.Options()
    options.dialect.hasTTL = hasTTL
    // First from the log, then from a snapshot that was made of that.
    for _ in 0..<3 {
      let recovery = try Recovery(disk, folders, options)
      #expect(recovery.notes == [] && recovery.tree.all == service.applied.all)
      #expect(recovery.tree.reapable(at: 60_000) == service.applied.reapable(at: 60_000))
      #expect(recovery.digest == service.applied.digest)
      try Snapshot.write(recovery.tree, digest: recovery.digest, on: disk, folder: "d")
    }
  }

  /// A server with the number 255, where there are no TTL nodes, has such sessions.
  @Test func `Are ephemerals where a session of such an id is open`() throws {
    let disk = SimulatedDisk()
    let session = SessionID(Int64(bitPattern: 0xff00_0000_0000_0007))
    var tree = Tree()
    for (number, body) in [
      Transaction.Body.createSession(timeout: 1000),
      .create(
        Transaction.Creation(
          path: "/e", data: nil, acl: .open, isEphemeral: true, parentCVersion: 1)),
    ].enumerated() {
      tree.apply(
        Transaction(
          session: session, cxid: 0, zxid: Zxid(Int64(number) + 1), time: 0, body: body))
    }
    try Snapshot.write(tree, digest: tree.digest, on: disk, folder: "d")
    var options = Recovery.Options()
    options.dialect.hasTTL = false
    let folders = DataFolders(snapshots: "d", logs: "d")
    #expect(try Recovery(disk, folders, options).tree["/e"]?.ephemeralOwner == session)
  }
}
