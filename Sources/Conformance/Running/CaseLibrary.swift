public import Foundation

/// The fixtures below a folder.
public struct CaseLibrary: Sendable {
  /// The cases, in the order of their ids.
  public let cases: [Case]

  /// How the text of a file is read.
  public typealias Reading =
    @Sendable (_ text: String, _ file: String) throws(FixtureError)
    -> [Case]

  /// Reads all fixtures below `folder`.
  ///
  /// - Parameters:
  ///   - name: What stands before the path in reports: `Fixtures`.
  ///   - read: Reads one file.
  /// - Throws: The first thing that is wrong with any: a fixture that does not parse, a file that
  ///   is not named after its case, an id that stands twice.
  public init(
    folder: URL, name: String = "Fixtures", read: Reading
  ) throws(FixtureError) {
    var cases: [Case] = []
    var files: [String: String] = [:]
    // A folder that is a link would seem to be empty.
    let folder = folder.resolvingSymlinksInPath()
    for path in try Self.paths(below: folder, name).sorted() {
      let file = "\(name)/\(path)"
      for each in try Self.cases(inFile: folder.appending(path: path), as: file, read) {
        let label = each.label
        let id = label.id.split(separator: "[").first.map(String.init) ?? label.id
        guard FixtureName(file)?.id == id else {
          throw FixtureError(Place(file: file), .misnamed(expected: "\(id)-a-few-words.yaml"))
        }
        if let other = files[label.id] {
          throw FixtureError(label.place, .duplicateCase(label.id, other: other))
        }
        files[label.id] = file
        cases.append(each)
      }
    }
    self.cases = cases.sorted { $0.label.id < $1.label.id }
  }

  /// The fixtures' paths; a folder that cannot be read is an error, for nobody knows what it holds.
  private static func paths(
    below folder: URL, _ name: String
  ) throws(FixtureError) -> [String] {
    var unreadable: (path: String, why: String)?
    let files = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: nil
    ) { url, error in
      unreadable = unreadable ?? (url.path, error.localizedDescription)
      return true
    }
    let start = folder.standardizedFileURL.path
    let found = (files?.compactMap { $0 as? URL } ?? []).map(\.standardizedFileURL.path)
    let isThere = FileManager.default.fileExists(atPath: folder.path)
    if isThere, let unreadable, unreadable.path != folder.path {
      throw FixtureError(Place(file: unreadable.path), .unreadable(unreadable.why))
    }
    return found.filter { $0.hasSuffix(".yaml") && $0.hasPrefix(start + "/") }
      .map { String($0.dropFirst(start.count + 1)) }
  }

  /// The cases of one file.
  public static func cases(inFile path: String, read: Reading) throws(FixtureError) -> [Case] {
    try cases(inFile: URL(filePath: path), as: path, read)
  }

  private static func cases(
    inFile file: URL, as name: String, _ read: Reading
  ) throws(FixtureError) -> [Case] {
    let text: String
    do {
      text = try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw FixtureError(Place(file: name), .unreadable(error.localizedDescription))
    }
    return try read(text, name)
  }
}
