import ProtocolCore
import ReplicatedLog
import Testing
import ZAB

typealias Out = Effect<ZABModel.Words>
typealias Message = ZABModel.Words.Message
typealias Record = ZABModel.Words.Record
typealias Transaction = Proposal<KeyValueStore>

/// A transaction of this number.
func transaction(_ epoch: Int, _ counter: UInt32) -> Transaction {
  Proposal(Zxid(epoch, counter), ReplicatedLog.Command("x", Int(counter), .append("k", "a")))
}

/// The rows of the decision table, each with a leader that has what it has on disk.
struct TableTests {
  /// A leader whose log, behind a snapshot of nothing, is this, and which a quorum has acknowledged
  /// in a new epoch, if that is said.
  private func plan(
    for peer: Zxid, log: [Transaction], epoch: Int? = nil, snapshots: Bool = false
  ) throws -> ZAB.Plan<KeyValueStore> {
    let ensemble = ZAB.Ensemble(voters: [.init("a")])
    var own = ZAB.Settings()
    own.snapCount = 100
    var leader = ZABModel.Node("a", of: ensemble, settings: own)
    let disk: [Record] = epoch.map { [.acceptedEpoch($0 - 1), .currentEpoch($0 - 1)] } ?? []
    _ = leader.step(.started(disk + log.map { .proposal($0) }))
    if let epoch {
      // Alone it is a quorum, and leads.
      _ = leader.step(.expired(.finalize))
      _ = leader.step(.stored([.acceptedEpoch(epoch)]))
      _ = leader.step(.stored([.currentEpoch(epoch)]))
      try #require(leader.isEstablished && leader.currentEpoch == epoch)
    }
    var settings = ZAB.Settings()
    settings.sendsSnapshotsOnly = snapshots
    return ZAB.Plan(peer, leader.history, settings)
  }

  private let log = [transaction(1, 1), transaction(1, 2), transaction(1, 3), transaction(1, 4)]

  @Test func `1: zookeeper.forceSnapshotSync sends a snapshot whatever the learner has`() throws {
    let plan = try plan(for: Zxid(1, 4), log: log, snapshots: true)
    #expect((plan.row, plan.way) == (.forced, .snap))
  }

  @Test func `2: who has the leader's last zxid is sent DIFF, and nothing else`() throws {
    let plan = try plan(for: Zxid(1, 4), log: log)
    #expect((plan.row, plan.opening, plan.pairs.count) == (.same, .diff(Zxid(1, 4)), 0))
  }

  @Test func `3: who has more drops it, even across epochs`() throws {
    let plan = try plan(for: Zxid(1, 9), log: log)
    #expect((plan.row, plan.opening) == (.ahead, .trunc(Zxid(1, 4))))
    #expect(try self.plan(for: Zxid(9, 1), log: log).opening == .trunc(Zxid(1, 4)))
    // What was begun is no transaction: the last is that before it.
    #expect(try self.plan(for: Zxid(1, 9), log: log, epoch: 2).opening == .trunc(Zxid(1, 4)))
  }

  @Test func `4: who is within what is kept in memory is sent what follows`() throws {
    let plan = try plan(for: Zxid(1, 3), log: log)
    #expect((plan.row, plan.opening) == (.found, .diff(Zxid(1, 4))))
    #expect(plan.pairs.map(\.zxid) == [Zxid(1, 4)])
    #expect(try self.plan(for: Zxid(1, 4), log: log, epoch: 2).row == .found)
  }

  @Test func `5: who has seen an epoch begin is sent what follows that`() throws {
    let plan = try plan(for: Zxid(2, 0), log: log + [transaction(2, 1)])
    #expect((plan.row, plan.opening) == (.newEpoch, .diff(Zxid(2, 1))))
    #expect(plan.pairs.map(\.zxid) == [Zxid(2, 1)])
  }

  /// No correct server has a gap in an epoch, so that no run comes here.
  @Test func `6: who has one of the same epoch that is not there goes back, then on`() throws {
    let plan = try plan(for: Zxid(1, 3), log: [transaction(1, 2), transaction(1, 4)])
    #expect((plan.row, plan.way) == (.missing, .truncDiff))
    #expect(plan.opening == .trunc(Zxid(1, 2)))
    #expect(plan.pairs.map(\.zxid) == [Zxid(1, 4)])
  }

  @Test func `7: where what follows is of another epoch it is sent a snapshot`() throws {
    let plan = try plan(for: Zxid(1, 5), log: log + [transaction(2, 1)])
    #expect((plan.row, plan.way) == (.missingEpoch, .snap))
  }

  @Test func `8: the log on disk goes back farther than memory`() throws {
    let plan = try plan(for: Zxid(1, 1), log: log)
    #expect((plan.row, plan.opening) == (.onDisk, .diff(Zxid(1, 4))))
    #expect(plan.pairs.map(\.zxid) == [Zxid(1, 2), Zxid(1, 3), Zxid(1, 4)])
  }

  @Test(arguments: [Zxid.zero, Zxid(1, 0)])
  func `9: before the first on disk a snapshot is sent`(peer: Zxid) throws {
    let plan = try plan(for: peer, log: log)
    #expect((plan.row, plan.way) == (.before, .snap))
  }

  @Test func `A virgin ensemble sends DIFF of nothing, and to who comes late a snapshot of it`()
    throws
  {
    #expect(try plan(for: .zero, log: []).row == .same)
    #expect(try plan(for: .zero, log: [], epoch: 1).row == .before)
  }

  /// A leader that nobody has acknowledged has no epoch behind its history: who has seen such a
  /// one begin has what a quorum has not.
  @Test func `What has begun is behind a history only when a quorum has acknowledged it`() throws {
    let ensemble = ZAB.Ensemble(voters: [.init("a")])
    var leader = ZABModel.Node("a", of: ensemble)
    let disk: [Record] = [.acceptedEpoch(1), .currentEpoch(1)]
    _ = leader.step(.started(disk + log.prefix(2).map { .proposal($0) }))
    _ = leader.step(.expired(.finalize))
    _ = leader.step(.stored([.acceptedEpoch(2)]))
    #expect(leader.history.lastProcessed == Zxid(1, 2))
    _ = leader.step(.stored([.currentEpoch(2)]))
    #expect(leader.history.lastProcessed == Zxid(2, 0))
  }

  @Test func `10: who has seen an epoch begin that the leader has not is sent a snapshot`() throws {
    let plan = try plan(for: Zxid(2, 0), log: log)
    #expect((plan.row, plan.way) == (.aheadNewEpoch, .snap))
  }
}
