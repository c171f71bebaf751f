import Catalogue
import Foundation
import Lab
import ProtocolCore

/// What the properties and the conditions of a chapter say, from the comments above them.
enum Promised {
  /// A chapter's properties: name, form, and what it says.
  static func properties(of chapter: String, below folder: URL) throws -> String {
    func table<L: Laboratory>(_ laboratory: L.Type) throws -> String {
      let comments = try Comments(of: L.self, on: "Property", below: folder)
      let rows = try L.Subject.Property.allCases.map { property in
        ["`\(property.rawValue)`", words(of: property.form), try comments.of("\(property)")]
      }
      return Measured.table(["property", "form", "what it says"], rows)
    }
    return try table(Runs.laboratory(chapter))
  }

  /// A chapter's conditions: the words of a check, and what it says of a node.
  static func conditions(of chapter: String, below folder: URL) throws -> String {
    func table<L: Laboratory>(_ laboratory: L.Type) throws -> String {
      let comments = try Comments(of: L.self, on: "Condition", below: folder)
      let rows = try L.Subject.Condition.allCases.map { condition in
        ["`= \(condition.rawValue)`", try comments.of("\(condition)")]
      }
      return Measured.table(["check", "what it says of each node that is named behind it"], rows)
    }
    return try table(Runs.laboratory(chapter))
  }

  /// In which sense it must hold, and of what.
  private static func words<C: Named>(of form: PropertyForm<C>) -> String {
    switch form {
    case .always: "always"
    case .sometimes(let condition): "sometimes *\(condition.rawValue)*"
    case .recovers(let condition, repaired: true, healed: true):
      "*\(condition.rawValue)* in the end, when all is repaired"
    case .recovers(let condition, repaired: true, healed: false):
      "*\(condition.rawValue)* in the end, when whoever is down starts again"
    case .recovers(let condition, repaired: false, healed: true):
      "*\(condition.rawValue)* in the end, when what is cut heals"
    case .recovers(let condition, repaired: false, healed: false):
      "*\(condition.rawValue)* in the end, when nothing is repaired"
    }
  }
}

/// The comments above the cases of a type, in the sources of a chapter and of its problem.
private struct Comments {
  private let chapter: String
  private var texts: [String: String] = [:]

  /// Of the type with this name; what the chapter's problem says of a case is taken first.
  init<L: Laboratory>(of laboratory: L.Type, on type: String, below folder: URL) throws {
    chapter = L.name
    let sources = "Sources/Chapters/\(L.folder)"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: sources).path)
    for name in names.sorted() where name.hasSuffix(".swift") {
      let lines = try Self.lines("\(sources)/\(name)", below: folder)
      guard lines.contains(where: { $0.contains("enum \(type): String") }) else { continue }
      read(lines, type)
      let problems = lines.filter { $0.hasPrefix("public import ") }.map { $0.dropFirst(14) }
      for problem in problems { try read(problem: String(problem), type, below: folder) }
    }
  }

  /// What is said of this case.
  func of(_ name: String) throws -> String {
    guard let text = texts[name] else {
      throw NotesError("\(chapter): nothing is said of '\(name)' in the sources")
    }
    return text
  }

  private mutating func read(problem: String, _ type: String, below folder: URL) throws {
    let path = "Sources/Problems/\(problem)"
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: path).path)
    for name in (names ?? []).sorted() where name.hasSuffix("+\(type).swift") {
      read(try Self.lines("\(path)/\(name)", below: folder), type)
    }
  }

  private mutating func read(_ lines: [String], _ type: String) {
    guard let first = lines.firstIndex(where: { $0.contains("enum \(type): String") })
    else { return }
    let margin = lines[first].prefix { $0 == " " }
    var comment: [Substring] = []
    for line in lines.dropFirst(first + 1) {
      if line.hasPrefix("\(margin)}") { return }
      let words = line.drop { $0 == " " }
      if words.hasPrefix("///") {
        if words.count > 4 { comment.append(words.dropFirst(4)) }
      } else {
        if words.hasPrefix("case "), !comment.isEmpty {
          let text = comment.joined(separator: " ").replacing("``", with: "`")
          let names = words.dropFirst(5).split(separator: " = ")[0].split(separator: ", ")
          for name in names { texts[String(name)] = text }
        }
        comment = []
      }
    }
  }

  private static func lines(_ path: String, below folder: URL) throws -> [String] {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      .components(separatedBy: "\n")
  }
}
