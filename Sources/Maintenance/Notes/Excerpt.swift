import Foundation

/// A piece of a source file, between a line `// begin name` and a line `// end name`.
enum Excerpt {
  /// The region as Markdown: the code, its indentation taken off, and a link to where it stands.
  static func markdown(of reference: String, below folder: URL) throws -> String {
    let halves = reference.split(separator: "#", maxSplits: 1).map(String.init)
    let path = halves[0]
    let name = halves.count > 1 ? halves[1] : ""
    guard let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8) else {
      throw NotesError("there is no file \(path)")
    }
    let lines = text.components(separatedBy: "\n")
    func mark(_ word: String) -> Int? {
      lines.firstIndex { $0.trimmingCharacters(in: .whitespaces) == "// \(word) \(name)" }
    }
    guard let begin = mark("begin"), let end = mark("end"), begin < end else {
      throw NotesError("\(path) has no region '// begin \(name)' … '// end \(name)'")
    }
    let code = lines[(begin + 1)..<end]
    let margin = code.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    let body = code.map { String($0.dropFirst(margin)) }.joined(separator: "\n")
    return "```swift\n\(body)\n```\n[\(path)](../\(path)#L\(begin + 2))"
  }
}
