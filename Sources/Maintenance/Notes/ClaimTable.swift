import Conformance
import Foundation
import ProtocolCore
import Targets

/// What a chapter claims, and the cases that judge it.
enum ClaimTable {

  /// Id, sentence and cases of each claim of a chapter, and what came of them on the reference:
  /// from the table that `make verdicts` has written.
  static func table(of chapter: String, below folder: URL) throws -> String {
    let labels = try ChapterCases.all(in: folder.appending(path: "Fixtures")).map(\.label)
    let verdicts = try VerdictTable(
      String(contentsOf: folder.appending(path: "Fixtures/chapters.tsv"), encoding: .utf8),
      file: "chapters.tsv")
    let prefix = chapter.uppercased() + "-"
    // What is claimed of databases is judged by asking one, not in the laboratory.
    let claims = Claims.suite.all.filter { $0.id.hasPrefix(prefix) && $0.subject != .server }
    guard !claims.isEmpty else { throw NotesError("\(chapter) claims nothing") }
    let rows = try claims.map { claim -> [String] in
      let cases = labels.filter { $0.claims.contains(claim.id) }
      guard !cases.isEmpty else { throw NotesError("no case judges \(claim.id)") }
      guard cases.allSatisfy({ verdicts[$0.id, VerdictTable.reference] != nil }) else {
        throw NotesError("cases of \(claim.id) are not judged yet: make verdicts")
      }
      return [
        claim.id, claim.sentence, links(to: cases, prefix),
        verdict(on: cases.map(\.id), by: verdicts),
      ]
    }
    return Measured.table(["claim", "what it says", "cases", "on the reference"], rows)
  }

  /// How many pass; what else there is, by its name.
  static func verdict(on ids: [String], by table: VerdictTable) -> String {
    let words = ids.map { table[$0, VerdictTable.reference]?.rawValue ?? "not judged" }
    return Set(words).sorted().map { word in "\(words.count { $0 == word }) \(word)" }
      .joined(separator: ", ")
  }

  /// Runs that tell a story are linked; of everything else the kind and the number is told.
  private static func links(to cases: [CaseLabel], _ prefix: String) -> String {
    var parts = cases.filter { $0.topic == "run" }.map { label in
      let id = label.id.hasPrefix(prefix) ? label.id.dropFirst(prefix.count) : label.id[...]
      return "[\(id)](../\(label.place.file))"
    }
    for (topic, name) in [
      ("rule", "broken rule"), ("flaw", "flaw"), ("property", "property"),
    ] {
      let count = cases.count { $0.topic == topic }
      let plural = name == "property" ? "properties" : name + "s"
      if count > 0 { parts.append("\(count) \(count == 1 ? name : plural)") }
    }
    let others = cases.filter { !["run", "rule", "flaw", "property"].contains($0.topic) }
    for topic in Set(others.map(\.topic)).sorted() {
      parts.append("\(others.count { $0.topic == topic }) × \(topic)")
    }
    return parts.joined(separator: ", ")
  }
}
