public import Conformance
import Foundation

/// A run's verdicts as JUnit XML, for dashboards and continuous integration.
///
/// One level of suites, a suite a topic, all in the order of ids; names are frozen, so that a
/// history goes on when a title gets better; a message holds no value of this run, so that failures
/// can be grouped by it. A case that was to be judged and was not is an error. A pass that is not
/// strict is told twice: among the facts of its case, and by id in the property `non-strict` of its
/// suite, which readers bear that refuse properties of a case. The schema is
/// `Fixtures/JUnit/quorate-junit.xsd`.
public struct JUnitReport: Sendable {
  private let journal: Journal
  private let version: String
  private let judgements: [CaseReport]

  /// The report of what `journal` holds.
  ///
  /// - Parameter version: What has judged.
  public init(_ journal: Journal, version: String = "") {
    self.journal = journal
    self.version = version
    let missing = journal.unjudged.map { label in
      var outcome = CaseResult(.error, "not judged: \(Self.cause(journal.end?.cause))")
      outcome.remarks = [journal.whyUnjudged]
      return CaseReport(label: label, verdict: .error, outcome: outcome)
    }
    judgements = (journal.judgements + missing).sorted { $0.label.id < $1.label.id }
    unjudged = Set(missing.map(\.label.id))
  }

  private let unjudged: Set<String>

  /// Why cases were not judged, without a value of this run.
  private static func cause(_ cause: RunEnd.Cause?) -> String {
    switch cause {
    case .spent: "the run's budget was spent"
    case .lost: "the target stopped answering"
    case .interrupted, nil: "the run was interrupted"
    }
  }

  /// The report could not be made: the XML library had no memory.
  public struct Failed: Error, CustomStringConvertible {
    /// What to tell.
    public var description: String { "the XML library could not write the report" }
  }

  /// The document.
  public func xml() throws(Failed) -> String {
    guard var writer = XMLWriter() else { throw Failed() }
    let all = Counts(judgements, seconds: wall)
    writer.element("testsuites", [("name", "quorate")] + all.attributes) { writer in
      for (name, judgements) in groups { suite(name, judgements, &writer) }
    }
    guard let text = writer.finished() else { throw Failed() }
    return text
  }

  /// The report of a run that has judged nothing: a single error.
  ///
  /// - Parameter why: What is to be told; its first line is the message.
  public static func ofNothing(
    _ why: String, target: String, version: String
  ) throws(Failed) -> String {
    guard var writer = XMLWriter() else { throw Failed() }
    let counts = [
      ("tests", "1"), ("failures", "0"), ("errors", "1"), ("skipped", "0"), ("time", "0.000"),
    ]
    let now = timestamp(Date().timeIntervalSince1970)
    let message = why.split(whereSeparator: \.isNewline).first.map(String.init) ?? "not judged"
    writer.element("testsuites", [("name", "quorate")] + counts) { writer in
      let head = [("name", "quorate.run")] + counts + [("timestamp", now)]
      writer.element("testsuite", head) { writer in
        write([("target", target), ("version", version)], &writer)
        let name = [("name", "run"), ("classname", "quorate.run"), ("time", "0.000")]
        writer.element("testcase", name) { writer in
          writer.element("error", [("message", message), ("type", "not judged")]) {
            $0.text(why.isEmpty ? message : why)
          }
        }
      }
    }
    guard let text = writer.finished() else { throw Failed() }
    return text
  }

  /// The judgements by topic.
  private var groups: [(String, [CaseReport])] {
    Dictionary(grouping: judgements, by: \.label.group).sorted { a, b in
      (a.value.first?.label.id ?? "") < (b.value.first?.label.id ?? "")
    }
  }

  // MARK: Time

  /// How long the run took by the clock on the wall.
  private var wall: Double {
    journal.end?.seconds ?? judgements.map(\.seconds).max() ?? 0
  }

  /// Cases run side by side: a suite is given its share of the wall's time.
  private func share(_ judgements: [CaseReport]) -> Double {
    let all = self.judgements.map(\.seconds).reduce(0, +)
    return all > 0 ? judgements.map(\.seconds).reduce(0, +) / all * wall : 0
  }

  private static let time =
    "of a case: from its beginning to its verdict; of a suite: its cases' share of the run's time, "
    + "for cases run side by side; of all: the run's time"

  /// A moment, in seconds since 1970, as the schema has it.
  static func timestamp(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(
      Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        .dateTimeSeparator(.standard).time(includingFractionalSeconds: false))
  }

