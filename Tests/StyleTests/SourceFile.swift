import Foundation

/// A source file as the checks of this suite see it: a path below the package's folder, and lines.
struct SourceFile: Sendable {
  let path: String
  let lines: [String]

  init(path: String, text: String) {
    self.path = path
    self.lines = text.components(separatedBy: "\n")
  }

  /// Lines with their numbers, comments and string literals' contents left out.
  var code: [(number: Int, text: String)] {
    lines.enumerated().map { ($0.offset + 1, SourceFile.code(of: $0.element)) }
  }

  private static func code(of line: String) -> String {
    var code = ""
    var quoted = false
    var previous: Character = " "
    for character in line {
      if character == "\"", previous != "\\" { quoted.toggle() }
      if !quoted, character == "/", previous == "/" { return String(code.dropLast()) }
      if !quoted || character == "\"" { code.append(character) }
      previous = character
    }
    return code
  }
}

/// The package's folder, and the files below it.
enum Package {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// The Swift files below these folders, by path.
  static func swiftFiles(in folders: [String]) throws -> [SourceFile] {
    try folders.flatMap { top in
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
