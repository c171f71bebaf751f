import Foundation
import Lab
import ProtocolCore
import Studies
import Testing

/// A run of a chapter, as its file tells it.
struct Recorded: Hashable, Sendable, CustomTestStringConvertible {
  /// The chapter, as the command names it.
  let chapter: String
  /// The file.
  let name: String

  var testDescription: String { "\(chapter) \(name)" }

  static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// The runs of all chapters.
  static let all = Studies.all.flatMap { runs(of: $0) }

  /// The runs that tell a story of the literature.
  static let scenarios = all.filter { $0.name.hasPrefix("\($0.chapter.uppercased())-S") }

  static func folder<S: Study>(of study: S.Type) -> URL { fixtures.appending(path: S.folder) }

  private static func runs<S: Study>(of study: S.Type) -> [Recorded] {
    names(of: study).map { Recorded(chapter: S.Subject.name, name: $0) }
  }

  static func names<S: Study>(of study: S.Type) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder(of: study).path)) ?? [])
      .filter { $0.hasSuffix(".run") }.sorted()
  }

  static func text<S: Study>(of name: String, _ study: S.Type) throws -> String {
    try String(contentsOf: folder(of: study).appending(path: name), encoding: .utf8)
  }

  static func write<S: Study>(_ text: String, to name: String, _ study: S.Type) throws {
    let url = folder(of: study).appending(path: name)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// The run as it is played; a line `from` names another by its id.
  func playback<S: Study>(_ study: S.Type) throws -> Playback<S.Subject> {
    try Playback<S.Subject>(Self.file(name, study), flaws: S.flaws) { id in
      try Self.names(of: study).first { $0.hasPrefix(id + "-") || $0 == id + ".run" }
        .map { try Self.file($0, study) }
    }
  }

  private static func file<S: Study>(_ name: String, _ study: S.Type) throws -> RunFile {
    try RunFile(text(of: name, study), path: "Fixtures/\(S.folder)/\(name)")
  }
}

/// The study of the chapter that the command calls so.
func study(of chapter: String) throws -> any Study.Type {
  let study = Studies.named(chapter)
  return try #require(study, "no chapter is called \(chapter)")
}

/// Whether what is found is written down, made small with care.
let isRecording = ProcessInfo.processInfo.environment["QUORATE_RECORD"] != nil

/// Whether what followed is rewritten.
let isUpdating = ProcessInfo.processInfo.environment["QUORATE_UPDATE"] != nil
