import Foundation

/// A source file as the checks of this suite see it: a path below the package's folder, and lines.
struct SourceFile: Sendable {
  let path: String
  let lines: [String]

  /// Lines with their numbers, comments and string literals' contents left out.
  let code: [(number: Int, text: String)]

  init(path: String, text: String) {
    self.path = path
    lines = text.components(separatedBy: "\n")
    code = CodeReader.lines(of: text).enumerated().map { ($0.offset + 1, $0.element) }
  }

  /// The lines of code in which this word stands: cheap, before anything dearer is asked of them.
  func code(with words: String...) -> [(number: Int, text: String)] {
    code.filter { line in words.contains { line.text.utf8.contains($0.utf8) } }
  }
}

extension String.UTF8View {
  func contains(_ word: String.UTF8View) -> Bool {
    guard let first = word.first else { return true }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: word) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}

/// The package's folder, and the files below it.
enum Package {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// The Swift files of `Sources` and `Tests`, read once.
  static let sources = Result { try readSwiftFiles(in: "Sources") }
  static let tests = Result { try readSwiftFiles(in: "Tests") }

  /// The pages of the Notes but the glossary.
  static func notes() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Notes").path)
      .filter { $0.hasSuffix(".md") && $0 != "Glossary.md" }.map { try text("Notes/\($0)") }
  }

  private static func readSwiftFiles(in top: String) throws -> [SourceFile] {
    try [top].flatMap { top in
      let below = folder.appending(path: top)
      let names = FileManager.default.enumerator(atPath: below.path)?.allObjects ?? []
      return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
        let text = try String(contentsOf: below.appending(path: $0), encoding: .utf8)
        return SourceFile(path: "\(top)/\($0)", text: text)
      }
    }
  }
}

/// A place where a rule of style is broken.
struct Finding: Hashable, CustomStringConvertible {
  let place: String
  let what: String

  var description: String { "\(place): \(what)" }
}
