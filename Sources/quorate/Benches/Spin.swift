import Foundation

/// SPIN on a model: made once, run as often as one likes.
struct Spin {
  private let folder: URL

  /// Makes the verifier of the model, with so many nodes; nil when SPIN, gcc or the model is not
  /// there.
  init?(model: String, size: Int) {
    let file = URL(filePath: model)
    guard FileManager.default.isReadableFile(atPath: file.path) else { return nil }
    folder = FileManager.default.temporaryDirectory
      .appending(path: "quorate-spin-\(ProcessInfo.processInfo.processIdentifier)-\(size)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let made = try Spin.output(of: ["spin", "-DN=\(size)", "-a", file.path], in: folder)
      let built = try Spin.output(of: ["gcc", "-O2", "-w", "-o", "pan", "pan.c"], in: folder)
      guard made != nil, built != nil else { return nil }
    } catch {
      return nil
    }
  }

  /// Explores all states once.
  ///
  /// - Returns: what it counted; nil when it failed, or did not see all states.
  func run() throws -> ExploreBench.Counts? {
    let begin = ProcessorTime.children
    let text = try Spin.output(of: ["./pan", "-m1000000"], in: folder)
    let seconds = ProcessorTime.children - begin
    guard let text, text.contains("errors: 0"), !text.contains("max search depth too small"),
      let states = text.firstMatch(of: /(\d+) states, stored/).flatMap({ Int($0.1) }),
      let room = text.firstMatch(of: /([0-9.]+)\s+actual memory usage for states/)
        .flatMap({ Double($0.1) })
    else { return nil }
    return ExploreBench.Counts(states: states, seconds: seconds, bytes: Int(room * 1_048_576))
  }

  /// What a program prints; nil when it is not there or fails.
  private static func output(of command: [String], in folder: URL) throws -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text : nil
  }
}
