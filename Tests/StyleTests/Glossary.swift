import Foundation

/// The page `Notes/Glossary.md`: a term or several in bold in a row, and one meaning.
enum Glossary {
  /// Terms that stand in two rows.
  static func doubled(_ markdown: String, path: String) -> [Finding] {
    var seen: [String: Int] = [:]
    return terms(in: markdown).compactMap { number, term in
      defer { seen[term] = seen[term] ?? number }
      return seen[term].map {
        Finding(place: "\(path):\(number)", what: "'\(term)' has a meaning in line \($0)")
      }
    }
  }

  /// Terms that no page and no source uses.
  static func unused(_ markdown: String, path: String, in texts: [String]) -> [Finding] {
    terms(in: markdown).filter { _, term in
      !texts.contains { $0.range(of: term, options: .caseInsensitive) != nil }
    }.map { Finding(place: "\(path):\($0)", what: "'\($1)' is used nowhere") }
  }

  static func terms(in markdown: String) -> [(number: Int, term: String)] {
    markdown.components(separatedBy: "\n").enumerated().flatMap { offset, line in
      let cells = line.split(separator: "|")
      guard cells.count == 2 else { return [(number: Int, term: String)]() }
      return cells[0].matches(of: /\*\*([^*]+)\*\*/).map { (offset + 1, String($0.1)) }
    }
  }
}
