/// What a server has written and applied: a snapshot, the log behind it, and what they have made.
public struct History<Service: ReplicatedService>: Hashable, Sendable {
  /// What stands in place of the first transactions.
  public private(set) var snapshot = Snapshot(.zero, Service())
  /// The transactions behind it, in the order of their zxids.
  public private(set) var log: [Proposal<Service>] = []
  /// What the transactions up to `lastProcessed` have made.
  public private(set) var service = Service()
  /// The last transaction that was applied, or the epoch behind it that has begun.
  public private(set) var lastProcessed = Zxid.zero

  /// A history of nothing.
  public init() {}

  /// A history that begins with a snapshot.
  public init(_ snapshot: Snapshot<Service>) {
    self.snapshot = snapshot
    service = snapshot.service
    lastProcessed = snapshot.zxid
  }

  /// The number of the last transaction that it has, applied or not.
  public var last: Zxid { log.last?.zxid ?? snapshot.zxid }

  /// The transactions in the log that were applied.
  public var committed: ArraySlice<Proposal<Service>> {
    log.prefix { $0.zxid <= lastProcessed }
  }

  /// The configurations that the reconfigurations named that were applied, in their order.
  public var configurations: [ZAB.Configuration] {
    snapshot.configurations + committed.compactMap(\.configuration)
  }

  /// The configurations that reconfigurations named, applied or not, in their order.
  var seen: [ZAB.Configuration] { snapshot.configurations + log.compactMap(\.configuration) }

  /// Those that were not.
  public var pending: ArraySlice<Proposal<Service>> { log.drop { $0.zxid <= lastProcessed } }

  /// Adds a transaction at the end.
  ///
  /// - Returns: whether it belongs there.
  mutating func append(_ proposal: Proposal<Service>) -> Bool {
    guard proposal.zxid > last, !proposal.zxid.isNewEpoch else { return false }
    log.append(proposal)
    return true
  }

  /// Applies the first transaction that was not applied.
  ///
  /// - Returns: what it came of, and what the client is answered.
  mutating func applyNext() -> (origin: Service.Origin, reply: Service.Reply)? {
    guard let proposal = pending.first else { return nil }
    let reply = service.apply(proposal)
    lastProcessed = proposal.zxid
    return (Service.origin(of: proposal.transaction), reply)
  }

  /// Applies all that the log has.
  mutating func applyAll() { while applyNext() != nil {} }

  /// Forgets what was not applied, though it stands on disk: what no server should do.
  mutating func forgetPending() { log.removeAll { $0.zxid > lastProcessed } }

  /// An epoch begins with this history, which a quorum has.
  mutating func begin(_ epoch: Int) { lastProcessed = Zxid(epoch, 0) }

  /// Drops all that is behind a transaction.
  ///
  /// - Returns: nil when a snapshot holds some of it.
  func truncated(to zxid: Zxid) -> History? {
    guard zxid >= snapshot.zxid else { return nil }
    var history = History(snapshot)
    history.log = log.filter { $0.zxid <= zxid }
    history.applyAll()
    return history
  }

  /// Takes a snapshot of what was applied, in place of the log that made it.
  mutating func takeSnapshot() -> Snapshot<Service> {
    snapshot = Snapshot(lastProcessed, service, configurations: configurations)
    log.removeAll { $0.zxid <= lastProcessed }
    return snapshot
  }
}
