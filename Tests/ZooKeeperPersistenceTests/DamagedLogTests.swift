import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence

@Suite struct `A log that is damaged` {
  let folders = DataFolders(snapshots: "d", logs: "d")
  /// Where each record begins, and where the last ends.
  static let starts = CapturedFiles.records.reduce([16]) {
    $0 + [($0.last ?? 0) + $1.readableBytes]
  }

  /// What comes of a log, the newest or not.
  func recovery(_ log: ByteBuffer, next: [ByteBuffer] = []) throws -> Recovery {
    let disk = SimulatedDisk()
    try disk.create("d/snapshot.0").write(CapturedFiles.snapshot, at: 0)
    try disk.create("d/log.1").write(log, at: 0)
    if !next.isEmpty { try disk.create("d/log.4").write(CapturedFiles.log(next), at: 0) }
    return try Recovery(disk, folders)
  }

  static func log(_ change: (inout ByteBuffer) -> Void) -> ByteBuffer {
    var log = CapturedFiles.log()
    change(&log)
    return log
  }

  @Test func `Is cut where the last record is torn, at whatever byte`() throws {
    let (start, end) = (Self.starts[3], Self.starts[4])
    // Up to there all that was written is zero.
    for place in start + 5..<end {
      let log = Self.log { $0.setRepeatingByte(0, count: end - place, at: place) }
      let recovery = try recovery(log)
      #expect(recovery.tree.zxid == Zxid(3))
      guard case .cut("d/log.1", start, _) = recovery.notes.first else {
        Issue.record("torn at \(place): \(recovery.notes)")
        return
      }
    }
  }

  /// A loss of power leaves sectors out; it changes no bit.
  @Test func `Is refused where a bit of the last record has changed that has its end`() throws {
    let (start, end) = (Self.starts[3], Self.starts[4])
    let length = start + 8..<start + 12
    for place in start..<end - 1 where !length.contains(place) {
      let log = Self.log { log in
        log.setInteger((log.getInteger(at: place, as: UInt8.self) ?? 0) ^ 1, at: place)
      }
      do {
        let recovery = try recovery(log)
        Issue.record("byte \(place): \(recovery.tree.zxid) \(recovery.notes)")
      } catch let error as StorageError {
        #expect(error.file == "d/log.1" && error.offset == start)
        guard case .checksum = error.reason else {
          Issue.record("byte \(place): \(error)")
          return
        }
      }
    }
  }

  @Test func `Is refused where a byte of an earlier record has changed, with file and offset`() {
    for record in 0..<3 {
      for place in Self.starts[record]..<Self.starts[record + 1] {
        let log = Self.log { log in
          log.setInteger(~(log.getInteger(at: place, as: UInt8.self) ?? 0), at: place)
        }
        do {
          let recovery = try recovery(log)
          Issue.record("byte \(place): \(recovery.tree.zxid) \(recovery.notes)")
        } catch let error as StorageError {
          #expect(error.file == "d/log.1" && error.offset == Self.starts[record])
        } catch {
          Issue.record("\(error)")
        }
      }
    }
  }

  @Test func `Is refused where a record has no length and data stands behind it`() {
    let log = Self.log { $0.setRepeatingByte(0, count: 12, at: Self.starts[1]) }
    var error = StorageError(
      .zeroLength(dataAt: Self.starts[1] + 12), in: "d/log.1", at: Self.starts[1])
    error.wayOut = .cut(Cut(file: "log.1", offset: Self.starts[1]), lost: 2, upTo: Zxid(4))
    #expect(throws: error) { try recovery(log) }
    #expect("\(error)".contains("--cut-log log.1:\(Self.starts[1]) loses these 2: it puts"))
    #expect("\(error)".contains("2 whole transactions, up to zxid 0x4."))
  }

  @Test func `May end with a torn record where the next log goes on before it`() throws {
    let torn = Self.log { $0.setRepeatingByte(0, count: 20, at: Self.starts[4] - 20) }
    let recovery = try recovery(torn, next: [CapturedFiles.records[3]])
    #expect(recovery.tree.zxid == Zxid(4))
    #expect(recovery.notes == [.unfinished(file: "d/log.1", offset: Self.starts[3])])
  }

