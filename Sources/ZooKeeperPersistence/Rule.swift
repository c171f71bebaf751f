/// What a store must do so that nothing is lost that it has promised, each under a name.
///
/// Each can be left out, for a simulated disk to show what is lost then.
package enum Rule: String, Hashable, Sendable, CaseIterable {
  /// A batch of transactions is synchronized before anybody hears of them.
  case batchSynchronized
  /// The name of a new log is synchronized before its first transactions are told.
  case logNameSynchronized
  /// A snapshot is of transactions that are in the log, so that another one can take its place.
  case snapshotLogged
  /// A snapshot is synchronized before it gets its name.
  case snapshotSynchronized
  /// A snapshot is written under another name and gets its own when it is whole.
  case snapshotRenamed
  /// The name of a snapshot is synchronized before anything older is removed.
  case snapshotNameSynchronized
  /// Snapshots that cannot be read do not count among those that are kept.
  case wholeSnapshotsKept
  /// The log with the transactions that follow the oldest snapshot is kept.
  case followingLogKept
  /// What a recovery has found is synchronized before anybody sees it: a process that was killed
  /// may have left what was written and is not stable.
  case recoveredSynchronized
  /// What a recovery takes away is a transaction of the log.
  case endingsLogged
  /// What was cut off is told.
  case cutTold
  /// A record counts only if its checksum is right.
  case checksumCompared
  /// A record that ends the log has nothing but zeros behind it.
  case zerosBehind
  /// What seems to be the last record has no whole one within it.
  case lastRecordSearched
  /// Transactions follow one another without a gap.
  case orderKept
  /// A snapshot counts only if its checksums are right.
  case snapshotChecked
}
