import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

struct PropertyTests {
  @Test(arguments: [2, 3, 4])
  func `Every property holds under crashes, and every sometimes happens`(size: Int) throws {
    // Enough crashes for a total failure, and one during recovery.
    let cluster = try Cluster<Play>(Play.cast(size), bounds: Bounds(crashes: size + 2))
    var campaign = Campaign(Simulator(cluster), from: 10_000)
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    #expect(campaign.distinctRuns > 290)
    #expect(campaign.tally.crashesInRecovery > 0)
  }

  @Test(arguments: [
    (Property.AC1, Rule.voteStoredFirst), (.AC2, .noIsFinal), (.AC3, .unanimity),
    (.NB, .acksAwaited), (.AC5, .decidedAnswers), (.nonblocking, .acksTimeOut),
  ])
  func `The check of a property sees what happens without a rule`(
    property: Property, rule: Rule
  ) throws {
    var check = PropertyCheck<ThreePhaseCommitStudy>(property)
    check.without = [rule]
    let found = try #require(try check.result(seed: 1).refutation)
    #expect(found.violated == property)
    #expect(found.fails(found.acts))
  }

  @Test func `Every rule and every flaw has its run`() {
    let rules = Rule.allCases.map { "without-\($0).run" }
    let flaws = FlawTests.flaws.map { "flaw-\($0.name).run" }
    #expect(Set(rules + flaws).subtracting(Runs.names) == [])
  }
}
