import ProtocolCore

/// A number of states that is known: the arguments of an exploration, and what it must come to.
///
/// A file of these has one a line, `2pc --size 2 --usual = 2533 states, depth 26, …`. What
/// stands behind a `#` is for the reader.
public struct ExpectedCount: Hashable, Sendable {
  /// The line in the file.
  public let line: Int
  /// The arguments, as they are given to `quorate explore`.
  public let arguments: [String]
  /// What it must come to.
  public let expected: String
  /// What stands behind the `#`.
  public let comment: String

  /// Why a file cannot be read.
  public enum Flaw: Error, Hashable, Sendable {
    /// A line without `=`.
    case noNumber(line: Int)
    /// Nothing is listed.
    case empty
  }

  /// All that a file lists.
  public static func all(in text: String) throws(Flaw) -> [ExpectedCount] {
    var pins: [ExpectedCount] = []
    for (offset, full) in text.lines.enumerated() {
      let content = full.prefix { $0 != "#" }
      let comment = full.dropFirst(content.count + 1).drop { $0 == " " }
      guard content.contains(where: { !$0.isWhitespace }) else { continue }
      let halves = content.split(separator: "=", maxSplits: 1)
      guard halves.count == 2 else { throw .noNumber(line: offset + 1) }
      pins.append(
        ExpectedCount(
          line: offset + 1, arguments: halves[0].split(separator: " ").map(String.init),
          expected: halves[1].split(separator: " ").joined(separator: " "),
          comment: String(comment)))
    }
    guard !pins.isEmpty else { throw .empty }
    return pins
  }

  /// The arguments in a line.
  public var command: String { arguments.joined(separator: " ") }
}

extension ExpectedCount.Flaw: CustomStringConvertible {
  /// The reason in a line.
  public var description: String {
    switch self {
    case .noNumber(let line): "line \(line): what it must come to is missing, behind an '='"
    case .empty: "it lists nothing"
    }
  }
}

extension Laboratory {
  /// What an exploration came to: numbers, and a fingerprint of the shortest runs that it found.
  public static func expectedCount(_ found: Exploration<Subject>) -> String {
    var hash = Fingerprint()
    for property in Subject.Property.allCases {
      for act in found.witnesses[property] ?? [] { hash.add(act.description) }
    }
    let runs = String(hash.value, radix: 16)
    switch found.ending {
    case .exhausted:
      let orbits = found.isByOrbits ? ", orbits of \(found.statesInOrbits)" : ""
      let lost = found.unwitnessed.map { ", no \($0)" }.joined()
      return "\(found.states) states\(orbits), depth \(found.depth)\(lost), runs \(runs)"
    case .violated(let property, let acts): return "violates \(property) by \(acts.count) acts"
    case .notExhausted(let limit): return "not exhausted, \(limit)"
    }
  }
}
