import ArgumentParser
import Foundation

/// A length of time on the command line.
struct Seconds: CustomStringConvertible {
  var count: Double

  /// From a millisecond to some eleven days.
  private static let range = 0.001...1e6
  private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]

  /// The time that somebody typed: `90`, `60s`, `5m`, `2h`.
  ///
  /// - Throws: `ValidationError` that says what a time is.
  static func read(_ typed: String) throws -> Seconds {
    let unit = typed.last.flatMap { units[$0] }
    let number = unit == nil ? typed : String(typed.dropLast())
    guard number.allSatisfy({ $0.isNumber || ".eE+-".contains($0) }),
      let value = Double(number), range.contains(value * (unit ?? 1))
    else {
      throw ValidationError("a time is 60s, 5m or 2h, from 0.001s to 1000000s")
    }
    return Seconds(count: value * (unit ?? 1))
  }

  var description: String { "\(count.formatted())s" }
}

/// A number of bytes on the command line.
struct Bytes: CustomStringConvertible {
  let count: Int

  private static let range = 1...(1 << 40)
  private static let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]

  /// The size that somebody typed: `4096`, `200M`, `1G`.
  ///
  /// - Throws: `ValidationError` that says what a size is.
  static func read(_ typed: String) throws -> Bytes {
    let unit = typed.last.flatMap { units[$0] }
    let number = unit == nil ? typed : String(typed.dropLast())
    let (bytes, overflow) = (Int(number) ?? 0).multipliedReportingOverflow(by: unit ?? 1)
    guard !overflow, range.contains(bytes) else {
      throw ValidationError("a size is 4096, 200M or 1G, up to 1024G")
    }
    return Bytes(count: bytes)
  }

  var description: String { count % (1 << 20) == 0 ? "\(count >> 20)M" : "\(count)" }
}
