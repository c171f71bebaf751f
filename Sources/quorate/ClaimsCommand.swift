import ArgumentParser
import Conformance
import ProtocolCore
import Targets
import ZooKeeperConformance

/// Lists claims.
struct ClaimsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "List the claims, and how many cases judge each.",
    discussion: """
      quorate claims WATCH-6
      quorate claims --kills                         cases x quirks: the power of the suite
      quorate claims --kills --quirk 'watch-*' --case 'ZK-WATCH-*'
      quorate claims --coverage                      what was tried: operation x result x node x …
      """)

  @Argument(help: "Only these claims, with the cases that judge them.")
  var ids: [String] = []

  @OptionGroup var choice: CaseChoice

  @Flag(help: "Try every case on servers with quirks, and tell which catches which.")
  var kills = false

  @Flag(help: "Tell which combinations of operation, result, node, watch and session they try.")
  var coverage = false

  @Flag(help: "With --coverage: tell each combination that no case tries.")
  var missing = false

  @Option(help: ArgumentHelp("Only quirks whose name matches; may be repeated.", valueName: "glob"))
  var quirk: [String] = []

  @Option(help: "How many quirks at a time.")
  var jobs = 2

  @Option(help: ArgumentHelp("Write a pair for each quirk and each case.", valueName: "file"))
  var witnesses: String?

  func validate() throws {
    if witnesses != nil, !kills { throw ValidationError("--witnesses goes with --kills") }
    if !quirk.isEmpty, !kills { throw ValidationError("--quirk goes with --kills") }
    if kills, coverage { throw ValidationError("--kills or --coverage, one at a time") }
    guard (1...64).contains(jobs) else { throw ValidationError("--jobs is from 1 to 64") }
  }

  func run() async throws {
    if kills {
      let kills = Kills(cases: try choice.chosen(), globs: quirk, jobs: jobs, witnesses: witnesses)
      return try await kills.run()
    }
    if coverage {
      return try await CoverageReport(cases: try choice.chosen(), listsMissing: missing).run()
    }
    let labels = try choice.library().map(\.label)
    if let stranger = ids.first(where: { Claims.suite.claim($0.uppercased()) == nil }) {
      let near = nearest(to: stranger.uppercased(), among: Claims.suite.all.map(\.id))
      throw failure(
        .usage, "nobody claims '\(stranger)'" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    let wanted = Set(ids.map { $0.uppercased() })
    for claim in Claims.suite.all where wanted.isEmpty || wanted.contains(claim.id) {
      let cases = labels.filter { $0.claims.contains(claim.id) }
      let id = claim.id.padded(to: 8)
      Terminal.say("\(id) \(claim.sentence)")
      Terminal.say(
        "         \(claim.subject.rawValue), \(claim.kind.rawValue); \(cases.count) cases")
      if !wanted.isEmpty { cases.forEach { Terminal.say("  " + ListCommand.line($0)) } }
    }
  }
}
