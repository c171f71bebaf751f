import Catalogue
import Foundation
import Lab
import ProtocolCore
import Reports

/// What is made of run files and of a chapter's rules.
enum Runs {

  static func laboratory(_ chapter: String) throws -> any Laboratory.Type {
    guard let laboratory = Catalogue.named(chapter) else {
      throw NotesError("no chapter is called '\(chapter)'")
    }
    return laboratory
  }

  static func file(_ path: String, below folder: URL) throws -> RunFile {
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    return try RunFile(text, path: path)
  }

  /// The file itself.
  static func text(_ path: String, below folder: URL) throws -> String {
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    return "```\n\(text.trimmingCharacters(in: .newlines))\n```\n[\(path)](../\(path))"
  }

  /// What a chapter's survey found, as a table.
  static func survey(_ chapter: String, below folder: URL) throws -> String {
    func table<L: Laboratory>(_ laboratory: L.Type) throws -> String {
      try SurveyFile(of: laboratory, in: folder.appending(path: "Fixtures")).markdown()
    }
    return try table(laboratory(chapter))
  }

  /// The run as a picture, and where it is kept.
  static func drawing(
    _ path: String, below folder: URL
  ) throws -> (markdown: String, picture: String, svg: String) {
    let file = try file(path, below: folder)
    let story = try story(of: file, as: laboratory(file.chapter), below: folder)
    let name = picture(of: file)
    let title = "\(file.id): \(file.title)"
    return ("![\(title)](\(name))", name, Drawing(story, title: title).svg)
  }

  /// Where the picture of a run is kept.
  static func picture(of file: RunFile) -> String {
    // What breaks in several chapters has the same name in each.
    let name = (file.path as NSString).lastPathComponent
    let stem = name.replacingOccurrences(of: ".run", with: "")
    let isNamed = stem.hasPrefix(file.chapter.uppercased())
    return "pictures/" + (isNamed ? stem : "\(file.chapter.uppercased())-\(stem)") + ".svg"
  }

  private static func story<S: Laboratory>(
    of file: RunFile, as laboratory: S.Type, below folder: URL
  ) throws -> Story {
    try playback(of: file, laboratory, below: folder).story
  }

  /// A run as it is played, and its story; all that it says must hold.
  static func playback<S: Laboratory>(
    of file: RunFile, _ laboratory: S.Type, below folder: URL
  ) throws -> (playback: Playback<S.Subject>, story: Story) {
    let playback = try Playback<S.Subject>(file, flaws: S.flaws) { name in
      try Runs.prelude(name, in: "Fixtures/\(S.folder)", below: folder)
    }
    if let failure = playback.failures.first { throw NotesError("\(failure)") }
    return (playback, Story(of: playback))
  }

  /// The property that a run says it violates.
  static func violated(in file: RunFile) -> String? {
    for line in file.lines {
      guard case .checks(let checks) = line.kind else { continue }
      for check in checks where check.words.first?.text == "violates" {
        return check.words.dropFirst().map(\.text).joined(separator: " ")
      }
    }
    return nil
  }

  /// The run of this id or file name.
  private static func prelude(
    _ name: String, in runs: String, below folder: URL
  ) throws -> RunFile? {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: runs).path)
    guard let found = names.sorted().first(where: { $0.hasPrefix(name) && $0.hasSuffix(".run") })
    else { return nil }
    return try file("\(runs)/\(found)", below: folder)
  }

  /// A chapter's rules: name, what it says, where it comes from, and the line that enforces it.
  ///
  /// - Parameters:
  ///   - words: the chapter, and the names of the rules if not all are meant.
  ///   - folder: the project's folder.
  static func rules(_ words: [String], below folder: URL) throws -> String {
    try rules(of: laboratory(words.first ?? ""), named: Array(words.dropFirst()), below: folder)
  }

  private static func rules<S: Laboratory>(
    of laboratory: S.Type, named names: [String], below folder: URL
  ) throws -> String {
    let sources = try sources(of: S.self, below: folder)
    let all = S.Subject.Rule.allCases
    if let name = names.first(where: { name in !all.contains { $0.rawValue == name } }) {
      throw NotesError("\(S.name) has no rule \(name)")
    }
    let chosen = all.filter { names.isEmpty || names.contains($0.rawValue) }
    let rows = chosen.map { rule -> String in
      let place = sources.lazy.compactMap { path, lines -> String? in
        let uses = ["(.\(rule.rawValue))", "(.\(rule.rawValue),"]
        guard let line = lines.firstIndex(where: { line in uses.contains { line.contains($0) } })
        else { return nil }
        return "[`\(rule.rawValue)`](../\(path)#L\(line + 1))"
      }.first
      return
        "| \(place ?? "`\(rule.rawValue)`") | \(rule.kind) | \(rule.sentence) | \(rule.source) |"
    }
    return (["| rule | kind | what it says | source |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }

  private static func sources<S: Laboratory>(
    of laboratory: S.Type, below folder: URL
  ) throws -> [(path: String, lines: [String])] {
    let path = "Sources/Chapters/\(S.folder)"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: path).path)
    return try names.sorted().filter { $0.hasSuffix(".swift") && $0 != "Rule.swift" }.map { name in
      let text = try String(
        contentsOf: folder.appending(path: "\(path)/\(name)"), encoding: .utf8)
      return ("\(path)/\(name)", text.components(separatedBy: "\n"))
    }
  }
}
