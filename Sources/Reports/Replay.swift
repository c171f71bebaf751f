public import Conformance

/// A case as it was played, step by step.
public struct Replay: Sendable {
  private let judgement: Judgement
  private let wire: Bool

  /// The steps of this judgement, with their bytes if wanted.
  public init(_ judgement: Judgement, wire: Bool) {
    self.judgement = judgement
    self.wire = wire
  }

  /// All of it.
  public var text: String {
    let label = judgement.label
    var lines = ["\(Screen.word(judgement.verdict))  \(label.id)  \(label.title)"]
    if let reason = judgement.reason { lines.append("      \(reason)") }
    if wire { lines += frames(before: judgement.outcome.narrative.first?.number ?? .max) }
    for step in judgement.outcome.narrative {
      let number = "\(step.number)"
      let left = String(repeating: " ", count: max(0, 4 - number.count)) + number + "  " + step.text
      let row =
        left + String(repeating: " ", count: max(2, 52 - left.count)) + step.result + "  "
        + step.detail
      lines.append(VisibleText.of(row))
      if wire { lines += frames(of: step.number) }
    }
    for number in judgement.outcome.measured { lines.append("      \(number)") }
    for remark in judgement.outcome.remarks { lines.append("  note   \(VisibleText.of(remark))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func frames(of line: Int) -> [String] {
    judgement.outcome.wire.filter { $0.line == line }.flatMap(rows)
  }

  private func frames(before line: Int) -> [String] {
    judgement.outcome.wire.filter { $0.line < line }.flatMap(rows)
  }

  /// The bytes, sixteen a row.
  private func rows(_ frame: Outcome.Frame) -> [String] {
    let digits = Array(frame.bytes)
    let head = "      \(frame.client) \(frame.isSent ? "→" : "←") "
    let indent = String(repeating: " ", count: head.count)
    var rows = stride(from: 0, to: digits.count, by: 64).map { start in
      let row = digits[start..<min(start + 64, digits.count)]
      let groups = stride(from: row.startIndex, to: row.endIndex, by: 8).map {
        String(row[$0..<min($0 + 8, row.endIndex)])
      }
      return (start == 0 ? head : indent) + groups.joined(separator: " ")
    }
    if frame.bytes.count < 2 * frame.count { rows.append(indent + "… \(frame.count) bytes") }
    return rows
  }
}
