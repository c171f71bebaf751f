import EmbeddedServers
import Recipes
import RecipesLab
import Testing

/// Processes that are cut off from their servers, and cancelled meanwhile: what nobody knows is not
/// taken for a no.
@Suite struct CutOffTests {
  private func run(_ recipe: String, _ faults: [String]) throws -> Simulation.Outcome {
    let program = try #require(Program.all.first { $0.name == recipe })
    let faults = try faults.map { try #require(Fault($0)) }
    return Simulation(program, on: EmbeddedServer.simulated).run(faults)
  }

  /// Each was violated once, by recipes or by judges.
  ///
  /// A step that moves strikes elsewhere, so each
  /// run is tried some steps earlier and later, too.
  @Test(
    arguments: [
      ("priority-queue", 151, "away c for 15000", 0, ""),
      ("fifo-queue", 121, "away b for 15000", 2, "cancel b"),
      ("barrier", 50, "away a for 80000", 0, ""),
      ("barrier", 63, "away a for 15000", 12, "cancel a"),
      ("barrier", 69, "away b for 6750", 66, "cancel b"),
      ("double-barrier", 35, "away a for 19136", 18, "cancel a"),
      ("double-barrier", 96, "away b for 300000", 0, ""),
      ("double-barrier", 88, "away a for 70000", 0, ""),
      ("consumers", 123, "away a for 60000", 2, "cancel a"),
    ])
  func nothingIsViolated(
    recipe: String, step: Int, first: String, later: Int, second: String
  ) throws {
    for step in (step - 12)...(step + 12) {
      var faults = ["at \(step) \(first)"]
      if !second.isEmpty { faults.append("at \(step + later) \(second)") }
      let violations = try run(recipe, faults).violations
      #expect(violations.isEmpty, "\(faults): \(violations)")
    }
  }

  /// It works on none of them while it cannot give the others back.
  @Test func aConsumerThatIsCancelledStopsEverythingAtOnce() throws {
    let outcome = try run("consumers", ["at 123 away a for 60000", "at 125 cancel a"])
    let ends = outcome.notes.filter { note in
      if case .releases = note.what { return note.process == 0 }
      return false
    }
    #expect(ends.count > 1)
    #expect(Set(ends.map(\.time)).count == 1, "\(ends.map(\.time))")
  }
}