  @Test func `Is refused where the next log does not go on with it`() {
    let torn = Self.log { $0.setRepeatingByte(0, count: 20, at: Self.starts[3] - 20) }
    #expect(throws: StorageError.self) { try recovery(torn, next: [CapturedFiles.records[3]]) }
    #expect(throws: StorageError(.order(Zxid(4), after: Zxid(2)), in: "d/log.4")) {
      try recovery(
        CapturedFiles.log(Array(CapturedFiles.records[..<2])), next: [CapturedFiles.records[3]])
    }
  }

  @Test func `Is cut where the operator says so, and what was there is kept`() throws {
    let log = Self.log { $0.setRepeatingByte(0, count: 12, at: Self.starts[1]) }
    let disk = SimulatedDisk()
    try disk.create("d/snapshot.0").write(CapturedFiles.snapshot, at: 0)
    try disk.create("d/log.1").write(log, at: 0)
    var options = Recovery.Options()
    for place in [Self.starts[0], Self.starts[2]] {
      options.cut = Cut(file: "log.1", offset: place)
      #expect(throws: StorageError.self) { try Recovery(disk, folders, options) }
    }
    options.cut = Cut("log.1:\(Self.starts[1])")
    let recovery = try Recovery(disk, folders, options)
    let kept = "d/cut-off-\(Self.starts[1]).log.1"
    #expect(recovery.tree.zxid == Zxid(1))
    #expect(
      recovery.notes == [.cutByOrder(file: "d/log.1", offset: Self.starts[1], kept: kept)])
    let rest = log.getSlice(at: Self.starts[1], length: log.readableBytes - Self.starts[1])
    #expect(try disk.contents(of: kept) == rest)
    let again = try Recovery(disk, folders)
    #expect(again.tree == recovery.tree && again.notes == [])
  }

  /// Whoever has mistyped a place, or comes a second time, is told.
  @Test func `Is not cut where there is nothing to cut, and that is said`() throws {
    let disk = SimulatedDisk()
    try disk.create("d/snapshot.0").write(CapturedFiles.snapshot, at: 0)
    let records = CapturedFiles.records
    try disk.create("d/log.1").write(CapturedFiles.log(Array(records[..<3])), at: 0)
    try disk.create("d/log.4").write(CapturedFiles.log([records[3]]), at: 0)
    var options = Recovery.Options()
    for (file, why, words) in [
      ("log.9", NotCut.missing, "there is no such log"),
      ("log.1", .older(newest: "log.4"), "only the newest log is, and that is log.4"),
      ("log.4", .whole, "the log can be read to its end"),
    ] {
      options.cut = Cut(file: file, offset: 16)
      let recovery = try Recovery(disk, folders, options)
      #expect(recovery.tree.zxid == Zxid(4))
      #expect(recovery.notes == [.notCut(Cut(file: file, offset: 16), why)])
      let line = recovery.notes.first?.description
      #expect(line == "--cut-log \(file):16: nothing was cut; \(words)")
    }
  }

  @Test func `Is never cut in the middle of its logs`() {
    let torn = Self.log { $0.setInteger(UInt8(1), at: Self.starts[2] + 30) }
    do {
      _ = try recovery(torn, next: [CapturedFiles.records[3]])
      Issue.record("it was read")
    } catch {
      #expect((error as? StorageError)?.wayOut == nil)
    }
  }

  @Test func `Loses nothing more where only the last record is damaged`() throws {
    let log = Self.log { $0.setInteger(UInt8(1), at: Self.starts[3] + 30) }
    do {
      _ = try recovery(log)
      Issue.record("it was read")
    } catch let error as StorageError {
      let cut = Cut(file: "log.1", offset: Self.starts[3])
      #expect(error.wayOut == .cut(cut, lost: 0, upTo: .zero))
    }
  }

  @Test func `May be all that is needed where it begins with the first transaction`() throws {
    var snapshot = CapturedFiles.snapshot
    snapshot.setInteger(UInt8(0xff), at: snapshot.readableBytes / 2)
    for hasSnapshot in [true, false] {
      let disk = SimulatedDisk()
      if hasSnapshot { try disk.create("d/snapshot.0").write(snapshot, at: 0) }
      try disk.create("d/log.1").write(CapturedFiles.log(), at: 0)
      do {
        _ = try Recovery(disk, folders)
        Issue.record("it was read")
      } catch let error as StorageError {
        #expect(error.wayOut == .trustingLogs(unreadable: hasSnapshot ? ["snapshot.0"] : []))
        let words =
          hasSnapshot
          ? ": move those that cannot\n  be read out of the folder,\n    snapshot.0\n  and start"
          : ":\n  start"
        #expect(
          "\(error)".hasSuffix(
            "and need no snapshot\(words) with snapshot.trust.empty=true in zoo.cfg, this once."))
      }
      if hasSnapshot { try disk.remove("d/snapshot.0") }
      var options = Recovery.Options()
      options.trustsNoSnapshot = true
      #expect(try Recovery(disk, folders, options).tree.zxid == Zxid(4))
    }
  }

  /// Whatever the byte makes of the tree, it is the checksum that is wrong.
  @Test func `Has a snapshot of which no byte may change`() throws {
    for place in 16..<CapturedFiles.snapshot.readableBytes - 13 {
      var snapshot = CapturedFiles.snapshot
      snapshot.setInteger(~(snapshot.getInteger(at: place, as: UInt8.self) ?? 0), at: place)
      let disk = SimulatedDisk()
      try disk.create("d/snapshot.0").write(snapshot, at: 0)
      do {
        _ = try Recovery(disk, folders)
        Issue.record("byte \(place)")
      } catch let error as StorageError {
        guard case .checksum = error.reason else {
          Issue.record("byte \(place): \(error)")
          return
        }
      }
    }
  }

  @Test(arguments: ["log.1", "log.1:", "log.1:15", "snapshot.1:20", "log.x:20", "log.1:20:3", ""])
  func `Is cut at no other place than a log's`(text: String) { #expect(Cut(text) == nil) }

  @Test func `That was made and never written to is taken away`() throws {
    for blank in [ByteBuffer(), ByteBuffer(repeating: 0, count: 5000)] {
      let recovery = try recovery(blank)
      #expect(recovery.tree.zxid == .zero && recovery.notes == [.blank(file: "d/log.1")])
    }
    #expect(try recovery(CapturedFiles.log([])).tree.zxid == .zero)
    var error = StorageError(.magic, in: "d/log.1", at: 0)
    error.wayOut = .header
    #expect(throws: error) {
      try recovery(ByteBuffer(string: "this is not a log of transactions"))
    }
  }
}
