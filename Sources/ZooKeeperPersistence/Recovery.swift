internal import NIOCore
public import ZooKeeper
internal import ZooKeeperWire

/// Where the files of a server lie.
public struct DataFolders: Hashable, Sendable {
  /// The folder of the snapshots, `dataDir/version-2`.
  public var snapshots: String
  /// The folder of the logs, `dataLogDir/version-2`; often the same.
  public var logs: String

  /// These folders.
  public init(snapshots: String, logs: String) {
    self.snapshots = snapshots
    self.logs = logs
  }
}

/// A place in the newest log from which on it is to be cut: the way out where a loss of power has
/// left later sectors of a batch on the disk, and not the earlier ones.
///
/// Of a batch that is not whole nobody was told; but that what follows the place is one, and no
/// damage done to what was told, only whoever operates the server can know.
public struct Cut: Hashable, Sendable, CustomStringConvertible {
  /// The log's name, `log.1f4`.
  public var file: String
  /// The byte from which on it is cut.
  public var offset: Int

  /// This place.
  public init(file: String, offset: Int) {
    self.file = file
    self.offset = offset
  }

  /// Reads `log.1f4:1040`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let offset = Int(parts[1]), offset >= LogFile.headerSize,
      Zxid(fileName: String(parts[0]), kind: "log") != nil
    else { return nil }
    self.init(file: String(parts[0]), offset: offset)
  }

  /// As it is read.
  public var description: String { "\(file):\(offset)" }
}

/// What a data directory holds, made one: the newest snapshot and all transactions behind it.
///
/// A snapshot that cannot be read is passed over, if an older one and the logs behind it can take
/// its place; a transaction that was told to somebody is never passed over. The log's transactions
/// have to follow the snapshot's, and one another, without a gap, but for the beginning of an
/// epoch.
///
/// Source: Apache ZooKeeper, `FileTxnSnapLog.restore`; what differs from it stands with
/// ``LogFile`` and in ``RecoveryNote``.
public struct Recovery: Sendable {
  /// The tree, as of the last transaction.
  public private(set) var tree: Tree
  /// Its digest.
  public private(set) var digest: UInt64
  /// The zxid of the snapshot that was used; nil for none.
  public private(set) var snapshot: Zxid?
  /// How many transactions of the logs were applied.
  public private(set) var replayed = 0
  /// The transactions that end sessions which are not open and yet own nodes.
  ///
  /// The tree has them; the log has to have them before anybody is served.
  /// Were they not logged, a later recovery from the same snapshot would find the old nodes in the
  /// place of those that clients have created since. (Apache ZooKeeper, `ZooKeeperServer.loadData`,
  /// logs nothing and writes a snapshot, which another one can not always take the place of.)
  public private(set) var endings: [LoggedTransaction] = []
  /// What is not as it should be.
  public private(set) var notes: [RecoveryNote] = []
  /// The newest snapshot, if it cannot be read.
  private var skipped: (zxid: Zxid, error: StorageError)?
  /// Up to where the snapshot may be ahead of its zxid, so that digests differ.
  private var digestsCountAfter = Zxid.zero
  /// The same, for transactions that cannot be applied because the snapshot has what followed.
  private var fuzzyUpTo = Zxid.zero
  /// The first transaction beyond that which cannot be applied, and how many there are.
  private var unapplied: (first: Zxid, error: ErrorCode, count: Int)?

  /// Decides how a directory is read.
  public struct Options: Sendable {
    /// Whether a log without a snapshot is one of an empty tree: `snapshot.trust.empty`.
    public var trustsNoSnapshot = false
    /// What a new server holds.
    public var dialect = Dialect.reference
    /// Where to cut the newest log, if it cannot be read from there on.
    public var cut: Cut?
    /// What the wall clock shows, in milliseconds since 1970: the time of what is ended.
    public var time: Int64 = 0

    /// No log without a snapshot, the newest edition.
    public init() {}
  }

  /// Reads a data directory, cuts what was not finished, and says what it has found.
  ///
  /// - Throws: A ``StorageError`` if what was told to somebody may be missing, or not be as it was.
  public init<Disk: FileSystem>(
    _ disk: Disk, _ folders: DataFolders, _ options: Options = Options()
  ) throws {
    try self.init(disk, folders, options, rules: Set(Rule.allCases))
  }