  // MARK: Elements

  private func suite(_ name: String, _ judgements: [CaseReport], _ writer: inout XMLWriter) {
    let counts = Counts(judgements, seconds: share(judgements))
    let started = Self.timestamp(journal.run.started)
    let head = [("name", name)] + counts.attributes + [("timestamp", started)]
    writer.element("testsuite", head) { writer in
      Self.write(properties + Self.nonStrict(judgements), &writer)
      for judgement in judgements { testcase(judgement, &writer) }
    }
  }

  private var properties: [(String, String)] {
    var properties = [
      ("target", journal.run.target), ("profile", journal.run.profile),
      ("seed", "\(journal.run.seed)"),
      ("version", "\(version), \(judgements.count) cases"), ("time", Self.time),
    ]
    if journal.end?.wasStopped ?? true {
      properties.append(("stopped", journal.whyUnjudged))
    }
    return properties
  }

  /// How many of these passed by something that is only allowed, and which.
  private static func nonStrict(_ judgements: [CaseReport]) -> [(String, String)] {
    let ids = judgements.filter { $0.verdict == .passNonStrict }.map(\.label.id)
    return ids.isEmpty ? [] : [("non-strict", "\(ids.count): \(ids.joined(separator: " "))")]
  }

  private static func write(_ properties: [(String, String)], _ writer: inout XMLWriter) {
    writer.element("properties", []) { writer in
      for (name, value) in properties {
        writer.element("property", [("name", name), ("value", value)])
      }
    }
  }

  private func testcase(_ judgement: CaseReport, _ writer: inout XMLWriter) {
    let label = judgement.label
    let text = FailureText(judgement, target: journal.run.target)
    var head = [("name", label.name), ("classname", label.group), ("file", label.place.file)]
    if text.line > 0 { head.append(("line", "\(text.line)")) }
    head.append(("time", Self.seconds(judgement.seconds)))
    writer.element("testcase", head) { writer in
      switch judgement.verdict {
      case .pass, .passNonStrict, .argued: break
      case .unsupported, .inconclusive, .knownDeviation:
        let reason = judgement.reason ?? judgement.outcome.message ?? ""
        writer.element("skipped", [("message", "\(judgement.verdict): \(reason)")])
      case .fail: problem("failure", type: label.level.description, text, &writer)
      case .staleDeviation:
        problem("failure", type: judgement.verdict.description, text, &writer)
      case .error:
        let type = unjudged.contains(label.id) ? "stopped" : "error"
        problem("error", type: type, text, &writer)
      }
      writer.element("system-out", []) { $0.text(Self.facts(judgement, text)) }
    }
  }

  /// What has no element of its own, a line a fact: strict readers bear no properties in a case,
  /// and others know this form of them.
  private static func facts(_ judgement: CaseReport, _ text: FailureText) -> String {
    let facts = [
      ("title", judgement.label.title), ("level", judgement.label.level.description),
      ("verdict", judgement.verdict.description),
    ]
    let lines = facts.map { "[[PROPERTY|\($0)=\($1)]]" }
    return (lines + (judgement.verdict == .passNonStrict ? [text.body] : []))
      .joined(separator: "\n")
  }

  private func problem(
    _ element: String, type: String, _ text: FailureText, _ writer: inout XMLWriter
  ) {
    writer.element(element, [("message", text.message), ("type", type)]) { writer in
      writer.text(text.message + "\n" + text.body)
    }
  }

  /// Three decimals, never an exponent.
  static func seconds(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds > 0 else { return "0.000" }
    let thousandths = Int64((min(seconds, 1e9) * 1000).rounded())
    let fraction = "\(thousandths % 1000)"
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }

  /// How many of each, and how long.
  private struct Counts {
    var failures = 0
    var errors = 0
    var skipped = 0
    let tests: Int
    let seconds: Double

    init(_ judgements: [CaseReport], seconds: Double) {
      tests = judgements.count
      self.seconds = seconds
      for judgement in judgements {
        switch judgement.verdict {
        case .fail, .staleDeviation: failures += 1
        case .error: errors += 1
        case .unsupported, .inconclusive, .knownDeviation: skipped += 1
        case .pass, .passNonStrict, .argued: break
        }
      }
    }

    var attributes: [(String, String)] {
      [
        ("tests", "\(tests)"), ("failures", "\(failures)"), ("errors", "\(errors)"),
        ("skipped", "\(skipped)"), ("time", JUnitReport.seconds(seconds)),
      ]
    }
  }
}
