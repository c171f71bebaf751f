import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit

struct BreakingTests {
  @Test(arguments: Rule.allCases)
  func `Without a rule the search finds a run that goes wrong`(rule: Rule) throws {
    var search = try Search<Play>(without: rule)
    search.keep = 1
    let found = try #require(search.run())
    #expect(found.fails(found.acts))
    // With the rule the same acts do no harm.
    let whole = try Cluster<Play>(found.cluster.cast, variant: found.cluster.variant)
    let harmless = Counterexample(
      cluster: whole, violated: found.violated, acts: found.acts, foundWith: 0)
    #expect(!harmless.fails(found.acts))
  }
}