  package init<Disk: FileSystem>(
    _ disk: Disk, _ folders: DataFolders, _ options: Options, rules: Set<Rule>
  ) throws {
    tree = Tree(options.dialect)
    digest = 0
    try Self.checkPlaces(disk, folders)
    let logs = try disk.files(of: "log", in: folders.logs)
    let compressed = try disk.compressedSnapshots(in: folders.snapshots)
    do {
      try restore(disk, folders, options, rules, isNew: logs.isEmpty && compressed.isEmpty)
    } catch let error as StorageError {
      // What follows an empty tree needs no snapshot.
      guard logs.first?.zxid == Zxid(1) else { throw error }
      let unreadable = try disk.files(of: "snapshot", in: folders.snapshots) + compressed
      throw error.withWayOut(.trustingLogs(unreadable: unreadable.map(\.name)))
    }
    digest = tree.digest
    let needed = logs.lastIndex { $0.zxid <= Zxid(tree.zxid.rawValue &+ 1) } ?? logs.startIndex
    for log in logs.dropFirst(needed) {
      try replay(log, isNewest: log == logs.last, disk, options, rules)
    }
    if rules.contains(.recoveredSynchronized), !logs.isEmpty {
      try disk.synchronize(folder: folders.logs)
    }
    // What a snapshot holds that cannot be read has to be in the logs.
    if let newest = skipped, tree.zxid < newest.zxid { throw newest.error }
    if let newest = compressed.last, tree.zxid < newest.zxid {
      throw StorageError(.compressed, in: newest.path)
    }
    if let unapplied {
      notes.append(.unapplied(unapplied.first, unapplied.error, count: unapplied.count))
    }
    for session in tree.endedOwners { end(session, options, rules) }
    if let cut = options.cut { tell(uselessOf: cut, logs) }
  }

  /// Whoever has said where to cut is told if there was nothing to cut.
  private mutating func tell(uselessOf cut: Cut, _ logs: [DataFile]) {
    for case .cutByOrder in notes { return }
    guard let newest = logs.last, logs.contains(where: { $0.name == cut.file }) else {
      return notes.append(.notCut(cut, .missing))
    }
    notes.append(.notCut(cut, newest.name == cut.file ? .whole : .older(newest: newest.name)))
  }

  /// Where logs and snapshots have a folder each, none of the other kind may lie there: who changes
  /// `dataLogDir` and moves no files would lose what these hold. (Apache ZooKeeper,
  /// `FileTxnSnapLog.checkLogDir` and `checkSnapDir`)
  private static func checkPlaces<Disk: FileSystem>(
    _ disk: Disk, _ folders: DataFolders
  ) throws {
    guard folders.logs != folders.snapshots else { return }
    for (kind, folder) in [("log", folders.snapshots), ("snapshot", folders.logs)] {
      if let name = try disk.names(in: folder).sorted().first(where: { $0.hasPrefix(kind + ".") }) {
        throw StorageError(.misplaced, in: "\(folder)/\(name)")
      }
    }
  }

  // MARK: Snapshots

  private mutating func restore<Disk: FileSystem>(
    _ disk: Disk, _ folders: DataFolders, _ options: Options, _ rules: Set<Rule>, isNew: Bool
  ) throws {
    let snapshots = try disk.files(of: "snapshot", in: folders.snapshots)
    var failures: [StorageError] = []
    for file in snapshots.reversed() {
      do {
        let found = try Snapshot(
          try disk.contents(of: file.path), name: file.path, zxid: file.zxid,
          hasTTL: options.dialect.hasTTL, rules: rules)
        tree = found.tree
        snapshot = file.zxid
        digestsCountAfter = found.digest?.zxid ?? file.zxid
        fuzzyUpTo = digestsCountAfter
        notes = failures.map { .skippedSnapshot($0) }
        try compare(found, file.path)
        return
      } catch let error as StorageError {
        failures.append(error)
        skipped = skipped ?? (file.zxid, error)
      }
    }
    if let newest = failures.first { throw newest }
    if let newest = try disk.compressedSnapshots(in: folders.snapshots).last {
      throw StorageError(.compressed, in: newest.path)
    }
    guard isNew || options.trustsNoSnapshot else {
      throw StorageError(.noSnapshot, in: folders.logs)
    }
  }

