import Foundation

/// A file descriptor that is written to.
enum Descriptor {
  /// Writes all of a text.
  ///
  /// - Returns: The system's number for what went wrong, 0 if nothing did.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wish, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Raises the number of files and connections that this process may have open as far as it can,
  /// which Java's machine does too.
  ///
  /// - Returns: That number.
  static func raiseLimit() -> Int {
    var limits = rlimit()
    guard getrlimit(number, &limits) == 0 else { return 1024 }
    var raised = limits
    raised.rlim_cur = limits.rlim_max
    if setrlimit(number, &raised) == 0 { limits = raised }
    return Int(clamping: limits.rlim_cur)
  }

  /// How many files and connections this process has open; nil where nobody says.
  static var openCount: Int? {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")
    // One of them is the folder's own.
    return names.map { $0.count - 1 }
  }

  #if canImport(Glibc)
    private static let number = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let number = RLIMIT_NOFILE
  #endif
}
