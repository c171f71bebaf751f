import Foundation

/// A page of the Notes: written text, and blocks between markers that are made from sources and
/// runs.
///
///     <!-- generated: excerpt Sources/Chapters/ZooKeeper/Watches.swift#trigger -->
///     …
///     <!-- end -->
struct Page {
  let name: String
  let text: String

  /// A block: what its marker asks for, and what stands there now.
  struct Block: Equatable {
    let line: Int
    let kind: String
    let arguments: [String]
    let body: String
  }

  private func error(_ what: String, at line: Int) -> NotesError {
    NotesError(what, at: "Notes/\(name):\(line)")
  }

  /// The lines of the page, cut into written and generated parts.
  private enum Member {
    case written(String)
    case generated(marker: String, Block)
  }

  private func parts() throws -> [Member] {
    var parts: [Member] = []
    var open: (marker: String, line: Int, body: [String])?
    for (offset, line) in text.components(separatedBy: "\n").enumerated() {
      if let match = line.firstMatch(of: /^<!-- generated: (.*) -->$/) {
        if let open { throw error("a block without its <!-- end -->", at: open.line) }
        open = (String(match.1), offset + 1, [])
      } else if line == "<!-- end -->" {
        guard let block = open else {
          throw error("an <!-- end --> without its block", at: offset + 1)
        }
        let words = block.marker.split(separator: " ").map(String.init)
        parts.append(
          .generated(
            marker: block.marker,
            Block(
              line: block.line, kind: words.first ?? "", arguments: Array(words.dropFirst()),
              body: block.body.joined(separator: "\n"))))
        open = nil
      } else if open != nil {
        open?.body.append(line)
      } else {
        parts.append(.written(line))
      }
    }
    if let open { throw error("a block without its <!-- end -->", at: open.line) }
    return parts
  }

  /// The runs and cases that the page tells the reader to write, with the ends of their files'
  /// names.
  var readersFiles: [(kind: String, text: String)] {
    var files: [(kind: String, text: String)] = []
    var body: [String]?
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        if let lines = body {
          let text = lines.joined(separator: "\n") + "\n"
          if lines.first?.hasPrefix("run  ") == true { files.append(("run", text)) }
          if lines.first?.hasPrefix("case:") == true { files.append(("yaml", text)) }
          if lines.first?.hasPrefix("recipe ") == true { files.append(("recipe", text)) }
        }
        body = body == nil ? [] : nil
      } else {
        body?.append(line)
      }
    }
    return files
  }

  /// The generated blocks, in order.
  func blocks() throws -> [Block] {
    try parts().compactMap { if case .generated(_, let block) = $0 { block } else { nil } }
  }

  /// The page with every block made anew.
  func renewed(by make: (Block) throws -> String) throws -> String {
    try parts().map { part in
      switch part {
      case .written(let line): line
      case .generated(let marker, let block):
        "<!-- generated: \(marker) -->\n\(try make(block))\n<!-- end -->"
      }
    }.joined(separator: "\n")
  }

  /// Targets of links that lead to files of the project, without their anchors; code has none.
  var links: [String] {
    var isCode = false
    return text.components(separatedBy: "\n").flatMap { line -> [String] in
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode, line.contains("](") else { return [] }
      return line.matches(of: /\]\(([^)#]+)(?:#[^)]*)?\)/).map { String($0.1) }
        .filter { !$0.contains("://") }
    }
  }
}
