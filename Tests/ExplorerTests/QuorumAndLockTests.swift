import Lab
import ProtocolCore
import QuorumCommit
import Testing
import TwoPhaseCommit

/// The explorer on transactions that lock, and on quorums.
struct QuorumAndLockTests {
  /// As many states as a search with whole systems finds.
  private func compare<C: Model>(_ cluster: Cluster<C>, judging: Set<C.Property>) {
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = judging
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test(arguments: Presumption.allCases, [0, 1])
  func `Transactions that lock have as many states as whole systems`(
    presumption: Presumption, duplicates: Int
  ) throws {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: duplicates, expiries: .max)
    compare(
      try Cluster<Locks.Model>(Locks.Model.topology(1), variant: presumption, bounds: bounds),
      judging: [.AC1, .exclusion])
  }

  @Test(arguments: Variant.allCases, [(1, 0, 2), (1, 1, 1), (2, 0, 0)])
  func `Quorums have as many states as whole systems`(
    variant: Variant, setting: (size: Int, crashes: Int, expiries: Int)
  ) throws {
    let bounds = Bounds(
      crashes: setting.crashes, losses: 0, duplicates: 0, expiries: setting.expiries)
    compare(
      try Cluster<QuorumCommitModel>(
        QuorumCommitModel.topology(setting.size), variant: variant, bounds: bounds),
      judging: [.AC1])
  }
}
