import Foundation
import Synchronization

/// One process of a program of somebody else's: it is told a line, and says one.
package final class ForeignProgram: Sendable {
  private struct Heard {
    var lines: [String] = []
    var piece: [UInt8] = []
    /// How many of its two streams are over.
    var over = 0
    /// The last line that it has written on standard error.
    var complaint = ""
  }

  private let process: Foundation.Process
  private let input: Pipe
  private let heard = Mutex(Heard())

  /// A line is not longer than so many bytes.
  private static let lineLimit = 4096

  /// Starts it.
  ///
  /// - Parameters:
  ///   - command: The command and its arguments.
  ///   - settings: What is added to its environment.
  /// - Throws: ``ForeignRun/Mistake`` when it cannot be started.
  package init(_ command: [String], _ settings: [String: String]) throws(ForeignRun.Mistake) {
    // Who writes to a program that has ended is told so, and not killed.
    signal(SIGPIPE, SIG_IGN)
    let process = Foundation.Process()
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw ForeignRun.Mistake("\(command.joined(separator: " ")): \(error)")
    }
    (self.process, self.input) = (process, input)
    listen(to: output.fileHandleForReading) { [self] in hear($0) }
    listen(to: errors.fileHandleForReading) { [self] in hear(complaint: $0) }
  }

  private func listen(to file: FileHandle, _ take: @escaping @Sendable (Data) -> Void) {
    Thread.detachNewThread {
      while case let data = file.availableData, !data.isEmpty { take(data) }
      take(Data())
    }
  }

  private func hear(_ data: Data) {
    heard.withLock { heard in
      if data.isEmpty {
        heard.over += 1
        // Its last line may lack its end.
        if !heard.piece.isEmpty { heard.lines.append(Self.text(heard.piece)) }
        heard.piece = []
      }
      for byte in data {
        if byte == 0x0a || heard.piece.count == Self.lineLimit {
          heard.lines.append(Self.text(heard.piece))
          heard.piece = []
        } else {
          heard.piece.append(byte)
        }
      }
    }
  }

  private func hear(complaint data: Data) {
    if data.isEmpty { heard.withLock { $0.over += 1 } }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else { return }
    heard.withLock { $0.complaint = String(last.prefix(200)) }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.last == "\r" ? String(text.dropLast()) : text
  }

  // MARK: Talking

  /// Tells it a line; one that has ended hears nothing.
  package func tell(_ line: String) {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        write(input.fileHandleForWriting.fileDescriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// What it has said next; nil if it has said nothing more.
  package func next() -> String? {
    heard.withLock { $0.lines.isEmpty ? nil : $0.lines.removeFirst() }
  }

  /// How it has ended, when it has and all that it said is heard; nil while it runs.
  package var end: String? {
    let (isOver, complaint) = heard.withLock { ($0.over == 2 && $0.lines.isEmpty, $0.complaint) }
    guard isOver, !process.isRunning else { return nil }
    let how =
      process.terminationReason == .exit
      ? "ends with code \(process.terminationStatus)"
      : "is ended by signal \(process.terminationStatus)"
    return complaint.isEmpty ? how : "\(how): \(complaint)"
  }

  // MARK: Its life

  /// Stops it where it is, and lets it go on.
  package func stop() { signalled(SIGSTOP) }
  /// See ``stop()``.
  package func goOn() { signalled(SIGCONT) }

  /// Ends it, and whatever it has started.
  package func kill() {
    signalled(SIGKILL)
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func signalled(_ number: Int32) {
    guard process.isRunning else { return }
    let id = process.processIdentifier
    // A shell that it was started by has it in its group.
    _ = getpgid(id) == id ? Foundation.kill(-id, number) : Foundation.kill(id, number)
  }
}
