import NIOCore
import Synchronization
import Testing
import ZooKeeper
import ZooKeeperPersistence

@Suite struct `Space in a log` {
  private struct Failure: Error {}

  private let folders = DataFolders(snapshots: "d", logs: "d")
  private static let step = 8192

  /// A store in which it is time to fill the log, and writes for it.
  private func store(_ disk: WatchedDisk) throws -> (
    Store<WatchedDisk>, RandomWrites<SeededRandom>
  ) {
    try Snapshot.write(Tree(), digest: Tree().digest, on: disk, folder: "d")
    var options = Store<WatchedDisk>.Options()
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
    let disk = WatchedDisk()
    let (store, writes) = try store(disk)
    let shared = Mutex(writes)
    disk.onceBeforeZeros {
      for _ in 0..<3 { _ = try store.commit([shared.withLock { $0.next() }]) }
    }
    try store.prepare()
    #expect(disk.beforeWrite.withLock { $0 == nil })
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
    let disk = WatchedDisk()
    var (store, writes) = try store(disk)
    disk.onceBeforeZeros { throw Failure() }
    #expect(throws: Failure.self) { try store.prepare() }
    for _ in 0..<200 { _ = try store.commit([writes.next()]) }
    #expect(try Recovery(disk, folders).tree == writes.service.applied)
  }
}
