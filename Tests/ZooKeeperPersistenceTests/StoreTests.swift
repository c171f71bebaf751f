import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperPersistence

/// A disk that does something before zeros are written.
private final class HesitantDisk: FileSystem {
  struct Failure: Error {}

  let disk = SimulatedDisk()
  let beforeZeros = Mutex<(@Sendable () throws -> Void)?>(nil)

  struct File: WritableFile {
    let file: SimulatedDisk.File
    let disk: HesitantDisk

    func write(_ bytes: ByteBuffer, at offset: Int) throws {
      if bytes.readableBytesView.allSatisfy({ $0 == 0 }) {
        let action = disk.beforeZeros.withLock { action in
          defer { action = nil }
          return action
        }
        try action?()
      }
      try file.write(bytes, at: offset)
    }
    func truncate(to length: Int) throws { try file.truncate(to: length) }
    func synchronize() throws { try file.synchronize() }
  }

  func names(in folder: String) throws -> [String] { try disk.names(in: folder) }
  func contents(of path: String) throws -> ByteBuffer { try disk.contents(of: path) }
  func create(_ path: String) throws -> File { File(file: try disk.create(path), disk: self) }
  func open(_ path: String) throws -> File { File(file: try disk.open(path), disk: self) }
  func rename(_ path: String, to newPath: String) throws { try disk.rename(path, to: newPath) }
  func remove(_ path: String) throws { try disk.remove(path) }
  func synchronize(folder: String) throws { try disk.synchronize(folder: folder) }
}

@Suite struct `Space in a log` {
  private let folders = DataFolders(snapshots: "d", logs: "d")
  private static let step = 8192

  /// A store in which it is time to fill the log, and writes for it.
  private func store(_ disk: HesitantDisk) throws -> (
    Store<HesitantDisk>, RandomWrites<SeededRandom>
  ) {
    try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
    var options = Store<HesitantDisk>.Options()
    options.step = Self.step
    let store = Store(disk, folders, options)
    var writes = RandomWrites(Tree(), random: SeededRandom(1))
    // First the next file is made, then the current one is short.
    for _ in 0..<2 {
      try store.prepare()
      while try !store.commit([writes.next()]).contains(.space) {}
    }
    return (store, writes)
  }

  @Test func `Is made while transactions are committed, and no zero falls on these`() throws {
    let disk = HesitantDisk()
    let (store, writes) = try store(disk)
    let shared = Mutex(writes)
    disk.beforeZeros.withLock { action in
      action = {
        for _ in 0..<3 { _ = try store.commit([shared.withLock { $0.next() }]) }
      }
    }
    try store.prepare()
    #expect(disk.beforeZeros.withLock { $0 == nil })
    for _ in 0..<100 { _ = try store.commit([shared.withLock { $0.next() }]) }
    #expect(try Recovery(disk, folders).tree == shared.withLock { $0.service.applied })
  }

  @Test func `Is waited for where what is to be written does not fit before it`() throws {
    let disk = SimulatedDisk()
    var log = TransactionLog(disk, folder: "d", step: Self.step)
    var writes = RandomWrites(Tree(), random: SeededRandom(1))
    try log.prepare()
    try log.append([writes.next()])
    // The next file, which the first transaction has taken.
    try log.prepare()
    while !log.isLow { try log.append([writes.next()]) }
    let begun = log.beginPreparation()
    let preparation = try #require(begun)
    #expect(log.hasSpace(1) && !log.hasSpace(Self.step))
    #expect(!log.isLow)
    log.endPreparation(try preparation.perform())
    #expect(log.hasSpace(Self.step))
  }

  @Test func `Is not waited for for ever where its disk fails`() throws {
    let disk = HesitantDisk()
    var (store, writes) = try store(disk)
    disk.beforeZeros.withLock { $0 = { throw HesitantDisk.Failure() } }
    #expect(throws: HesitantDisk.Failure.self) { try store.prepare() }
    for _ in 0..<200 { _ = try store.commit([writes.next()]) }
    #expect(try Recovery(disk, folders).tree == writes.service.applied)
  }
}
