import Foundation

/// The targets of `Package.swift`, as the package manager understands them: loops, constants and
/// all.
struct Manifest: Decodable {
  let targets: [Target]

  struct Target: Decodable {
    let name: String
    let type: String
    let path: String?
    let dependencies: [Dependency]

    /// The folder of its sources, below the package's.
    var folder: String { path ?? (type == "test" ? "Tests/" : "Sources/") + name }
    var modules: Set<String> { Set(dependencies.map(\.name)) }
    /// The same below `Sources`, if it lies there.
    var room: String? { folder.hasPrefix("Sources/") ? String(folder.dropFirst(8)) : nil }
  }

  /// `{"byName": ["Lab", null]}`, `{"product": ["NIOCore", "swift-nio", null, null]}`.
  struct Dependency: Decodable {
    let name: String

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [Name?]].self)
      name = kinds.values.lazy.compactMap { $0.first??.value }.first ?? ""
    }

    private struct Name: Decodable {
      let value: String?

      init(from decoder: any Decoder) throws {
        value = try? decoder.singleValueContainer().decode(String.self)
      }
    }
  }

  /// The folders of modules below `Sources`, by their names.
  var folders: [String: String] {
    Dictionary(targets.compactMap { target in target.room.map { (target.name, $0) } }) { $1 }
  }

  /// The manifest, read once.
  static let package = Result { try read() }

  private static func read() throws -> Manifest {
    let swift = Process()
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "quorate-manifest-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    swift.executableURL = URL(filePath: "/usr/bin/env")
    swift.arguments = [
      "swift", "package", "--package-path", Package.folder.path, "--scratch-path", scratch.path,
      "dump-package",
    ]
    let pipe = Pipe()
    swift.standardOutput = pipe
    try swift.run()
    let json = pipe.fileHandleForReading.readDataToEndOfFile()
    swift.waitUntilExit()
    return try JSONDecoder().decode(Manifest.self, from: json)
  }
}

extension Rooms {
  /// What comes with the toolchain, and stands in no manifest.
  static let toolchain: Set<String> = [
    "Foundation", "Dispatch", "RegexBuilder", "Testing", "Swift", "Synchronization",
  ]

  /// Where the table, the manifest and the sources say different things of what a room imports.
  func disagreements(with manifest: Manifest, _ files: [SourceFile]) -> [Finding] {
    manifest.targets.filter { $0.type != "system" }.flatMap { target -> [Finding] in
      let sources = files.filter { $0.path.hasPrefix(target.folder + "/") }
      let imported = Set(sources.flatMap(\.imports).map(\.module)).subtracting(Rooms.everywhere)
      let needed = imported.subtracting(Rooms.toolchain)
      func finding(_ modules: Set<String>, _ what: String) -> [Finding] {
        modules.sorted().map { Finding(place: target.folder, what: "\($0) \(what)") }
      }
      let undeclared = finding(
        needed.subtracting(target.modules), "is imported, and not in the manifest")
      guard target.type != "test" else { return undeclared }
      let row = rooms.first { "Sources/\($0.folder)" == target.folder }
      let allowed = Set((row?.imports ?? []).filter { !$0.hasSuffix("/*") })
      return undeclared
        + finding(target.modules.subtracting(needed), "is in the manifest, and not imported")
        + finding(allowed.subtracting(imported), "is in the table, and not imported")
    }
  }
}
