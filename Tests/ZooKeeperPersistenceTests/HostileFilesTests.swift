import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperWire

/// Files that nobody has written so: whatever their bytes are, they are read or refused.
@Suite struct `Hostile files` {
  static let tries = 20_000

  /// What becomes of a directory with these files.
  private func outcome(
    _ snapshot: ByteBuffer, _ log: ByteBuffer, rules: Set<Rule> = Set(Rule.allCases)
  ) -> Result<Recovery, any Error> {
    Result {
      let disk = SimulatedDisk()
      try disk.create("d/snapshot.0").write(snapshot, at: 0)
      try disk.create("d/log.1").write(log, at: 0)
      let folders = DataFolders(snapshots: "d", logs: "d")
      let recovery = try Recovery(disk, folders, Recovery.Options(), rules: rules)
      // What was taken can be written again.
      try Snapshot.write(recovery.tree, digest: recovery.digest, on: disk, folder: "e")
      return recovery
    }
  }

  /// The bytes with some of them changed, lost, doubled, or moved by a lot.
  private func mutated(_ bytes: ByteBuffer, _ random: inout SeededRandom) -> ByteBuffer {
    var array = Array(bytes.readableBytesView)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !array.isEmpty else { break }
      let place = array.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<6, using: &random) {
      case 0: array[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: array[place] = [0, 1, 0x2f, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
      case 2: array.removeSubrange(place..<min(array.count, place + 8))
      case 3: array.insert(contentsOf: array[place..<min(array.count, place + 16)], at: place)
      case 4: array.removeSubrange(place...)
      default:
        let end = min(array.count, place + 4)
        array.replaceSubrange(place..<end, with: [0x7f, 0xff, 0xff, 0xff].prefix(end - place))
      }
    }
    return ByteBuffer(bytes: array)
  }

  @Test func `With bytes changed at random are read or refused with their place`() {
    var random = SeededRandom(1)
    var (taken, refused) = (0, 0)
    for _ in 0..<Self.tries {
      let result = outcome(
        mutated(CapturedFiles.snapshot, &random), mutated(CapturedFiles.log(), &random),
        // A checksum keeps nearly all of it from the parser behind it.
        rules: Bool.random(using: &random)
          ? Set(Rule.allCases)
          : Set(Rule.allCases).subtracting([.snapshotChecked, .checksumCompared]))
      switch result {
      case .success: taken += 1
      case .failure(let error):
        refused += 1
        #expect(error is StorageError, "\(error)")
      }
    }
    #expect(taken > 50 && refused > 1000, "\(taken) \(refused)")
  }

  @Test func `With the right checksums are read or refused too`() throws {
    var random = SeededRandom(2)
    var writes = RandomWrites(Tree(), random: SeededRandom(3))
    let originals = (0..<300).map { _ in writes.next().encoded }
    var (taken, refused) = (0, 0)
    for _ in 0..<Self.tries {
      var log = CapturedFiles.log([])
      log.moveWriterIndex(to: 16)
      for zxid in Int64(1)...3 {
        var record = mutated(originals.randomElement(using: &random) ?? ByteBuffer(), &random)
        guard record.readableBytes > 32 else { continue }
        // In order, whatever else is wrong.
        record.setInteger(zxid, at: 12)
        let sum = record.withUnsafeReadableBytes { Adler32.of($0) }
        log.writeInteger(UInt64(sum))
        log.writeInteger(Int32(record.readableBytes))
        log.writeBuffer(&record)
        log.writeInteger(UInt8(ascii: "B"))
      }
      switch outcome(CapturedFiles.snapshot, log) {
      case .success: taken += 1
      case .failure(let error):
        refused += 1
        #expect(error is StorageError, "\(error)")
      }
    }
    #expect(taken > 1000 && refused > 1000, "\(taken) \(refused)")
  }

  /// A child of the root without a name: the root would be its own child.
  @Test func `With a node called slash slash do not run for ever`() throws {
    let disk = SimulatedDisk()
    try disk.create("d/snapshot.0").write(CapturedFiles.snapshot, at: 0)
    var log = TransactionLog(disk, folder: "d")
    try log.append([
      LoggedTransaction(
        Transaction(
          session: SessionID(1), cxid: 0, zxid: Zxid(1), time: 0,
          body: .create(
            Transaction.Creation(
              path: "//", data: nil, acl: .open, isEphemeral: false, parentCVersion: -1))),
        digest: nil)
    ])
    let recovery = try Recovery(disk, DataFolders(snapshots: "d", logs: "d"))
    try Snapshot.write(recovery.tree, digest: recovery.digest, on: disk, folder: "d")
    #expect(try Recovery(disk, DataFolders(snapshots: "d", logs: "d")).snapshot == Zxid(1))
  }
}