  /// The digest that a snapshot tells is of its zxid or, where it was written beside the server's
  /// work, of a later one.
  private mutating func compare(_ found: Snapshot, _ name: String) throws(StorageError) {
    guard let told = found.digest else { return }
    let zxid = found.tree.zxid
    guard told.zxid >= zxid else { throw StorageError(.order(told.zxid, after: zxid), in: name) }
    let counted = found.tree.digest
    guard told.zxid == zxid, told.value != counted else { return }
    notes.append(.digest(zxid: zxid, written: told.value, counted: counted))
  }

  // MARK: Logs

  private mutating func replay<Disk: FileSystem>(
    _ log: DataFile, isNewest: Bool, _ disk: Disk, _ options: Options, _ rules: Set<Rule>
  ) throws {
    let path = log.path
    // A log is called after its first transaction, even where that was never finished.
    if rules.contains(.orderKept), log.zxid > tree.zxid, !log.zxid.follows(tree.zxid) {
      throw StorageError(.order(log.zxid, after: tree.zxid), in: path)
    }
    let bytes = try disk.contents(of: path)
    // A file that was made and never written to; its name is taken again.
    if isNewest, LogFile.isBlank(bytes) {
      notes.append(.blank(file: path))
      return try disk.remove(path)
    }
    var file: LogFile
    do {
      file = try LogFile(bytes, name: path, rules: rules)
    } catch let error {
      throw error.reason == .magic ? error.withWayOut(.header) : error
    }
    let end: LogFile.End
    do {
      end = try replay(&file, path, rules)
    } catch let error {
      guard isNewest, error.isOfOneRecord, error.offset == file.position else { throw error }
      guard options.cut == Cut(file: log.name, offset: file.position) else {
        let cut = Cut(file: log.name, offset: file.position)
        let lost = file.survivors()
        throw error.withWayOut(.cut(cut, lost: lost?.count ?? 0, upTo: lost?.last ?? .zero))
      }
      return try cut(bytes, at: file.position, log, disk)
    }
    guard isNewest else {
      if end.unfinished > 0 { notes.append(.unfinished(file: path, offset: end.position)) }
      return
    }
    let writable = try disk.open(path)
    if end.unfinished > 0 {
      try writable.truncate(to: end.position)
      if rules.contains(.cutTold) {
        notes.append(.cut(file: path, offset: end.position, bytes: end.unfinished))
      }
    }
    if rules.contains(.recoveredSynchronized) { try writable.synchronize() }
  }

  private mutating func replay(
    _ file: inout LogFile, _ path: String, _ rules: Set<Rule>
  ) throws(StorageError) -> LogFile.End {
    while true {
      let place = file.position
      guard let logged = try file.next() else { return try file.end() }
      try apply(logged, in: path, at: place, rules)
    }
  }

  /// Cuts the newest log where whoever operates the server has said so, and keeps what is cut off
  /// in a file that no server looks at.
  private mutating func cut<Disk: FileSystem>(
    _ bytes: ByteBuffer, at offset: Int, _ log: DataFile, _ disk: Disk
  ) throws {
    let folder = String(log.path.dropLast(log.name.count + 1))
    let kept = "\(folder)/cut-off-\(offset).\(log.name)"
    let rest = bytes.getSlice(at: offset, length: bytes.readableBytes - offset) ?? ByteBuffer()
    let copy = try disk.create(kept)
    try copy.write(rest, at: 0)
    try copy.synchronize()
    try disk.synchronize(folder: folder)
    let writable = try disk.open(log.path)
    try writable.truncate(to: offset)
    try writable.synchronize()
    notes.append(.cutByOrder(file: log.path, offset: offset, kept: kept))
  }

