import Conformance
import Testing

@testable import Targets

/// A target that goes wrong in the middle costs one case its verdict, and no report.
@Suite struct SabotageTests {
  /// Six cases that hold on any server.
  static func cases() throws -> [Case] {
    try (1...6).flatMap { number in
      try CaseLibrary.cases(
        in: """
          case: ZK-TRY-00\(number)
          title: A node is made and read
          level: must
          claims: [ZNODE-1]
          editions: "3.4.."
          seen: []
          clients: [a, b]
          steps:
            - a.create: { path: /n, data: "x" }
            - b.sync: { path: /n }
            - b.get: { path: /n, watch: true }
              gives: { data: "x" }
            - a.set: { path: /n, data: "y" }
            - b.sees: [ { NodeDataChanged: /n } ]
            - a.sees: []
            - b.sees: []
          """, file: "ZK-TRY-00\(number)-try.yaml")
    }
  }

  static let profile = Profile(
    capabilities: [.resume], tick: 2000, shortest: 4000, longest: 40_000)

  static func verdicts(
    _ target: SabotagedTarget
  ) async throws -> (verdicts: [Verdict], runner: Runner) {
    let journal = try JournalWriter()
    let runner = Runner(target, profile, RunOptions(), journal: journal)
    _ = await runner.run(try cases())
    let judgements = journal.journal?.judgements ?? []
    return (judgements.sorted { $0.label.id < $1.label.id }.map(\.verdict), runner)
  }

  @Test(arguments: [
    (SabotagedTarget.Sabotage.hangs, Verdict.fail), (.restarts, .error), (.floods, .fail),
    (.babbles, .fail), (.answersTwice, .fail), (.stopsHalfway, .fail), (.isLate, .fail),
  ])
  func `A server that goes wrong for once costs one case its verdict`(
    sabotage: SabotagedTarget.Sabotage, verdict: Verdict
  ) async throws {
    let target = SabotagedTarget(sabotage, at: "ZK-TRY-003/")
    let (verdicts, runner) = try await Self.verdicts(target)
    #expect(verdicts == [.pass, .pass, verdict, .pass, .pass, .pass])
    #expect(target.rootChildren == ["zookeeper"], "left behind: \(runner.remarks)")
  }

  @Test(arguments: [SabotagedTarget.Sabotage.dies, .hangsForGood])
  func `A server that dies leaves what came before it judged, and the rest told as not judged`(
    sabotage: SabotagedTarget.Sabotage
  ) async throws {
    let (verdicts, _) = try await Self.verdicts(SabotagedTarget(sabotage, at: "ZK-TRY-003/"))
    #expect(verdicts == [.pass, .pass, .error, .error, .error, .error])
    #expect(ExitCode(verdicts) == .error)
  }

  @Test func `Without sabotage all is well, and nothing is left behind`() async throws {
    let target = SabotagedTarget(.dies, at: "ZK-TRY-009/")
    let (verdicts, runner) = try await Self.verdicts(target)
    #expect(verdicts == Array(repeating: .pass, count: 6))
    #expect(target.rootChildren == ["zookeeper"] && runner.remarks == [])
  }

  @Test func `A run that is stopped judges no more, and clears up`() async throws {
    let target = SabotagedTarget(.dies, at: "ZK-TRY-009/")
    let journal = try JournalWriter()
    let box = RunnerBox()
    let runner = Runner(target, Self.profile, RunOptions(), journal: journal) { judgement in
      if judgement.label.id == "ZK-TRY-002" { box.runner?.stop() }
    }
    box.runner = runner
    let end = await runner.run(try Self.cases())
    let read = try #require(journal.journal)
    #expect(end.wasStopped && read.end?.wasStopped == true)
    #expect(read.judgements.map(\.label.id) == ["ZK-TRY-001", "ZK-TRY-002"])
    #expect(target.rootChildren == ["zookeeper"])
  }
}
