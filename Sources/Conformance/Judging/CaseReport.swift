/// A case, and what was found about it: a line of the journal, an element of the report.
public struct CaseReport: Hashable, Sendable, Codable {
  /// Which case.
  public var label: CaseLabel
  /// The verdict that counts, with known deviations and strictness looked at.
  public var verdict: Verdict
  /// What came of playing it.
  public var outcome: CaseResult
  /// Why a known deviation is one, why a case is unsupported.
  public var reason: String?
  /// How long it took, on the wall's clock.
  public var seconds: Double

  /// The judgement of these parts.
  public init(
    label: CaseLabel, verdict: Verdict, outcome: CaseResult, reason: String? = nil,
    seconds: Double = 0
  ) {
    self.label = label
    self.verdict = verdict
    self.outcome = outcome
    self.reason = reason
    self.seconds = seconds
  }

  /// The case is not in the target's profile.
  package static func unsupported(_ label: CaseLabel, _ reason: String) -> CaseReport {
    CaseReport(
      label: label, verdict: .unsupported, outcome: CaseResult(.unsupported), reason: reason)
  }

  /// What `outcome` amounts to for a case of this level.
  ///
  /// - Parameters:
  ///   - strict: Whether alternatives and differences in a SHOULD count as failures.
  ///   - deviations: What the target's people have said.
  package init(
    _ label: CaseLabel, _ outcome: CaseResult, seconds: Double, strict: Bool,
    deviations: KnownDeviations
  ) {
    self.init(label: label, verdict: outcome.verdict, outcome: outcome, seconds: seconds)
    switch (outcome.verdict, label.level) {
    case (.fail, .observed): verdict = .passNonStrict
    case (.fail, .should) where !strict: verdict = .passNonStrict
    case (.passNonStrict, .must) where strict, (.passNonStrict, .should) where strict:
      verdict = .fail
    default: break
    }
    guard let reason = deviations.reason(for: label.id) else { return }
    switch verdict {
    case .fail: (verdict, self.reason) = (.knownDeviation, reason)
    case .pass, .passNonStrict, .argued: (verdict, self.reason) = (.staleDeviation, reason)
    default: break
    }
  }
}
