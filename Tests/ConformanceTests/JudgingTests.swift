import Foundation
import ProtocolCore
import Testing

@testable import Conformance
@testable import ZooKeeperConformance

@Suite struct JudgingTests {
  static func label(_ id: String = "ZK-TRY-001", level: Level = .must) -> CaseLabel {
    CaseLabel(
      id: id, slug: "s", title: "t", level: level, claims: ["ZNODE-1"], chapter: "zookeeper",
      topic: "try", place: Place(file: "f"))
  }

  static func verdict(
    _ verdict: Verdict, _ level: Level, strict: Bool, known: Bool = false
  ) throws -> Verdict {
    let deviations = known ? try KnownDeviations("ZK-TRY-* as it is", file: "k") : KnownDeviations()
    return CaseReport(
      label(level: level), CaseResult(verdict), seconds: 0, strict: strict, deviations: deviations
    ).verdict
  }

  @Test(arguments: [
    (Verdict.fail, Level.must, false, Verdict.fail), (.fail, .should, false, .passNonStrict),
    (.fail, .should, true, .fail), (.fail, .observed, true, .passNonStrict),
    (.passNonStrict, .must, false, .passNonStrict), (.passNonStrict, .must, true, .fail),
    (.passNonStrict, .observed, true, .passNonStrict), (.pass, .must, true, .pass),
    (.error, .should, false, .error), (.inconclusive, .must, true, .inconclusive),
  ])
  func `A level and strictness weigh an outcome`(
    outcome: Verdict, level: Level, strict: Bool, verdict: Verdict
  ) throws {
    #expect(try Self.verdict(outcome, level, strict: strict) == verdict)
  }

  @Test(arguments: [
    (Verdict.fail, Verdict.knownDeviation), (.pass, .staleDeviation),
    (.passNonStrict, .staleDeviation), (.error, .error), (.inconclusive, .inconclusive),
  ])
  func `A known deviation excuses a failure, and must fail`(
    outcome: Verdict, verdict: Verdict
  ) throws {
    #expect(try Self.verdict(outcome, .must, strict: false, known: true) == verdict)
  }

  @Test(arguments: [
    ([Verdict.pass, .passNonStrict, .argued, .unsupported, .knownDeviation], ExitCode.conformant),
    ([], .conformant), ([.pass, .fail, .error], .notConformant),
    ([.staleDeviation], .notConformant),
    ([.error, .inconclusive], .error), ([.inconclusive, .pass], .inconclusive),
  ])
  func `The worst verdict decides the exit code`(verdicts: [Verdict], code: ExitCode) {
    #expect(ExitCode(verdicts) == code)
  }

  @Test(arguments: [
    ("ZK-WATCH-*", "ZK-WATCH-030[delete,child]", true), ("zk-watch-030", "ZK-WATCH-030", true),
    ("ZK-WATCH-030", "ZK-WATCH-030[delete,child]", true), ("*[delete,*]", "ZK-W-1[delete,x]", true),
    ("ZK-?-1", "ZK-W-1", true), ("ZK-WATCH", "ZK-WATCH-030", false), ("", "ZK", false),
    ("*a*b*c*", "xxaxbxxcx", true), ("*a*b*c*", "xxaxcxxbx", false),
  ])
  func `A pattern matches ids`(pattern: String, id: String, matches: Bool) {
    #expect(Glob(pattern).matches(id) == matches)
  }

  @Test func `Deviations have reasons, and name cases`() throws {
    let text = "# ours\n\nZK-TRY-001  since 2019 # old\n  ZK-OLD-* gone\n"
    let known = try KnownDeviations(text, file: "k.txt")
    #expect(known.entries.map(\.place.line) == [3, 4])
    #expect(known.reason(for: "ZK-TRY-001") == "since 2019")
    #expect(known.strangers(to: ["ZK-TRY-001"]).map(\.pattern) == ["ZK-OLD-*"])
    let error = #expect(throws: FixtureError.self) {
      try KnownDeviations("\nZK-TRY-001\n", file: "k.txt")
    }
    #expect(
      error?.description == "k.txt:2:1: 'ZK-TRY-001' is not a case and the reason why it deviates")
  }

  @Test func `Deviations are read whatever ends a line, and none is given twice`() throws {
    let known = try KnownDeviations(
      "\u{feff}ZK-TRY-* as it is\r\n# ours\r\nZK-TRY-002 its own reason\r\n", file: "k.txt")
    #expect(known.entries.map(\.place.line) == [1, 3])
    #expect(known.reason(for: "ZK-TRY-001") == "as it is")
    #expect(known.reason(for: "zk-try-002") == "its own reason", "more than the pattern before it")
    let error = #expect(throws: FixtureError.self) {
      try KnownDeviations("ZK-TRY-001 a\n\nzk-try-001 b\n", file: "k.txt")
    }
    #expect(error?.description == "k.txt:3:1: 'zk-try-001' stands in k.txt:1 already")
  }

  @Test func `A claim that no chapter makes is refused where it stands`() throws {
    let error = #expect(throws: FixtureError.self) {
      try ServiceFixture.read(
        """
        case: ZK-TRY-001
        title: A try
        level: must
        claims: [ZNODE-1, ZNODE-66]
        editions: "3.4.."
        seen: []
        clients: [a]
        steps:
          - a.create: { path: /n }
        """, file: "f.yaml")
    }
    #expect(
      error?.description == "f.yaml:4:19: no claim is called 'ZNODE-66'; did you mean 'ZNODE-6'?")
  }

  @Test func `A journal is read back, cut short or not, and what stands twice holds as last`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(FileManager.default.createFile(atPath: folder.path, contents: nil))
    let writer = JournalWriter(try FileHandle(forWritingTo: folder))
    let run = RunLabel(target: "t\u{0}\n", profile: "p", planned: 3, seed: 1, started: 7)
    writer.begin(run, plan: [Self.label(), Self.label("ZK-TRY-002")])
    for verdict in [Verdict.pass, .fail] {
      let judged = CaseReport(label: Self.label(), verdict: verdict, outcome: CaseResult(verdict))
      writer.write(JournalEntry(judged: judged))
    }
    let text = try String(contentsOf: folder, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 4)
    let cut = try #require(Journal(lines: text.dropLast(20).split(separator: "\n")))
    #expect(cut.run == run && cut.judgements.map(\.verdict) == [.pass] && cut.end == nil)
    #expect(
      cut.unjudged.map(\.id) == ["ZK-TRY-002"] && cut.whyUnjudged == "the run was interrupted")
    writer.end(RunEnd(.spent, why: "it was enough", seconds: 2))
    let whole = try #require(writer.journal)
    #expect(whole.judgements.map(\.verdict) == [.fail] && whole.end?.seconds == 2)
    #expect(whole.unjudged.count == 1 && whole.whyUnjudged == "it was enough")
    let all = try String(contentsOf: folder, encoding: .utf8)
    #expect(Journal(lines: all.split(separator: "\n")) == whole)
    #expect(Journal(lines: ["{}", "rubbish"]) == nil)
  }

  @Test(arguments: [
    ("gives", ["give", "keep", "sees"], "give"), ("wacth", ["watch", "path"], "watch"),
    ("x", ["watch", "path"], nil),
    ("ZK-WATHC-001", ["ZK-WATCH-001", "ZK-WATCH-002"], "ZK-WATCH-001"),
  ])
  func `The nearest name is the one that was meant`(word: String, names: [String], meant: String?) {
    #expect(nearest(to: word, among: names) == meant)
  }
}
