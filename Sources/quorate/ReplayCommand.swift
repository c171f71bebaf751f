import ArgumentParser
import Conformance
import Foundation
import PostgreSQLConformance
import Reports
import Targets
import ZooKeeperConformance

/// Plays one fixture, and shows all of it.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play one case, and show every step.",
    discussion: """
      quorate replay ZK-STAT-017 zookeeper://127.0.0.1:2181 --wire
      quorate replay mine.yaml
      quorate replay Fixtures/TwoPhaseCommit/2PC-S06*.run --step   a protocol's run, act by act
      quorate replay mine.run --history h.ndjson   what its clients saw, for quorate check
      quorate replay mine.run --update       rewrite its indented lines, and nothing else
      """)

  @Argument(help: "The case's id, or the path of a fixture.")
  var name: String

  @Argument(help: "The target: reference:, zookeeper://host:port, postgresql://host:port/db.")
  var target = "reference:"

  @Flag(help: "Show the bytes that went both ways, field by field.")
  var wire = false

  @Option(help: ArgumentHelp("The folder of the fixtures.", valueName: "folder"))
  var fixtures: String?

  @Flag(help: "Of a .run file: go through it, the space bar goes on, b goes back.")
  var step = false

  @Flag(help: "Of a .run file: rewrite what followed; checks stay, and fail if they fail.")
  var update = false

  @Option(
    help: ArgumentHelp(
      "Of a .run file: write what its clients saw, for quorate check.", valueName: "file"))
  var history: String?

  func validate() throws {
    // An id may be a run's too; what is certainly a fixture is no run.
    if step || update || history != nil, name.hasSuffix(".yaml") {
      throw ValidationError("--step, --update and --history go with a .run file")
    }
    if wire, name.hasSuffix(".run") { throw ValidationError("--wire goes with a service's case") }
    if step, update { throw ValidationError("--step looks, --update writes: one at a time") }
  }

  func run() async throws {
    if name.hasSuffix(".run") {
      return try RunReplay(path: name, step: step, update: update, history: history).run()
    }
    if ProgramTarget.isMeant(target) { return try await replayProgram() }
    let found = try FoundCases(name, fixtures: fixtures)
    if found.path.hasSuffix(".run") {
      return try RunReplay(path: found.path, step: step, update: update, history: history)
        .run()
    }
    if step || update || history != nil {
      throw ValidationError(
        "--step, --update and --history go with a .run file, and '\(name)' is none")
    }
    let judged = try await told { try await self.judged() }
    var cases = found.cases
    if let service = (judged as? ZooKeeperTarget)?.service {
      // A recipe that is run on a target, and not in the laboratory.
      let recipes = RecipeCases.all(on: service)
      cases = cases.map { each in recipes.first { $0.label.id == each.label.id } ?? each }
    }
    try await replay(cases, on: judged)
  }

  /// Plays a case of a program of somebody else's.
  private func replayProgram() async throws {
    let program = try await told { () throws(TargetError) in try ProgramTarget(target) }
    let all = VerifyCommand.programCases(of: program)
    let cases = all.filter { Glob(name).matches($0.label.id) }
    guard !cases.isEmpty else { throw failure(.usage, CaseChoice.unknown(name, among: all)) }
    try await replay(cases, on: program)
  }

  private func replay(_ cases: [Case], on target: any Target) async throws {
    var options = RunOptions()
    options.keepsWire = wire
    let screen = Screen(target: target.url, isColored: Terminal.isColored)
    let ids = Set(cases.map(\.label.id))
    let runner = Runner(target, options, journal: JournalWriter()) { judgement in
      // What clean-up finds is told too.
      guard !ids.contains(judgement.label.id), let block = screen.block(judgement) else { return }
      Terminal.say(block)
    }
    var verdicts: [Verdict] = []
    for each in cases {
      let judgement = await runner.judge(each)
      verdicts.append(judgement.verdict)
      let readings = wire ? WireReading.lines(judgement.outcome.wire) : []
      Terminal.say(Replay(judgement, wire: wire, readings: readings).text)
      if let block = screen.block(judgement) { Terminal.say(block) }
      if let left = runner.leftBehind { Terminal.complain("left behind: \(left)") }
    }
    let isJudged = verdicts.contains { $0 != .unsupported }
    let code = isJudged ? Conformance.ExitCode(verdicts) : .inconclusive
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// The target, probed.
  private func judged() async throws -> any Target {
    if PostgreSQLTarget.isMeant(target) { return try await PostgreSQLTarget(target) }
    let service = try TargetURL.service(target)
    return await ZooKeeperTarget(withEditionsOf: service, try await Probe.profile(of: service))
  }
}
