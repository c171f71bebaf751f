import Foundation
import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperPersistence

@Suite struct `A disk without room` {
  private let folders = DataFolders(snapshots: "d", logs: "d")

  /// A create of a node with 200 bytes, few of them zeros.
  private func create(_ zxid: Int64) -> LoggedTransaction {
    let creation = Transaction.Creation(
      path: "/n-\(zxid)", data: [UInt8](repeating: 7, count: 200), acl: .open, isEphemeral: false,
      parentCVersion: -1)
    return LoggedTransaction(
      Transaction(
        session: SessionID(-1), cxid: -1, zxid: Zxid(zxid), time: -1, body: .create(creation)),
      digest: nil)
  }

  private func store(_ disk: WatchedDisk, interval: Int = 1000) throws -> Store<WatchedDisk> {
    try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
    var options = Store<WatchedDisk>.Options()
    options.step = 4096
    options.snapshotInterval = interval
    return Store(disk, folders, options)
  }

  @Test func `Has the zeros of no log in the way of what is stored`() throws {
    let disk = WatchedDisk()
    let store = try store(disk, interval: 6)
    try store.prepare()
    _ = try store.commit([create(1)])
    disk.isFull()
    #expect(throws: SystemCallError.self) { try store.prepare() }
    #expect(try disk.names(in: "d").sorted() == ["log.1", "snapshot.0"])
    // Also where a snapshot is due, which another log begins with otherwise.
    var isDue = false
    for zxid in 2...10 {
      if try store.commit([create(Int64(zxid))]).contains(.snapshot) { isDue = true }
    }
    #expect(isDue)
    #expect(try disk.names(in: "d").sorted() == ["log.1", "snapshot.0"])
    #expect(try Recovery(disk, folders).tree.zxid == Zxid(10))
  }

  @Test func `Is told with the name that the log has by then`() throws {
    let disk = WatchedDisk()
    let store = try store(disk, interval: 2)
    try store.prepare()
    for zxid in 1...3 {
      _ = try store.commit([create(Int64(zxid))])
      try store.prepare()
    }
    #expect(disk.renamed.withLock(\.self) == ["d/log.1", "d/log.2", "d/log.3"])
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let link = folder.appending(path: "next.log").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/full")
    let file = try LocalFileSystem().create(link)
    for path in [link, "/d/log.1"] {
      file.renamed(to: path)
      do {
        try file.write(ByteBuffer(integer: 1), at: 0)
        Issue.record("a full device takes it")
      } catch let error as SystemCallError {
        #expect(error.isShortage && error.path == path)
      }
    }
  }

  @Test func `Goes on with the next log where the current one cannot be lengthened`() throws {
    let disk = WatchedDisk()
    let store = try store(disk)
    try store.prepare()
    _ = try store.commit([create(1)])
    try store.prepare()
    disk.isFull()
    var (zxid, wasFull) = (Int64(1), false)
    while try disk.names(in: "d").count(where: { $0.hasPrefix("log.") }) < 2, zxid < 100 {
      zxid += 1
      if try store.commit([create(zxid)]).contains(.space) {
        #expect(throws: SystemCallError.self) { try store.prepare() }
        wasFull = true
      }
    }
    // The first log had room for 4096 bytes, and has not grown beyond.
    #expect(wasFull && zxid < 20)
    #expect(try disk.contents(of: "d/log.1").readableBytes <= 4096)
    #expect(try Recovery(disk, folders).tree.zxid == Zxid(zxid))
  }

  @Test func `Keeps nothing of what an earlier server has left unfinished`() throws {
    let disk = WatchedDisk()
    let store = try store(disk)
    try store.prepare()
    _ = try disk.create("d/unfinished.snapshot")
    #expect(try disk.names(in: "d").count == 3)
    try store.removeUnfinished()
    #expect(try disk.names(in: "d") == ["snapshot.0"])
  }

  @Test func `Is left as it was by a snapshot that is too large to be read`() throws {
    let disk = WatchedDisk()
    var tree = Tree()
    for zxid in 1...20 { tree.apply(create(Int64(zxid)).transaction) }
    try Snapshot.write(tree, digest: tree.digest, on: disk, folder: "d")
    let bytes = try disk.contents(of: "d/snapshot.14")
    func write(limit: Int) throws {
      try Snapshot.write(
        tree, digest: tree.digest, on: disk, folder: "d", rules: Set(Rule.allCases), limit: limit)
    }
    let error = #expect(throws: StorageError.self) { try write(limit: bytes.readableBytes - 1) }
    #expect(error?.isOfSize == true && error?.file == "d/snapshot.14")
    #expect(try disk.names(in: "d") == ["snapshot.14"])
    #expect(try disk.contents(of: "d/snapshot.14") == bytes)
    try write(limit: bytes.readableBytes)
  }
}
