import Conformance
import Foundation
import Reports
import Synchronization

/// A run as a user sees it: failures as they fall, progress on a terminal, a report that is made
/// whatever happens.
struct Verification {
  let target: any ServiceTarget
  let profile: Profile
  let options: RunOptions
  let junit: String?
  let table: (path: String, column: String, cases: [String])?

  /// How many failures are shown in full; the report has all.
  private static let shown = 20

  func run(_ cases: [Case], planned: Int) async throws -> Conformance.ExitCode {
    let screen = Screen(target: target.url, isColored: Terminal.isColored)
    let journal = try JournalWriter(path: junit.map(Self.journalPath))
    let board = Board(screen: screen, planned: planned, limit: Self.shown)
    let runner = Runner(target, profile, options, journal: journal) { board.show($0) }
    let asked = cases.count(where: \.isAsked)
    let abouts =
      (asked > 0 ? [target.about] : [])
      + (asked < cases.count ? ["chapters in the laboratory"] : [])
    Terminal.say(
      screen.head(
        about: abouts.joined(separator: "; "), folder: target.isShared ? runner.folder : nil,
        profile: asked > 0 ? profile : nil, plan: planned, unsupported: cases.count - planned))
    let signals = Self.stopping(runner)
    _ = await runner.run(cases)
    signals.forEach { $0.cancel() }
    board.finish()
    for remark in runner.remarks { Terminal.complain("left behind: \(remark)") }
    guard let written = journal.journal else { throw failure(.error, "nothing was judged") }
    if let junit { try writeReport(written, junit) }
    if let table {
      try write(written.judgements, into: table.path, as: table.column, among: table.cases)
    }
    let code = Self.code(written)
    Terminal.say(screen.summary(written, exit: code, report: junit))
    return code
  }

  /// What was not judged cannot be conformant.
  private static func code(_ journal: Journal) -> Conformance.ExitCode {
    let code = Conformance.ExitCode(journal.judgements.map(\.verdict))
    return code == .conformant && journal.end?.wasStopped ?? true ? .inconclusive : code
  }

  private func writeReport(_ journal: Journal, _ path: String) throws {
    do {
      try JUnitReport(journal).xml().write(toFile: path, atomically: true, encoding: .utf8)
      try? FileManager.default.removeItem(atPath: Self.journalPath(path))
    } catch {
      throw failure(.error, "the report \(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private func write(
    _ judgements: [Judgement], into path: String, as column: String, among cases: [String]
  ) throws {
    let file = URL(filePath: path)
    do {
      let exists = FileManager.default.fileExists(atPath: path)
      var table =
        try exists
        ? VerdictTable(String(contentsOf: file, encoding: .utf8), file: path)
        : VerdictTable()
      table.record(judgements, as: column, among: cases)
      try Data(table.text.utf8).write(to: file)
    } catch {
      throw failure(.error, "the table \(path) cannot be written: \(error)")
    }
  }

  /// Where verdicts are kept until the report is made of them.
  private static func journalPath(_ junit: String) -> String {
    (junit.hasSuffix(".xml") ? String(junit.dropLast(4)) : junit) + ".ndjson"
  }

  /// Ctrl-C ends the run in good order; a second one ends the process.
  private static func stopping(_ runner: Runner) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if runner.isStopped { exit(130) }
        Terminal.complain("\nstopping: cases are broken off, the server is cleaned up")
        runner.stop()
      }
      source.resume()
      return source
    }
  }
}

/// Shows verdicts as they fall.
private final class Board: Sendable {
  private let screen: Screen
  private let planned: Int
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var seen: Set<String> = []
    var blocks = 0
    var failed = 0
  }

  init(screen: Screen, planned: Int, limit: Int) {
    self.screen = screen
    self.planned = planned
    self.limit = limit
  }

  func show(_ judgement: Judgement) {
    guard judgement.verdict != .unsupported else { return }
    let block = screen.block(judgement)
    let (count, failed, isShown) = state.withLock { state in
      state.seen.insert(judgement.label.id)
      if block != nil {
        state.blocks += 1
        if judgement.verdict == .fail { state.failed += 1 }
      }
      return (state.seen.count, state.failed, state.blocks <= limit)
    }
    if let block, isShown {
      Terminal.progress("")
      Terminal.say(block)
    }
    let fails = failed > 0 ? ", \(failed) FAIL" : ""
    Terminal.progress("\(count) of \(planned)\(fails)   \(judgement.label.id)")
  }

  func finish() {
    Terminal.progress("")
    let hidden = state.withLock { max(0, $0.blocks - limit) }
    if hidden > 0 { Terminal.say("… and \(hidden) more like these, in the report\n") }
  }
}
