import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence

/// Snapshots that Apache's server has written while its tree changed.
@Suite struct `A snapshot that holds nodes of a session that is not open` {
  private let folders = DataFolders(snapshots: "d", logs: "d")
  private static let gone = SessionID(7)
  private static let client = SessionID(8)

  private func transaction(
    _ zxid: Int64, _ session: SessionID, _ body: Transaction.Body
  ) -> LoggedTransaction {
    LoggedTransaction(
      Transaction(session: session, cxid: 0, zxid: Zxid(zxid), time: 0, body: body), digest: nil)
  }

  private func creation(_ path: String, _ data: [UInt8], isEphemeral: Bool) -> Transaction.Body {
    .create(
      Transaction.Creation(
        path: path, data: data, acl: .open, isEphemeral: isEphemeral, parentCVersion: -1))
  }

  /// A disk with `snapshot.3`, in which `/o` is of a session that is not open.
  private func disk() throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    var tree = Tree()
    tree.apply(transaction(3, Self.gone, creation("/o", [1], isEphemeral: true)).transaction)
    try Snapshot.write(tree, digest: tree.digest, on: disk, folder: "d")
    return disk
  }

  /// What a server does when it begins, and then what its clients ask for, from this zxid on.
  private func serve(
    _ disk: SimulatedDisk, _ bodies: Transaction.Body...
  ) throws -> (Recovery, last: Zxid) {
    let recovery = try Recovery(disk, folders)
    let store = Store(disk, folders)
    if !recovery.endings.isEmpty { _ = try store.commit(recovery.endings) }
    if recovery.snapshot != recovery.tree.zxid {
      try store.snapshot(recovery.tree, digest: recovery.digest)
    }
    var zxid = recovery.tree.zxid.rawValue
    for body in bodies {
      zxid += 1
      _ = try store.commit([transaction(zxid, Self.client, body)])
    }
    return (recovery, Zxid(zxid))
  }

  /// Also where the snapshot of the start is lost, and the old one has to take its place.
  @Test(arguments: [false, true])
  func `Takes nothing from a client that creates such a node anew`(losesSnapshot: Bool) throws {
    let disk = try disk()
    let (first, last) = try serve(
      disk, .createSession(timeout: 1000), creation("/o", [2], isEphemeral: false),
      creation("/o/kid", [3], isEphemeral: false))
    #expect(first.tree["/o"] == nil && first.notes == [.endedOwner(Self.gone)])
    #expect(first.tree.zxid == Zxid(4) && last == Zxid(7))
    if losesSnapshot { disk.rot("d/snapshot.4", at: 60, 1) }
    let second = try Recovery(disk, folders)
    #expect(second.snapshot == Zxid(losesSnapshot ? 3 : 4) && second.endings == [])
    #expect(second.tree["/o"]?.data == [2] && second.tree["/o/kid"]?.data == [3])
    #expect(second.tree["/o"]?.isEphemeral == false && second.tree.zxid == last)
  }

  @Test func `Ends it again where the power goes before that is stored`() throws {
    let disk = try disk()
    let first = try Recovery(disk, folders)
    let again = try Recovery(disk, folders)
    #expect(first.endings.count == 1 && again.endings == first.endings)
    #expect(again.tree == first.tree)
  }

  /// Servers before this one took the node away and noted it nowhere.
  @Test func `Gives way to what the log creates in the same place`() throws {
    let disk = try disk()
    var log = TransactionLog(disk, folder: "d")
    try log.append([
      transaction(4, Self.client, .createSession(timeout: 1000)),
      transaction(
        5, Self.client, .multi([creation("/o", [2], isEphemeral: true), .delete(path: "/o")])),
      transaction(6, Self.client, creation("/o", [3], isEphemeral: false)),
    ])
    let recovery = try Recovery(disk, folders)
    #expect(recovery.tree["/o"]?.data == [3] && recovery.tree["/o"]?.isEphemeral == false)
    #expect(recovery.notes == [.endedOwner(Self.gone)] && recovery.endings == [])
    #expect(recovery.digest == recovery.tree.digest)
  }

  @Test func `Is no reason for silence about what cannot be applied`() throws {
    let disk = SimulatedDisk()
    try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
    var log = TransactionLog(disk, folder: "d")
    try log.append([
      transaction(1, Self.client, .error(.noNode)),
      transaction(2, Self.client, .multi([.error(.noNode), .error(.runtimeInconsistency)])),
      transaction(3, Self.client, .setData(path: "/none", data: [1], version: 1)),
      transaction(4, Self.client, .multi([.check(path: "/", version: 0), .delete(path: "/a")])),
    ])
    let notes = try Recovery(disk, folders).notes
    #expect(notes == [.unapplied(Zxid(3), .noNode, count: 2)])
  }

  /// It has later transactions than the one in its name, up to that of its digest.
  @Test func `Holds what the log brings again, and that is nothing to speak of`() throws {
    let disk = SimulatedDisk()
    let logged = [
      transaction(1, Self.client, creation("/a", [], isEphemeral: false)),
      transaction(2, Self.client, creation("/b", [], isEphemeral: false)),
      transaction(3, Self.client, .delete(path: "/a")),
    ]
    var tree = Tree()
    for each in logged { tree.apply(each.transaction) }
    try Snapshot.write(tree, digest: tree.digest, on: disk, folder: "d")
    try disk.rename("d/snapshot.3", to: "d/snapshot.1")
    var log = TransactionLog(disk, folder: "d")
    try log.append(logged)
    let recovery = try Recovery(disk, folders)
    #expect(recovery.notes == [] && recovery.replayed == 2)
    #expect(recovery.tree["/a"] == nil && recovery.tree["/b"] != nil)
  }
}
