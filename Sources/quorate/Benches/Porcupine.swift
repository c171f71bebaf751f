import Conformance
import Foundation
import Histories

/// Porcupine, built once with a program of ours around it, and asked as often as one likes.
struct Porcupine {
  private let program: URL
  private let budget: Seconds
  private let memory: Bytes

  private static let source = "Tests/Bench/porcupine/main.go"

  /// Builds it from a checkout.
  init(_ checkout: String, in folder: URL, _ budget: Seconds, _ memory: Bytes) throws {
    self.budget = budget
    self.memory = memory
    let path = URL(filePath: checkout).standardizedFileURL.path
    let home = folder.appending(path: "porcupine")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let main = home.appending(path: "main.go")
    do {
      try FileManager.default.copyItem(at: URL(filePath: Self.source), to: main)
    } catch {
      throw failure(.usage, "\(Self.source) is not in this folder")
    }
    let module = """
      module bench
      go 1.18
      require github.com/anishathalye/porcupine v0.0.0
      replace github.com/anishathalye/porcupine => \(path)
      """
    let file = home.appending(path: "go.mod")
    try module.write(to: file, atomically: true, encoding: .utf8)
    program = home.appending(path: "bench")
    let build = Process()
    build.executableURL = URL(filePath: "/usr/bin/env")
    build.arguments = ["go", "build", "-o", program.path, "."]
    build.currentDirectoryURL = home
    _ = try Self.lines(of: build)
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw failure(.error, "Porcupine in \(path) cannot be built: is go there?")
    }
  }

  /// Judges histories, one after the other in one process.
  func judge(_ histories: [History], _ folder: URL) throws -> [HistoriesBench.Outcome] {
    var files: [String] = []
    for (number, history) in histories.enumerated() {
      let file = folder.appending(path: "porcupine-\(number).txt")
      try Self.text(of: history).write(to: file, atomically: true, encoding: .utf8)
      files.append(file.path)
    }
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    let process = Process()
    process.executableURL = program
    process.arguments = ["\(Int(budget.count))", "\(memory.count)"] + files
    return try Self.lines(of: process).compactMap { fields in
      guard fields.count == 3, let milliseconds = Double(fields[1]), let room = Int(fields[2])
      else { return nil }
      return HistoriesBench.Outcome(
        verdict: fields[0], milliseconds: milliseconds, kilobytes: room)
    }
  }

  /// The lines that a process prints, as fields between tabs.
  static func lines(of process: Process) throws -> [[String]] {
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// A history as our program around Porcupine reads it.
  private static func text(of history: History) -> String {
    var events: [(moment: Int, isEnd: Bool, line: String)] = []
    for (index, operation) in history.operations.enumerated() {
      var fields = [operation.function]
      if let key = operation.key { fields.append(raw(key)) }
      if let pair = operation.input.list {
        fields += pair.map(raw)
      } else if operation.input != .null {
        fields.append(raw(operation.input))
      }
      let call = "i\t\(index)\t\(operation.process)\t" + fields.joined(separator: "\t")
      events.append((operation.call, false, call))
      let answer = operation.output == .null && operation.key != nil ? "" : raw(operation.output)
      let end = operation.isKnown ? "o\t\(index)\t\(answer)" : "u\t\(index)"
      events.append((operation.end ?? .max, true, end))
    }
    events.sort { ($0.moment, $0.isEnd ? 1 : 0) < ($1.moment, $1.isEnd ? 1 : 0) }
    let head = history.model == .keyValue ? "key-value" : "register"
    return ([head] + events.map(\.line)).joined(separator: "\n") + "\n"
  }

  private static func raw(_ value: Histories.Value) -> String {
    if case .text(let text) = value { text.string } else { "\(value)" }
  }
}
