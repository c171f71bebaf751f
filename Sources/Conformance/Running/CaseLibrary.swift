public import Foundation

/// The fixtures below a folder.
public struct CaseLibrary: Sendable {
  /// The cases, in the order of their ids.
  public let cases: [Case]

  /// Reads all fixtures below `folder`.
  ///
  /// - Parameter name: What stands before the path in reports: `Fixtures`.
  /// - Throws: The first thing that is wrong with any: a fixture that does not parse, a file that
  ///   is not named after its case, an id that stands twice.
  public init(folder: URL, name: String = "Fixtures") throws(FixtureError) {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    var cases: [Case] = []
    var files: [String: String] = [:]
    for path in (paths ?? []).filter({ $0.hasSuffix(".yaml") }).sorted() {
      let file = "\(name)/\(path)"
      let fixtures = try Self.read(folder.appending(path: path), as: file)
      for fixture in fixtures {
        let id = fixture.id.split(separator: "[").first.map(String.init) ?? fixture.id
        guard FixtureName(file)?.id == id else {
          throw FixtureError(Place(file: file), .misnamed(expected: "\(id)-a-few-words.yaml"))
        }
        if let other = files[fixture.id] {
          throw FixtureError(fixture.place, .duplicateCase(fixture.id, other: other))
        }
        files[fixture.id] = file
        cases.append(Case(fixture))
      }
    }
    self.cases = cases.sorted { $0.label.id < $1.label.id }
  }

  /// The cases of one file.
  public static func cases(inFile path: String) throws(FixtureError) -> [Case] {
    try read(URL(filePath: path), as: path).map { Case($0) }
  }

  /// The cases that a text writes.
  public static func cases(in text: String, file: String) throws(FixtureError) -> [Case] {
    try ServiceFixture.read(text, file: file).map { Case($0) }
  }

  private static func read(_ file: URL, as name: String) throws(FixtureError) -> [ServiceFixture] {
    let text: String
    do {
      text = try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw FixtureError(Place(file: name), .unreadable(error.localizedDescription))
    }
    return try ServiceFixture.read(text, file: name)
  }

  /// The folder `Fixtures`: at or above the working folder, else above the program.
  public static func folder() -> URL? {
    let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
    let starts = [URL(filePath: FileManager.default.currentDirectoryPath), program]
    for start in starts {
      var place = start
      while true {
        let folder = place.appending(path: "Fixtures")
        if FileManager.default.fileExists(
          atPath: folder.appending(path: "service-fixture.schema.json").path)
        {
          return folder
        }
        let above = place.deletingLastPathComponent()
        if above.path == place.path { break }
        place = above
      }
    }
    return nil
  }
}
