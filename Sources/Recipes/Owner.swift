internal import Synchronization

/// Names for entries, of which nobody else has the same: what its user calls it, 64 random bits,
/// and a number.
///
///     web_7~6f3a9c41d0e2b587.1
///
/// One name for each thing that is asked for: two tasks of a process may wait in one line. A
/// process that starts again is not taken for the one before it.
package final class Owner: Sendable {
  /// Whether nothing is random, so that a run in the laboratory is the same each time; whoever
  /// switches that on gives no name twice.
  @TaskLocal package static var isFixed = false

  private let name: String
  private let count = Mutex(0)

  /// - Parameter name: For operators to read; what separates the parts of an entry's name is
  ///   replaced.
  init(_ name: String?) {
    let shown = String((name ?? "").map { "/-~".contains($0) ? "_" : $0 })
    let bits = String(UInt64.random(in: .min ... .max), radix: 16).leftPadded(to: 16, with: "0")
    self.name = Owner.isFixed ? shown : shown.isEmpty ? bits : "\(shown)~\(bits)"
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
