import EmbeddedServers
import RecipesLab
import Testing

@Suite struct HerdTests {
  /// A release wakes all who wait for the notes' lock, and one who waits in line.
  @Test(arguments: [(3, 7), (8, 60)])
  func theHerdIsCounted(processes: Int, naive: Int) {
    func wakes(_ program: Program) -> Int {
      let outcome = Simulation(program, on: EmbeddedServer.simulated).run()
      #expect(outcome.violations.isEmpty)
      return outcome.wakes
    }
    // Each takes it twice; the last release wakes nobody.
    #expect(wakes(.lock(of: processes)) == 2 * processes - 1)
    #expect(wakes(.naiveLock(of: processes)) == naive)
  }
}
