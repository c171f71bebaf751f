import Foundation

/// What a command prints: `command explore 2pc --participants 2`, or the first so many lines of it,
/// `command 12 replay …`.
enum CommandBlock {
  enum Flaw: Error { case nothing(String) }

  /// The command lies beside the tests.
  private static let command = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "quorate")

  static func text(_ arguments: [String], below folder: URL) throws -> String {
    var arguments = arguments
    let most = arguments.first.flatMap { Int($0) }
    if most != nil { arguments.removeFirst() }
    let process = Process()
    let output = Pipe()
    process.executableURL = command
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var lines = String(decoding: data, as: UTF8.self).components(separatedBy: "\n")
    while lines.last == "" { lines.removeLast() }
    guard !lines.isEmpty else { throw Flaw.nothing(arguments.joined(separator: " ")) }
    if let most, lines.count > most { lines = lines.prefix(most) + ["…"] }
    let typed = "$ quorate " + arguments.joined(separator: " ")
    return "```\n" + ([typed] + lines).joined(separator: "\n") + "\n```"
  }

  /// The text without what takes another time each time.
  static func timeless(_ text: String) -> String {
    text.replacing(/\d+\.\d+ s\b/, with: "… s")
  }
}
