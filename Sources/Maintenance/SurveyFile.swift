public import Foundation
public import Lab

/// What a chapter's survey found, as it is kept: a table, and for each *no* what clients saw.
///
/// A line of `survey.tsv` has the subject, the setting, the promise, `yes` or the name of the
/// history that shows the *no*, and what a yes rests on.
public struct SurveyFile {
  private let folder: URL
  private let path: String

  /// The survey of a chapter, below the folder `Fixtures`.
  public init<L: Laboratory>(of laboratory: L.Type, in fixtures: URL) {
    path = "Fixtures/\(L.folder)"
    folder = fixtures.appending(path: L.folder)
  }

  /// A line.
  public struct Line {
    /// The row.
    public let subject: String
    /// What could go wrong.
    public let setting: String
    /// What was asked.
    public let promise: String
    /// The file that shows the *no*; nil for a yes.
    public let history: String?
    /// What a yes rests on.
    public let basis: String
  }

  /// Makes the survey anew.
  public func write<L: Laboratory>(_ laboratory: L.Type, told: (String) -> Void) throws {
    let found = try L.survey(told)
    let histories = folder.appending(path: "Refuted")
    try? FileManager.default.removeItem(at: histories)
    try FileManager.default.createDirectory(at: histories, withIntermediateDirectories: true)
    var names: [String: String] = [:]
    var lines: [String] = []
    for each in found {
      var answer = "yes"
      if let history = each.history {
        let key = each.promise + history
        let number = names.keys.count { $0.hasPrefix(each.promise + "{") } + 1
        answer = names[key] ?? "\(each.promise)-\(number).ndjson"
        names[key] = answer
        try history.write(to: histories.appending(path: answer), atomically: true, encoding: .utf8)
      }
      lines.append(
        [each.subject, each.setting, each.promise, answer, each.basis].joined(separator: "\t"))
    }
    try (lines.joined(separator: "\n") + "\n")
      .write(to: folder.appending(path: "survey.tsv"), atomically: true, encoding: .utf8)
  }

  /// The lines as they are kept.
  public func lines() throws -> [Line] {
    let text = try String(contentsOf: folder.appending(path: "survey.tsv"), encoding: .utf8)
    return try text.split(separator: "\n").enumerated().map { number, line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5 else {
        throw NotesError("survey.tsv:\(number + 1): a line has 5 fields, this one \(cells.count)")
      }
      return Line(
        subject: cells[0], setting: cells[1], promise: cells[2],
        history: cells[3] == "yes" ? nil : cells[3], basis: cells[4])
    }
  }

  /// The table for the Notes: a row a subject and setting, a column a promise; a *no* leads to its
  /// history.
  func markdown() throws -> String {
    let lines = try lines()
    var promises: [String] = []
    var rows: [String] = []
    for line in lines {
      if !promises.contains(line.promise) { promises.append(line.promise) }
      let row = "\(line.subject)\t\(line.setting)"
      if !rows.contains(row) { rows.append(row) }
    }
    let body = rows.map { row -> [String] in
      let own = lines.filter { "\($0.subject)\t\($0.setting)" == row }
      let cells = promises.map { promise -> String in
        guard let line = own.first(where: { $0.promise == promise }) else { return "" }
        return line.history.map { "[no](../\(path)/Refuted/\($0))" } ?? "yes"
      }
      let names = row.split(separator: "\t").map(String.init)
      return names + cells + [Self.bases(of: own)]
    }
    return Measured.table(["store", "what may fail"] + promises + ["a yes rests on"], body)
  }

  /// What the yeses of a row rest on: what most of them do, and which rest on something else.
  private static func bases(of row: [Line]) -> String {
    var promises: [(basis: String, promises: [String])] = []
    for line in row where line.history == nil && !line.basis.isEmpty {
      if let place = promises.firstIndex(where: { $0.basis == line.basis }) {
        promises[place].promises.append(line.promise)
      } else {
        promises.append((line.basis, [line.promise]))
      }
    }
    guard let most = promises.max(by: { $0.promises.count < $1.promises.count }) else { return "" }
    let others = promises.filter { $0.basis != most.basis }.map {
      "\($0.promises.joined(separator: ", ")): \($0.basis)"
    }
    return ([most.basis] + others).joined(separator: "<br>")
  }
}
