import Lab
import ProtocolCore
import Studies
import Testing
import TwoPhaseCommit

struct FlawTests {
  /// A vote sent twice harms nothing and costs messages: `CostTests` catches it.
  static let flaws = TwoPhaseCommitStudy.flaws.filter { $0.name != "voteTwice" }

  @Test(arguments: flaws)
  func `The search finds a planted flaw`(flaw: Flaw<Node>) throws {
    var search = try TwoPhaseCommitStudy.search(with: flaw)
    search.keep = 1
    let found = try #require(search.run())
    #expect(found.fails(found.acts))
    // Without the flaw the same acts do no harm.
    let sound = Counterexample(
      cluster: found.cluster.withoutFlaw, violated: found.violated, acts: [], foundWith: 0)
    #expect(!sound.fails(found.acts))
    print(
      flaw.name, found.violated, found.runs, found.actsToFind, found.foundWith, found.acts.count)
  }
}
