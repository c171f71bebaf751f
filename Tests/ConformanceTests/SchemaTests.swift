import Foundation
import Testing

@testable import Conformance
@testable import ZooKeeperConformance

enum Repository {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

@Suite struct SchemaTests {
  @Test func `The schema beside the fixtures is the one that the table prints`() throws {
    let file = Repository.folder.appending(path: "Fixtures/service-fixture.schema.json")
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(
      kept == FixtureFormat.schema,
      "write it anew: quorate schema > Fixtures/service-fixture.schema.json")
  }

  @Test func `The schema is JSON`() throws {
    let object = try JSONSerialization.jsonObject(with: Data(FixtureFormat.schema.utf8))
    #expect((object as? [String: Any])?["$defs"] != nil)
  }

  @Test(
    .enabled(
      if: Python.isRequired || Python.has("jsonschema", "yaml"), "python3 lacks jsonschema or yaml")
  )
  func `Every fixture fits the schema, and planted mistakes do not`() throws {
    let below = Repository.folder.appending(path: "Fixtures")
    let files = FileManager.default.enumerator(atPath: below.path)?.compactMap { $0 as? String }
    let fixtures = (files ?? []).filter { $0.hasSuffix(".yaml") }.map {
      below.appending(path: $0).path
    }
    #expect(fixtures.count >= 5)
    let schema = below.appending(path: "service-fixture.schema.json").path
    let run = try Python.run([Python.script("check-schema.py"), schema] + fixtures)
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
