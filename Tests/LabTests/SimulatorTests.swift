import AtomicCommitment
import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

struct SimulatorTests {
  @Test(arguments: Presumption.allCases)
  func `Two-phase commit bears every profile`(presumption: Presumption) throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(3), variant: presumption)
    let simulator = Simulator(cluster)
    var tally = Tally()
    for seed in 0..<400 as Range<UInt64> {
      let run = simulator.run(seed: seed)
      tally.add(run.tally)
      if let violated = run.violated {
        var system = SystemState(cluster)
        let trace = Trace(of: run.acts, on: &system)
        Issue.record(
          "seed \(seed) violates \(violated): \(trace.entries.map { ($0.act, $0.lines) })")
        return
      }
    }
    #expect(tally.crashesInRecovery > 0)
    #expect(tally.cuts > 0)
  }

  @Test(arguments: [TwoPhaseCommitModel.Role.chained, .peer])
  func `Its relatives bear every profile, too`(role: TwoPhaseCommitModel.Role) throws {
    var campaign = Campaign(
      Simulator(try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2, all: role))))
    campaign.run(400)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
  }

  @Test func `A seed gives the same run every time`() throws {
    let simulator = Simulator(try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2)))
    #expect(simulator.run(seed: 7).acts == simulator.run(seed: 7).acts)
    #expect(simulator.run(seed: 7).acts != simulator.run(seed: 8).acts)
  }

  /// Who has forgotten is asked when the faults have ended, and answers the opposite.
  @Test func `What must always hold is judged during the repair, too`() throws {
    let flaw = Flaw<Node>(
      "wrongPresumption", "who has forgotten answers the opposite",
      editing: { node, event, effect in
        guard case .coordinator(let coordinator) = node, coordinator.state == .idle,
          case .received(.inquire, _) = event, case .send(.decide(.abort), let to, _) = effect
        else { return [effect] }
        return [.send(.decide(.commit), to: to)]
      })
    let simulator = Simulator(
      try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2), flaw: flaw))
    var found: SimulatedRun<TwoPhaseCommitModel>?
    for seed in 0..<2_000 as Range<UInt64> where found == nil {
      let run = simulator.run(seed: seed)
      if run.faults < run.acts.count { found = run }
    }
    let run = try #require(found)
    let violated = try #require(run.violated)
    #expect(violated.form == .always)
    #expect(run.system.monitor.holds(violated))  // when the faults ended
    var example = Counterexample(
      cluster: simulator.cluster, violated: violated, acts: run.acts, foundWith: run.acts.count)
    #expect(example.fails(run.acts))
    #expect(!example.fails(Array(run.acts.prefix(run.faults))))
    example.minimize()
    #expect(example.fails(example.acts))
  }

  @Test func `Peers of which one votes and decides at once bear every profile`() throws {
    var campaign = Campaign(
      Simulator(try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(1, all: .peer))))
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
  }

  @Test func `Simulators take turns by the seed, and runs of different ones are different`() throws
  {
    let simulators = try [1, 2].map {
      Simulator(try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology($0)))
    }
    var campaign = Campaign(simulators, from: 4)
    campaign.run(3)
    #expect(campaign.runs == 3)
    let acts = [4, 5, 6].map { seed in
      simulators[seed % 2].run(seed: UInt64(seed)).acts.count
    }
    #expect(campaign.tally.acts == acts.reduce(0, +))
  }
}
