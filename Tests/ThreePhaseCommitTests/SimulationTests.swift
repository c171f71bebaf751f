import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit

struct SimulationTests {
  @Test(arguments: [2, 3, 4])
  func `Three-phase commit bears crashes`(participants: Int) throws {
    let simulator = Simulator(try Cluster<Play>(Play.cast(participants)))
    var tally = Tally()
    for seed in 0..<400 as Range<UInt64> {
      let run = simulator.run(seed: seed)
      tally.add(run.tally)
      if let violated = run.violated {
        var world = World(simulator.cluster)
        let trace = Trace(of: run.acts, on: &world)
        let lines = trace.entries.map { "> \($0.act)\n    " + $0.lines.joined(separator: "   ") }
        Issue.record("seed \(seed) violates \(violated)\n\(lines.joined(separator: "\n"))")
        return
      }
    }
    #expect(tally.crashesInRecovery > 0)
    print(tally)
  }
}
