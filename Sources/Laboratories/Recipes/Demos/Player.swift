import Foundation

/// A process that plays its part.
struct Player {
  private let process: Foundation.Process
  private let input: FileHandle

  init(
    _ index: Int, _ program: URL, _ arguments: [String],
    _ heard: AsyncStream<LiveScene.Heard>.Continuation
  ) throws {
    process = Foundation.Process()
    process.executableURL = program
    process.arguments = arguments
    let (toIt, fromIt) = (Pipe(), Pipe())
    process.standardInput = toIt
    process.standardOutput = fromIt
    try process.run()
    input = toIt.fileHandleForWriting
    let output = fromIt.fileHandleForReading
    Thread.detachNewThread {
      output.forEachLine { heard.yield(.line(index, $0)) }
      heard.yield(.closed(index))
    }
  }

  /// Answers what it has said; it may be dead by now.
  func answer(_ text: String) { try? input.write(contentsOf: Data((text + "\n").utf8)) }

  func signal(_ number: Int32) {
    if process.isRunning { Foundation.kill(process.processIdentifier, number) }
  }

  /// Stops it, and waits until it stands: a signal takes a while to reach all of its threads.
  func stop() {
    signal(SIGSTOP)
    var about = siginfo_t()
    let states = WSTOPPED | WEXITED | WNOWAIT
    while waitid(P_PID, id_t(process.processIdentifier), &about, states) != 0, errno == EINTR {}
  }

  /// Ends it, in whatever state it is.
  func kill() {
    signal(SIGKILL)
    process.waitUntilExit()
  }

  /// Whether it has ended by itself, in good order; it has closed its output.
  var hasEndedWell: Bool {
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }
}

extension FileHandle {
  /// Does something with each line, as they come, until the end.
  func forEachLine(_ body: (String) -> Void) {
    var rest = Data()
    while case let data = availableData, !data.isEmpty {
      rest += data
      while let end = rest.firstIndex(of: 0x0a) {
        body(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
        rest = Data(rest[rest.index(after: end)...])
      }
    }
  }
}
