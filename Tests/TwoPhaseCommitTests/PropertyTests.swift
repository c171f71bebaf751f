import AtomicCommitment
import Lab
import ProtocolCore
import Testing
import TwoPhaseCommit
import TwoPhaseCommitLab

struct PropertyTests {
  @Test(arguments: Presumption.allCases)
  func `Every property holds, and every sometimes happens`(presumption: Presumption) throws {
    let cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(3), variant: presumption)
    var campaign = Campaign(Simulator(cluster), from: 10_000)
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    #expect(campaign.distinctRuns > 290)
    #expect(campaign.tally.crashesInRecovery > 0)
  }

  @Test func `What a participant in doubt has seen does not tell it the decision`() throws {
    #expect(try IndependentRecovery.discrepancies() == [])
    // Who forgets its yes in the crash decides alone, and is not in doubt.
    let forgetful = try IndependentRecovery.discrepancies(without: [.voteOutlivesCrash])
    #expect(forgetful.map(\.what) == ["a where b voted yes", "a where b voted no"])
  }

  @Test func `Operators break agreement, and nothing that they break goes further or unreported`()
    throws
  {
    for presumption in Presumption.allCases {
      var cluster = try Cluster<TwoPhaseCommitModel>(
        TwoPhaseCommitModel.topology(2), variant: presumption)
      cluster.asks += ["a", "b"].map { Ask($0, oneOf: [.heuristic(.abort), .heuristic(.commit)]) }
      var simulator = Simulator(cluster)
      simulator.judged = [.contained, .reported]
      var campaign = Campaign(simulator)
      campaign.run(400)
      #expect(campaign.failure?.violated == nil)
      simulator.judged = [.AC1]
      var broken = Campaign(simulator)
      broken.run(400)
      #expect(broken.failure?.violated == .AC1)
    }
  }
}
