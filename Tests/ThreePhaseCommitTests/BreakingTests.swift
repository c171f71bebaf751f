import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

struct BreakingTests {
  @Test(arguments: Rule.allCases)
  func `Without a rule the search finds a run that goes wrong`(rule: Rule) throws {
    let search = try ThreePhaseCommitStudy.search(without: rule)
    let result = search.run()
    let found = try #require(result)
    #expect(ThreePhaseCommitStudy.properties(protectedBy: rule).contains(found.violated))
    #expect(found.fails(found.acts))
    // With the rule the same acts do no harm.
    let whole = Counterexample(
      cluster: try Cluster<Play>(found.cluster.cast), violated: found.violated, acts: [],
      foundWith: 0)
    #expect(!whole.fails(found.acts))
  }
}
