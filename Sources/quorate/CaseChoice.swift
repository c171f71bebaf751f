import ArgumentParser
import Catalogue
import Conformance
import Foundation
import PostgreSQLConformance
import ProtocolCore
import Targets
import ZooKeeperConformance

/// Which cases are meant.
struct CaseChoice: ParsableArguments {
  @Option(
    name: .customLong("case"),
    help: ArgumentHelp(
      "Only cases whose id matches, such as 'ZK-WATCH-*'; may be repeated.", valueName: "glob"))
  var wanted: [String] = []

  @Option(
    name: .customLong("skip"),
    help: ArgumentHelp("Not those whose id matches; may be repeated.", valueName: "glob"))
  var skipped: [String] = []

  @Option(
    help: "Only cases of this chapter: zookeeper, \(Catalogue.names.joined(separator: ", ")).")
  var chapter: String?

  @Option(
    help: ArgumentHelp(
      """
      The folder of the fixtures; of one of your own, with files called ID-a-few-words.yaml, these \
      alone are judged.
      """, valueName: "folder"))
  var fixtures: String?

  @Option(
    help: ArgumentHelp(
      "A folder of your own fixtures, judged beside the others; may be repeated.",
      valueName: "folder"))
  var also: [String] = []

  /// All cases that there are.
  ///
  /// In a folder that is named, and is not the suite's own, only its fixtures are: generated cases
  /// do not stand in for them.
  func library() throws -> [Case] {
    guard let folder = fixtures.map({ URL(filePath: $0) }) ?? Installation.fixtures() else {
      throw failure(.usage, Installation.nowhere)
    }
    do {
      let name = fixtures.map(Self.trimmed) ?? "Fixtures"
      let written = try CaseLibrary(folder: folder, name: name).cases
      let chapters = try ChapterCases.all(in: folder, name: name)
      let runs = chapters.filter { $0.label.place.file.hasSuffix(".run") }
      let isWhole = Installation.isWhole(folder)
      let isEmpty = written.isEmpty && (isWhole || runs.isEmpty)
      guard !isEmpty else { throw failure(.usage, Self.empty(fixtures ?? folder.path)) }
      guard isWhole else { return try beside(written + runs, ofDatabases: false) }
      // The grid comes last: many small cases keep all cores busy until the end.
      let recipes = try RecipeCases.all(in: folder, name: name)
      let all = written + ClientCases.all + chapters + recipes + Grid.cases
      return try beside(all, ofDatabases: false)
    } catch let error as Refusal {
      throw error
    } catch {
      throw failure(.usage, "\(error)")
    }
  }

  /// The cases that databases are asked, of the suite or of a folder that is named.
  func databaseCases() throws -> [Case] {
    guard let folder = fixtures.map({ URL(filePath: $0) }) ?? Installation.fixtures() else {
      throw failure(.usage, Installation.nowhere)
    }
    do {
      let name = fixtures.map(Self.trimmed) ?? "Fixtures"
      let cases = try CaseLibrary(folder: folder, name: name) {
        (text, file) throws(FixtureError) in
        DatabaseCases.isMeant(text) ? try DatabaseCases.reading(.suite)(text, file) : []
      }.cases
      guard !cases.isEmpty else { throw failure(.usage, Self.empty(fixtures ?? folder.path)) }
      return try beside(cases, ofDatabases: true)
    } catch let error as FixtureError {
      throw failure(.usage, "\(error)")
    }
  }

