import Lab
import ProtocolCore
import Testing
import ThreePhaseCommit
import ThreePhaseCommitLab

struct PropertyTests {
  @Test(arguments: [2, 3, 4])
  func `Every property holds under crashes, and every sometimes happens`(size: Int) throws {
    // Enough crashes for a total failure, and one during recovery.
    let cluster = try Cluster<ThreePhaseCommitModel>(
      ThreePhaseCommitModel.topology(size), bounds: Bounds(crashes: size + 2))
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
    var check = try #require(ThreePhaseCommitLaboratory.checks.first { $0.property == property })
    check.change = .without(rule)
    let found = try #require(try check.result(seed: 1).refutation)
    #expect(found.violated == property)
    #expect(found.fails(found.acts))
  }

  /// When the last acknowledgement is in, everybody knows that all voted yes: the outcome is fixed,
  /// whoever loses which record. (In two phases the same is a flaw, and `told` catches it.)
  @Test(arguments: [(1, 3), (2, 1)])
  func `The client may be told before the decision is on disk`(size: Int, crashes: Int) throws {
    let early = Flaw<Process>(
      "tellsClientEarly", "the client is told before the decision is on disk",
      editing: { _, _, effect in
        if case .reply(let reply, let id, _) = effect { return [.reply(reply, to: id, .atOnce)] }
        return [effect]
      })
    var explorer = Explorer(
      try Cluster<ThreePhaseCommitModel>(
        ThreePhaseCommitModel.topology(size), flaw: early,
        bounds: Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: .max)))
    explorer.judged = [.AC1, .AC2, .AC3, .AC4, .told, .NB]
    #expect(explorer.explore().ending == .exhausted)
  }
}
