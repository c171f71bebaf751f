import Foundation

/// A terminal that somebody sits at: `quorate` writes to it, and its window has a size.
struct PseudoTerminal {
  private let master: FileHandle
  private let slave: FileHandle
  private let listener: Listener

  /// A terminal of so many columns.
  init(columns: UInt16) throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, Int32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, Self.unlock, &lock) == 0,
      ioctl(descriptor, Self.numberOfOther, &number) == 0
    else { throw CocoaError(.fileReadUnknown) }
    master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard other >= 0 else { throw CocoaError(.fileReadUnknown) }
    slave = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(other, UInt(TIOCSWINSZ), &size)
    listener = Listener(master)
  }

  /// TIOCSPTLCK and TIOCGPTN, which the system's headers keep for those who ask for extensions.
  private static let unlock: UInt = 0x4004_5431
  private static let numberOfOther: UInt = 0x8004_5430

  /// Runs a command there, and gives what stood on the terminal in the end, with its controls.
  func run(
    _ arguments: [String], terminal: String = "xterm", whenItSays cue: String? = nil,
    signal number: Int32 = SIGINT
  ) throws -> (code: Int32, screen: String) {
    let process = Process()
    process.executableURL = Quorate.command
    process.arguments = arguments
    process.currentDirectoryURL = Quorate.repository
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["TERM": terminal, "NO_COLOR": ""]) { $1 }
    process.standardInput = slave
    process.standardOutput = slave
    process.standardError = slave
    try process.run()
    try slave.close()
    if let cue, listener.wait(for: cue) != nil { kill(process.processIdentifier, number) }
    process.waitUntilExit()
    return (process.terminationStatus, listener.all())
  }
}
