import Foundation
import Testing

@testable import Conformance
@testable import PostgreSQLConformance
@testable import ZooKeeperConformance

enum Repository {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

@Suite struct SchemaTests {
  /// A kind of fixtures that has a format of its own.
  enum Kind: String, CaseIterable {
    case service, database

    /// What prints its schema.
    var command: String { self == .service ? "quorate schema" : "quorate schema --for postgresql" }
    var schema: String { self == .service ? FixtureFormat.schema : DatabaseFormat.schema }
    var file: URL { Repository.folder.appending(path: "Fixtures/\(rawValue)-fixture.schema.json") }
    /// Where its fixtures stand, and how many there are at least.
    var fixtures: (folder: String, count: Int) {
      self == .service ? ("ZooKeeper", 300) : ("PostgreSQL", 60)
    }
  }

  @Test(arguments: Kind.allCases)
  func `The schema beside the fixtures is the one that the table prints`(kind: Kind) throws {
    let kept = try? String(contentsOf: kind.file, encoding: .utf8)
    #expect(
      kept == kind.schema,
      "write it anew: \(kind.command) > Fixtures/\(kind.rawValue)-fixture.schema.json")
  }

  @Test(arguments: Kind.allCases)
  func `The schema is JSON`(kind: Kind) throws {
    let object = try JSONSerialization.jsonObject(with: Data(kind.schema.utf8))
    #expect((object as? [String: Any])?["$defs"] != nil)
  }

  @Test(
    .enabled(
      if: Python.isRequired || Python.has("jsonschema", "yaml"), "no jsonschema or yaml"),
    arguments: Kind.allCases
  )
  func `Every fixture fits the schema, and planted mistakes do not`(kind: Kind) throws {
    let below = Repository.folder.appending(path: "Fixtures/\(kind.fixtures.folder)")
    let files = FileManager.default.enumerator(atPath: below.path)?.compactMap { $0 as? String }
    let fixtures = (files ?? []).filter { $0.hasSuffix(".yaml") }.map {
      below.appending(path: $0).path
    }
    #expect(fixtures.count >= kind.fixtures.count)
    let run = try Python.run([Python.script("check-schema.py"), kind.file.path] + fixtures)
    #expect(run.status == 0 && run.output == "", "\(run.output)")
  }

  @Test(.enabled(if: Python.isRequired || Python.has("jsonschema"), "python3 has no jsonschema"))
  func `Every line of a history fits its schema, and planted mistakes do not`() throws {
    let below = Repository.folder.appending(path: "Fixtures")
    let names = FileManager.default.enumerator(atPath: below.path + "/Histories")
    let files = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".ndjson") }
    #expect(files.count >= 2)
    let schema = below.appending(path: "history.schema.json").path
    let paths = files.map { below.appending(path: "Histories/\($0)").path }
    let run = try Python.run([Python.script("check-histories.py"), schema] + paths)
    #expect(run.status == 0 && run.output == "", "\(run.output)")
  }
}
