import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

struct SimulatorTests {
  @Test(arguments: Presumption.allCases)
  func `Two-phase commit bears every weather`(presumption: Presumption) throws {
    let cluster = try Cluster<Play>(Play.cast(3), variant: presumption)
    let simulator = Simulator(cluster)
    var tally = Tally()
    for seed in 0..<400 as Range<UInt64> {
      let run = simulator.run(seed: seed)
      tally.add(run.tally)
      if let violated = run.violated {
        var world = World(cluster)
        let trace = Trace(of: run.acts, on: &world)
        Issue.record(
          "seed \(seed) violates \(violated): \(trace.entries.map { ($0.act, $0.lines) })")
        return
      }
    }
    #expect(tally.crashesInRecovery > 0)
    #expect(tally.cuts > 0)
  }

  @Test(arguments: ["chained", "peer"])
  func `Its relatives bear every weather, too`(role: String) throws {
    var campaign = Campaign(Simulator(try Cluster<Play>(Play.cast(2, all: role))))
    campaign.run(400)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
  }

  @Test func `A seed gives the same run every time`() throws {
    let simulator = Simulator(try Cluster<Play>(Play.cast(2)))
    #expect(simulator.run(seed: 7).acts == simulator.run(seed: 7).acts)
    #expect(simulator.run(seed: 7).acts != simulator.run(seed: 8).acts)
  }
}
