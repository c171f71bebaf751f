public import Conformance

/// A judgement in words, as it stands on the screen and in a report's body.
public struct FailureText: Sendable {
  private let judgement: Judgement

  /// The words for this judgement.
  public init(_ judgement: Judgement) { self.judgement = judgement }

  private var outcome: Outcome { judgement.outcome }

  /// One line without any value of this run.
  public var message: String {
    switch judgement.verdict {
    case .staleDeviation: "listed as a known deviation, and it holds"
    default: outcome.message ?? judgement.reason ?? judgement.verdict.description
    }
  }

  /// Where the failing step stands: `file:line`.
  public var place: String {
    let place = judgement.label.place
    let line = outcome.differences.isEmpty ? nil : outcome.narrative.last?.number
    return "\(place.file):\(line ?? place.line)"
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
    lines += outcome.narrative.map { line in
      [" \(line.number)", line.text, line.result, line.detail].filter { !$0.isEmpty }
        .joined(separator: "   ")
    }
    lines += outcome.measured
    lines += outcome.wire.map { frame in
      "wire \(frame.client) \(frame.isSent ? "→" : "←") \(frame.bytes)"
        + (frame.bytes.count < 2 * frame.count ? "… \(frame.count) bytes" : "")
    }
    if judgement.verdict != .passNonStrict {
      lines.append("again: quorate replay \(judgement.label.id) TARGET")
    }
    return lines.joined(separator: "\n")
  }

  private static func told(_ value: String, _ what: String) -> String {
    what.isEmpty ? value : "\(value) (\(what))"
  }
}
