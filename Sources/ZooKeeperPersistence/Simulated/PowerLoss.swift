internal import NIOCore
internal import ZooKeeper

/// A server's life on a simulated disk, several times ended at a random moment, and judged each
/// time that it begins again.
///
/// The judge keeps the tree after each transaction by itself, and what was told to clients. It
/// asks of whatever a recovery gives: is it one of those trees, and is all in it that was told?
package struct PowerLoss: Sendable {
  /// What a recovery must not do.
  package struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The seed that shows it.
    package let seed: UInt64
    /// What has happened.
    package let what: String

    package var description: String { "seed \(seed): \(what)" }
  }

  /// What happened in how many rounds.
  package struct Count: Hashable, Sendable {
    /// Ends of the process, with the power or without.
    package var ends = 0
    /// Last records that were cut.
    package var cuts = 0
    /// Times that a recovery refused, which it may where sectors are lost in any order, where a
    /// byte has changed or where a file is missing.
    package var refusals = 0
    /// Transactions that were told.
    package var told = 0

    package init() {}
  }

  private let seed: UInt64
  private let rules: Set<Rule>
  private var random: SeededRandom
  private let disk = SimulatedDisk()
  private let folders = DataFolders(snapshots: "d", logs: "d")
  /// The tree after each transaction, the first after none.
  private var trees = [Tree()]
  /// The last transaction that was told.
  private var told = 0
  private var count = Count()
  /// Whether sectors may be there and others before them not.
  private var wasScattered = false
  /// Whether it begins with nodes of a session that is not open.
  private var hasOrphans = false
  /// The snapshots that were written whole, and have stayed so.
  private var whole: Set<String> = []
  /// A snapshot that was damaged while others were whole.
  private var rotten: String?
  /// What was done to the files in the end.
  private var damage = ""
  /// Whether what is left suffices.
  private var isSurvivable = false

  private init(_ seed: UInt64, _ rules: Set<Rule>) {
    self.seed = seed
    self.rules = rules
    random = SeededRandom(seed)
  }

  /// Plays a round, and judges it.
  ///
  /// - Parameter rules: What the store does; all of ``Rule`` unless something is to be shown.
  package static func play(
    seed: UInt64, rules: Set<Rule> = Set(Rule.allCases)
  ) throws(Violation) -> Count {
    var round = PowerLoss(seed, rules)
    try round.play()
    return round.count
  }

  private mutating func play() throws(Violation) {
    var outage = SimulatedDisk.Outage.none
    if Int.random(in: 0..<4, using: &random) == 0 { try beginWithOrphans() }
    for _ in 0..<4 {
      if Bool.random(using: &random) { disk.stop(after: Int.random(in: 0...60, using: &random)) }
      guard let recovered = try recover(after: outage) else { return }
      if let recovered { live(on: recovered) }
      outage = SimulatedDisk.Outage.allCases.randomElement(using: &random) ?? .none
      disk.restart(outage, &random)
      count.ends += 1
    }
    guard try recover(after: outage) != nil else { return }
    Bool.random(using: &random) ? rot() : lose()
    try judgeDamage()
  }

  /// A snapshot of Apache's server, taken while a session ended: what this owned is there, at paths
  /// that clients will use, and the session is not.
  private mutating func beginWithOrphans() throws(Violation) {
    let owner = SessionID(0x200_0000_0000_0000)
    let paths = ["/1", "/3"]
    func change(_ tree: inout Tree, _ zxid: Int64, _ body: Transaction.Body) {
      tree.apply(Transaction(session: owner, cxid: 0, zxid: Zxid(zxid), time: 0, body: body))
    }
    var tree = trees[0]
    for path in paths {
      let creation = Transaction.Creation(
        path: path, data: [7], acl: .open, isEphemeral: true, parentCVersion: -1)
      change(&tree, 0, .create(creation))
    }
    do {
      try Snapshot.write(tree, digest: tree.digest, on: disk, folder: folders.snapshots)
    } catch {
      throw violation("no snapshot at the beginning: \(error)")
    }
    trees = [tree]
    change(&tree, 1, .closeSession(paths: paths))
    trees.append(tree)
    hasOrphans = true
  }

  private func violation(_ what: String) -> Violation { Violation(seed: seed, what: what) }

  // MARK: Recovering

  /// - Returns: What was recovered; nil in it if the process was stopped, nil at all if it refused
  ///   as it may.
  private mutating func recover(
    after outage: SimulatedDisk.Outage
  ) throws(Violation) -> Recovery?? {
    // It stays so until a recovery has put it right.
    if outage == .scattered { wasScattered = true }
    let before = dataEnd()
    let recovery: Recovery
    do {
      recovery = try Recovery(disk, folders, Recovery.Options(), rules: rules)
    } catch is SimulatedDisk.Stopped {
      return .some(nil)
    } catch {
      count.refusals += 1
      guard wasScattered else { throw violation("refused: \(error)") }
      return nil
    }
    let last = Int(recovery.tree.zxid.rawValue)
    guard trees.indices.contains(last) else { throw violation("\(last) was never written") }
    guard last >= told else { throw violation("\(told) was told, and only \(last) is there") }
    guard recovery.tree == trees[last] else { throw violation("another tree at \(last)") }
    guard recovery.digest == trees[last].digest else { throw violation("digest at \(last)") }
    try judge(recovery.notes, before)
    wasScattered = false
    trees.removeSubrange((last + 1)...)
    told = last
    return recovery
  }

  private mutating func judge(
    _ notes: [RecoveryNote], _ before: (name: String, end: Int)?
  ) throws(Violation) {
    for note in notes {
      switch note {
      case .cut: count.cuts += 1
      case .skippedSnapshot(let error) where error.file == rotten: break
      case .endedOwner where hasOrphans: break
      default: throw violation("note: \(note)")
      }
    }
    if let before, let after = dataEnd(), before.name == after.name, after.end < before.end,
      !notes.contains(where: { if case .cut = $0 { true } else { false } })
    {
      throw violation("\(before.name) was cut without a word")
    }
  }

  /// The newest log, and where its bytes end that are not zero.
  private func dataEnd() -> (name: String, end: Int)? {
    guard let log = try? disk.files(of: "log", in: folders.logs).last,
      let bytes = try? disk.contents(of: log.path)
    else { return nil }
    return (log.name, (bytes.readableBytesView.lastIndex { $0 != 0 } ?? -1) + 1)
  }

  // MARK: Living

  /// Serves until it is stopped, or has done enough.
  private mutating func live(on recovery: Recovery) {
    do {
      try serve(recovery)
    } catch {
      // Stopped: what happens next is the disk's affair.
    }
  }

  private mutating func serve(_ recovery: Recovery) throws {
    var writes = RandomWrites(recovery.tree, random: SeededRandom(random.next()))
    var log = TransactionLog(disk, folder: folders.logs, step: 4096, rules: rules)
    if !recovery.endings.isEmpty {
      try log.append(recovery.endings)
      try log.synchronize()
    }
    if recovery.snapshot != recovery.tree.zxid { try snapshot(recovery.tree, recovery.digest) }
    try log.prepare()
    var isDue = false
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      var batch: [LoggedTransaction] = []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        batch.append(writes.next())
        trees.append(writes.service.applied)
      }
      let (tree, digest) = (writes.service.applied, writes.digest)
      let early = isDue && !rules.contains(.snapshotLogged)
      if early { try snapshot(tree, digest) }
      try log.append(batch)
      // In the middle of a batch, when most is at stake.
      if Int.random(in: 0..<8, using: &random) == 0 { return }
      try log.synchronize()
      count.told += batch.count
      told = trees.count - 1
      try log.prepare()
      if isDue {
        if !early { try snapshot(tree, digest) }
        isDue = false
      } else if Int.random(in: 0..<4, using: &random) == 0 {
        try log.roll()
        isDue = true
      }
    }
  }

  private mutating func snapshot(_ tree: Tree, _ digest: UInt64) throws {
    let path = "\(folders.snapshots)/\(Snapshot.name(tree.zxid))"
    try Snapshot.write(tree, digest: digest, on: disk, folder: folders.snapshots, rules: rules)
    whole.insert(path)
    // It has taken the place of one that was damaged.
    if rotten == path { rotten = nil }
    if rotten == nil, whole.count > 1, Int.random(in: 0..<8, using: &random) == 0 {
      disk.rot(path, at: Int.random(in: 0..<200, using: &random), 1)
      whole.remove(path)
      rotten = path
    }
    _ = try Purge.run(on: disk, folders, retaining: 2, rules: rules)
  }

  // MARK: Damage

  /// Changes a byte, often one that says how long a record is.
  private mutating func rot() {
    guard let names = try? disk.names(in: folders.logs).sorted(),
      let name = names.randomElement(using: &random),
      let bytes = try? disk.contents(of: "\(folders.logs)/\(name)"), bytes.readableBytes > 0
    else { return }
    var place = Int.random(in: 0..<bytes.readableBytes, using: &random)
    if Int.random(in: 0..<4, using: &random) > 0 {
      let ends = bytes.readableBytesView.indices.filter { bytes.readableBytesView[$0] == 66 }
      place = (ends.randomElement(using: &random) ?? 16) + Int.random(in: 9...12, using: &random)
    }
    damage = "byte \(place) of \(name)"
    let snapshots = names.filter { $0.hasPrefix("snapshot.") }
    // Two that are whole are promised.
    isSurvivable = whole.count > 1 && snapshots.contains(name)
    disk.rot("\(folders.logs)/\(name)", at: place, 1 << UInt8.random(in: 0...7, using: &random))
  }

  /// Removes a log, as somebody does who is short of space; not the newest, which none would miss.
  private mutating func lose() {
    guard let logs = try? disk.files(of: "log", in: folders.logs),
      let log = logs.dropLast().randomElement(using: &random)
    else { return }
    damage = "\(log.name) removed of \(logs.map(\.name))"
    try? disk.remove(log.path)
  }

  /// After damage there is the right tree, or an error, or one transaction less and a note of it.
  private mutating func judgeDamage() throws(Violation) {
    guard let recovery = try? Recovery(disk, folders, Recovery.Options(), rules: rules) else {
      if isSurvivable { throw violation("\(damage), and another snapshot does not take its place") }
      count.refusals += 1
      return
    }
    let last = trees.count - 1
    if recovery.tree == trees[last] { return }
    let isCut = recovery.notes.contains { if case .cut = $0 { true } else { false } }
    guard isCut, last > 0, recovery.tree == trees[last - 1] else {
      throw violation(
        "after damage \(last) transactions have become \(recovery.tree.zxid) without an error: "
          + "\(damage); \(recovery.notes), snapshot \(recovery.snapshot, default: "none")")
    }
  }
}
