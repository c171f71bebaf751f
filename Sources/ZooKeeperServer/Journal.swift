internal import NIOCore
internal import NIOPosix
package import ZooKeeper
public import ZooKeeperPersistence

/// Where a shell stores what its server does; a ``Store``, whatever disk it writes to.
///
/// Its calls wait for the disk, and are made from threads of their own.
public struct Journal: Sendable {
  /// Stores transactions, and says what it is time for.
  let commit: @Sendable ([LoggedTransaction]) throws -> DueWork
  /// Makes space for more, beside the next batches.
  let prepare: @Sendable () throws -> Void
  /// Writes a snapshot of a tree with this digest.
  let snapshot: @Sendable (Tree, UInt64) throws -> Void

  /// The journal that writes to this store.
  public init<Disk: FileSystem>(_ store: Store<Disk>) {
    commit = { try store.commit($0) }
    prepare = { try store.prepare() }
    snapshot = { try store.snapshot($0, digest: $1) }
  }

  /// A journal of these parts.
  package init(
    commit: @escaping @Sendable ([LoggedTransaction]) throws -> DueWork,
    prepare: @escaping @Sendable () throws -> Void,
    snapshot: @escaping @Sendable (Tree, UInt64) throws -> Void
  ) {
    self.commit = commit
    self.prepare = prepare
    self.snapshot = snapshot
  }
}

/// Group commit: all transactions that come while the disk works are its next batch.
///
///     bytes ─→ server ─→ transactions ─→ waiting ─→ commit, on a thread of the journal's
///                     └→ what to send ─→ held until these are stable ─→ sent, in order
///
/// Everything that the server wants done is held back behind the transactions that it had made by
/// then, the answers to reads too: so nobody learns of a write that could still be lost.
///
/// It lives on the event loop, its calls of the journal on three threads: one commits, the others
/// make space and write a snapshot meanwhile.
///
/// Source: Apache ZooKeeper, `SyncRequestProcessor`.
final class GroupCommit {
  /// What an event loop does when transactions are stable.
  typealias Action = (Result<Void, any Error>) -> Void

  private let journal: Journal
  private let loop: any EventLoop
  private let pool: NIOThreadPool
  /// Not with the journal yet.
  private var waiting: [LoggedTransaction] = []
  /// How many transactions there were, and how many of them are stable.
  private(set) var made = 0
  private(set) var stable = 0
  private var isCommitting = false
  private var isPreparing = false
  private var isWritingSnapshot = false
  /// A snapshot that waits until so many transactions are stable: what it is of is in the log then,
  /// and an older one can take its place.
  private var asked: (behind: Int, tree: Tree, digest: UInt64)?
  /// What was made is still stored, and nothing beyond that.
  var isEnding = false
  /// The disk has failed: nothing is stable any more.
  private(set) var failure: (any Error)?
  /// Called when more is stable.
  var progressed: () -> Void = {}
  /// Called when the journal asks for a snapshot: what it is to be of.
  var snapshotted: () -> (Tree, UInt64)? = { nil }
  /// Called when a batch of so many transactions is stable, with the milliseconds that it took.
  var committed: (Int, Int64) -> Void = { _, _ in }
  /// Called when a snapshot of this zxid is written, with the milliseconds that it took.
  var wroteSnapshot: (Zxid, Int64) -> Void = { _, _ in }
  /// Called when something could not be done for want of space or descriptors, and can wait: what,
  /// and why not.
  var fellShort: (String, any Error) -> Void = { _, _ in }
  /// Before that no space is made: the disk was full a moment ago.
  private var nextPreparation = NIODeadline.uptimeNanoseconds(0)
  /// Called when the disk has failed.
  var failed: (any Error) -> Void = { _ in }

  init(_ journal: Journal, pool: NIOThreadPool, loop: any EventLoop) {
    self.journal = journal
    self.pool = pool
    self.loop = loop
  }

  /// Whether everything is stable.
  var isIdle: Bool { made == stable }

  /// Takes transactions that were just made.
  func take(_ transactions: [LoggedTransaction]) {
    guard !transactions.isEmpty else { return }
    made += transactions.count
    waiting += transactions
    commit()
  }

  private func commit() {
    guard !isCommitting, !waiting.isEmpty, failure == nil else { return }
    isCommitting = true
    let batch = waiting
    waiting = []
    let start = NIODeadline.now()
    run { [journal] in
      try journal.commit(batch)
    } then: { [self] result in
      isCommitting = false
      switch result {
      case .success(let due):
        stable += batch.count
        committed(batch.count, Self.milliseconds(since: start))
        // While one is written there is no other: it is tried again when the next is due.
        if due.contains(.snapshot), !isWritingSnapshot, let (tree, digest) = snapshotted() {
          asked = (made, tree, digest)
        }
        // The disk goes on before anybody is told, which takes its time.
        commit()
        snapshot()
        progressed()
        if due.contains(.space) { prepare() }
      case .failure(let error): fail(error)
      }
    }
  }

  private func prepare() {
    guard !isPreparing, !isEnding, NIODeadline.now() >= nextPreparation else { return }
    isPreparing = true
    run { [journal] in
      try journal.prepare()
    } then: { [self] result in
      isPreparing = false
      guard case .failure(let error) = result else { return }
      guard Self.canWait(error) else { return fail(error) }
      nextPreparation = .now() + Self.pause
      fellShort("make room for the next transactions", error)
    }
  }

  /// Begins the snapshot that is asked for, when what it is of is stable.
  private func snapshot() {
    guard !isWritingSnapshot, !isEnding, let asked, asked.behind <= stable else { return }
    self.asked = nil
    isWritingSnapshot = true
    let start = NIODeadline.now()
    run { [journal] in
      try journal.snapshot(asked.tree, asked.digest)
    } then: { [self] result in
      isWritingSnapshot = false
      switch result {
      case .success: wroteSnapshot(asked.tree.zxid, Self.milliseconds(since: start))
      case .failure(let error) where Self.canWait(error): fellShort("write a snapshot", error)
      case .failure(let error): fail(error)
      }
    }
  }

  /// So long nothing is tried again that has failed.
  private static let pause = TimeAmount.seconds(10)

  /// Whether everything is as it was before a call failed, but for that call.
  private static func canWait(_ error: any Error) -> Bool {
    switch error {
    case let error as SystemCallError: error.isShortage
    case let error as StorageError: error.isOfSize
    default: false
    }
  }

  private static func milliseconds(since start: NIODeadline) -> Int64 {
    (NIODeadline.now() - start).nanoseconds / 1_000_000
  }

  private func fail(_ error: any Error) {
    guard failure == nil else { return }
    failure = error
    failed(error)
  }

  /// Runs a call of the journal on a thread of its own, and goes on on the loop.
  private func run<R: Sendable>(
    _ call: @escaping @Sendable () throws -> R, then: @escaping (Result<R, any Error>) -> Void
  ) {
    pool.runIfActive(eventLoop: loop, call).assumeIsolated().whenComplete(then)
  }
}
