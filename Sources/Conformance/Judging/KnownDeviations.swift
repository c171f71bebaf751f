import Foundation

/// What the people of a target know to be otherwise: a file with a case's id (or a pattern) and a
/// reason on each line, `#` before a comment.
///
/// It is not a way to be silent: a line whose case passes, or that names no case at all, is an
/// error.
public struct KnownDeviations: Sendable {
  /// A line.
  public struct Entry: Sendable {
    /// The number of the line.
    public var line: Int
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
  /// - Throws: ``FixtureError`` for a line without a reason.
  public init(_ text: String, file: String) throws(FixtureError) {
    for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let said = line.prefix { $0 != "#" }.trimmingPrefix { $0.isWhitespace }
      let words = said.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
      guard let pattern = words.first else { continue }
      let reason = words.dropFirst().joined().trimmingCharacters(in: .whitespaces)
      guard !reason.isEmpty else {
        throw FixtureError(
          Place(file: file, line: offset + 1, column: 1),
          .malformed(pattern, expected: "a case and the reason why it deviates"))
      }
      entries.append(Entry(line: offset + 1, pattern: pattern, reason: reason))
    }
  }

  /// The reason for this case, if one is given.
  public func reason(for id: String) -> String? {
    entries.first { Glob($0.pattern).matches(id) }?.reason
  }

  /// Lines that name none of these cases.
  public func strangers(to ids: some Sequence<String>) -> [Entry] {
    let ids = Array(ids)
    return entries.filter { entry in !ids.contains { Glob(entry.pattern).matches($0) } }
  }
}
