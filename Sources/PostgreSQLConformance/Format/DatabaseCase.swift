public import Conformance

/// A conversation with a database.
public struct DatabaseCase: Conversation {
  /// What is said, and what must follow.
  package let fixture: DatabaseFixture

  /// It stands in a file.
  public var drawnText: String? { nil }
}

extension Case {
  /// The case that a database's fixture writes.
  package init(_ fixture: DatabaseFixture) {
    let parts = fixture.id.split(separator: "-")
    self.init(
      CaseLabel(
        id: fixture.id, slug: fixture.slug, title: fixture.title, level: fixture.level,
        claims: fixture.claims, chapter: "postgresql",
        topic: parts.count > 1 ? parts[1].lowercased() : "case", place: fixture.place,
        why: fixture.why),
      .conversation(DatabaseCase(fixture: fixture)))
  }
}

/// The cases that databases are asked.
public enum DatabaseCases {
  /// Whether an id is of a case for databases.
  public static func isMeant(id: String) -> Bool { id.hasPrefix(FixtureName.ofDatabases) }

  /// Whether a text writes such a case, or means to.
  public static func isMeant(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      line.hasPrefix("case: \(FixtureName.ofDatabases)")
    }
  }

  /// How a text is read that writes one case, or a family.
  ///
  /// - Parameter claims: The claims that a case may cite.
  public static func reading(_ claims: Claims) -> CaseLibrary.Reading {
    { (text, file) throws(FixtureError) in
      try DatabaseFixture.read(text, file: file, claims: claims).map { Case($0) }
    }
  }
}
