import Conformance
public import Foundation
import ZooKeeperConformance

/// On which editions of Apache's server a fixture was played: its line `seen`, and the table of
/// verdicts.
public struct SeenEditions {
  /// A fixture's file, what it says and what the table says.
  public struct Entry {
    /// The fixture, `Fixtures/ZooKeeper/…`.
    public let file: String
    /// What its line says.
    public let said: [String]
    /// What the table says: a family is seen where any of its members is.
    public let told: [String]
  }

  /// The fixtures, in the order of their files.
  public let entries: [Entry]
  private let fixtures: URL

  /// Reads fixtures and table below the folder `Fixtures`.
  public init(in fixtures: URL) throws {
    self.fixtures = fixtures
    let path = "ZooKeeper/verdicts.tsv"
    let text = try String(contentsOf: fixtures.appending(path: path), encoding: .utf8)
    let table = try VerdictTable(text, file: path)
    var seen: [String: (said: [String], told: Set<String>)] = [:]
    for each in try CaseLibrary(folder: fixtures).cases {
      guard let fixture = each.service?.written else { continue }
      let told = seen[each.label.place.file]?.told ?? []
      seen[each.label.place.file] = (fixture.seen, told.union(table.seen(each.label.id)))
    }
    entries = seen.keys.sorted().compactMap { file in
      seen[file].map {
        Entry(file: file, said: $0.said, told: table.columns.filter($0.told.contains))
      }
    }
  }

  /// Writes what the table says into the fixtures.
  public func write() throws {
    for entry in entries where entry.said != entry.told {
      let url = fixtures.deletingLastPathComponent().appending(path: entry.file)
      let line = "seen: [" + entry.told.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
      let lines = try String(contentsOf: url, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      let new = lines.map { $0.hasPrefix("seen:") ? line : String($0) }.joined(separator: "\n")
      try Data(new.utf8).write(to: url, options: .atomic)
    }
  }
}
