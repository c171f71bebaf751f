import ArgumentParser
import Conformance
import RecipesLab
import Reports

/// A picture of a recipe's run.
struct SequencePicture: ParsableArguments {
  @Option(
    help: ArgumentHelp("Draw it: the server and each process as lifelines.", valueName: "file"))
  var svg: String?

  @Option(
    help: ArgumentHelp(
      "Of --svg: only these lines of its log; also by words, stop_b..b_holds.",
      valueName: "1-20,31-40"))
  var rows: String?

  func validate() throws {
    if rows != nil, svg == nil { throw ValidationError("--rows goes with --svg") }
  }

  /// Looks whether the file could be written.
  func look() throws { _ = try svg.map { try Outlet("--svg", $0) } }

  /// Draws a run, if that was asked for.
  func draw(_ outcome: Simulation.Outcome, title: String) throws {
    guard let svg else { return }
    let chart: SequenceChart
    do throws(SequenceChart.Mistake) {
      chart = try SequenceChart(
        log: outcome.log, violated: outcome.violations.map(\.description), rows: rows)
    } catch {
      throw failure(.usage, "--rows: \(error)")
    }
    try Outlet("--svg", svg).write(SequenceDrawing(chart, title: title).svg)
  }
}
