import Conformance
import Testing
import ZooKeeperConformance

/// A machine that sleeps longer than it was told to.
@Suite struct StallTests {
  /// A target at which our own clock stalls whenever time is to pass.
  struct Stalling: ServiceTarget {
    let target: any ServiceTarget
    var url: String { target.url }
    var about: String { target.about }
    var isShared: Bool { target.isShared }
    func world() async throws(TargetError) -> any ServiceWorld {
      LateWorld(base: try await target.world())
    }
  }

  struct LateWorld: ServiceWorld {
    let base: any ServiceWorld
    var now: Int64 { base.now }
    var wallClock: Int64 { base.wallClock }
    var isVirtual: Bool { base.isVirtual }
    func pass(_ milliseconds: Int64) async { await base.pass(4 * milliseconds) }
    func open(until deadline: Int64) async throws(TargetError) -> any ServiceLine {
      try await base.open(until: deadline)
    }
    func dial(
      _ greeting: Greeting, until deadline: Int64
    ) async throws(TargetError) -> (any ServiceLine, Welcome) {
      try await base.dial(greeting, until: deadline)
    }
  }

  @Test func `Who comes too late for a session does not blame the server`() async throws {
    let cases = try CaseLibrary.cases(
      in: """
        case: ZK-TRY-001
        title: A session lives half its timeout
        level: must
        claims: [SESS-5]
        editions: "3.4.."
        seen: []
        clients: { owner: { timeout: shortest } }
        steps:
          - owner.create: { path: /e, mode: ephemeral }
          - owner.stopsPinging: {}
          - passes: 0.5 timeout(owner)
          - owner.exists: { path: /e }
        """, file: "ZK-TRY-001-half.yaml")
    for (isStalling, verdict) in [(false, Verdict.pass), (true, .inconclusive)] {
      let target = SabotagedTarget(.dies, at: "never")
      let journal = JournalWriter()
      let runner = Runner(
        ZooKeeperTarget(
          isStalling ? Stalling(target: target) : target, SabotageTests.profile),
        RunOptions(), journal: journal)
      _ = await runner.run(cases)
      let judgement = try #require(journal.journal?.judgements.first)
      #expect(judgement.verdict == verdict)
      #expect(
        judgement.outcome.remarks.contains { $0.contains("our own clock stalled") } == isStalling)
    }
  }
}
