import Foundation

/// What the people of a target know to be otherwise: a file with a case's id (or a pattern) and a
/// reason on each line, `#` before a comment.
///
/// It is not a way to be silent: a line whose case passes, or that names no case at all, is an
/// error.
public struct KnownDeviations: Sendable {
  /// A line.
  public struct Entry: Sendable {
    /// Where it stands.
    public var place: Place
    /// Which cases.
    public var pattern: String
    /// Why they are otherwise.
    public var reason: String
  }

  /// The lines, in the file's order.
  public var entries: [Entry] = []

  /// Nobody has said anything.
  public init() {}

  /// What `text` says.
  ///
  /// - Throws: ``FixtureError`` for a line without a reason, or a case that stands there twice.
  public init(_ text: String, file: String) throws(FixtureError) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (offset, line) in lines.enumerated() {
      let said = line.prefix { $0 != "#" }.trimmingPrefix { $0.isWhitespace || $0 == "\u{feff}" }
      try add(String(said), at: Place(file: file, line: offset + 1, column: 1))
    }
  }

  /// Adds what a line says: a case and a reason, or nothing.
  ///
  /// - Throws: ``FixtureError`` for a line without a reason, or a case that stands there already.
  public mutating func add(_ said: String, at place: Place) throws(FixtureError) {
    let words = said.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
    guard let pattern = words.first else { return }
    let reason = words.dropFirst().joined().trimmingCharacters(in: .whitespaces)
    guard !reason.isEmpty else {
      throw FixtureError(
        place, .malformed(pattern, expected: "a case and the reason why it deviates"))
    }
    if let other = entries.first(where: { $0.pattern.uppercased() == pattern.uppercased() }) {
      throw FixtureError(
        place,
        .contradiction("'\(pattern)' stands in \(other.place.file):\(other.place.line) already"))
    }
    entries.append(Entry(place: place, pattern: pattern, reason: reason))
  }

  /// The reason for this case, if one is given: that of its own line, else of the first pattern.
  public func reason(for id: String) -> String? {
    let own = entries.first { $0.pattern.uppercased() == id.uppercased() }
    return (own ?? entries.first { Glob($0.pattern).matches(id) })?.reason
  }

  /// Lines that name none of these cases.
  public func strangers(to ids: some Sequence<String>) -> [Entry] {
    let ids = Array(ids)
    return entries.filter { entry in !ids.contains { Glob(entry.pattern).matches($0) } }
  }
}
