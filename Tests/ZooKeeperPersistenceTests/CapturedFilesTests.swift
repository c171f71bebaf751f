import Foundation
import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperWire

/// Bytes that Apache's server, 3.8.0, has written.
enum CapturedFiles {
  /// The snapshot of a server that has just been set up.
  static let snapshot = bytes(
    """
    5a4b534e00000002ffffffffffffffff0000000000000001000000000000000100000001000000010000000577
    6f726c6400000006616e796f6e650000000000000000ffffffffffffffff000000000000000000000000000000
    000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    0000000a2f7a6f6f6b656570657200000000ffffffffffffffff00000000000000000000000000000000000000
    000000000000000000000000000000000000000000000000000000000000000000000000000000000000000011
    2f7a6f6f6b65657065722f636f6e66696700000000000000000000000100000000000000000000000000000000
    000000000000000000000000000000000000000000000000ffffffff0000000000000000000000000000000000
    0000102f7a6f6f6b65657065722f71756f746100000000ffffffffffffffff0000000000000000000000000000
    000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
    00000000012f00000000b8a23b49000000012f00000000000000000000000200000000000000000000000095b9
    3d59000000012f
    """)

  /// Records of a log: two sessions, a node with the ACL of a digest, its data set.
  static let records = [
    """
    00000000a05e08fe000000300100004623a50000000000000000000000000001000001a20b0c5c27fffffff600
    004e20000000020000000051c6d66042
    """,
    """
    00000000a2480914000000300100004623a50001000000000000000000000002000001a20b0c5c3bfffffff600
    004e20000000020000000051c6d66042
    """,
    """
    0000000054c612b4000000720100004623a50000000000010000000000000003000001a20b0c5c3e0000000100
    0000052f7072697600000000000000010000001f000000066469676573740000001e753a4a7137774d79412f77
    32566435574944414b6475344f49494645513d00000000010000000200000001bced5c2c42
    """,
    """
    00000000a988066a0000003e0100004623a50000000000020000000000000004000001a20b0c5c530000000500
    0000052f70726976000000013100000001000000020000000112ea596642
    """,
  ].map(bytes)

  static func bytes(_ hexadecimal: String) -> ByteBuffer {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return ByteBuffer(
      bytes: stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
      })
  }

  /// A log of these records, with zeros behind them.
  static func log(_ records: [ByteBuffer] = records) -> ByteBuffer {
    var log = bytes("5a4b4c47000000020000000000000000")
    for record in records { log.writeImmutableBuffer(record) }
    log.writeRepeatingByte(0, count: 1000)
    return log
  }
}

@Suite struct `Files of Apache's server` {
  let folders = DataFolders(snapshots: "d", logs: "d")

  func disk(_ files: (String, ByteBuffer)...) throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    for (name, bytes) in files { try disk.create("d/\(name)").write(bytes, at: 0) }
    return disk
  }

  @Test func `Its first snapshot is the tree that a new server holds`() throws {
    let recovery = try Recovery(disk(("snapshot.0", CapturedFiles.snapshot)), folders)
    #expect(recovery.tree == Tree() && recovery.notes == [])
    #expect(recovery.snapshot == .zero && recovery.digest == 1_371_985_504)
  }

  @Test func `Our first snapshot is its own, byte for byte but for the digest`() throws {
    let disk = SimulatedDisk()
    try Snapshot.write(Tree(), digest: 0, on: disk, folder: "d")
    #expect(try disk.contents(of: "d/snapshot.0") == CapturedFiles.snapshot)
  }

  @Test func `Its log is replayed, and the digests are the same`() throws {
    let disk = try disk(("snapshot.0", CapturedFiles.snapshot), ("log.1", CapturedFiles.log()))
    let recovery = try Recovery(disk, folders)
    #expect(recovery.notes == [] && recovery.replayed == 4)
    #expect(recovery.digest == 0x1_12ea_5966)
    #expect(recovery.tree.zxid == Zxid(4) && recovery.tree.openSessions.count == 2)
    let node = try #require(recovery.tree["/priv"])
    #expect(node.data == [0x31] && node.version == 1 && node.acl[0].identity.scheme == "digest")
  }

  @Test func `What is read of a record and written again is the same bytes`() throws {
    for record in CapturedFiles.records {
      let body = try #require(record.getSlice(at: 12, length: record.readableBytes - 13))
      #expect(try LoggedTransaction(decoding: body, .strict).encoded == body)
    }
  }

  @Test func `A log without a snapshot is refused, unless it is to be trusted`() throws {
    let disk = try disk(("log.1", CapturedFiles.log()))
    var error = StorageError(.noSnapshot, in: "d")
    error.wayOut = .trustingLogs(unreadable: [])
    #expect(throws: error) { try Recovery(disk, folders) }
    var options = Recovery.Options()
    options.trustsNoSnapshot = true
    #expect(try Recovery(disk, folders, options).replayed == 4)
  }

  @Test func `A log of before 3_6 does not tell what a session owned, and that goes too`() throws {
    let session = SessionID(7)
    func transaction(_ zxid: Int64, _ body: Transaction.Body) -> LoggedTransaction {
      LoggedTransaction(
        Transaction(session: session, cxid: 0, zxid: Zxid(zxid), time: 0, body: body), digest: nil)
    }
    let disk = try disk(("snapshot.0", CapturedFiles.snapshot))
    var log = TransactionLog(disk, folder: "d")
    try log.append([
      transaction(1, .createSession(timeout: 1000)),
      transaction(
        2,
        .create(
          Transaction.Creation(
            path: "/e", data: nil, acl: .open, isEphemeral: true, parentCVersion: -1))),
      transaction(3, .closeSession(paths: [])),
    ])
    let recovery = try Recovery(disk, folders)
    #expect(recovery.tree["/e"] == nil && recovery.tree["/"]?.stat.cversion == 1)
  }
}

