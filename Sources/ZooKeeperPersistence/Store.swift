internal import NIOCore
internal import Synchronization
public import ZooKeeper

/// What a server that runs has on disk: its logs and snapshots in Apache's formats.
///
///     transactions ─→ commit ─→ TransactionLog ─→ log.5, log.1f4 …   synchronized once a batch
///     the tree     ─→ snapshot ─→ Snapshot     ─→ snapshot.0, snapshot.1f3 …
///     a start      ─→ Recovery ←── the newest snapshot, and the logs behind it
///     from time to time Purge removes what no recovery needs
///
/// Read the files in this order:
///
///     LoggedTransaction, TransactionKind    a transaction as bytes
///     Checksums, TreeDigest     what shows that bytes, and trees, are the same
///     FileSystem                what is asked of a disk; LocalFileSystem is this machine's
///     LogFile, TransactionLog   a log read, a log written
///     Snapshot, Snapshot+Reading, Snapshot+Writing
///     Recovery, RecoveryNote    what a server begins with
///     Purge, Store              the rest of its life
///     Rule                      what keeps promises, and `Simulated` to show it
///
/// The tree is a value: a snapshot is written beside the server's work, of the tree as it was when
/// that began.
public final class Store<Disk: FileSystem>: Sendable {
  /// What whoever runs it decides.
  public struct Options: Hashable, Sendable {
    /// After about so many transactions there is a snapshot: `snapCount`.
    ///
    /// After half of them, and up to as many again by chance, so that the servers of an ensemble do
    /// not all write at the same time.
    public var snapshotInterval = 100_000
    /// How many snapshots are kept, those that are older than every log aside:
    /// `autopurge.snapRetainCount`.
    public var retained = 3
    /// How many bytes a log is lengthened by: `preAllocSize`.
    public var step = 4 << 20

    /// Every 100,000 transactions, three, 4 MiB.
    public init() {}
  }

  private let disk: Disk
  private let folders: DataFolders
  private let options: Options
  private let log: Mutex<State>
  /// Held by whoever makes space in the log.
  private let preparing = Mutex(())

  private struct State: Sendable {
    var log: TransactionLog<Disk>
    /// How many transactions there were since the last snapshot began.
    var count = 0
    /// At how many the next one begins.
    var due: Int
    let interval: Int

    init(_ log: TransactionLog<Disk>, _ interval: Int) {
      self.log = log
      self.interval = interval
      due = Self.due(interval)
    }

    private static func due(_ interval: Int) -> Int {
      let half = max(1, interval / 2)
      return half + Int.random(in: 0..<half)
    }

    /// - Returns: What it is time for; nil if there is no space now.
    mutating func commit(_ batch: [LoggedTransaction], _ bytes: ByteBuffer) throws -> DueWork? {
      guard log.hasSpace(bytes.readableBytes) else { return nil }
      if log.shouldRoll(for: bytes.readableBytes) { try log.roll() }
      try log.append(bytes, from: batch.first?.transaction.zxid)
      try log.synchronize()
      count += batch.count
      let isDue = count >= due
      // A log is read at once when a server starts. A snapshot needs no new one.
      if isDue && log.canRoll || log.size >= Store.largestLog { try log.roll() }
      if isDue {
        count = 0
        due = Self.due(interval)
      }
      let work: DueWork = isDue ? .snapshot : []
      return log.isLow ? work.union(.space) : work
    }
  }

  /// A store in these folders, of which a ``Recovery`` was made.
  public init(_ disk: Disk, _ folders: DataFolders, _ options: Options = Options()) {
    self.disk = disk
    self.folders = folders
    self.options = options
    let log = TransactionLog(disk, folder: folders.logs, step: options.step)
    self.log = Mutex(State(log, options.snapshotInterval))
  }

  /// A log of so many bytes is followed by another, snapshot or not.
  fileprivate static var largestLog: Int { 1 << 30 }

  /// Stores transactions; when this returns they are stable, all of them.
  ///
  /// - Returns: What it is time for.
  /// - Throws: What the disk says; nothing may be told of these transactions then, and the store
  ///   must not be used any more.
  public func commit(_ batch: [LoggedTransaction]) throws -> DueWork {
    let bytes = TransactionLog<Disk>.encoded(batch)
    while true {
      if let due = try log.withLock({ try $0.commit(batch, bytes) }) { return due }
      // Where these bytes go somebody writes zeros: that first.
      preparing.withLock { _ in }
    }
  }

  /// Makes space for what will be stored: beside ``commit(_:)``, which waits for it only where the
  /// log has come to its end.
  public func prepare() throws {
    try preparing.withLock { _ in
      while let preparation = log.withLock({ $0.log.beginPreparation() }) {
        do {
          let prepared = try preparation.perform()
          log.withLock { $0.log.endPreparation(prepared) }
        } catch {
          log.withLock { $0.log.abandonPreparation() }
          throw error
        }
      }
    }
  }

  /// Writes a snapshot.
  public func snapshot(_ tree: Tree, digest: UInt64) throws {
    try Snapshot.write(tree, digest: digest, on: disk, folder: folders.snapshots)
  }

  /// Removes what an earlier server has left unfinished, which takes room and holds nothing.
  ///
  /// Nobody else may serve from there.
  public func removeUnfinished() throws {
    let unfinished = [
      (folders.logs, TransactionLog<Disk>.readyName), (folders.snapshots, Snapshot.unfinishedName),
    ]
    for (folder, name) in unfinished where try disk.names(in: folder).contains(name) {
      try disk.remove("\(folder)/\(name)")
    }
  }

  /// Removes what no recovery needs.
  ///
  /// - Returns: The names of the files that are gone.
  public func purge() throws -> [String] {
    try Purge.run(on: disk, folders, retaining: options.retained)
  }
}

/// What it is time for, behind a batch of transactions.
public struct DueWork: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: Int

  /// These bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A snapshot.
  public static let snapshot = DueWork(rawValue: 1)
  /// Space for more, ``Store/prepare()``.
  public static let space = DueWork(rawValue: 2)
}
