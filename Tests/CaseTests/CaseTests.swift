import Catalogue
import Conformance
import Foundation
import PostgreSQLConformance
import Reports
import Targets
import Testing
import ZooKeeperConformance

/// Every case, judged on the reference, or on the target that `QUORATE_TARGET` names.
///
/// A case that the target has not the means for is told as such. The report goes to the file that
/// `QUORATE_JUNIT` names.
@Suite(.serialized, .writesReport) struct CaseTests {
  @Test(arguments: Session.cases.map(\.label.id)) func `A case holds`(id: String) async throws {
    let each = try #require(Session.cases.first { $0.label.id == id })
    let judgement = try await Session.runner().judge(each)
    let isGood = judgement.verdict.isPass || judgement.verdict == .unsupported
    let text = FailureText(judgement, target: Session.url)
    #expect(isGood, "\(text.message)\n\(text.body)")
    if !Session.isRemote, each.needsTarget {
      let table = try Session.table.get()
      #expect(judgement.verdict == table[id, VerdictTable.reference], "run make matrix")
    } else if Catalogue.names.contains(each.label.chapter) {
      let table = try Session.chapters.get()
      #expect(judgement.verdict == table[id, VerdictTable.reference], "run make verdicts")
    }
  }

  @Test func `There are cases`() throws {
    #expect(try CaseLibrary(folder: Session.folder).cases.count >= 500)
    #expect(try ChapterCases.all(in: Session.folder).count >= 100)
  }
}

/// The one run of which all tests here are part.
enum Session {
  static let url = ProcessInfo.processInfo.environment["QUORATE_TARGET"] ?? "reference:"
  static let isRemote = url != "reference:"

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// What a server can be asked.
  static let fixtures: [Case] = ((try? CaseLibrary(folder: folder))?.cases ?? []) + Grid.cases

  /// A server cannot be asked about the chapters.
  static let cases: [Case] = {
    let asked = fixtures
    guard !isRemote else { return asked }
    let chapters = (try? ChapterCases.all(in: folder)) ?? []
    return asked + ClientCases.all + chapters + ((try? RecipeCases.all(in: folder)) ?? [])
  }()

  /// What a database can be asked; `PostgreSQLTests` asks one.
  static let databaseCases =
    (try? CaseLibrary(
      folder: folder.appending(path: "PostgreSQL"), read: DatabaseCases.reading(.suite)
    ).cases) ?? []

  /// What is known of the verdicts on servers.
  static let table = Result { try VerdictTableTests.table() }

  /// What is known of the verdicts on the chapters.
  static let chapters = Result { try VerdictTableTests.chapters() }

  static let journal = JournalWriter()

  private static let shared = Task {
    let target = try TargetURL.service(url)
    let profile = try await Probe.profile(of: target)
    let writer = journal
    writer.begin(
      RunLabel(
        target: url, profile: profile.description, planned: cases.count, seed: 1,
        started: Date().timeIntervalSince1970), plan: cases.map(\.label))
    let judged = await ZooKeeperTarget(withEditionsOf: target, profile)
    return Runner(judged, RunOptions(), journal: writer)
  }

  static func runner() async throws -> Runner { try await shared.value }
}

/// Writes the report once, when all cases have been judged, those that fail included.
struct WritesReport: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing run: @Sendable () async throws -> Void
  ) async throws {
    let begin = ContinuousClock.now
    try await run()
    guard let path = ProcessInfo.processInfo.environment["QUORATE_JUNIT"] else { return }
    Session.journal.end(RunEnd(seconds: (ContinuousClock.now - begin).inSeconds))
    let journal = try #require(Session.journal.journal)
    try JUnitReport(journal).xml().write(toFile: path, atomically: true, encoding: .utf8)
  }
}

extension Trait where Self == WritesReport {
  static var writesReport: Self { WritesReport() }
}
