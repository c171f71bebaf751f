import EmbeddedServers
import Recipes
import RecipesLab
import Testing

@Suite struct SimulationTests {
  static let names = Program.all.map(\.name)

  @Test func eachHasANameOfItsOwn() {
    #expect(Set(Self.names).count == Self.names.count)
  }

  @Test(arguments: names)
  func aRunIsTheSameEachTime(name: String) throws {
    var simulation = Simulation(try program(name), on: EmbeddedServer.simulated)
    simulation.isLogging = true
    let faults = [
      Fault(step: 30, process: 0, .loseReplies), Fault(step: 50, process: 1, .stop(15_000)),
    ]
    let first = simulation.run(faults)
    #expect(first.log == simulation.run(faults).log)
    #expect(first.log.count > 20)
  }

  /// The whole sweep is a campaign, `make recipes`; here is every 101st run of it.
  @Test(arguments: names)
  func noSingleFaultBreaksIt(name: String) throws {
    var search = Search(Simulation(try program(name), on: EmbeddedServer.simulated))
    search.stride = 101
    let result = search.sweep()
    #expect(result.finding == nil)
    #expect(result.runs > 15)
  }

  @Test(arguments: names)
  func severalFaultsDoNotBreakIt(name: String) throws {
    let result = Search(Simulation(try program(name), on: EmbeddedServer.simulated))
      .random(seeds: 0..<30)
    #expect(result.finding == nil)
  }

  /// Runs of which judges once said what was not so.
  @Test(arguments: [
    // Its session ends behind the answer that gives the lock, before the first write.
    (
      "lock",
      ["at 145 stop b for 18284", "at 180 stop c for 17962", "at 241 break c losing replies"]
    ),
    ("naive-lock", ["at 100 stop a for 35187", "at 315 break a losing replies"]),
    // It gives back what it has claimed, and is stopped before it says so.
    ("fifo-queue", ["at 223 cancel b", "at 257 stop b for 9181"]),
    ("priority-queue", ["at 86 cancel b", "at 106 stop b for 2737"]),
  ])
  func whoDoesNothingWrongIsNotAccused(name: String, lines: [String]) throws {
    let faults = try lines.map { try #require(Fault($0)) }
    let outcome = Simulation(try program(name), on: EmbeddedServer.simulated).run(faults)
    #expect(outcome.violations.isEmpty)
  }

  @Test(arguments: names)
  func anEnsembleThatLosesItsLeaderDoes(name: String) throws {
    var search = Search(Simulation(try program(name), on: EmbeddedEnsemble.simulated))
    search.kinds = [.leader, .cut, .loseReplies, .hold(12)]
    let result = search.random(seeds: 0..<12)
    #expect(result.finding == nil)
  }

  private func program(_ name: String) throws -> Program {
    try #require(Program.all.first { $0.name == name })
  }
}
