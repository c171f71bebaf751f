import EmbeddedServers
import RecipesLab
import Testing

@Suite struct TurnQueueTests {
  /// Whoever is behind a client that has died waits for ever.
  @Test func aTurnQueueLeavesAnElementForEver() throws {
    let simulation = Simulation(.turnQueue, on: EmbeddedServer.simulated)
    #expect(simulation.run().violations.isEmpty)
    let crash = try #require(Fault("at 30 crash a"))
    #expect(simulation.run([crash]).violations.map(\.property).contains("termination"))
  }
}
