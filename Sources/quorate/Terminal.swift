@preconcurrency import Foundation
import Synchronization

/// The terminal, or what stands in its place.
enum Terminal {
  /// Why standard output takes nothing more: the system's number, 0 while it does.
  private static let trouble = Mutex<Int32>(0)

  /// Whether a line of progress stands there.
  ///
  /// Cases end on several threads: whatever is written takes that line away first, with nothing in
  /// between.
  private static let hasProgress = Mutex(false)

  private static let environment = ProcessInfo.processInfo.environment

  /// Whether the terminal obeys nothing but line ends.
  private static var isDumb: Bool { environment["TERM"] == "dumb" }

  /// Whether standard output is a terminal whose user likes colours.
  static var isColored: Bool {
    isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && !isDumb
  }

  /// Whether progress can be shown in place.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

  /// Writes a line to standard error.
  static func complain(_ text: String) {
    _ = put(text + "\n", STDERR_FILENO)
  }

  private static func put(_ text: String, _ descriptor: Int32) -> Int32 {
    hasProgress.withLock { isShown in
      if isShown { _ = Descriptor.write(erasing, to: STDERR_FILENO) }
      isShown = false
      return Descriptor.write(text, to: descriptor)
    }
  }

  /// Goes back to the line's beginning and empties it.
  private static let erasing = "\r\u{1b}[K"

  /// Writes a line to standard output at once.
  ///
  /// If nobody reads any more nothing is said of it; any other trouble is told once, and the
  /// program does not end as if all were well.
  static func say(_ text: String) { write(text + "\n") }

  /// Writes a text to standard output at once, as ``say(_:)`` does, with no line end of its own.
  static func write(_ text: String) {
    let number = put(text, STDOUT_FILENO)
    guard number != 0, number != EPIPE else { return }
    let isNew = trouble.withLock { first in
      defer { first = first == 0 ? number : first }
      return first == 0
    }
    if isNew { complain("standard output cannot be written: \(Refusal.words(number))") }
  }

  /// Shows how far things are; an empty text takes it away.
  static func progress(_ text: String) {
    guard showsProgress else { return }
    let shown = text.prefix(max(1, columns - 1))
    hasProgress.withLock { isShown in
      _ = Descriptor.write(erasing + shown, to: STDERR_FILENO)
      isShown = !shown.isEmpty
    }
  }

  /// How many characters a line of the terminal has at which progress is shown.
  private static var columns: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// How many characters a line of standard output has; nil if that is no terminal.
  static var width: Int? { columns(of: STDOUT_FILENO) }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Prints a row of a table that takes long, so that it is seen at once in a file, too.
  static func row(_ text: String) {
    print(text)
    flush()
  }

  /// Sees to it that all that was printed is out.
  ///
  /// - Returns: The code with which to end: what nobody could read was not told, so that a success
  ///   becomes an error.
  static func finished(_ code: Int32) -> Int32 {
    flush()
    let isBroken = trouble.withLock { $0 != 0 }
    return isBroken && code != 1 ? 3 : code
  }

  /// Complains, once, if what was printed cannot be written.
  private static func flush() {
    var error = fflush(nil) == 0 ? 0 : errno
    // A line that failed by itself left no error behind but that it did; another byte tells which.
    if error == 0, ferror(stdout) != 0 {
      error = Foundation.write(STDOUT_FILENO, "\n", 1) < 0 ? errno : EIO
    }
    guard error != 0, error != EPIPE, trouble.withLock({ $0 }) == 0 else { return }
    complain("standard output cannot be written: \(Refusal.words(error))")
    trouble.withLock { $0 = EIO }
  }
}
