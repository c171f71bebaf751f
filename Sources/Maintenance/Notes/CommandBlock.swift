import Foundation

/// What a command prints: `command explore 2pc --size 2`, or some lines of it,
/// `command 12-30 replay …`.
enum CommandBlock {

  /// `12-30`, from one.
  private static func lineNumbers(in word: String) -> ClosedRange<Int>? {
    let ends = word.split(separator: "-").compactMap { Int($0) }
    guard ends.count == 2, ends[0] > 0, ends[0] <= ends[1] else { return nil }
    return ends[0]...ends[1]
  }

  /// The command lies beside the tests, and beside the maintainers' tool.
  private static let command = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "quorate")

  /// What the command prints, line by line.
  ///
  /// - Throws: ``NotesError`` when it refuses its arguments or prints nothing.
  static func lines(of arguments: [String], below folder: URL) throws -> [String] {
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
    // 1 and 2 are answers, 64 says that the page is wrong.
    guard process.terminationStatus < 64 else {
      throw NotesError("refused: " + String(decoding: data, as: UTF8.self))
    }
    var lines = String(decoding: data, as: UTF8.self).components(separatedBy: "\n")
    while lines.last == "" { lines.removeLast() }
    guard !lines.isEmpty else {
      throw NotesError("prints nothing: " + arguments.joined(separator: " "))
    }
    return lines
  }

  static func text(_ arguments: [String], below folder: URL) throws -> String {
    var arguments = arguments
    let range = arguments.first.flatMap { lineNumbers(in: $0) }
    if range != nil { arguments.removeFirst() }
    var lines = try lines(of: arguments, below: folder)
    if let range {
      guard lines.indices.contains(range.upperBound - 1) else {
        throw NotesError("prints \(lines.count) lines only")
      }
      let rest = range.upperBound < lines.count ? ["…"] : []
      lines =
        (range.lowerBound > 1 ? ["…"] : []) + lines[(range.lowerBound - 1)..<range.upperBound]
        + rest
    }
    let typed = "$ quorate " + arguments.joined(separator: " ")
    return "```\n" + ([typed] + lines).joined(separator: "\n") + "\n```"
  }

  /// The text without what takes another time each time.
  static func timeless(_ text: String) -> String {
    text.replacing(/\d+\.\d+ s\b/, with: "… s")
  }
}
