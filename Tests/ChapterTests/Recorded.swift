import Catalogue
import Foundation
import Lab
import Maintenance
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

  static func folder<S: Laboratory>(of laboratory: S.Type) -> RunFolder<S> {
    RunFolder(in: fixtures)
  }

  private static func runs<S: Laboratory>(of laboratory: S.Type) -> [Recorded] {
    folder(of: laboratory).names.map { Recorded(chapter: S.name, name: $0) }
  }

  /// The run as it is played; a line `from` names another by its id.
  func playback<S: Laboratory>(_ laboratory: S.Type) throws -> Playback<S.Subject> {
    let folder = Self.folder(of: laboratory)
    return try folder.playback(of: folder.run(name))
  }
}

/// The laboratory of the chapter that the command calls so.
func laboratory(of chapter: String) throws -> any Laboratory.Type {
  let laboratory = Catalogue.named(chapter)
  return try #require(laboratory, "no chapter is called \(chapter)")
}