  private mutating func apply(
    _ logged: LoggedTransaction, in name: String, at offset: Int, _ rules: Set<Rule>
  ) throws(StorageError) {
    let zxid = logged.transaction.zxid
    // The snapshot has it already.
    if replayed == 0, zxid <= tree.zxid { return }
    if rules.contains(.orderKept), !zxid.follows(tree.zxid) {
      throw StorageError(.order(zxid, after: tree.zxid), in: name, at: offset)
    }
    var transaction = logged.transaction
    if case .closeSession(let paths) = transaction.body {
      // Before 3.6 a log does not tell what a session owned.
      let named = Set(paths.map(Verbatim.init))
      let others = tree.ephemerals(of: transaction.session).filter { !named.contains(Verbatim($0)) }
      transaction.body = .closeSession(paths: paths + others)
    }
    for session in tree.endedOwners(inTheWayOf: transaction.body) {
      change(ending(session, zxid: tree.zxid, time: transaction.time))
      notes.append(.endedOwner(session))
    }
    let result = change(transaction)
    replayed += 1
    if zxid > fuzzyUpTo, let error = transaction.body.failure(result.reply) {
      unapplied = (unapplied?.first ?? zxid, unapplied?.error ?? error, (unapplied?.count ?? 0) + 1)
    }
    if let written = logged.digest, written != digest, zxid > digestsCountAfter {
      notes.append(.digest(zxid: zxid, written: written, counted: digest))
      // What is different stays so: once is enough.
      digestsCountAfter = Zxid(.max)
    }
  }

  @discardableResult
  private mutating func change(_ transaction: Transaction) -> TransactionResult {
    let touched = transaction.touchedPaths
    digest &-= tree.digest(of: touched)
    defer { digest &+= tree.digest(of: touched) }
    return tree.apply(transaction)
  }

  /// What a session owned that is not open goes, as it would have with it.
  private func ending(_ session: SessionID, zxid: Zxid, time: Int64) -> Transaction {
    Transaction(
      session: session, cxid: 0, zxid: zxid, time: time,
      body: .closeSession(paths: tree.ephemerals(of: session)))
  }

  private mutating func end(_ session: SessionID, _ options: Options, _ rules: Set<Rule>) {
    let isLogged = rules.contains(.endingsLogged)
    let zxid = isLogged ? Zxid(tree.zxid.rawValue &+ 1) : tree.zxid
    let transaction = ending(session, zxid: zxid, time: options.time)
    change(transaction)
    if isLogged { endings.append(LoggedTransaction(transaction, digest: digest)) }
    notes.append(.endedOwner(session))
  }
}

extension Tree {
  /// The sessions that are not open and own a node where a transaction creates another.
  ///
  /// No server has had that node when the transaction was made: it was taken away at a recovery,
  /// by a server that did not log it.
  fileprivate func endedOwners(inTheWayOf body: Transaction.Body) -> [SessionID] {
    switch body {
    case .create(let creation):
      guard let node = self[creation.path], node.isEphemeral,
        timeout(of: node.ephemeralOwner) == nil
      else { return [] }
      return [node.ephemeralOwner]
    case .multi(let parts): return parts.flatMap { endedOwners(inTheWayOf: $0) }
    case .createSession, .closeSession, .delete, .setData, .setACL, .check, .error: return []
    }
  }
}

extension Transaction.Body {
  /// Why it could not be applied, by the reply; that the request had failed is no reason.
  fileprivate func failure(_ reply: Reply) -> ErrorCode? {
    switch (self, reply.result) {
    case (.error, _): nil
    case (.multi(let parts), .success(.multi(let results))):
      zip(parts, results).lazy.compactMap { part, result in
        if case .failed(let error) = result, !part.isError { error } else { nil }
      }.first
    case (_, .failure(let error)): error
    case (_, .success): nil
    }
  }

  private var isError: Bool { if case .error = self { true } else { false } }
}

extension Zxid {
  /// Whether a transaction may come right behind another: the next of its epoch, or of a later one.
  fileprivate func follows(_ last: Zxid) -> Bool {
    let isNext = rawValue == last.rawValue &+ 1
    return isNext || rawValue > last.rawValue && rawValue >> 32 != last.rawValue >> 32
  }
}
