public import Conformance
import ProtocolCore

/// What a run looks like on the screen: what went wrong stands there in the fixture's words and
/// lines.
public struct Screen: Sendable {
  private let isColored: Bool
  private let target: String

  /// The screen of a run on `target`.
  public init(target: String, isColored: Bool) {
    self.target = target
    self.isColored = isColored
  }

  // MARK: Before

  /// What is judged, and how much of it.
  ///
  /// - Parameter profile: What probing found; nil if nothing is asked.
  public func head(
    version: String, about: String, folder: String?, profile: String?, plan: Int,
    unsupported: Int
  ) -> String {
    let works = folder.map { "; works under \($0)" } ?? ""
    let all = plan + unsupported
    var lines = ["quorate  \(version)", "target   \(target), \(about)\(works)"]
    if let profile { lines.append("probed   \(profile)") }
    lines.append("plan     \(all) \(Self.cases(all)): \(plan) to run, \(unsupported) unsupported")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: During

  /// A judgement that somebody should look at; nil for the others.
  public func block(_ judgement: CaseReport) -> String? {
    switch judgement.verdict {
    case .fail, .staleDeviation, .error, .inconclusive: lines(of: judgement)
    default: nil
    }
  }

  private func lines(of judgement: CaseReport) -> String {
    let text = FailureText(judgement, target: target)
    let label = judgement.label
    var lines = [title(judgement), "      \(text.place)"]
    if judgement.outcome.differences.isEmpty || judgement.verdict == .staleDeviation {
      lines.append("      \(VisibleText.of(text.message))")
    }
    if let reason = judgement.reason { lines.append("      reason: \(reason)") }
    lines += narrative(judgement.outcome)
    for remark in judgement.outcome.remarks { lines.append("  note   \(VisibleText.of(remark))") }
    if let why = label.why { lines.append("  why    \(why)") }
    if let wire = wire(judgement.outcome) { lines.append("  wire   \(wire)") }
    lines.append("  again  \(text.again)")
    if judgement.verdict == .fail {
      lines.append("  accept \(label.id)  in a --known-deviations file")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func title(_ judgement: CaseReport) -> String {
    let word = Self.word(judgement.verdict)
    let label = judgement.label
    let left = "\(word)  \(label.id)  \(label.title)"
    let right = "\(label.level)  \(label.claims.joined(separator: " "))"
    return paint(word, red: judgement.verdict != .inconclusive)
      + left.padded(to: 84, atLeast: 2).dropFirst(word.count) + right
  }

  static func word(_ verdict: Verdict) -> String {
    switch verdict {
    case .fail: "FAIL"
    case .staleDeviation: "STALE"
    case .error: "ERROR"
    case .inconclusive: "OPEN"
    case .passNonStrict: "pass*"
    case .argued: "argued"
    case .knownDeviation: "known"
    case .unsupported: "unsup"
    case .pass: "pass"
    }
  }

  /// The steps; the last with what was expected and what came.
  private func narrative(_ outcome: CaseResult) -> [String] {
    var lines: [String] = []
    let steps = outcome.narrative
    let shown = steps.suffix(Self.steps)
    if shown.count < steps.count { lines.append("   …  \(steps.count - shown.count) steps before") }
    for step in shown.dropLast(outcome.differences.isEmpty ? 0 : 1) {
      lines.append(Self.row(step.number, step.text, step.result, step.detail))
    }
    var width = 39
    guard let last = shown.last, !outcome.differences.isEmpty else { return lines }
    for (index, difference) in outcome.differences.prefix(Self.shownDifferences).enumerated() {
      let left =
        index == 0 ? "\(Self.number(last.number))  \(VisibleText.of(last.text))".padded(to: 24) : ""
      let field = left.padded(to: 24) + "  " + difference.field
      width = max(width, field.count + 2)
      let indent = String(repeating: " ", count: width)
      lines.append(
        field.padded(to: indent.count) + "expected   "
          + Self.told(difference.expected, difference.expectedIs))
      lines.append(indent + "got        " + Self.told(difference.got, difference.gotIs))
    }
    let more = outcome.differences.count - Self.shownDifferences
    if more > 0 { lines.append(String(repeating: " ", count: 26) + "… \(more) fields more") }
    return lines
  }

  private static let steps = 16
  private static let shownDifferences = 6

  private static func row(
    _ number: Int, _ text: String, _ result: String, _ detail: String
  ) -> String {
    let row =
      "\(Self.number(number))  " + VisibleText.of(text).padded(to: 44) + "  "
      + VisibleText.of(result).padded(to: 15) + "  " + detail
    return trimmed(row)
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func number(_ number: Int) -> String {
    "\(number)".leftPadded(to: 4)
  }

  private static func told(_ value: String, _ what: String) -> String {
    what.isEmpty ? VisibleText.of(value) : VisibleText.of(value).padded(to: 15) + "  " + what
  }

  /// The last bytes sent, in groups of four, and how many came back.
  private func wire(_ outcome: CaseResult) -> String? {
    guard let sent = outcome.wire.last(where: \.isSent) else { return nil }
    let back = outcome.wire.filter { !$0.isSent && $0.client == sent.client }.map(\.count)
      .reduce(0, +)
    let digits = Array(sent.bytes)
    let groups = stride(from: 0, to: min(digits.count, 64), by: 8).map { start in
      String(digits[start..<min(start + 8, digits.count)])
    }
    let rest = sent.count > 32 ? " … \(sent.count) bytes" : ""
    return "→ " + groups.joined(separator: " ") + rest + "   ← \(back) bytes (--wire shows all)"
  }

  // MARK: After

  /// What it amounts to.
  ///
  /// - Parameters:
  ///   - verdict: What the verdicts amount to.
  ///   - exit: The code with which the process ends, which may be worse.
  ///   - report: The report's file, if one was written.
  public func summary(
    _ journal: Journal, verdict: ExitCode, exit: ExitCode, report: String?
  ) -> String {
    let judgements = journal.judgements
    func count(_ verdicts: Verdict...) -> Int {
      judgements.count { verdicts.contains($0.verdict) }
    }
    let run = judgements.count - count(.unsupported)
    var counts = ["\(count(.pass, .passNonStrict)) pass"]
    if count(.argued) > 0 { counts.append("\(count(.argued)) argued") }
    if count(.passNonStrict) > 0 { counts[0] += " (\(count(.passNonStrict)) of them non-strict)" }
    counts.append("\(count(.fail)) FAIL")
    for (verdict, word) in [
      (Verdict.knownDeviation, "known deviation"), (.staleDeviation, "stale"),
      (.inconclusive, "inconclusive"), (.error, "error"),
    ] where count(verdict) > 0 {
      let isPlural = count(verdict) > 1 && [.knownDeviation, .error].contains(verdict)
      counts.append("\(count(verdict)) \(word)\(isPlural ? "s" : "")")
    }
    let seconds = journal.end.map { " in \(Self.seconds($0.seconds))" } ?? ""
    var lines = ["\(run) run\(seconds): \(counts.joined(separator: ", "))"]
    if count(.unsupported) > 0 { lines[0] += "; \(count(.unsupported)) unsupported" }
    lines += Failures(judgements).lines
    if journal.end?.wasStopped ?? true {
      let missing = journal.unjudged.count
      let were = missing == 1 ? "case was" : "cases were"
      let rest = missing > 0 ? "; \(missing) \(were) not judged" : ""
      lines.append("stopped  \(VisibleText.of(journal.whyUnjudged))\(rest)")
    }
    if let report {
      let all = judgements.count + journal.unjudged.count
      lines.append("report   \(report), \(all) \(Self.cases(all))")
    }
    lines.append(last(verdict, exit))
    return lines.joined(separator: "\n")
  }

  static func cases(_ count: Int) -> String { count == 1 ? "case" : "cases" }

  private func last(_ verdict: ExitCode, _ exit: ExitCode) -> String {
    let word =
      switch verdict {
      case .conformant: "CONFORMANT"
      case .notConformant: "NOT CONFORMANT"
      case .inconclusive: "INCONCLUSIVE"
      case .error, .usage: "NOT JUDGED"
      }
    let gap = word.padded(to: 84, atLeast: 2).dropFirst(word.count)
    return paint(word, red: verdict != .conformant) + gap + "exit \(exit.rawValue)"
  }

  static func seconds(_ seconds: Double) -> String {
    seconds < 10
      ? "\((seconds * 10).rounded() / 10) s" : "\(Int(seconds.rounded())) s"
  }

  private func paint(_ text: String, red: Bool) -> String {
    isColored ? "\u{1b}[1;\(red ? 31 : 32)m\(text)\u{1b}[0m" : text
  }
}
