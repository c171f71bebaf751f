import Lab
import ProtocolCore
import Studies
import Testing
import TwoPhaseCommit

struct PropertyTests {
  @Test(arguments: Presumption.allCases)
  func `Every property holds, and every sometimes happens`(presumption: Presumption) throws {
    let cluster = try Cluster<Play>(Play.cast(3), variant: presumption)
    var campaign = Campaign(Simulator(cluster), from: 10_000)
    campaign.run(300)
    #expect(campaign.failure?.violated == nil)
    #expect(campaign.missing == [])
    #expect(campaign.distinctRuns > 290)
    #expect(campaign.tally.crashesInRecovery > 0)
  }

  /// No protocol lets every process that restarts alone always decide: a has seen the same in both
  /// runs, c has decided commit in one and abort in the other. (Skeen and Stonebraker 1983.)
  @Test func `What a participant in doubt has seen does not tell it the decision`() throws {
    let cluster = try Cluster<Play>(Play.cast(2))
    func play(b work: Words.Work, _ vote: Words.Vote) throws -> World<Play> {
      var world = World(cluster)
      for act: Act<Words> in [
        .ask("a", .work(.update)), .ask("b", .work(work)), .ask("c", .commit),
        .store("c", first: nil),
        .deliver(Link(from: "c", to: "a"), 0), .store("a", first: nil),
        .deliver(Link(from: "c", to: "b"), 0),
      ] { try world.perform(act) }
      if vote == .yes { try world.perform(.store("b", first: nil)) }
      for act: Act<Words> in [
        .deliver(Link(from: "a", to: "c"), 0), .deliver(Link(from: "b", to: "c"), 0),
        .store("c", first: nil), .crash("a", losing: 0, unsent: 0), .restart("a"),
      ] { try world.perform(act) }
      return world
    }
    let committed = try play(b: .update, .yes)
    let aborted = try play(b: .doomed, .no)
    #expect(committed.hosts[1] == aborted.hosts[1])
    let scene = (committed.scene, aborted.scene)
    #expect(committed.watch.holds(.committed, at: "c", in: scene.0))
    #expect(aborted.watch.holds(.aborted, at: "c", in: scene.1))
    #expect(committed.watch.holds(.uncertain, at: "a", in: scene.0))
  }

  @Test func `Operators break agreement, and nothing that they break goes further or unreported`()
    throws
  {
    for presumption in Presumption.allCases {
      var cluster = try Cluster<Play>(Play.cast(2), variant: presumption)
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

  @Test func `Every rule and every flaw has its run`() {
    let rules = Rule.allCases.map { "without-\($0).run" }
    let flaws = FlawTests.flaws.map { "flaw-\($0.name).run" }
    #expect(Set(rules + flaws).subtracting(Runs.names) == [])
  }
}
