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

  private func departure<C: Model>(
    _ cluster: Cluster<C>, _ acts: [Act<C.Words>]
  ) throws -> Playback<C>.Departure.Reason? {
    let text = RunFile.text(
      id: "\(C.name.uppercased())-1", title: "a run", cluster: cluster, acts: acts, checks: [])
    let playback = try Playback<C>(RunFile(text, path: "x.run"))
    #expect(playback.failures.map(\.description) == [])
    #expect(playback.acts == acts)
    return playback.departure?.reason
  }

  /// A clock that nobody has read may have gone on.
  @Test func `A run leaves the model when a node acts by a clock that is too far behind`() throws {
    let cluster = try cluster(skew: 10, clock: 0)
    func reason(_ readings: Act<Stamper.Words>...) throws
      -> Playback<Clockwork>.Departure.Reason?
    {
      let acts: [Act<Stamper.Words>] = [
        .ask("a", .write), .deliver(Link(from: "a", to: "b"), 0),
      ]
      return try departure(cluster, readings + acts)
    }
    #expect(try reason() == nil)
    #expect(try reason(.clock("a", 10)) == nil)
    #expect(try reason(.clock("a", 11)) == .fault(.drift))
    #expect(try reason(.clock("a", 40), .clock("b", 30)) == nil)
    #expect(try reason(.clock("a", 40), .clock("b", 29)) == .fault(.drift))
    #expect(try reason(.clock("b", 11)) == .fault(.drift))
    // Such acts blame nobody for what comes of them.
    let acts: [Act<Stamper.Words>] = [
      .clock("a", 11), .ask("a", .write), .deliver(Link(from: "a", to: "b"), 0),
    ]
    let example = Counterexample(
      cluster: cluster, violated: .near, acts: acts, foundWith: acts.count)
    #expect(example.replayed == .violated)
    #expect(!example.fails(acts))
    for seed in 0..<60 as Range<UInt64> {
      let run = Simulator(cluster).run(seed: seed)
      #expect(try departure(cluster, Array(run.acts.prefix(run.faults))) == nil)
    }
  }

  @Test func `A run leaves the model when no times go with its time-outs`() throws {
    var cluster = try Cluster<Lease>(Lease.topology(2))
    let granted: [Act<Lessee.Words>] = [
      .ask("a", .grant), .deliver(Link(from: "a", to: "b"), 0),
    ]
    let (over, taken) = (
      Act<Lessee.Words>.expire("a", .lease), Act<Lessee.Words>.expire("b", .grace)
    )
    #expect(try departure(cluster, granted + [over, taken]) == nil)
    #expect(try departure(cluster, granted + [taken]) == .fault(.drift))
    #expect(try departure(cluster, granted + [taken, over]) == .fault(.drift))
    // A lease that began later may last, and the other take what was granted before.
    #expect(try departure(cluster, granted + [.ask("a", .grant), taken]) == nil)
    for seed in 0..<60 as Range<UInt64> {
      cluster.clocks.rates = 90...110
      let run = Simulator(cluster).run(seed: seed)
      #expect(try departure(cluster, Array(run.acts.prefix(run.faults))) == nil)
    }
    cluster.clocks.rates = 60...160
    var campaign = Campaign(Simulator(cluster))
    campaign.run(500)
    let failure = try #require(campaign.failure)
    #expect(try departure(cluster, failure.acts) == .fault(.drift))
  }
}
