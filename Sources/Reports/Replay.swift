public import Conformance
import ProtocolCore

/// A case as it was played, step by step.
public struct Replay: Sendable {
  private let judgement: CaseReport
  private let wire: Bool
  private let readings: [[String]]

  /// The steps of this judgement, with their bytes if wanted.
  ///
  /// - Parameter readings: What to tell below each portion of bytes of the outcome.
  public init(_ judgement: CaseReport, wire: Bool, readings: [[String]] = []) {
    self.judgement = judgement
    self.wire = wire
    self.readings = readings
  }

  /// All of it.
  public var text: String {
    let label = judgement.label
    var lines = ["\(Screen.word(judgement.verdict))  \(label.id)  \(label.title)"]
    if let reason = judgement.reason { lines.append("      \(reason)") }
    if wire { lines += frames(before: judgement.outcome.narrative.first?.number ?? .max) }
    let steps = judgement.outcome.narrative
    let failed = FailureText.endsInFailure(judgement) ? steps.indices.last : nil
    for (index, step) in steps.enumerated() {
      let number = "\(step.number)"
      let left = number.leftPadded(to: 4) + "  " + step.text
      let row =
        left.padded(to: 52, atLeast: 2)
        + [step.result, step.detail, index == failed ? "FAILS" : ""]
        .filter { !$0.isEmpty }.joined(separator: "  ")
      lines.append(VisibleText.of(row))
      if wire { lines += frames(of: step.number) }
    }
    for number in judgement.outcome.measured { lines.append("      \(number)") }
    for remark in judgement.outcome.remarks { lines.append("  note   \(VisibleText.of(remark))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func frames(of line: Int) -> [String] { frames { $0.line == line } }

  private func frames(before line: Int) -> [String] { frames { $0.line < line } }

  private func frames(_ isMeant: (CaseResult.Frame) -> Bool) -> [String] {
    judgement.outcome.wire.enumerated().filter { isMeant($0.element) }.flatMap { place, frame in
      let indent = String(repeating: " ", count: 8)
      let reading = place < readings.count ? readings[place] : []
      return rows(frame) + reading.map { indent + VisibleText.of($0) }
    }
  }

  private static let shown = 4096

  /// The bytes, sixteen a row.
  private func rows(_ frame: CaseResult.Frame) -> [String] {
    let digits = Array(frame.bytes.prefix(2 * Self.shown))
    let head = "      \(frame.client) \(frame.isSent ? "→" : "←") "
    let indent = String(repeating: " ", count: head.count)
    var rows = stride(from: 0, to: digits.count, by: 64).map { start in
      let row = digits[start..<min(start + 64, digits.count)]
      let groups = stride(from: row.startIndex, to: row.endIndex, by: 8).map {
        String(row[$0..<min($0 + 8, row.endIndex)])
      }
      return (start == 0 ? head : indent) + groups.joined(separator: " ")
    }
    if digits.count < 2 * frame.count { rows.append(indent + "… \(frame.count) bytes") }
    return rows
  }
}
