import Conformance

/// Judgements of every verdict, and what may stand in them.
enum Samples {
  static func label(
    _ id: String, slug: String = "slug", topic: String = "stat", title: String = "A title"
  ) -> CaseLabel {
    CaseLabel(
      id: id, slug: slug, title: title, level: .must, claims: ["ZNODE-6"], chapter: "zookeeper",
      topic: topic, place: Place(file: "Fixtures/\(id).yaml", line: 2, column: 1),
      why: "setWatches compares pzxid", needsTarget: true)
  }

  static var failing: CaseResult {
    var outcome = CaseResult(.fail, "line 13: stat.pzxid is not the zxid of line 12")
    outcome.narrative = [
      CaseResult.Line(12, "a.delete /p/c", "ok", "zxid 0x2f3"), CaseResult.Line(13, "a.exists /p"),
    ]
    outcome.differences = [
      CaseResult.Difference(
        "stat.pzxid", expected: "0x2f3", expectedIs: "the zxid of line 12", got: "0x2f2",
        gotIs: "the zxid of line 11")
    ]
    outcome.wire = [CaseResult.Frame(client: "a", isSent: true, bytes: [0, 1, 254])]
    return outcome
  }

  static func judgement(_ verdict: Verdict) -> CaseReport {
    let outcome =
      verdict == .fail || verdict == .knownDeviation ? failing : CaseResult(verdict, "as it is")
    return CaseReport(
      label: label("ZK-STAT-0\(10 + (Verdict.allCases.firstIndex(of: verdict) ?? 0))"),
      verdict: verdict, outcome: outcome, reason: verdict == .knownDeviation ? "as 3.8" : nil,
      seconds: 0.0123)
  }

  static func journal(_ judgements: [CaseReport]) -> Journal {
    Journal(
      run: RunLabel(
        target: "reference:", profile: "edition 3.9", planned: judgements.count, seed: 7,
        started: 1_700_000_000),
      judgements: judgements, end: RunEnd(seconds: 1))
  }

  static var everyVerdict: Journal { journal(Verdict.allCases.map(judgement)) }
}
