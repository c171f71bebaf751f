public import Histories

/// Verdicts on histories as JUnit XML: a suite a file, a case a guarantee.
public struct HistoryJUnit: Sendable {
  /// A file's verdicts.
  public struct File: Sendable {
    /// Its name.
    public let name: String
    /// The verdicts.
    public let judgements: [CheckResult]
    /// How long each took.
    public let seconds: [Double]

    /// Verdicts, each with how long it took.
    public init(name: String, judgements: [CheckResult], seconds: [Double]) {
      self.name = name
      self.judgements = judgements
      self.seconds = seconds
    }
  }

  private let files: [File]
  private let started: Double

  /// The report on these files, whose judging began at a moment in seconds since 1970.
  public init(_ files: [File], started: Double) {
    self.files = files
    self.started = started
  }

  /// The document.
  public func xml() throws(JUnitReport.Failed) -> String {
    guard var writer = XMLWriter() else { throw JUnitReport.Failed() }
    writer.element("testsuites", [("name", "quorate")] + attributes(files)) { writer in
      for file in files {
        let moment = [("timestamp", JUnitReport.timestamp(started))]
        let head = [("name", file.name)] + attributes([file]) + moment
        writer.element("testsuite", head) { writer in
          writer.element("properties", []) { writer in
            writer.element("property", [("name", "target"), ("value", file.name)])
          }
          for (judgement, seconds) in zip(file.judgements, file.seconds) {
            testcase(judgement, seconds, file.name, &writer)
          }
        }
      }
    }
    guard let text = writer.finished() else { throw JUnitReport.Failed() }
    return text
  }

  private func testcase(
    _ judgement: CheckResult, _ seconds: Double, _ name: String, _ writer: inout XMLWriter
  ) {
    let head = [
      ("name", judgement.name), ("classname", name),
      ("time", JUnitReport.seconds(seconds)),
    ]
    writer.element("testcase", head) { writer in
      switch judgement.verdict {
      case .holds: break
      case .refuted(let refutation):
        let message = "\(judgement.name) is refuted"
        writer.element("failure", [("message", message), ("type", "refuted")]) { writer in
          writer.text("\(message)\n\(refutation.reason)")
        }
      case .undecided(let exhausted):
        writer.element("skipped", [("message", "undecided: out of \(exhausted.rawValue)")])
      case .unsuited(let why): writer.element("skipped", [("message", "unsuited: \(why)")])
      }
    }
  }

  private func attributes(_ files: [File]) -> [(String, String)] {
    var failures = 0
    var skipped = 0
    for judgement in files.flatMap(\.judgements) {
      switch judgement.verdict {
      case .holds: break
      case .refuted: failures += 1
      case .undecided, .unsuited: skipped += 1
      }
    }
    let seconds = files.flatMap(\.seconds).reduce(0, +)
    return [
      ("tests", "\(files.reduce(0) { $0 + $1.judgements.count })"), ("failures", "\(failures)"),
      ("errors", "0"), ("skipped", "\(skipped)"), ("time", JUnitReport.seconds(seconds)),
    ]
  }
}