@Suite struct `A snapshot that is damaged` {
  func recovery(_ zxid: Int64, _ change: (inout ByteBuffer) -> Void) throws -> Recovery {
    let disk = SimulatedDisk()
    try disk.create("d/snapshot.0").write(CapturedFiles.snapshot, at: 0)
    try disk.create("d/log.1").write(CapturedFiles.log(), at: 0)
    var damaged = CapturedFiles.snapshot
    change(&damaged)
    try disk.create("d/snapshot.\(zxid)").write(damaged, at: 0)
    return try Recovery(disk, DataFolders(snapshots: "d", logs: "d"))
  }

  @Test func `Is passed over where an older one and the log hold the same`() throws {
    for place in 0..<CapturedFiles.snapshot.readableBytes {
      let recovery = try recovery(4) { bytes in
        bytes.setInteger(~(bytes.getInteger(at: place, as: UInt8.self) ?? 0), at: place)
      }
      #expect(recovery.tree.zxid == Zxid(4) && recovery.notes.count == 1, "byte \(place)")
    }
    #expect(try recovery(4) { $0 = ByteBuffer() }.tree.zxid == Zxid(4))
  }

  @Test func `Is an error where it has held what the log does not`() {
    #expect(throws: StorageError.self) { try recovery(5) { $0.moveWriterIndex(to: 400) } }
  }
}

@Suite struct `A directory in which something else lies` {
  /// A disk with these files, each of which holds a snapshot, or a log.
  func disk(_ names: String...) throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    for name in names {
      let isLog = name.contains("log.")
      try disk.create(name).write(isLog ? CapturedFiles.log() : CapturedFiles.snapshot, at: 0)
    }
    return disk
  }

  @Test func `Is refused where logs lie with the snapshots, or snapshots with the logs`() throws {
    let folders = DataFolders(snapshots: "d", logs: "l")
    #expect(throws: StorageError(.misplaced, in: "d/log.1")) {
      try Recovery(disk("d/snapshot.0", "d/log.1"), folders)
    }
    #expect(throws: StorageError(.misplaced, in: "l/snapshot.0")) {
      try Recovery(disk("l/snapshot.0", "l/log.1"), folders)
    }
    #expect(try Recovery(disk("d/snapshot.0", "l/log.1"), folders).tree.zxid == Zxid(4))
  }

  @Test(arguments: ["gz", "snappy"])
  func `Is refused where only a compressed snapshot holds what is newest`(kind: String) throws {
    let folders = DataFolders(snapshots: "d", logs: "d")
    #expect(throws: StorageError(.compressed, in: "d/snapshot.3.\(kind)")) {
      try Recovery(disk("d/snapshot.3.\(kind)"), folders)
    }
    #expect(throws: StorageError(.compressed, in: "d/snapshot.5.\(kind)")) {
      try Recovery(disk("d/snapshot.0", "d/log.1", "d/snapshot.5.\(kind)"), folders)
    }
    let covered = try Recovery(disk("d/snapshot.0", "d/log.1", "d/snapshot.3.\(kind)"), folders)
    #expect(covered.tree.zxid == Zxid(4) && covered.notes == [])
  }

  /// Small letters are written; others are read too, as files of those names.
  @Test func `Is read where names are in capitals`() throws {
    let disk = try disk("d/snapshot.0", "d/log.1")
    let tree = try Recovery(disk, folders).tree
    try Snapshot.write(tree, digest: tree.digest, on: disk, folder: "d")
    try disk.rename("d/snapshot.4", to: "d/snapshot.FF")
    #expect(throws: StorageError.self) { try Recovery(disk, folders) }
    try disk.rename("d/snapshot.FF", to: "d/snapshot.04")
    #expect(try Recovery(disk, folders).snapshot == Zxid(4))
    #expect(try Purge.run(on: disk, folders, retaining: 1) == ["snapshot.0"])
    #expect(try Recovery(disk, folders).tree == tree)
  }

  @Test func `Is told of where a snapshot's digest is not that of its tree`() throws {
    let disk = SimulatedDisk()
    let tree = try Recovery(self.disk("d/snapshot.0", "d/log.1"), folders).tree
    try Snapshot.write(tree, digest: tree.digest &+ 1, on: disk, folder: "d")
    let notes = try Recovery(disk, folders).notes
    let told = RecoveryNote.digest(
      zxid: Zxid(4), written: tree.digest &+ 1, counted: tree.digest)
    #expect(notes == [told])
  }

  private var folders: DataFolders { DataFolders(snapshots: "d", logs: "d") }

  @Test func `Is refused where a file is larger than what can be read`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/quorate-large-\(getpid())"
    let disk = LocalFileSystem()
    try disk.create(path).truncate(to: 1 << 32)  // it takes no space
    defer { try? disk.remove(path) }
    #expect(throws: StorageError(.tooLarge(1 << 32), in: path)) { try disk.contents(of: path) }
  }

  @Test func `Is refused where a folder has the name of a file`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/quorate-folder-\(getpid())"
    let disk = LocalFileSystem()
    try disk.makeFolder(path + "/log.1")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: (any Error).self) {
      try Recovery(disk, DataFolders(snapshots: path, logs: path), trusting)
    }
    #expect(error.map { "\($0)" } == "read \(path)/log.1: Is a directory")
  }

  private var trusting: Recovery.Options {
    var options = Recovery.Options()
    options.trustsNoSnapshot = true
    return options
  }
}
