import Conformance
import Reports
import Synchronization

/// Shows verdicts as they fall.
final class Board: Sendable {
  private let screen: Screen
  private let planned: Int
  private let limit: Int
  private let watch = Stopwatch()
  private let state = Mutex(State())

  private struct State {
    var seen: Set<String> = []
    var blocks = 0
    var failed: Set<String> = []
  }

  /// A board for so many cases, that shows so many in full.
  init(screen: Screen, planned: Int, limit: Int) {
    self.screen = screen
    self.planned = planned
    self.limit = limit
  }

  /// Shows a verdict.
  func show(_ judgement: CaseReport) {
    guard judgement.verdict != .unsupported else { return }
    let block = screen.block(judgement)
    let isShown = state.withLock { state in
      state.seen.insert(judgement.label.id)
      if block != nil {
        state.blocks += 1
        if judgement.verdict == .fail { state.failed.insert(judgement.label.id) }
      }
      return state.blocks <= limit
    }
    if let block, isShown { Terminal.say(block) }
    Terminal.progress("\(counts)   \(judgement.label.id)")
  }

  private var counts: String {
    let (count, failed) = state.withLock { ($0.seen.count, $0.failed.count) }
    let fails = failed > 0 ? ", \(failed) FAIL" : ""
    return "\(count) of \(max(planned, count))\(fails)"
  }

  /// How far things are, and what is done.
  func line(_ activity: String) -> String {
    "\(counts)   \(watch.seconds.fixed(0)) s   \(activity)"
  }

  /// Tells how much was not shown.
  func finish(hasReport: Bool) {
    let hidden = state.withLock { max(0, $0.blocks - limit) }
    guard hidden > 0 else { return }
    let place = hasReport ? "in the report" : "--junit FILE writes them all"
    Terminal.say("… and \(hidden) more like these; \(place)\n")
  }
}
