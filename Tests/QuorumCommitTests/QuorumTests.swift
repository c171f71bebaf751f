import Lab
import ProtocolCore
import QuorumCommit
import QuorumCommitLab
import Testing

struct QuorumTests {
  @Test(arguments: Variant.allCases, [1, 2, 3])
  func `Every property holds with random faults`(variant: Variant, size: Int) throws {
    var campaign = Campaign(
      Simulator(try Cluster<QuorumCommitModel>(QuorumCommitModel.topology(size), variant: variant)),
      from: 10_000)
    campaign.run(200)
    #expect(campaign.failure?.violated == nil)
    #expect(Set(campaign.missing).isSubset(of: [.stuck]))
    #expect(campaign.distinctRuns > 150)
  }

  @Test(arguments: [
    (Property.AC1, Rule.sidesKept), (.AC1, .lastElectionFollowed), (.AC1, .quorumsMeet),
    (.AC5, .leaderTimesOut), (.quorate, .statesTimeOut),
  ])
  func `The check of a property sees what happens without a rule`(
    property: Property, rule: Rule
  ) throws {
    var check = try #require(QuorumCommitLaboratory.checks.first { $0.property == property })
    check.change = .without(rule)
    let found = try #require(try check.result(seed: 1).refutation)
    #expect(found.violated == property)
    #expect(found.fails(found.acts))
  }
}
