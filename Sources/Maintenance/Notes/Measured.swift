import Catalogue
import Foundation
import Lab
import Reports

/// What is counted and measured when the Notes are made.
enum Measured {
  /// Messages, forced records and message delays of every kind of transaction, beside the formulas.
  ///
  /// - Parameter words: the chapter, and the variants if not all are meant, `-` in the place of
  ///   spaces.
  static func costs(of words: [String]) throws -> String {
    let chapter = words.first ?? ""
    let variants = words.dropFirst().map { $0.replacing("-", with: " ") }
    let all = try Runs.laboratory(chapter).costs(1...5)
    if let name = variants.first(where: { name in !all.contains { $0.variant == name } }) {
      throw NotesError("\(chapter) measures no variant '\(name)'")
    }
    let rows = all.filter { variants.isEmpty || variants.contains($0.variant) }
    guard let first = rows.first else { throw NotesError("\(chapter) measures nothing") }
    let sizes = first.cells.map(\.size)
    let head = ["variant", "outcome", "messages", "forced", "delays"] + sizes.map { "n = \($0)" }
    let body = try rows.map { row -> [String] in
      guard row.cells.allSatisfy(\.isAsComputed), let messages = row.messages,
        let forced = row.forced, let rounds = row.rounds
      else {
        throw NotesError(
          "\(row.variant), \(row.outcome): the formula does not fit \(row.cells)")
      }
      return [row.variant, row.outcome, messages, forced, rounds]
        + row.cells.map { "\($0.counted.messages), \($0.counted.forced)" }
    }
    return table(head, body)
  }

  /// The picture of what a chapter measures, and where it is kept.
  static func plot(of chapter: String) throws -> (markdown: String, picture: String, svg: String) {
    guard let plotted = try Runs.laboratory(chapter).plot() else {
      throw NotesError("\(chapter) measures nothing")
    }
    let plot = Plot(
      title: plotted.title, horizontal: plotted.horizontal, vertical: plotted.vertical,
      curves: plotted.curves.map { ($0.name, $0.points.map { ($0.x, $0.y) }) })
    let name = "pictures/\(chapter)-plot.svg"
    return ("![\(plotted.title)](\(name))", name, plot.svg)
  }

  /// A table that a chapter makes, by its name.
  static func table(of words: [String]) throws -> String {
    guard words.count == 2, let made = try Runs.laboratory(words[0]).table(words[1]) else {
      throw NotesError("a chapter makes no table called '\(words.last ?? "")'")
    }
    return table(made.head, made.rows)
  }

  /// A table in Markdown.
  static func table(_ head: [String], _ body: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + body)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

/// What was explored, and how much there was; `quorate explore --check` holds the numbers against
/// the explorer, the small ones in `ExplorerTests`, the large ones in `make explore`.
enum Explored {
  static let files = ["Fixtures/Explored/small.txt", "Fixtures/Explored/large.txt"]
  static let kills = ["Fixtures/Explored/kills.txt", "Fixtures/Explored/kills-large.txt"]

  /// A chapter's explorations: what may happen, and what came of it.
  static func table(of chapter: String, below folder: URL) throws -> String {
    func pins(in path: String) throws -> [ExpectedCount] {
      try ExpectedCount.all(in: String(contentsOf: folder.appending(path: path), encoding: .utf8))
    }
    let all = try files.flatMap(pins)
    let kills = try kills.flatMap(pins)
    let rows = all.filter { $0.arguments.first == chapter }.map { pin -> [String] in
      let parts = pin.expected.components(separatedBy: ", ").filter { !$0.hasPrefix("runs ") }
      let lost = parts.filter { $0.hasPrefix("no ") }.map { $0.dropFirst(3) }
      func number(_ isIt: (String) -> Bool) -> String {
        let digits = parts.first(where: isIt)?.filter(\.isNumber)
        return digits.flatMap { Int($0) }?.grouped ?? ""
      }
      return [
        pin.comment, number { $0.hasSuffix(" states") }, number { $0.hasPrefix("depth ") },
        lost.isEmpty ? "" : lost.joined(separator: ", "), "`quorate explore \(pin.command)`",
        caught(by: pin, in: kills),
      ]
    }
    guard !rows.isEmpty else { throw NotesError("nothing of \(chapter) is pinned") }
    return Measured.table(
      ["what may happen", "states", "depth", "not reached", "command", "catches"], rows)
  }

  /// Of how many rules and flaws, where that was counted, the setting catches how many.
  private static func caught(by pin: ExpectedCount, in kills: [ExpectedCount]) -> String {
    let counted = kills.first { $0.arguments == pin.arguments + ["--kills"] }
    let part = counted?.expected.components(separatedBy: ", ").first { $0.hasPrefix("catches ") }
    return part.map { String($0.dropFirst("catches ".count)) } ?? ""
  }
}
