import Foundation
import Lab
import ProtocolCore
import Studies
import Testing
import TwoPhaseCommit

/// What was found; with `QUORATE_RECORD=1` it is written down as a run.
private func check(_ found: Counterexample<Play>, sound: Cluster<Play>, _ name: String) throws {
  #expect(found.fails(found.acts))
  // Without what was planted the same acts do no harm.
  let same = Counterexample(cluster: sound, violated: found.violated, acts: [], foundWith: 0)
  #expect(!same.fails(found.acts))
  let text = TwoPhaseCommitStudy.text(of: found)
  if isRecording {
    try text.write(to: Runs.folder.appending(path: name), atomically: true, encoding: .utf8)
  }
  #expect(
    try Playback<Play>(RunFile(text, path: name), flaws: TwoPhaseCommitStudy.flaws).failures == [])
}

private let isRecording = ProcessInfo.processInfo.environment["QUORATE_RECORD"] != nil

/// A record is worth the least of twenty failing runs.
private let keep = isRecording ? 20 : 2

struct BreakingTests {
  @Test(arguments: Rule.allCases)
  func `Without a rule the search finds a run that goes wrong`(rule: Rule) throws {
    var search = try TwoPhaseCommitStudy.search(without: rule)
    search.keep = keep
    let found = try #require(search.run())
    let sound = try Cluster<Play>(found.cluster.cast, variant: found.cluster.variant)
    #expect(TwoPhaseCommitStudy.properties(protectedBy: rule).contains(found.violated))
    try check(found, sound: sound, "without-\(rule).run")
  }

  /// Blind, and yet it comes across most of them.
  @Test(arguments: Rule.allCases.filter { $0 != .startStoredFirst && $0 != .decisionStoredFirst })
  func `Without a rule random weather finds a run that goes wrong`(rule: Rule) throws {
    var search = try Search<Play>(without: rule)
    search.keep = 1
    search.budget = 2_000
    let found = try #require(search.run())
    #expect(found.fails(found.acts))
  }
}

struct FlawTests {
  /// A vote sent twice harms nothing and costs messages: `CostTests` catches it.
  static let flaws = TwoPhaseCommitStudy.flaws.filter { $0.name != "voteTwice" }

  @Test(arguments: flaws)
  func `The search finds a planted flaw`(flaw: Flaw<Node>) throws {
    var search = try TwoPhaseCommitStudy.search(with: flaw)
    search.keep = keep
    let found = try #require(search.run())
    try check(found, sound: found.cluster.withoutFlaw, "flaw-\(flaw.name).run")
  }
}
