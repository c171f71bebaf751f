import Foundation

/// Cases of a machine's switch that pass over whatever is left.
enum CatchAlls {
  /// In a switch over a state: a `default`, or a case of any state that does nothing and does not
  /// say in a comment above it what it ignores, and why.
  static func unexplained(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    var subjects: [(indent: Int, isState: Bool)] = []
    for (offset, line) in file.code.enumerated() {
      let indent = line.text.prefix { $0 == " " }.count
      let text = line.text.dropFirst(indent)
      if let start = text.range(of: "switch ") {
        subjects.removeAll { $0.indent >= indent }
        subjects.append((indent, text[start.upperBound...].contains("state")))
      }
      guard let subject = subjects.last(where: { $0.indent == indent }), subject.isState else {
        continue
      }
      if text.hasPrefix("default:") {
        findings.append(
          Finding(place: "\(file.path):\(line.number)", what: "a default over states"))
      }
      guard text.hasPrefix("case "), let clause = Clause(in: file, from: offset) else { continue }
      let above = offset > 0 ? file.lines[offset - 1].drop { $0 == " " } : ""
      if clause.isOfAnyState, clause.doesNothing, !above.hasPrefix("//") {
        findings.append(
          Finding(place: "\(file.path):\(line.number)", what: "ignores what it does not name"))
      }
    }
    return findings
  }

  /// The patterns of a case and the first line of its body.
  private struct Clause {
    let patterns: String
    let body: String

    /// Reads on from the line with `case` to the colon outside all parentheses.
    init?(in file: SourceFile, from start: Int) {
      var patterns = ""
      var depth = 0
      for index in start..<min(start + 20, file.code.count) {
        let text = file.code[index].text
        for (place, character) in zip(text.indices, text) {
          if character == "(" { depth += 1 }
          if character == ")" { depth -= 1 }
          guard character == ":", depth == 0 else { continue }
          let rest = text[text.index(after: place)...].drop { $0 == " " }
          let next = index + 1 < file.code.count ? file.code[index + 1].text : ""
          self.patterns = patterns + text[..<place]
          body = String(rest.isEmpty ? next.drop { $0 == " " } : rest)
          return
        }
        patterns += text + " "
      }
      return nil
    }

    var isOfAnyState: Bool { patterns.contains("(_,") || patterns.hasSuffix("case _") }
    var doesNothing: Bool { ["[]", "return []", "break"].contains(body.trimmed) }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
