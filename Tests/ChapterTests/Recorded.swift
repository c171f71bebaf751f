import Catalogue
import Foundation
import Lab
import ProtocolCore
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
  static let all = Catalogue.all.flatMap { runs(of: $0) }

  /// The runs that tell a story of the literature.
  static let scenarios = all.filter { $0.name.hasPrefix("\($0.chapter.uppercased())-S") }

  static func folder<S: Laboratory>(of laboratory: S.Type) -> URL {
    fixtures.appending(path: S.folder)
  }

  private static func runs<S: Laboratory>(of laboratory: S.Type) -> [Recorded] {
    names(of: laboratory).map { Recorded(chapter: S.name, name: $0) }
  }

  static func names<S: Laboratory>(of laboratory: S.Type) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder(of: laboratory).path)) ?? [])
      .filter { $0.hasSuffix(".run") }.sorted()
  }

  static func text<S: Laboratory>(of name: String, _ laboratory: S.Type) throws -> String {
    try String(contentsOf: folder(of: laboratory).appending(path: name), encoding: .utf8)
  }

  static func write<S: Laboratory>(_ text: String, to name: String, _ laboratory: S.Type) throws {
    let url = folder(of: laboratory).appending(path: name)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// The run as it is played; a line `from` names another by its id.
  func playback<S: Laboratory>(_ laboratory: S.Type) throws -> Playback<S.Subject> {
    try Playback<S.Subject>(Self.file(name, laboratory), flaws: S.flaws) { id in
      try Self.names(of: laboratory).first { $0.hasPrefix(id + "-") || $0 == id + ".run" }
        .map { try Self.file($0, laboratory) }
    }
  }

  private static func file<S: Laboratory>(_ name: String, _ laboratory: S.Type) throws -> RunFile {
    try RunFile(text(of: name, laboratory), path: "Fixtures/\(S.folder)/\(name)")
  }
}

/// The laboratory of the chapter that the command calls so.
func laboratory(of chapter: String) throws -> any Laboratory.Type {
  let laboratory = Catalogue.named(chapter)
  return try #require(laboratory, "no chapter is called \(chapter)")
}

/// Whether what is found is written down, made small with care.
let isRecording = ProcessInfo.processInfo.environment["QUORATE_RECORD"] != nil

/// Whether what followed is rewritten.
let isUpdating = ProcessInfo.processInfo.environment["QUORATE_UPDATE"] != nil
