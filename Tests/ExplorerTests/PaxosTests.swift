import Consensus
import Lab
import Paxos
import ProtocolCore
import ReferenceModels
import ReplicatedLog
import Testing

/// The explorer on Paxos, and on the Paxos that others count.
struct PaxosTests {
  /// Stateright, `examples/paxos.rs`: two clients, three servers, its tester a part of the state.
  @Test func `Stateright's Paxos register has 16,668 states`() throws {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    var explorer = Explorer(
      try Cluster<PaxosRegister>(PaxosRegister.topology(2), bounds: bounds))
    explorer.keepsIgnored = true
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == 16_668)
    #expect(found.unwitnessed == [])
    // Where what is ignored is gone, when it goes makes more of them.
    explorer.keepsIgnored = false
    #expect(explorer.explore().states == 301_099)
  }

  private func compare<C: Model>(_ cluster: Cluster<C>, judging: Set<C.Property>) {
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = judging
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
  }

  @Test(arguments: Paxos.Variant.allCases, [(1, 1, 0), (2, 0, 0)])
  func `The Synod has as many states as whole systems`(
    variant: Paxos.Variant, setting: (size: Int, crashes: Int, ballots: Int)
  ) throws {
    var bounds = Bounds(crashes: setting.crashes, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = ["ballot": setting.ballots, "inquiry": 0]
    var cluster = try Cluster<PaxosModel>(
      PaxosModel.topology(setting.size), variant: variant, bounds: bounds)
    cluster.asks = cluster.asks.map(\.usual)
    compare(cluster, judging: [.agreement])
  }

  @Test(arguments: [(1, 139), (2, 32_699)])
  func `As many states as SPIN finds, and every property holds`(size: Int, count: Int) throws {
    // Fixtures/Promela/Paxos.pml with -DN=1 and -DN=2.
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = ["ballot": 0, "inquiry": 0]
    var cluster = try Cluster<PaxosModel>(PaxosModel.topology(size), bounds: bounds)
    cluster.asks = cluster.asks.map(\.usual)
    var explorer = Explorer(cluster)
    explorer.judged = [.validity, .agreement, .stability, .told]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == count)
  }

  @Test func `A log with two clients has as many states as whole systems`() throws {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = ["election": 2, "beat": 0, "lease": 0]
    var cluster = try Cluster<MultiPaxos.Model>(
      MultiPaxos.Model.topology(2), bounds: bounds)
    cluster.asks = [
      Ask("x", of: ["a"], oneOf: [.command(.init("x", 1, .append("k", "a")))]),
      Ask("y", of: ["b"], oneOf: [.command(.init("y", 1, .append("k", "b")))]),
    ]
    compare(cluster, judging: [.stateMachineSafety, .linearizable])
  }
}
