import EmbeddedServers
import Foundation
import Recipes
import RecipesLab
import Reports

/// What is made of recipes: their runs drawn, the herd counted, all rules with what they are for.
enum Sequences {
  /// A recorded run as a sequence chart, and where it is kept.
  ///
  /// - Parameter words: The run's path, and the rows that are shown, `stop_a..a_ends`, if not
  ///   all are.
  static func drawing(
    _ words: [String], below folder: URL
  ) throws -> (markdown: String, picture: String, svg: String) {
    let path = words.first ?? ""
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    let run = try RecordedRun(text: text)
    guard let outcome = run.play(logging: true) else { throw NotesError("no run: \(path)") }
    guard outcome.violations.first?.property == run.violates else {
      throw NotesError("\(path) does not do as it says: \(outcome.violations)")
    }
    let chart = try SequenceChart(
      log: outcome.log, violated: outcome.violations.map(\.description),
      rows: words.dropFirst().first)
    let title = text.split(separator: "\n").first { $0.hasPrefix("# ") }?.dropFirst(2)
    let stem = (path as NSString).lastPathComponent.replacing(".run", with: "")
    let rules = run.without.map(\.rawValue).joined(separator: ", ")
    let broken = "\(run.recipe) without \(rules): \(run.violates ?? "nothing") is violated."
    let caption = title.map { String($0) } ?? broken
    let picture = "pictures/\(stem).svg"
    let svg = SequenceDrawing(chart, title: caption).svg
    return ("![\(caption)](\(picture))\n\n[\(stem)](../\(path)): \(caption)", picture, svg)
  }

  // MARK: The herd

  /// So many processes, and how often they are woken, by both locks.
  private static let herd = (2...16).map { processes in
    (processes, wakes(.naiveLock(of: processes)), wakes(.lock(of: processes)))
  }

  private static func wakes(_ program: Program) -> Int {
    Simulation(program, on: EmbeddedServer.simulated).run().wakes
  }

  /// The herd as a table.
  static func herdTable() -> String {
    let some = herd.filter { [2, 3, 5, 8, 12, 16].contains($0.0) }
    return Measured.table(
      ["processes"] + some.map { "\($0.0)" },
      [
        ["`NaiveLock`, the notes'"] + some.map { "\($0.1)" },
        ["`ExclusiveLock`, the line"] + some.map { "\($0.2)" },
      ])
  }

  /// The herd as a picture, and where it is kept.
  static func herdPlot() -> (markdown: String, picture: String, svg: String) {
    let title = "How often clients are woken when each takes the lock twice"
    func curve(_ count: ((Int, Int, Int)) -> Int) -> [(x: Double, y: Double)] {
      herd.map { (Double($0.0), Double(count($0))) }
    }
    let plot = Plot(
      title: title, horizontal: "processes",
      vertical: "how often clients are woken, each takes it twice",
      curves: [("NaiveLock", curve(\.1)), ("ExclusiveLock", curve(\.2))])
    let picture = "pictures/herd-plot.svg"
    return ("![\(title)](\(picture))", picture, plot.svg)
  }

  // MARK: The rules

  /// Every rule: what it says, where it is heeded, and the runs that show what goes wrong without.
  static func rules(below folder: URL) throws -> String {
    let said = try RuleComments(below: folder)
    let runs = try recorded(below: folder)
    let rows = try Rule.allCases.map(\.rawValue).map { name -> [String] in
      let without = runs.filter { $0.run.without.map(\.rawValue).contains(name) }
      guard let comment = said.texts[name] else { throw NotesError("nothing is said of '\(name)'") }
      guard !without.isEmpty else { throw NotesError("no run shows what '\(name)' is for") }
      let shown = without.map { "\($0.run.violates ?? ""): [\($0.run.recipe)](../\($0.path))" }
      return [
        "`\(name)`", comment.what, shown.joined(separator: "<br>"), comment.source,
      ]
    }
    return Measured.table(["rule", "what it says", "without it", "source"], rows)
  }

  private static func recorded(
    below folder: URL
  ) throws -> [(path: String, run: RecordedRun)] {
    let place = "Fixtures/Recipes"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: place).path)
    return try names.filter { $0.hasSuffix(".run") }.sorted().map { name in
      let path = "\(place)/\(name)"
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      return (path, try RecordedRun(text: text))
    }
  }
}