  /// These cases and those of the folders that stand beside them, whose ids are others.
  private func beside(_ cases: [Case], ofDatabases: Bool) throws -> [Case] {
    var all = cases
    var files = Dictionary(cases.map { ($0.label.id, $0.label.place.file) }) { first, _ in first }
    for path in also {
      let own = try CaseLibrary(
        folder: URL(filePath: path), name: Self.trimmed(path), read: Self.read(_:file:)
      ).cases
      guard !own.isEmpty else { throw failure(.usage, Self.empty(path)) }
      let meant = own.filter { DatabaseCases.isMeant(id: $0.label.id) == ofDatabases }
      guard !meant.isEmpty else {
        let others = ofDatabases ? "services" : "databases"
        throw failure(.usage, "'\(path)' holds fixtures for \(others) alone; nothing was judged")
      }
      for each in meant {
        if let other = files.updateValue(each.label.place.file, forKey: each.label.id) {
          throw FixtureError(each.label.place, .duplicateCase(each.label.id, other: other))
        }
        all.append(each)
      }
    }
    return all
  }

  /// All cases, whatever is asked: a service, a database, a chapter.
  func everyKind() throws -> [Case] {
    let others = try library()
    let isWhole =
      (fixtures.map { URL(filePath: $0) } ?? Installation.fixtures())
      .map(Installation.isWhole) ?? false
    return isWhole ? others + (try databaseCases()) : others
  }

  /// Reads a fixture of any kind.
  static func cases(inFile path: String) throws(FixtureError) -> [Case] {
    try CaseLibrary.cases(inFile: path, read: read(_:file:))
  }

  /// Reads the text of a fixture of any kind.
  @Sendable private static func read(
    _ text: String, file: String
  ) throws(FixtureError) -> [Case] {
    DatabaseCases.isMeant(text)
      ? try DatabaseCases.reading(.suite)(text, file)
      : try CaseLibrary.cases(in: text, file: file)
  }

  private static func empty(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let why =
      !exists ? ": there is no such folder" : isFolder.boolValue ? "" : ": it is no folder"
    return "'\(path)' holds no fixtures; nothing was judged\(why)"
  }

  private static func trimmed(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// A choice of all cases of the suite.
  static func everything() -> CaseChoice { named(nil) }

  /// A choice of all cases in a folder, or of the suite.
  static func named(_ fixtures: String?) -> CaseChoice {
    var choice = CaseChoice()
    choice.fixtures = fixtures
    choice.wanted = []
    choice.skipped = []
    choice.chapter = nil
    choice.also = []
    return choice
  }

  /// The cases that are meant.
  func chosen() throws -> [Case] { try chosen(among: try everyKind()) }

  /// The cases among these that are meant.
  func chosen(among all: [Case]) throws -> [Case] {
    let chapters = Set(all.map(\.label.chapter)).sorted()
    if let chapter, !chapters.contains(chapter) {
      let near = nearest(to: chapter, among: chapters).map { "; did you mean '\($0)'?" }
      throw failure(
        .usage,
        "no case is of the chapter '\(chapter)'"
          + (near ?? "; there are \(chapters.joined(separator: ", "))"))
    }
    let chosen = all.filter { each in
      let id = each.label.id
      return (chapter.map { $0 == each.label.chapter } ?? true)
        && (wanted.isEmpty || wanted.contains { Glob($0).matches(id) })
        && !skipped.contains { Glob($0).matches(id) }
    }
    for glob in wanted + skipped where !all.contains(where: { Glob(glob).matches($0.label.id) }) {
      throw failure(.usage, CaseChoice.unknown(glob, among: all))
    }
    guard !chosen.isEmpty else {
      throw failure(
        .usage,
        "no case matches; there are \(all.count) cases, of \(chapters.joined(separator: ", "))")
    }
    return chosen
  }

  /// That no case is called so, and which is nearly.
  static func unknown(_ name: String, among cases: [Case]) -> String {
    let ids = cases.map { $0.label.id.split(separator: "[").first.map(String.init) ?? "" }
    let named = Dictionary(ids.map { ($0.uppercased(), $0) }) { first, _ in first }
    let near =
      nearest(to: name.uppercased(), among: ids.map { $0.uppercased() }).flatMap { named[$0] }
      .map { "; did you mean \($0)?" } ?? ""
    return "no case matches '\(name)'\(near)"
  }
}
