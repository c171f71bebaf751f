public import Conformance
public import Foundation

extension Case {
  /// The case that a fixture writes.
  package init(_ fixture: ServiceFixture) {
    let parts = fixture.id.split(separator: "-")
    self.init(
      CaseLabel(
        id: fixture.id, slug: fixture.slug, title: fixture.title, level: fixture.level,
        claims: fixture.claims, chapter: "zookeeper",
        topic: parts.count > 1 ? parts[1].lowercased() : "case", place: fixture.place,
        why: fixture.why),
      .conversation(ServiceCase(fixture)))
  }
}

extension Case {
  /// The conversation with a ZooKeeper service; nil if it is none.
  package var service: ServiceCase? {
    guard case .conversation(let conversation) = judge else { return nil }
    return conversation as? ServiceCase
  }
}

extension CaseLibrary {
  /// Reads all service fixtures below `folder`.
  ///
  /// - Parameter name: What stands before the path in reports: `Fixtures`.
  public init(folder: URL, name: String = "Fixtures") throws(FixtureError) {
    try self.init(folder: folder, name: name) { (text, file) throws(FixtureError) in
      // Fixtures of databases may stand beside: their ids say so.
      let isOfDatabases = text.split(whereSeparator: \.isNewline).contains { line in
        line.hasPrefix("case: \(FixtureName.ofDatabases)")
      }
      return isOfDatabases ? [] : try Self.cases(in: text, file: file)
    }
  }

  /// The cases of one file.
  public static func cases(inFile path: String) throws(FixtureError) -> [Case] {
    try cases(inFile: path, read: cases(in:file:))
  }

  /// The cases that a text writes: one, or a family.
  @Sendable public static func cases(
    in text: String, file: String
  ) throws(FixtureError) -> [Case] {
    try ServiceFixture.read(text, file: file).map { Case($0) }
  }
}
