import Lab
import ProtocolCore
import Testing

/// What machines may know of clocks, and what clocks may do.
struct ClockTests {
  private func cluster(skew: Int, clock: Int) throws -> Cluster<Clockwork> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.clock = clock
    var cluster = try Cluster<Clockwork>(Clockwork.topology(2), bounds: bounds)
    cluster.clocks.skew = Ticks(skew)
    return cluster
  }

  @Test(arguments: [(1, 2), (2, 3), (3, 3)])
  func `Readings have as many states as whole systems, within the skew`(
    setting: (skew: Int, clock: Int)
  ) throws {
    let cluster = try cluster(skew: setting.skew, clock: setting.clock)
    let layers = Naive(cluster: cluster).layers()
    var explorer = Explorer(cluster)
    explorer.judged = [.ahead]
    let found = explorer.explore()
    #expect(found.states == layers.reduce(0, +))
    #expect(found.witnesses[.ahead] != nil)
    explorer.judged = [.near]
    let isNear = explorer.explore().ending == .exhausted
    #expect(isNear == (setting.skew <= 2))
  }

  @Test func `A simulated clock keeps to its skew, and a run tells its readings`() throws {
    var campaign = Campaign(Simulator(try cluster(skew: 2, clock: 0)))
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    let far = try cluster(skew: 30, clock: 0)
    campaign = Campaign(Simulator(far))
    campaign.run(300)
    let failure = try #require(campaign.failure)
    let text = RunFile.text(
      id: "CLOCKWORK-1", title: "a stamp from the future", cluster: far, acts: failure.acts,
      checks: ["violates near"])
    let playback = try Playback<Clockwork>(RunFile(text, path: "x.run"))
    #expect(playback.failures.map(\.description) == [])
    #expect(playback.acts.contains { if case .clock = $0 { true } else { false } })
  }

  @Test func `A lease holds where clocks keep their rates, and does not where they do not`() throws
  {
    var cluster = try Cluster<Lease>(Lease.topology(2))
    cluster.clocks.rates = 90...110
    var campaign = Campaign(Simulator(cluster))
    campaign.run(500)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    for rates: ClosedRange<Int>? in [60...160, nil] {
      cluster.clocks.rates = rates
      campaign = Campaign(Simulator(cluster))
      campaign.run(500)
      #expect(campaign.failure?.violated == .alone)
    }
  }
}
