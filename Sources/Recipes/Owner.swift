internal import Synchronization

/// Names for entries of which no other client has the same.
///
/// One name for each thing that is asked for: two tasks of a process may wait in one line.
final class Owner: Sendable {
  private let name: String
  private let count = Mutex(0)

  /// - Parameter name: Nil for one by chance, of 64 bits.
  init(_ name: String?) {
    self.name =
      name ?? String(UInt64.random(in: .min ... .max), radix: 16).leftPadded(to: 16, with: "0")
  }

  /// The next.
  func next() -> String {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return "\(name).\(number)"
  }
}

extension String {
  fileprivate func leftPadded(to length: Int, with filler: Character) -> String {
    String(repeating: filler, count: max(0, length - count)) + self
  }
}
