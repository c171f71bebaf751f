import Lab
import ProtocolCore
import Studies
import Testing

/// A rule that is left out of a chapter, or a flaw that is planted in it.
struct Planted: Hashable, Sendable, CustomTestStringConvertible {
  let chapter: String
  let kind: Kind
  let name: String

  enum Kind: String { case without, flaw }

  var testDescription: String { "\(chapter) \(kind) \(name)" }
  var file: String { "\(kind)-\(name).run" }

  static let rules = Studies.all.flatMap { rules(of: $0) }
  static let flaws = Studies.all.flatMap { flaws(of: $0) }

  private static func rules<S: Laboratory>(of laboratory: S.Type) -> [Planted] {
    S.Subject.Rule.allCases.map {
      Planted(chapter: S.Subject.name, kind: .without, name: $0.rawValue)
    }
  }

  /// What harms nothing and costs messages is caught by counting.
  private static func flaws<S: Laboratory>(of laboratory: S.Type) -> [Planted] {
    S.flaws.filter { (try? S.isCaughtByCounting($0)) != true || hasRun($0, laboratory) }.map {
      Planted(chapter: S.Subject.name, kind: .flaw, name: $0.name)
    }
  }

  private static func hasRun<S: Laboratory>(_ flaw: Flaw<S.Subject.Node>, _ laboratory: S.Type)
    -> Bool
  {
    Recorded.names(of: laboratory).contains("flaw-\(flaw.name).run")
  }

  /// What a search for it takes.
  func search<S: Laboratory>(_ laboratory: S.Type) throws -> Search<S.Subject> {
    switch kind {
    case .without: try S.search(without: #require(S.rule(named: name)))
    case .flaw: try S.search(with: #require(S.flaw(named: name)))
    }
  }

  /// Which rules random profile does not come across within its budget: they want a crash at one
  /// moment, and something else soon after it.
  static let deep: Set<String> = [
    "2pc startStoredFirst", "2pc decisionStoredFirst", "locks lockOutlivesCrash",
    "q3pc electionStoredFirst", "q3pc sidesKept", "q3pc majorityElects", "q3pc laterElectionsOnly",
    "q3pc lastElectionFollowed", "q3pc attemptRemembered", "q3pc latestAttemptChosen",
    "3pc noneDecidesAlone", "3pc statesAwaited", "3pc committableCommit",
    "3pc uncertainReadiedFirst", "3pc differingAwaitAll",
  ]

  static let shallow = rules.filter { !deep.contains("\($0.chapter) \($0.name)") }
}

struct BreakingTests {
  @Test(arguments: Planted.rules + Planted.flaws)
  func `The search finds what is planted`(planted: Planted) throws {
    try find(planted, in: laboratory(of: planted.chapter))
  }

  /// With `QUORATE_RECORD=1` what is found is written down as a run.
  private func find<S: Laboratory>(_ planted: Planted, in laboratory: S.Type) throws {
    var search = try planted.search(laboratory)
    // A record is worth the least of twenty failing runs.
    search.keep = isRecording ? 20 : 2
    let result = search.run()  // outside the macro, which would print all of the search
    let found = try #require(result)
    #expect(search.judged.contains(found.violated))
    #expect(found.fails(found.acts))
    // Without what was planted the same acts do no harm.
    let sound = try Cluster<S.Subject>(found.cluster.topology, variant: found.cluster.variant)
    let same = Counterexample(cluster: sound, violated: found.violated, acts: [], foundWith: 0)
    #expect(!same.fails(found.acts))
    let text = S.text(of: found)
    if isRecording { try Recorded.write(text, to: planted.file, laboratory) }
    if found.runs == 0 {
      // What is found by exploring is the same each time.
      #expect(try Recorded.text(of: planted.file, laboratory) == text)
    } else {
      let file = try RunFile(text, path: planted.file)
      #expect(try Playback<S.Subject>(file, flaws: S.flaws).failures == [])
      #expect(Recorded.names(of: laboratory).contains(planted.file))
    }
  }

  /// Blind, and yet it comes across most of them.
  @Test(arguments: Planted.shallow)
  func `Random profile finds what goes wrong without a rule`(planted: Planted) throws {
    try meet(planted, in: laboratory(of: planted.chapter))
  }

  private func meet<S: Laboratory>(_ planted: Planted, in laboratory: S.Type) throws {
    var search = try Search<S.Subject>(without: #require(S.rule(named: planted.name)))
    search.keep = 1
    search.budget = 4_000
    let result = search.run()
    let found = try #require(result)
    #expect(found.fails(found.acts))
  }

  @Test func `Nothing is called deep that there is not`() {
    #expect(Planted.deep.isSubset(of: Planted.rules.map { "\($0.chapter) \($0.name)" }))
  }
}
