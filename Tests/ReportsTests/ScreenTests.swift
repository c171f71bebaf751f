import Conformance
import Reports
import Testing

@Suite struct ScreenTests {
  static let screen = Screen(target: "zookeeper://127.0.0.1:9181", isColored: false)

  static func failing() -> CaseReport {
    var outcome = Samples.failing
    outcome.narrative = [
      CaseResult.Line(10, "a.create /p", "ok", "zxid 0x2f1"),
      CaseResult.Line(11, "a.create /p/c", "ok", "zxid 0x2f2"),
      CaseResult.Line(12, "a.delete /p/c", "ok", "zxid 0x2f3"), CaseResult.Line(13, "a.exists /p"),
    ]
    let title = "Deleting a child moves the parent's pzxid"
    return CaseReport(
      label: Samples.label("ZK-STAT-017", title: title), verdict: .fail, outcome: outcome)
  }

  @Test func `A failure stands there in the fixture's words and lines`() {
    #expect(
      Self.screen.block(Self.failing()) == """
        FAIL  ZK-STAT-017  Deleting a child moves the parent's pzxid  \
                              MUST  ZNODE-6
              Fixtures/ZK-STAT-017.yaml:13
          10  a.create /p                                   ok               zxid 0x2f1
          11  a.create /p/c                                 ok               zxid 0x2f2
          12  a.delete /p/c                                 ok               zxid 0x2f3
          13  a.exists /p         stat.pzxid   expected   0x2f3            the zxid of line 12
                                               got        0x2f2            the zxid of line 11
          why    setWatches compares pzxid
          wire   → 0001fe   ← 0 bytes (--wire shows all)
          again  quorate replay 'ZK-STAT-017' zookeeper://127.0.0.1:9181
          accept ZK-STAT-017  in a --known-deviations file

        """)
  }

  @Test func `What holds takes no room on the screen`() {
    for verdict in [Verdict.pass, .passNonStrict, .argued, .unsupported, .knownDeviation] {
      #expect(Self.screen.block(Samples.judgement(verdict)) == nil)
    }
    for verdict in [Verdict.staleDeviation, .error, .inconclusive] {
      #expect(Self.screen.block(Samples.judgement(verdict))?.isEmpty == false)
    }
  }

  @Test func `The summary counts, names the claims of what failed, and says what it amounts to`() {
    let journal = Samples.journal(Verdict.allCases.map(Samples.judgement) + [Self.failing()])
    #expect(
      Self.screen.summary(
        journal, verdict: .notConformant, exit: .notConformant, report: "results.xml") == """
          9 run in 1.0 s: 2 pass (1 of them non-strict), 1 argued, 2 FAIL, 1 known deviation, \
          1 stale, 1 inconclusive, 1 error; 1 unsupported
          named    ZNODE-6 (2 cases), by what failed
          report   results.xml, 10 cases
          NOT CONFORMANT                                                                      exit 1
          """)
  }

  @Test func `Many failures are told by what differs, and of which operation`() {
    let journal = Samples.journal([Self.failing(), Self.failing(), Self.failing()])
    let summary = Self.screen.summary(
      journal, verdict: .notConformant, exit: .notConformant, report: nil)
    #expect(
      summary.contains(
        """

        differs  stat.pzxid of exists (3 cases)
        named    ZNODE-6 (3 cases), by what failed

        """))
  }

  @Test func `What a server sends cannot move the cursor`() {
    var judgement = Self.failing()
    judgement.outcome.narrative[0].text = "a.get \u{1b}[2J\u{7}"
    judgement.outcome.differences[0].got = "\u{1b}]0;title\u{7}"
    let block = Self.screen.block(judgement) ?? ""
    #expect(!block.contains("\u{1b}") && !block.contains("\u{7}") && block.contains("a.get ␇"))
  }
}
