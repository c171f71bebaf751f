/// A pattern for case ids: `*` stands for any characters, `?` for one, all else for itself, letters
/// in either case.
///
/// Brackets mean nothing, for the members of families stand in them.
public struct Glob: Hashable, Sendable {
  private let pattern: [Character]

  /// The pattern that `text` writes.
  public init(_ text: String) { pattern = Array(text.uppercased()) }

  /// Whether all of `text` matches; for a member of a family, its id without the brackets will do.
  public func matches(_ text: String) -> Bool {
    let whole = Array(text.uppercased())
    if matches(whole[...]) { return true }
    guard let bracket = whole.firstIndex(of: "[") else { return false }
    return matches(whole[..<bracket])
  }

  /// - Complexity: O(*n* · *m*): it remembers the last star only.
  private func matches(_ text: ArraySlice<Character>) -> Bool {
    var (p, t) = (pattern.startIndex, text.startIndex)
    var star: (p: Int, t: Int)?
    while t < text.endIndex {
      if p < pattern.endIndex, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.p, last.t + 1)
        (p, t) = (last.p + 1, last.t + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
