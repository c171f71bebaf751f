import Conformance
import Foundation
import Reports
import Synchronization

/// A run as a user sees it: failures as they fall, progress, a report that is made whatever
/// happens.
struct Verification {
  let target: any Target
  /// Whose target it is, in a few words.
  let about: String
  let options: RunOptions
  let report: ReportFile?
  let table: (file: Outlet, column: String, cases: [String])?
  /// How many cases there are, chosen or not.
  let total: Int

  /// How many failures are shown in full; the report has all.
  private static let shown = 20

  func run(_ cases: [Case], planned: Int) async throws -> Conformance.ExitCode {
    let screen = Screen(target: target.url, isColored: Terminal.isColored)
    let journal = report?.writer ?? JournalWriter()
    let board = Board(screen: screen, planned: planned, limit: Self.shown)
    let runner = Runner(target, options, journal: journal) {
      board.show($0)
    }
    Terminal.say(head(screen, runner, cases, planned))
    Interrupts.listen(
      first: {
        Terminal.complain("\nstopping: cases are broken off, the server is cleaned up")
        runner.stop()
      }, second: { [self] in tellWhatStays(runner) })
    let progress = Progress { board.line(runner.activity) }
    _ = await runner.run(cases)
    progress.end()
    board.finish(hasReport: report != nil)
    if let left = runner.leftBehind { Terminal.complain("left behind: \(left)") }
    guard let written = journal.journal else { throw failure(.error, "nothing was judged") }
    return try told(written, screen)
  }

  private func head(
    _ screen: Screen, _ runner: Runner, _ cases: [Case], _ planned: Int
  ) -> String {
    let asked = cases.count(where: \.needsTarget)
    let abouts =
      (asked > 0 ? [about] : [])
      + (asked < cases.count ? ["chapters in the laboratory"] : [])
    return screen.head(
      version: "\(Version.number), \(total) cases", about: abouts.joined(separator: "; "),
      folder: target.isShared ? runner.place : nil, profile: asked > 0 ? target.profileLine : nil,
      plan: planned, unsupported: cases.count - planned)
  }

  // MARK: The end

  /// Writes what is to be written, and tells what it amounts to, whatever becomes of the files.
  private func told(_ journal: Journal, _ screen: Screen) throws -> Conformance.ExitCode {
    var troubles: [String] = []
    var written: String?
    do {
      try report?.write(journal)
      written = report?.path
    } catch {
      troubles.append(Refusal(error).sentence)
    }
    do {
      if let table {
        try write(journal.judgements, into: table.file, as: table.column, among: table.cases)
      }
    } catch {
      troubles.append(Refusal(error).sentence)
    }
    let verdict = Self.code(journal)
    let isWorse = !troubles.isEmpty && verdict != .notConformant
    let code = isWorse ? Conformance.ExitCode.error : verdict
    Terminal.say(screen.summary(journal, verdict: verdict, exit: code, report: written))
    troubles.forEach(Terminal.complain)
    return code
  }

  /// What was not judged cannot be conformant.
  private static func code(_ journal: Journal) -> Conformance.ExitCode {
    let code = Conformance.ExitCode(journal.judgements.map(\.verdict))
    guard code == .conformant || code == .inconclusive else { return code }
    if journal.end?.cause == .lost { return .error }
    let isOpen = journal.end?.wasStopped ?? true
    let judged = journal.judgements.contains { $0.verdict != .unsupported }
    return isOpen || !judged ? .inconclusive : code
  }

  private func write(
    _ judgements: [CaseReport], into file: Outlet, as column: String, among cases: [String]
  ) throws {
    do {
      let data = FileManager.default.contents(atPath: file.path)
      var table =
        try data.map { try VerdictTable(String(decoding: $0, as: UTF8.self), file: file.path) }
        ?? VerdictTable()
      table.record(judgements, as: column, among: cases)
      try file.write(table.text)
    } catch let error as FixtureError {
      throw failure(.error, "--table \(file.path) was not written: \(error)")
    }
  }

  // MARK: Interruption

  /// What a second Ctrl-C leaves behind, and what can be done about it.
  private func tellWhatStays(_ runner: Runner) {
    if target.isShared {
      Terminal.complain(
        "left behind: \(runner.place); quorate verify \(target.url.typed) --clean removes it")
    }
    if let report {
      Terminal.complain(
        "no report: quorate report \(report.journal.typed) > \(report.path.typed) makes it")
    }
  }
}
