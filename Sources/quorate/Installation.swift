import Foundation

/// Where the suite's own cases are.
enum Installation {
  /// The folder `Fixtures`: at or above the working folder, else where an installation has put it,
  /// `../share/quorate/Fixtures` beside the program, else above the program.
  static func fixtures() -> URL? {
    let path = Bundle.main.executablePath ?? CommandLine.arguments.first ?? ""
    let program = URL(filePath: path).resolvingSymlinksInPath().deletingLastPathComponent()
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    let installed = program.deletingLastPathComponent().appending(path: "share/quorate")
    let places = above(here) + [installed] + above(program)
    return places.map { $0.appending(path: "Fixtures") }.first(where: isWhole)
  }

  /// Whether a folder is the suite's own.
  static func isWhole(_ folder: URL) -> Bool {
    FileManager.default.fileExists(
      atPath: folder.appending(path: "service-fixture.schema.json").path)
  }

  /// What to tell when there is no such folder.
  static let nowhere = """
    no folder Fixtures here or above, or where 'make install PREFIX=…' puts it; \
    name it with --fixtures
    """

  private static func above(_ place: URL) -> [URL] {
    var places = [place]
    while let last = places.last, last.path != "/", places.count < 100 {
      places.append(last.deletingLastPathComponent())
    }
    return places
  }
}
