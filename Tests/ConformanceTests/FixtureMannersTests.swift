import Foundation
import Testing

@testable import Conformance
@testable import ZooKeeperConformance

/// What every fixture of the repository keeps to, beyond what its reader demands.
@Suite struct FixtureMannersTests {
  static let folder = Repository.folder.appending(path: "Fixtures/ZooKeeper")

  /// The paths of all fixtures, below `Fixtures/ZooKeeper`.
  static let files =
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  private func fixtures(_ file: String) throws -> [ServiceFixture] {
    let text = try String(
      contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    return try ServiceFixture.read(text, file: file)
  }

  @Test(arguments: files) func `A fixture is read, and named after its case`(file: String) throws {
    let fixtures = try fixtures(file)
    let name = try #require(FixtureName(file))
    for fixture in fixtures {
      #expect(fixture.id.hasPrefix(name.id) && fixture.slug == name.slug)
    }
  }

  @Test(arguments: files)
  func `A case ends with a look into every inbox, and its last is fenced`(file: String) throws {
    for fixture in try fixtures(file) {
      for client in fixture.clients.map(\.name) {
        let last = fixture.steps.last { $0.client == client }
        #expect(
          last?.does == .act(.sees) && last?.expected.sees?.isEmpty == true,
          "\(fixture.id): the last step of '\(client)' is not 'sees: []'")
      }
    }
  }

  @Test func `No id is used twice`() throws {
    var files: [String: String] = [:]
    for file in Self.files {
      let id = try #require(FixtureName(file)).id
      #expect(files.updateValue(file, forKey: id) == nil, "\(id)")
    }
  }
}
