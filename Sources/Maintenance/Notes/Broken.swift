import Catalogue
import Foundation
import Lab
import ProtocolCore

/// What goes wrong without each rule, and with each flaw: the recorded runs, and what the search
/// for them takes.
enum Broken {

  /// A rule or a flaw, and what is known of it.
  private struct Row {
    let title: String
    /// The recorded run; nil for a flaw that only counting catches.
    var path: String?
    var cells: [String]
  }

  /// A chapter's rules and flaws: what is violated, the run that shows it, and how it was found.
  static func table(of chapter: String, below folder: URL) throws -> String {
    let rows = try rows(of: Runs.laboratory(chapter), below: folder)
    return Measured.table(
      ["planted", "violates", "run", "drawn", "found after"],
      rows.map { [$0.title] + $0.cells })
  }

  /// The pictures of these runs.
  static func drawings(
    of chapter: String, below folder: URL
  ) throws -> [(picture: String, svg: String)] {
    try paths(of: Runs.laboratory(chapter), below: folder).map { path in
      let drawing = try Runs.drawing(path, below: folder)
      return (drawing.picture, drawing.svg)
    }
  }

  private static func paths<S: Laboratory>(of laboratory: S.Type, below folder: URL) -> [String] {
    S.experiments.filter { !$0.violates.isEmpty }.map {
      "Fixtures/\(S.folder)/\($0.change.stem).run"
    }
  }

  private static func rows<S: Laboratory>(of laboratory: S.Type, below folder: URL) throws -> [Row]
  {
    let searches = try Searches(in: folder.appending(path: "Fixtures"))
    return try S.experiments.map { experiment in
      let title =
        switch experiment.change {
        case .without(let rule): "without `\(rule)`"
        case .flaw(let flaw): "`\(flaw.name)`: \(flaw.sentence)"
        }
      var row = Row(title: title, cells: ["the count of \(experiment.measure)", "", "", ""])
      // What violates nothing has no run, and costs.
      if !experiment.violates.isEmpty {
        row.path = "Fixtures/\(S.folder)/\(experiment.change.stem).run"
        try complete(
          &row, laboratory, searches.of(experiment.change.stem, in: S.name), below: folder)
      }
      return row
    }
  }

  private static func complete<S: Laboratory>(
    _ row: inout Row, _ laboratory: S.Type, _ found: SearchRecord, below folder: URL
  ) throws {
    guard let path = row.path else { return }
    let (playback, _) = try Runs.playback(
      of: Runs.file(path, below: folder), laboratory, below: folder)
    guard let violated = Runs.violated(in: playback.file) else {
      throw NotesError("\(path) violates nothing")
    }
    let effort =
      found.runs == 0
      ? found.acts.of("transition") : found.runs.of("simulated run")
    let picture = Runs.picture(of: playback.file)
    row.cells = [
      violated, "[\(playback.acts.count.of("act"))](../\(path))", "[picture](\(picture))", effort,
    ]
  }
}
