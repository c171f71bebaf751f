import Conformance
import Foundation
import Reports
import Testing

@Suite struct JUnitReportTests {
  @Test func `A report of every verdict is valid, and says what a dashboard groups by`() throws {
    let xml = try JUnitReport(Samples.everyVerdict).xml()
    #expect(Schema.accepts(xml))
    #expect(
      xml.contains(
        """
        <testsuite name="zookeeper.stat" tests="9" failures="2" errors="1" skipped="3" \
        time="1.000" timestamp="2023-11-14T22:13:20">
        """))
    #expect(
      xml.contains(
        """
        <testcase name="ZK-STAT-012 slug" classname="zookeeper.stat" \
        file="Fixtures/ZK-STAT-012.yaml" line="13" time="0.012">
           <failure message="line 13: stat.pzxid is not the zxid of line 12" type="MUST">\
        line 13: stat.pzxid is not the zxid of line 12
        stat.pzxid: expected 0x2f3 (the zxid of line 12), got 0x2f2 (the zxid of line 11)
        claims: ZNODE-6   fixture: Fixtures/ZK-STAT-012.yaml:13
        why: setWatches compares pzxid
         12   a.delete /p/c   ok   zxid 0x2f3
         13   a.exists /p   FAILS
        wire a → 0001fe
        again: quorate replay 'ZK-STAT-012' reference:</failure>
           <system-out>[[PROPERTY|title=A title]]
        [[PROPERTY|level=MUST]]
        [[PROPERTY|verdict=fail]]</system-out>
        """))
  }

  /// Text that XML 1.0 forbids, or that a terminal would obey.
  static let hostile = [
    "\u{1b}[31mred\u{1b}[0m", "NUL \u{0} and BEL \u{7}", "]]> <a href=\"x\">&amp;</a>",
    String(decoding: [0xed, 0xa0, 0x80, 0xff, 0xc0] as [UInt8], as: UTF8.self),
    String(
      decoding: [0xef, 0xbf, 0xbe, 0xef, 0xbf, 0xbf, 0xef, 0xb7, 0x90] as [UInt8], as: UTF8.self),
    "line\r\nline\tend", "\u{85}\u{2028}\u{7f}\u{9b}31m",
    String(repeating: "x", count: 10_000_000), "e\u{301}🏳️‍🌈", "",
  ]

  @Test(arguments: hostile.indices) func `Hostile text stays inside its element`(
    index: Int
  ) throws {
    let text = Self.hostile[index]
    var outcome = Samples.failing
    outcome.message = "message \(text)"
    outcome.remarks = [text]
    let judgement = CaseReport(
      label: Samples.label("ID \(text)", slug: text, topic: "topic \(text)", title: text),
      verdict: .fail, outcome: outcome)
    let xml = try JUnitReport(Samples.journal([judgement])).xml()
    #expect(Schema.accepts(xml))
    #expect(!xml.contains("\u{1b}") && xml.utf8.count < 12_000_000)
  }

  @Test func `What is shown instead of a control character can be read`() {
    #expect(VisibleText.of("a\u{0}b\u{1b}c\u{1b}[1;31md\u{9f}") == "a␀b␛cd⟨U+009F⟩")
    let long = VisibleText.of(String(repeating: "y", count: (1 << 20) + 5))
    #expect(long.hasSuffix("y… 5 characters more"))
  }

  @Test(arguments: [
    (0.0, "0.000"), (0.0004, "0.000"), (0.9996, "1.000"), (12.5, "12.500"), (1e-9, "0.000"),
    (-1, "0.000"), (1e300, "1000000000.000"), (.nan, "0.000"),
  ]) func `Seconds have three decimals and no exponent`(seconds: Double, printed: String) throws {
    var judgement = Samples.judgement(.pass)
    judgement.seconds = seconds
    #expect(try JUnitReport(Samples.journal([judgement])).xml().contains("time=\"\(printed)\">"))
  }

  @Test func `A run that was stopped says so`() throws {
    var journal = Samples.everyVerdict
    journal.end = nil
    #expect(
      try JUnitReport(journal).xml().contains(
        "<property name=\"stopped\" value=\"the run was interrupted\"/>"))
  }

  @Test(arguments: [
    (RunEnd.Cause.interrupted, "the run was interrupted"), (.spent, "the run's budget was spent"),
    (.lost, "the target stopped answering"),
  ])
  func `What was not judged is an error, in its place among the others`(
    cause: RunEnd.Cause, message: String
  ) throws {
    var journal = Samples.journal([Samples.judgement(.pass)])
    journal.end = RunEnd(cause, why: "why, with a value of 5.1 s", seconds: 1)
    journal.unjudged = [
      Samples.label("ZK-STAT-099"), Samples.label("ZK-ACL-001", topic: "acl"),
    ]
    let xml = try JUnitReport(journal, version: "1").xml()
    #expect(Schema.accepts(xml))
    #expect(xml.contains("<testsuites name=\"quorate\" tests=\"3\" failures=\"0\" errors=\"2\""))
    #expect(xml.contains("<error message=\"not judged: \(message)\" type=\"stopped\">"))
    #expect(xml.contains("why, with a value of 5.1 s"))
    let names = xml.matches(of: /testcase name="([A-Z0-9-]+)/).map { String($0.1) }
    #expect(names == ["ZK-ACL-001", "ZK-STAT-010", "ZK-STAT-099"])
  }

  @Test func `The suites' times add up to the run's, though cases run side by side`() throws {
    var judgements = (1...8).map { _ in Samples.judgement(.pass) }
    for index in judgements.indices {
      judgements[index].label.id = "ZK-T-\(index)"
      judgements[index].label.topic = index < 4 ? "a" : "b"
      judgements[index].seconds = index < 4 ? 0.5 : 0.25
    }
    let xml = try JUnitReport(Samples.journal(judgements)).xml()
    let times = xml.matches(of: /<testsuite name.*? time="([0-9.]+)"/).compactMap { Double($0.1) }
    #expect(times == [0.667, 0.333])
    #expect(xml.contains(/<testsuites name="quorate" tests="8".* time="1\.000">/))
    #expect(xml.contains("<property name=\"time\" value=\"of a case: "))
  }

  @Test func `A run that has judged nothing leaves a report with a single error`() throws {
    let xml = try JUnitReport.ofNothing(
      "nothing listens on h:1\nand more", target: "zookeeper://h:1", version: "1")
    #expect(Schema.accepts(xml))
    #expect(xml.contains("tests=\"1\" failures=\"0\" errors=\"1\""))
    #expect(xml.contains("<error message=\"nothing listens on h:1\" type=\"not judged\">"))
  }

  @Test func `A pass that is not strict is marked, in its case and in its suite`() throws {
    var strict = Samples.judgement(.pass)
    strict.label.topic = "acl"
    let all = Verdict.allCases.map(Samples.judgement) + [strict]
    let xml = try JUnitReport(Samples.journal(all)).xml()
    #expect(Schema.accepts(xml))
    #expect(xml.contains("[[PROPERTY|verdict=pass-non-strict]]"))
    #expect(xml.ranges(of: "<property name=\"non-strict\"").count == 1)
    #expect(xml.contains("<property name=\"non-strict\" value=\"1: ZK-STAT-011\"/>"))
  }

  @Test(.enabled(if: Files.isRequired || Files.hasJUnitParser, "python3 has no junitparser"))
  func `Other people's readers find what was written`() throws {
    var judgements = Verdict.allCases.map(Samples.judgement)
    for (number, text) in Self.hostile.enumerated() where text.count < 1000 {
      var judgement = Samples.judgement(.fail)
      judgement.label.id = "ZK-HOSTILE-\(number)\(text)"
      judgement.outcome.message = text
      judgements.append(judgement)
    }
    let told = try Files.readBack(JUnitReport(Samples.journal(judgements)).xml())
    let lines = told.split(separator: "\n")
    #expect(
      lines.first == "junitparser: 18 tests, 11 failures, 1 errors, 3 skipped, 1.000 s", "\(told)")
    #expect(
      lines.contains(
        "'ZK-STAT-012 slug': Failure: 'line 13: stat.pzxid is not the zxid of line 12'"))
    #expect(lines.contains("'ZK-STAT-013 slug': Skipped: 'known-deviation: as 3.8'"))
    #expect(lines.contains { $0.contains("<a href=") })
  }
}

@Suite struct SchemaWitnesses {
  static let good = try? JUnitReport(Samples.everyVerdict).xml()

  /// Edits after which a report is not valid any more.
  static let edits: [(String, String)] = [
    ("time=\"0.012\"", "time=\"1.2e-2\""), ("time=\"0.012\"", "time=\"0.01\""),
    ("classname=\"zookeeper.stat\"", ""), ("tests=\"9\"", "tests=\"-9\""),
    ("<failure message=\"line 13", "<error message=\"\" type=\"x\"/><failure message=\"line 13"),
    ("ZK-STAT-011", "ZK-STAT-010"),
    ("<properties>", "<property name=\"x\" value=\"y\"/><properties>"),
    ("</testsuites>", ""), ("type=\"MUST\"", "kind=\"MUST\""), ("setWatches", "\u{1}"),
    ("setWatches", "&#0;"), ("<testsuite ", "<testsuite><testsuite "),
  ]

  @Test(arguments: edits) func `The schema refuses what it should`(from: String, to: String) throws
  {
    let good = try #require(Self.good)
    #expect(Schema.accepts(good) && good.contains(from))
    #expect(!Schema.accepts(good.replacing(from, with: to)))
  }
}
