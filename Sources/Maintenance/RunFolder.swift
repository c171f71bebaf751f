public import Foundation
public import Lab

/// A chapter's recorded runs, below a folder `Fixtures`.
public struct RunFolder<L: Laboratory> {
  private let fixtures: URL

  /// The runs of a laboratory.
  public init(in fixtures: URL) { self.fixtures = fixtures }

  private var url: URL { fixtures.appending(path: L.folder) }

  /// The names of the files.
  public var names: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
    return (names ?? []).filter { $0.hasSuffix(".run") }.sorted()
  }

  /// What a file holds.
  public func text(of name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  /// Replaces what a file holds.
  public func write(_ text: String, to name: String) throws {
    try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8)
  }

  /// The run of a file.
  public func run(_ name: String) throws -> RunFile {
    try RunFile(text(of: name), path: "Fixtures/\(L.folder)/\(name)")
  }

  /// The run as it is played; a line `from` names another by its id.
  public func playback(of file: RunFile) throws -> Playback<L.Subject> {
    try Playback<L.Subject>(file, flaws: L.flaws) { id in
      try names.first { $0.hasPrefix(id + "-") || $0 == id + ".run" }.map(run)
    }
  }
}
