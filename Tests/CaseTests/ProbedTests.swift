import Targets
import Testing
import ZooKeeper
import ZooKeeperConformance
import ZooKeeperServer

/// What is told of a target before it is judged.
@Suite struct ProbedTests {
  @Test func `The newest edition lacks nothing`() async throws {
    let profile = try await Probe.profile(of: ReferenceTarget())
    #expect(profile.missing == [])
  }

  @Test func `That a new server tells events to who may not read is said`() async throws {
    var settings = ReferenceTarget.usual
    settings.dialect.eventsNeedRead = false
    let profile = try await Probe.profile(of: ReferenceTarget(settings: settings))
    #expect(profile.description == "edition 3.9 minus: READ for events")
  }
}
