/// Which lines of a log are shown: parts such as `13-40`, by number from one, or `stop_b..b_holds`,
/// by what they say.
///
/// The words of a part, with `_` for a space, are looked for behind the part before it: the first
/// line that has those to the left, and from there the first that has those to the right. `+8` to
/// the right is eight lines more; without a right side it is one line. Lines shift when a recipe
/// asks otherwise, what they say does not.
struct RowChoice {
  /// The lines, from one; none if all are shown.
  private(set) var ranges: [ClosedRange<Int>] = []

  init(_ text: String?, in log: [String]) throws(SequenceChart.Mistake) {
    guard let text else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let before = ranges.last?.upperBound ?? 0
      guard let range = Self.numbers(part) ?? Self.words(part, in: log, behind: before),
        range.lowerBound > before, range.upperBound <= log.count
      else {
        throw SequenceChart.Mistake(
          description: "no rows of \(log.count): '\(text)', such as 1-\(max(1, log.count))")
      }
      ranges.append(range)
    }
  }

  private static func numbers(_ part: Substring) -> ClosedRange<Int>? {
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let from = ends[0], let to = ends[1], 0 < from, from <= to else {
      return nil
    }
    return from...to
  }

  private static func words(
    _ part: Substring, in log: [String], behind before: Int
  ) -> ClosedRange<Int>? {
    let ends = part.split(separator: "..").map { $0.replacing("_", with: " ") }
    guard part.contains(where: \.isLetter), (1...2).contains(ends.count),
      let from = log.indices.dropFirst(before).first(where: { log[$0].contains(ends[0]) })
    else { return nil }
    guard ends.count == 2 else { return from + 1...from + 1 }
    if ends[1].hasPrefix("+") {
      guard let more = Int(ends[1].dropFirst()), more >= 0 else { return nil }
      return from + 1...min(log.count, from + 1 + more)
    }
    let to = log.indices.dropFirst(from).first { log[$0].contains(ends[1]) }
    return to.map { from + 1...$0 + 1 }
  }
}
