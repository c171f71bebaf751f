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
    func together(_ send: () -> Void) { base.together(send) }
    func open(until deadline: Int64) async throws(TargetError) -> any ServiceLine {
      try await base.open(until: deadline)
    }
    func dial(
      _ greeting: Greeting, until deadline: Int64
    ) async throws(TargetError) -> (any ServiceLine, Welcome) {
      // The usual timeout is a late client's.
      if greeting.timeout == 10_000 { await base.pass(5000) }
      return try await base.dial(greeting, until: deadline)
    }
  }

  /// The verdict on these cases, and whether a stall is told.
  private func judged(
    _ cases: [Case], isStalling: Bool
  ) async throws -> (verdict: Verdict, tellsStall: Bool) {
    let target = SabotagedTarget(.dies, at: "never")
    let journal = JournalWriter()
    let runner = Runner(
      ZooKeeperTarget(
        isStalling ? Stalling(target: target) : target, SabotageTests.profile),
      RunOptions(), journal: journal)
    _ = await runner.run(cases)
    let judgement = try #require(journal.journal?.judgements.first)
    let tellsStall = judgement.outcome.remarks.contains { $0.contains("our own clock stalled") }
    return (judgement.verdict, tellsStall)
  }

  @Test func `A stall in a step that says nothing of time blames nobody`() async throws {
    let cases = try CaseLibrary.cases(
      in: """
        case: ZK-TRY-001
        title: A session outlives another's beginning
        level: must
        claims: [SESS-5]
        editions: "3.4.."
        seen: []
        clients: { owner: { timeout: shortest }, other: { connects: later } }
        steps:
          - owner.create: { path: /e, mode: ephemeral }
          - owner.stopsPinging: {}
          - other.connects: {}
          - owner.exists: { path: /e }
        """, file: "ZK-TRY-001-others.yaml")
    let sound = try await judged(cases, isStalling: false)
    #expect(sound == (.pass, false))
    let late = try await judged(cases, isStalling: true)
    #expect(late == (.inconclusive, true))
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
    let sound = try await judged(cases, isStalling: false)
    #expect(sound == (.pass, false))
    let late = try await judged(cases, isStalling: true)
    #expect(late == (.inconclusive, true))
  }
}
