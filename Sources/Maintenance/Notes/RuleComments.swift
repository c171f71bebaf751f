import Foundation

/// What the source says of the rules of recipes: the comment above each.
struct RuleComments {
  /// What a rule says, and where it comes from.
  private(set) var texts: [String: (what: String, source: String)] = [:]

  init(below folder: URL) throws {
    let path = folder.appending(path: "Sources/Recipes/Rule.swift")
    var comment: [String] = []
    for line in try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n") {
      let words = line.trimmingCharacters(in: .whitespaces)
      if words.hasPrefix("///") {
        comment.append(words.dropFirst(3).trimmingCharacters(in: .whitespaces))
      } else {
        if words.hasPrefix("case ") { texts[String(words.dropFirst(5))] = Self.parts(comment) }
        comment = []
      }
    }
  }

  /// The first paragraph, and what stands behind the word `Source:`.
  private static func parts(_ comment: [String]) -> (what: String, source: String) {
    let paragraphs = comment.split(separator: "").map { $0.joined(separator: " ") }
    let source = paragraphs.first { $0.hasPrefix("Source: ") }?.dropFirst(8) ?? ""
    return (paragraphs.first ?? "", String(source))
  }
}
