public import Conformance

/// A judgement in words, as it stands on the screen and in a report's body.
public struct FailureText: Sendable {
  private let judgement: CaseReport
  private let target: String

  /// The words for this judgement of a target.
  public init(_ judgement: CaseReport, target: String) {
    self.judgement = judgement
    self.target = target
  }

  private var outcome: CaseResult { judgement.outcome }

  /// One line without any value of this run.
  public var message: String {
    switch judgement.verdict {
    case .staleDeviation: "listed as a known deviation, and it holds"
    default: outcome.message ?? judgement.reason ?? judgement.verdict.description
    }
  }

  /// The line of the failing step, or of the case; 0 if it stands in no line.
  public var line: Int {
    let place = judgement.label.place
    // Steps that no file has are counted.
    let isWritten = place.file.hasSuffix(".yaml") || place.file.hasSuffix(".run")
    let isAtStep = !outcome.differences.isEmpty && isWritten && place.line > 0
    return (isAtStep ? outcome.narrative.last?.number : nil) ?? place.line
  }

  /// Where the failing step stands: `file:line`.
  public var place: String {
    let file = judgement.label.place.file
    return line > 0 ? "\(file):\(line)" : file
  }

  /// Whether the last step of the narrative is the one that went wrong.
  var endsInFailure: Bool { Self.endsInFailure(judgement) }

  /// Whether the last step of a narrative is the one that went wrong.
  static func endsInFailure(_ judgement: CaseReport) -> Bool {
    [.fail, .error, .knownDeviation].contains(judgement.verdict)
      || !judgement.outcome.differences.isEmpty
  }

  /// The command that plays the case again: a case of ours by its id, anybody else's by its file.
  public var again: String {
    let label = judgement.label
    let isOurs = label.place.file.hasPrefix("Fixtures/") || label.place.file.hasPrefix("Sources/")
    let name = isOurs ? "'\(label.id)'" : Typed.word(label.place.file)
    return "quorate replay \(name)" + (label.needsTarget ? " \(Typed.word(target))" : "")
  }

  /// The report's body: differences, claims, the whole narrative.
  public var body: String {
    var lines = outcome.differences.map { difference in
      "\(difference.field): expected \(Self.told(difference.expected, difference.expectedIs)), "
        + "got \(Self.told(difference.got, difference.gotIs))"
    }
    let claims = judgement.label.claims.joined(separator: " ")
    lines.append("claims: \(claims)   fixture: \(place)")
    if let reason = judgement.reason { lines.append("reason: \(reason)") }
    if let why = judgement.label.why { lines.append("why: \(why)") }
    lines += outcome.remarks
    let last = endsInFailure ? outcome.narrative.indices.last : nil
    lines += outcome.narrative.enumerated().map { index, line in
      let failed = index == last ? "FAILS" : ""
      return [" \(line.number)", line.text, line.result, line.detail, failed]
        .filter { !$0.isEmpty }.joined(separator: "   ")
    }
    lines += outcome.measured
    lines += outcome.wire.map { frame in
      "wire \(frame.client) \(frame.isSent ? "→" : "←") \(frame.bytes)"
        + (frame.bytes.count < 2 * frame.count ? "… \(frame.count) bytes" : "")
    }
    if judgement.verdict != .passNonStrict {
      lines.append("again: \(again)")
    }
    return lines.joined(separator: "\n")
  }

  private static func told(_ value: String, _ what: String) -> String {
    what.isEmpty ? value : "\(value) (\(what))"
  }
}
