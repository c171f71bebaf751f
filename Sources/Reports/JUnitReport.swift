public import Conformance
import Foundation

/// A run's verdicts as JUnit XML, for dashboards and continuous integration.
///
/// One level of suites, a suite a topic; names are frozen, so that a history goes on when a title
/// gets better; a message holds no value of this run, so that failures can be grouped by it. The
/// schema is `Fixtures/JUnit/quorate-junit.xsd`.
public struct JUnitReport: Sendable {
  private let journal: Journal

  /// The report of what `journal` holds.
  public init(_ journal: Journal) { self.journal = journal }

  /// The report could not be made: the XML library had no memory.
  public struct Failed: Error, CustomStringConvertible {
    /// What to tell.
    public var description: String { "the XML library could not write the report" }
  }

  /// The document.
  public func xml() throws(Failed) -> String {
    guard var writer = XMLWriter() else { throw Failed() }
    let all = Counts(journal.judgements)
    writer.element("testsuites", [("name", "quorate")] + all.attributes) { writer in
      for (name, judgements) in groups { suite(name, judgements, &writer) }
    }
    guard let text = writer.finished() else { throw Failed() }
    return text
  }

  /// The judgements by topic, topics in the order in which they were met.
  private var groups: [(String, [Judgement])] {
    var order: [String] = []
    var members: [String: [Judgement]] = [:]
    for judgement in journal.judgements {
      let name = judgement.label.group
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(judgement)
    }
    return order.map { ($0, members[$0] ?? []) }
  }

  private func suite(_ name: String, _ judgements: [Judgement], _ writer: inout XMLWriter) {
    let counts = Counts(judgements)
    let head = [("name", name)] + counts.attributes + [("timestamp", timestamp)]
    writer.element("testsuite", head) { writer in
      writer.element("properties", []) { writer in
        for (name, value) in properties {
          writer.element("property", [("name", name), ("value", value)])
        }
      }
      for judgement in judgements { testcase(judgement, &writer) }
    }
  }

  private var timestamp: String { JUnitReport.timestamp(journal.run.started) }

  /// A moment, in seconds since 1970, as the schema has it.
  static func timestamp(_ seconds: Double) -> String {
    let format = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
      .dateTimeSeparator(.standard).time(includingFractionalSeconds: false)
    return Date(timeIntervalSince1970: seconds).formatted(format)
  }

  private var properties: [(String, String)] {
    var properties = [
      ("target", journal.run.target), ("profile", journal.run.profile),
      ("seed", "\(journal.run.seed)"),
    ]
    if journal.end?.wasStopped ?? true { properties.append(("stopped", "true")) }
    return properties
  }

  private func testcase(_ judgement: Judgement, _ writer: inout XMLWriter) {
    let label = judgement.label
    writer.element(
      "testcase",
      [
        ("name", label.name), ("classname", label.group),
        ("time", JUnitReport.seconds(judgement.seconds)),
      ]
    ) { writer in
      switch judgement.verdict {
      case .pass: break
      case .passNonStrict:
        writer.element("system-out", []) { $0.text(FailureText(judgement).body) }
      case .unsupported, .inconclusive, .knownDeviation:
        let reason = judgement.reason ?? judgement.outcome.message ?? ""
        writer.element("skipped", [("message", "\(judgement.verdict): \(reason)")])
      case .fail: problem("failure", type: label.level.description, judgement, &writer)
      case .staleDeviation:
        problem("failure", type: judgement.verdict.description, judgement, &writer)
      case .error: problem("error", type: "error", judgement, &writer)
      }
    }
  }

  private func problem(
    _ element: String, type: String, _ judgement: Judgement, _ writer: inout XMLWriter
  ) {
    let text = FailureText(judgement)
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
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0
    var seconds = 0.0

    init(_ judgements: [Judgement]) {
      for judgement in judgements {
        tests += 1
        seconds += judgement.seconds
        switch judgement.verdict {
        case .fail, .staleDeviation: failures += 1
        case .error: errors += 1
        case .unsupported, .inconclusive, .knownDeviation: skipped += 1
        case .pass, .passNonStrict: break
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
