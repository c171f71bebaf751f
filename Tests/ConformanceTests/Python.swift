import Foundation
import Testing

/// Readers of other people, written in Python, that the tests hold our output against.
///
/// Where Python or one of its packages is absent a test says that it was skipped; where
/// `QUORATE_REQUIRE_SERVERS` is 1, as in continuous integration, it fails.
enum Python {
  static let isRequired = ProcessInfo.processInfo.environment["QUORATE_REQUIRE_SERVERS"] == "1"

  /// Whether these modules can be imported.
  static func has(_ modules: String...) -> Bool {
    (try? run(["-c", "import \(modules.joined(separator: ", "))"]))?.status == 0
  }

  /// Runs Python with these arguments.
  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// A file beside the tests.
  static func script(_ name: String, in folder: String = "ConformanceTests") -> String {
    Repository.folder.appending(path: "Tests/\(folder)/\(name)").path
  }
}
