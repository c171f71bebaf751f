import Conformance
import Foundation
import Testing
import ZooKeeperConformance

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
    let journal = JournalWriter()
    let runner = Runner(ZooKeeperTarget(target, profile), RunOptions(), journal: journal)
    _ = await runner.run(try cases())
    let judgements = journal.journal?.judgements ?? []
    return (judgements.sorted { $0.label.id < $1.label.id }.map(\.verdict), runner)
  }

  @Test(arguments: [
    (SabotagedTarget.Sabotage.hangs, Verdict.inconclusive), (.restarts, .error), (.floods, .fail),
    (.babbles, .fail), (.answersTwice, .fail), (.stopsHalfway, .inconclusive), (.isLate, .fail),
  ])
  func `A server that goes wrong for once costs one case its verdict`(
    sabotage: SabotagedTarget.Sabotage, verdict: Verdict
  ) async throws {
    let target = SabotagedTarget(sabotage, at: "ZK-TRY-003/")
    let (verdicts, runner) = try await Self.verdicts(target)
    #expect(verdicts == [.pass, .pass, verdict, .pass, .pass, .pass])
    #expect(target.rootChildren == ["zookeeper"], "left behind: \(runner.leftBehind ?? "")")
  }

  /// A case that waits for half a tick, and demands that the node holds this.
  private static func waiting(for data: String) throws -> [Case] {
    try CaseLibrary.cases(
      in: """
        case: ZK-TRY-001
        title: A node is kept
        level: must
        claims: [ZNODE-1]
        editions: "3.4.."
        seen: []
        clients: [a]
        steps:
          - a.create: { path: /n, data: "x" }
          - passes: 0.5 tick
          - a.get: { path: /n }
            gives: { data: "\(data)" }
          - a.sees: []
        """, file: "ZK-TRY-001-waits.yaml")
  }

  /// A server that stood still for some seconds has let sessions end: once says nothing.
  @Test(arguments: [
    ("x", SabotagedTarget.Sabotage.answersTwice, Verdict.inconclusive), ("z", .answersTwice, .fail),
    ("z", .keepsParents, .fail), ("x", .restarts, .error),
  ])
  func `A case that waits fails when it fails twice`(
    data: String, sabotage: SabotagedTarget.Sabotage, verdict: Verdict
  ) async throws {
    let target = SabotagedTarget(sabotage, at: "ZK-TRY-001/")
    let journal = JournalWriter()
    let runner = Runner(
      ZooKeeperTarget(target, Self.profile), RunOptions(), journal: journal)
    _ = await runner.run(try Self.waiting(for: data))
    let judgement = try #require(journal.journal?.judgements.first { $0.label.id == "ZK-TRY-001" })
    #expect(judgement.verdict == verdict, "\(judgement.outcome)")
    let isAgain = judgement.outcome.remarks.contains { $0.hasPrefix("played again it held") }
    #expect(isAgain == (verdict == .inconclusive))
  }

  @Test(arguments: [SabotagedTarget.Sabotage.dies, .hangsForGood])
  func `A server that dies leaves what came before it judged, and the rest told as not judged`(
    sabotage: SabotagedTarget.Sabotage
  ) async throws {
    let target = SabotagedTarget(sabotage, at: "ZK-TRY-003/")
    let journal = JournalWriter()
    let runner = Runner(ZooKeeperTarget(target, Self.profile), RunOptions(), journal: journal)
    let end = await runner.run(try Self.cases())
    let read = try #require(journal.journal)
    #expect(read.judgements.map(\.verdict) == [.pass, .pass, .error])
    #expect(read.unjudged.map(\.id) == ["ZK-TRY-004", "ZK-TRY-005", "ZK-TRY-006"])
    #expect(end.cause == .lost && read.whyUnjudged.hasPrefix("the target stopped answering at "))
    #expect(read.whyUnjudged.hasSuffix(" s, while these ran: ZK-TRY-003"))
    #expect(runner.leftBehind == "\(runner.place): the target does not answer")
  }

  @Test func `A delete that fails although the tree allows it is a finding of its own, told once`()
    async throws
  {
    let journal = JournalWriter()
    let target = SabotagedTarget(.keepsParents, at: "ZK-TRY-003/")
    let runner = Runner(ZooKeeperTarget(target, Self.profile), RunOptions(), journal: journal)
    _ = await runner.run(try Self.cases())
    let judgements = try #require(journal.journal?.judgements)
    #expect(judgements.count == 7 && judgements.count { $0.verdict == .pass } == 6)
    let finding = try #require(judgements.first { $0.verdict == .fail })
    #expect(finding.label.id == "ZK-CLEAN-001")
    #expect(finding.outcome.message == "clean-up: a node that may be deleted stays")
    let folder = "\(runner.place)/ZK-TRY-003"
    #expect(
      finding.outcome.narrative.map { "\($0.text) → \($0.result)" } == [
        "children \(folder) → none", "delete \(folder) → NotEmpty",
      ])
    #expect(finding.outcome.remarks == ["seen 2 times, after ZK-TRY-003, \(runner.place)"])
    #expect(runner.leftBehind == "\(runner.place): NotEmpty at \(folder)")
  }

  @Test
  func
    `What clean-up finds fails the case that a fixture writes, and a known deviation excuses it`()
    async throws
  {
    let file = "ZooKeeper/clean/ZK-CLEAN-001-a-tree-is-taken-away.yaml"
    let text = try String(
      contentsOfFile: #filePath.replacing(
        /Tests\/RunnerTests.*/, with: "Fixtures/\(file)"), encoding: .utf8)
    let own = try CaseLibrary.cases(in: text, file: file)
    var options = RunOptions()
    options.deviations = try KnownDeviations("ZK-CLEAN-001 as ours does", file: "k")
    let journal = JournalWriter()
    let target = SabotagedTarget(.keepsParents, at: "ZK-TRY-003/")
    let runner = Runner(ZooKeeperTarget(target, Self.profile), options, journal: journal)
    _ = await runner.run(own + (try Self.cases()))
    let judgements = try #require(journal.journal?.judgements)
    #expect(judgements.count == 7)
    #expect(judgements.first { $0.label.id == "ZK-CLEAN-001" }?.verdict == .knownDeviation)
  }

  @Test func `Without sabotage all is well, and nothing is left behind`() async throws {
    let target = SabotagedTarget(.dies, at: "ZK-TRY-009/")
    let (verdicts, runner) = try await Self.verdicts(target)
    #expect(verdicts == Array(repeating: .pass, count: 6))
    #expect(target.rootChildren == ["zookeeper"] && runner.leftBehind == nil)
  }

  @Test func `A run that is stopped judges no more, and clears up`() async throws {
    let target = SabotagedTarget(.dies, at: "ZK-TRY-009/")
    let journal = JournalWriter()
    let box = RunnerBox()
    let runner = Runner(ZooKeeperTarget(target, Self.profile), RunOptions(), journal: journal) {
      judgement in
      if judgement.label.id == "ZK-TRY-002" { box.runner?.stop() }
    }
    box.runner = runner
    let end = await runner.run(try Self.cases())
    let read = try #require(journal.journal)
    #expect(end.wasStopped && read.end?.wasStopped == true)
    #expect(read.judgements.map(\.label.id) == ["ZK-TRY-001", "ZK-TRY-002"])
    #expect(read.unjudged.count == 4 && read.whyUnjudged == "the run was interrupted")
    #expect(target.rootChildren == ["zookeeper"])
  }
}
