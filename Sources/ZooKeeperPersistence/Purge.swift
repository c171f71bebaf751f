internal import ZooKeeper

/// Taking away what no recovery needs any more.
public enum Purge {
  /// Removes all but the newest snapshots, and the logs before them.
  ///
  /// What is kept are so many snapshots that are whole, any between them, and every log with a
  /// transaction behind the oldest of these, so that each of them can be recovered from.
  ///
  /// - Parameter retaining: How many snapshots are kept: `autopurge.snapRetainCount`.
  /// - Returns: The names of the files that are gone.
  ///
  /// Source: Apache ZooKeeper, `PurgeTxnLog`.
  @discardableResult
  public static func run<Disk: FileSystem>(
    on disk: Disk, _ folders: DataFolders, retaining count: Int
  ) throws -> [String] {
    try run(on: disk, folders, retaining: count, rules: Set(Rule.allCases))
  }

  package static func run<Disk: FileSystem>(
    on disk: Disk, _ folders: DataFolders, retaining count: Int, rules: Set<Rule>
  ) throws -> [String] {
    let snapshots = try disk.files(of: "snapshot", in: folders.snapshots)
    guard let oldest = try oldest(of: snapshots, disk, retaining: max(1, count), rules) else {
      return []
    }
    let logs = try disk.files(of: "log", in: folders.logs)
    // The last log that begins at the snapshot's next transaction or before holds that one, too.
    let following = logs.last { $0.zxid <= Zxid(oldest.zxid.rawValue &+ 1) }?.zxid ?? oldest.zxid
    let firstKept = rules.contains(.followingLogKept) ? following : oldest.zxid
    let unneeded = snapshots.filter { $0 < oldest } + logs.filter { $0.zxid < firstKept }
    for file in unneeded { try disk.remove(file.path) }
    return unneeded.map(\.name)
  }

  /// The oldest snapshot that is kept: so many from it on are whole, or it is the first that is.
  private static func oldest<Disk: FileSystem>(
    of snapshots: [DataFile], _ disk: Disk, retaining count: Int, _ rules: Set<Rule>
  ) throws -> DataFile? {
    var oldest: DataFile?
    var found = 0
    for file in snapshots.reversed() where found < count {
      let isWhole =
        try !rules.contains(.wholeSnapshotsKept)
        || Snapshot.isSealed(disk.contents(of: file.path))
      guard isWhole else { continue }
      oldest = file
      found += 1
    }
    return oldest
  }
}
