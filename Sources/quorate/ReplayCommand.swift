import ArgumentParser
import Conformance
import Foundation
import Reports
import Targets

/// Plays one fixture, and shows all of it.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play one case, and show every step.",
    discussion: """
      quorate replay ZK-STAT-017 zookeeper://127.0.0.1:2181 --wire
      quorate replay mine.yaml
      quorate replay Fixtures/TwoPhaseCommit/2PC-S06*.run --step   a protocol's run, act by act
      quorate replay mine.run --update       rewrite its indented lines, and nothing else
      """)

  @Argument(help: "The case's id, or the path of a fixture.")
  var name: String

  @Argument(help: "The target: reference: or zookeeper://host:port.")
  var target = "reference:"

  @Flag(help: "Show the bytes that went both ways, field by field.")
  var wire = false

  @Option(help: ArgumentHelp("The folder of the fixtures.", valueName: "folder"))
  var fixtures: String?

  @Flag(help: "Of a .run file: go through it, the space bar goes on, b goes back.")
  var step = false

  @Flag(help: "Of a .run file: rewrite what followed; checks stay, and fail if they fail.")
  var update = false

  func run() async throws {
    if name.hasSuffix(".run") {
      return try RunReplay(path: name, step: step, update: update).run()
    }
    let found = try FoundCases(name, fixtures: fixtures)
    if found.path.hasSuffix(".run") {
      return try RunReplay(path: found.path, step: step, update: update).run()
    }
    let service = try await told { try TargetURL.service(target) }
    let profile = try await told { try await Probe.profile(of: service) }
    var options = RunOptions()
    options.keepsWire = wire
    let journal = try JournalWriter()
    let runner = Runner(service, profile, options, journal: journal)
    var verdicts: [Verdict] = []
    for each in found.cases {
      let judgement = await runner.judge(each)
      verdicts.append(judgement.verdict)
      let readings = wire ? WireReading.lines(judgement.outcome.wire) : []
      Terminal.say(Replay(judgement, wire: wire, readings: readings).text)
      if let block = Screen(target: target, isColored: Terminal.isColored).block(judgement) {
        Terminal.say(block)
      }
    }
    let code = Conformance.ExitCode(verdicts)
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }
}
