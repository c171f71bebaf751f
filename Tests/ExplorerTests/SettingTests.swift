import Lab
import ProtocolCore
import Testing

/// What a cluster says of time, links, partitions and terms.
struct SettingTests {
  private func cluster(
    _ size: Int = 2, _ change: (inout Cluster<Elections>) -> Void = { _ in }
  ) throws -> Cluster<Elections> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 2)
    bounds.kinds = ["election": 2]
    bounds.epoch = 2
    var cluster = try Cluster<Elections>(Elections.topology(size), bounds: bounds)
    change(&cluster)
    return cluster
  }

  private func compare(_ cluster: Cluster<Elections>) -> Int {
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = [.onward]
    let found = explorer.explore()
    #expect(found.ending == .exhausted)
    #expect(found.states == layers.reduce(0, +))
    #expect(found.depth == layers.count - 1)
    return found.states
  }

  /// Each round in which every timer runs out would depose the leader.
  @Test func `In the calm a leader stays, since it is heard of before anybody's patience ends`()
    throws
  {
    var system = SystemState(try cluster(4))
    for id: NodeID in ["a", "b", "d"] { _ = try system.perform(.expire(id, .election)) }
    var late = system
    let (holds, acts) = system.quiesce(until: [.led], repaired: true)
    #expect(holds)
    #expect(!acts.contains { if case .expire(_, .election) = $0 { true } else { false } })
    #expect(!late.quiesce(until: [.led], repaired: true, within: 20).holds)
    var campaign = Campaign(Simulator(try cluster(3)))
    campaign.run(200)
    #expect(campaign.failure?.violated == nil)
  }

  @Test func `Heartbeats do not eat the elections' budget, and terms have an end`() throws {
    let both = compare(try cluster())
    let fewer = compare(try cluster { $0.bounds.kinds = ["election": 1] })
    let less = compare(try cluster { $0.bounds.epoch = 1 })
    #expect(fewer < both && less < both)
    let together = compare(try cluster { $0.bounds.kinds = [:] })
    #expect(together != both)
  }

  @Test func `Ordered links are a setting, and make fewer states`() throws {
    let ordered = compare(
      try cluster { cluster in
        cluster.faults.remove(.reordering)
        cluster.bounds.losses = 1
        (cluster.bounds.kinds, cluster.bounds.epoch) = (["election": 3], 3)
      })
    let unordered = compare(
      try cluster { cluster in
        cluster.bounds.losses = 1
        (cluster.bounds.kinds, cluster.bounds.epoch) = (["election": 3], 3)
      })
    #expect(ordered < unordered)
  }

  @Test func `Partitions are explored, and a node may start late`() throws {
    let whole = compare(try cluster())
    #expect(whole < compare(try cluster { $0.bounds.cuts = 1 }))
    #expect(
      whole
        != compare(
          try cluster { cluster in
            cluster.late = ["b"]
            cluster.bounds.cuts = 1
          }))
  }

  @Test func `Partitions one way are explored`() throws {
    let bothWays = compare(try cluster { $0.bounds.cuts = 1 })
    let oneWay = compare(
      try cluster { cluster in
        cluster.bounds.cuts = 1
        cluster.partitions += Cluster<Elections>.oneWaySplits(of: cluster.nodes)
      })
    #expect(bothWays < oneWay)
  }

  @Test func `What recovers is explored within so many more elections, healed or not`() throws {
    var cluster = try cluster(3) { cluster in
      cluster.bounds.expiries = 0
      cluster.bounds.kinds = ["election": 1]
      cluster.bounds.cuts = 1
      cluster.bounds.recovery = ["election": 2]
      cluster.faults.remove(.reordering)
      cluster.partitions = [Link.between(["a"], and: ["b", "d"])]
    }
    #expect(Explorer(cluster).explore().ending == .exhausted)
    // A leader that is deaf to its own time never beats: no side has one.
    cluster.flaw = Flaw<Elector>(
      "silent", "it leads and says it once",
      editing: { _, _, effect in if case .set(.beat, _) = effect { [] } else { [effect] } })
    guard case .violated(.steady, _) = Explorer(cluster).explore().ending else {
      Issue.record("a silent leader is not caught")
      return
    }
    // Where only a may lead, the others have no leader as long as they are cut off from it.
    cluster.flaw = Flaw<Elector>("onlyA", "all but a wait for a") { node, event in
      if case .expired(.election) = event, node.others.contains("a") {
        return [.set(.election, after: 50...100)]
      }
      return node.step(event)
    }
    cluster.bounds.recovery = [:]
    var explorer = Explorer(cluster)
    explorer.judged = [.onward, .steady]
    #expect(explorer.explore().ending == .exhausted)
    explorer.judged = [.steadyThere]
    guard case .violated(.steadyThere, let acts) = explorer.explore().ending else {
      Issue.record("it is not caught while the cut lasts: \(explorer.explore())")
      return
    }
    #expect(
      Counterexample(
        cluster: cluster, violated: .steadyThere, acts: acts, foundWith: acts.count
      ).fails(acts))
  }

  @Test func `A scripted beginning is where searches and simulations begin`() throws {
    let cluster = try cluster(3) { cluster in
      cluster.prelude = [
        .expire("a", .election), .deliver(Link(from: "a", to: "b"), 0),
        .cut(Link.between(["a"], and: ["b", "d"])),
      ]
      cluster.bounds.expiries = 0
      cluster.bounds.kinds = ["election": 0]
    }
    var explorer = Explorer(cluster)
    explorer.judged = [.onward]
    let found = explorer.explore()
    // What is under way to d cannot arrive before the cut heals, and nothing else can happen.
    #expect(found.states == 3)
    let run = Simulator(cluster).run(seed: 3)
    #expect(Array(run.acts.prefix(3)) == cluster.prelude)
  }
}
