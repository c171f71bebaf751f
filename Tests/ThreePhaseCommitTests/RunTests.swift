import Foundation
import Lab
import ProtocolCore
import Studies
import Testing
import ThreePhaseCommit

/// The chapter's runs; with `QUORATE_UPDATE=1` what followed is rewritten.
enum Runs {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/ThreePhaseCommit")

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".run") }.sorted()

  /// The runs that tell a story of the literature.
  static let scenarios = names.filter { $0.hasPrefix("3PC-S") }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  static func file(_ name: String) throws -> RunFile {
    try RunFile(text(name), path: "Fixtures/ThreePhaseCommit/\(name)")
  }

  /// The run that a line `from` names, by its id.
  static func prelude(_ id: String) throws -> RunFile? {
    try names.first { $0.hasPrefix(id + "-") || $0 == id + ".run" }.map { try file($0) }
  }

  static func playback(_ name: String) throws -> Playback<Play> {
    try Playback<Play>(file(name), flaws: ThreePhaseCommitStudy.flaws, prelude: prelude)
  }
}

struct RunTests {
  @Test(arguments: Runs.names)
  func `A run reads as it was written`(name: String) throws {
    let playback = try Runs.playback(name)
    if ProcessInfo.processInfo.environment["QUORATE_UPDATE"] != nil {
      try playback.updated.write(
        to: Runs.folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    for failure in playback.failures { Issue.record("\(failure)") }
    #expect(playback.file.chapter == Play.name)
    #expect("3PC-\(name)".hasPrefix(playback.file.id) || name.hasPrefix(playback.file.id))
  }
}
