import EmbeddedServers
import Foundation
import Recipes
import RecipesLab
import Testing

@Suite struct RecordedRunTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/Recipes")

  static let files =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".run") }.sorted() ?? []

  @Test(arguments: files)
  func aRecordedRunViolatesWhatItSays(file: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let run = try RecordedRun(text: text)
    let outcome = try #require(run.play())
    #expect(outcome.violations.first?.property == run.violates)
    // With every rule heeded the same faults do no harm.
    var sound = run
    sound.without = []
    let clean = try #require(sound.play())
    #expect(clean.violations.isEmpty)
  }

  @Test func everyRuleHasARecordedRun() throws {
    let runs = try Self.files.map { file in
      try RecordedRun(
        text: String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
    }
    #expect(Set(runs.flatMap(\.without)) == Set(Rule.allCases))
  }

  @Test func textIsReadAsItIsWritten() throws {
    var run = RecordedRun(recipe: "lock")
    run.without = [.looksWhenGone]
    run.isEnsemble = true
    run.faults = [
      Fault(step: 1, process: 0, .cut), Fault(step: 2, process: 1, .loseReplies),
      Fault(step: 3, process: 2, .stop(500)), Fault(step: 4, process: 0, .hold(7)),
      Fault(step: 5, process: 0, .delay(8)), Fault(step: 6, process: 0, .crash),
      Fault(step: 7, process: 0, .cancel), Fault(step: 8, process: 0, .leader),
      Fault(step: 9, process: 0, .lag(2, 300)), Fault(step: 10, process: 1, .away(6000)),
    ]
    run.violates = "termination"
    #expect(try RecordedRun(text: run.text) == run)
  }

  @Test(
    arguments: [
      ("", "line 1: no recipe is named"),
      ("recipe lok", "line 1: no recipe is called lok"),
      ("recipe lock\nat 3 break d", "line 2: lock has no process d"),
      ("at 3 break a", "line 1: a fault before the recipe is named"),
      ("recipe lock\nat x break a", "line 2: no fault: at x break a"),
      ("recipe lock\nat 3 stop a for 0", "line 2: no fault: at 3 stop a for 0"),
      ("recipe lock\nwithout nothing", "line 2: no rule is called nothing"),
      ("recipe lock\n\nrecipe lock", "line 3: a second recipe"),
      (
        "recipe lock\nfrom here",

        "line 2: neither recipe, on ensemble, without, at nor violates: from here"
      ),
    ])
  func aMistakeIsToldWithItsLine(text: String, words: String) {
    #expect { try RecordedRun(text: text) } throws: { "\($0)" == words }
  }
}

/// The runs that the Notes tell the uses by.
@Suite struct UseRunTests {
  private static let folder = RecordedRunTests.folder.appending(path: "Uses")
  static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test(arguments: files)
  func aUseBearsWhatGoesWrong(file: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let run = try RecordedRun(text: text)
    #expect(run.without.isEmpty && run.violates == nil && text.hasPrefix("# "))
    let outcome = try #require(run.play(logging: true))
    #expect(outcome.violations.isEmpty)
    // Each fault strikes before the end.
    #expect(outcome.log.count { $0.contains("  --- at ") } == run.faults.count)
  }

  @Test func eachOfTheThirteenHasOne() {
    for number in 1...13 {
      let id = "USE-" + (number < 10 ? "0" : "") + "\(number)-"
      #expect(Self.files.contains { $0.hasPrefix(id) })
    }
  }
}
