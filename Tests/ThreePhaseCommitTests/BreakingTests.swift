import Foundation
import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

/// What was found; with `QUORATE_RECORD=1` it is written down as a run.
private func check(_ found: Counterexample<Play>, sound: Cluster<Play>, _ name: String) throws {
  #expect(found.fails(found.acts))
  // Without what was planted the same acts do no harm.
  let same = Counterexample(cluster: sound, violated: found.violated, acts: [], foundWith: 0)
  #expect(!same.fails(found.acts))
  let text = ThreePhaseCommitStudy.text(of: found)
  if isRecording {
    try text.write(to: Runs.folder.appending(path: name), atomically: true, encoding: .utf8)
  }
  // A search explores, so what it finds is the same each time.
  #expect(try Runs.text(name) == text)
}

private let isRecording = ProcessInfo.processInfo.environment["QUORATE_RECORD"] != nil

struct BreakingTests {
  @Test(arguments: Rule.allCases)
  func `Without a rule the search finds a run that goes wrong`(rule: Rule) throws {
    let found = try #require(ThreePhaseCommitStudy.search(without: rule).run())
    #expect(found.runs == 0, "it was not found by exploring")
    #expect(ThreePhaseCommitStudy.properties(protectedBy: rule).contains(found.violated))
    try check(found, sound: try Cluster<Play>(found.cluster.cast), "without-\(rule).run")
  }

  /// These want a crash in the middle of telling, and another after it.
  private static let deep: [Rule] = [
    .noneDecidesAlone, .statesAwaited, .committableCommit, .uncertainReadiedFirst,
    .differingAwaitAll,
  ]

  /// Blind, and yet it comes across most of them.
  @Test(arguments: Rule.allCases.filter { !deep.contains($0) })
  func `Without a rule random weather finds a run that goes wrong`(rule: Rule) throws {
    var search = try Search<Play>(without: rule)
    search.keep = 1
    search.budget = 4_000
    let found = try #require(search.run())
    #expect(found.fails(found.acts))
  }
}

struct FlawTests {
  /// What is said twice harms nothing and costs messages: `CostTests` catches it.
  static let flaws = ThreePhaseCommitStudy.flaws.filter { !$0.name.hasSuffix("Twice") }

  @Test(arguments: flaws)
  func `The search finds a planted flaw`(flaw: Flaw<Play.Node>) throws {
    let found = try #require(ThreePhaseCommitStudy.search(with: flaw).run())
    #expect(found.runs == 0, "it was not found by exploring")
    try check(found, sound: found.cluster.withoutFlaw, "flaw-\(flaw.name).run")
  }
}
