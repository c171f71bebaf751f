import Foundation
import Synchronization

/// `quorate`, as somebody runs it in a folder of his own.
struct Quorate {
  /// The command lies beside the tests.
  static let command = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "quorate")

  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The suite's own fixtures, by an absolute path.
  static let fixtures = repository.appending(path: "Fixtures").path

  /// Some forty of them, which are read and judged in a moment.
  static let few = "\(fixtures)/ZooKeeper/stat"

  /// Some sixty, among them cases that wait for sessions to expire.
  static let slow = "\(fixtures)/ZooKeeper/session"

  /// What came of a command.
  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  /// A folder that nobody else uses; a test removes it.
  static func newFolder(
    below place: URL = FileManager.default.temporaryDirectory
  ) throws -> URL {
    let folder = place.appending(path: "quorate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Runs a command to its end.
  ///
  /// - Parameter output: Where its standard output goes, if not into the result.
  static func run(
    _ arguments: [String], in folder: URL = repository, output file: String? = nil,
    command: URL = command
  ) throws -> Result {
    let running = try Running(arguments, in: folder, output: file, command: command)
    return running.result()
  }
}

/// A command that runs.
final class Running: Sendable {
  private let process: ProcessBox
  private let output: Listener
  private let errors: Listener

  /// A process is used by one test at a time; it is no value of Swift's.
  private struct ProcessBox: Sendable {
    let id: Int32
    let wait: @Sendable () -> Int32
  }

  init(
    _ arguments: [String], in folder: URL = Quorate.repository, output file: String? = nil,
    command: URL = Quorate.command
  ) throws {
    let process = Process()
    let (out, err) = (Pipe(), Pipe())
    process.executableURL = command
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    if let file {
      process.standardOutput = FileHandle(forWritingAtPath: file)
    } else {
      process.standardOutput = out
    }
    process.standardError = err
    try process.run()
    if file != nil { try out.fileHandleForWriting.close() }
    let id = process.processIdentifier
    self.process = ProcessBox(id: id) {
      process.waitUntilExit()
      return process.terminationStatus
    }
    output = Listener(out.fileHandleForReading)
    errors = Listener(err.fileHandleForReading)
  }

  var id: Int32 { process.id }

  /// Waits until it has written this.
  ///
  /// - Returns: All that it has written by then; nil if it ended without.
  @discardableResult func wait(for text: String, onErrors: Bool = false) -> String? {
    (onErrors ? errors : output).wait(for: text)
  }

  func signal(_ number: Int32) { kill(id, number) }

  /// Waits for its end.
  func result() -> Quorate.Result {
    let code = process.wait()
    return Quorate.Result(code: code, output: output.all(), errors: errors.all())
  }
}

/// What comes out of a pipe or a terminal, read on a thread of its own.
final class Listener: Sendable {
  private let heard = Mutex(Heard())
  private let news = DispatchSemaphore(value: 0)

  private struct Heard {
    var bytes: [UInt8] = []
    var isOver = false
  }

  init(_ file: FileHandle) {
    let descriptor = file.fileDescriptor
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        heard.withLock { $0.bytes += buffer[..<count] }
        news.signal()
      }
      withExtendedLifetime(file) {}
      heard.withLock { $0.isOver = true }
      news.signal()
    }
  }

  private var now: (text: String, isOver: Bool) {
    heard.withLock { (String(decoding: $0.bytes, as: UTF8.self), $0.isOver) }
  }

  func wait(for text: String) -> String? {
    while true {
      let (all, isOver) = now
      if all.contains(text) { return all }
      guard !isOver else { return nil }
      news.wait()
    }
  }

  /// All of it, once it is over.
  func all() -> String {
    while !now.isOver { news.wait() }
    return now.text
  }
}

/// A server of ours, as a process of its own.
struct Serving {
  let running: Running
  let port: Int

  init(_ options: String..., port: Int = 0) throws {
    running = try Running(["serve", "zookeeper", "--port", "\(port)"] + options)
    let line = running.wait(for: " in memory only\n") ?? ""
    self.port = line.firstMatch(of: /:(\d+),/).flatMap { Int($0.1) } ?? 0
  }

  var url: String { "zookeeper://127.0.0.1:\(port)" }

  func end() {
    running.signal(SIGKILL)
    _ = running.result()
  }
}
