import ArgumentParser
import Conformance
import Foundation
import Maintenance
import ProtocolCore
import ZooKeeperConformance
import ZooKeeperQuirks
import ZooKeeperServer

extension Maintain {
  /// The cases that ask a ZooKeeper server and match one of the globs.
  static func cases(_ globs: [String]) throws -> [Case] {
    let all = try CaseLibrary(folder: fixtures).cases + Grid.cases
    let chosen = all.filter { each in
      globs.isEmpty || globs.contains { Glob($0).matches(each.label.id) }
    }
    guard !chosen.isEmpty else { throw ValidationError("no case matches \(globs)") }
    return chosen
  }

  /// Which cases catch which quirks.
  struct Kills: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try every case on servers with quirks, and tell which catches which.",
      discussion: """
        maintain kills --quirk 'watch-*' --case 'ZK-WATCH-*'

        Exit: 1 when a quirk is caught by no case, or a case catches no quirk.
        """)

    @Option(help: "Only quirks whose name matches; may be repeated.") var quirk: [String] = []
    @Option(name: .customLong("case"), help: "Only cases whose id matches; may be repeated.")
    var wanted: [String] = []
    @Option(help: "How many quirks at a time.") var jobs = 2
    @Option(help: "Write a pair for each quirk and each case into this file.")
    var witnesses: String?

    func validate() throws {
      guard (1...64).contains(jobs) else { throw ValidationError("--jobs is from 1 to 64") }
    }

    func run() async throws {
      let quirks = Quirk.all.filter { each in
        quirk.isEmpty || quirk.contains { Glob($0).matches(each.name) }
      }
      guard !quirks.isEmpty else { throw ValidationError("no quirk matches \(quirk)") }
      let begin = ContinuousClock.now
      let matrix = try await KillMatrix(cases(wanted), quirks, jobs: jobs) { print(Self.line($0)) }
      let seconds = Int((ContinuousClock.now - begin).components.seconds)
      print(
        """

        \(matrix.rows.count) quirks on \(matrix.tried.count) cases in \(seconds) s: \
        \(matrix.rows.count { !$0.cases.isEmpty }) are caught
        beyond  \(Self.names(matrix.rows.map(\.quirk).filter { KillMatrix.beyond[$0] != nil }))
        holes   \(Self.names(matrix.holes))
        idle    \(Self.names(matrix.idle))
        """)
      if let witnesses {
        let lines = matrix.witnesses.map { "\($0.quirk)\t\($0.id)\n" }.joined()
        try lines.write(toFile: witnesses, atomically: true, encoding: .utf8)
      }
      let isWeak = !matrix.holes.isEmpty || !matrix.idle.isEmpty
      if quirk.isEmpty, isWeak { throw ExitCode(1) }
    }

    private static func line(_ row: KillMatrix.Row) -> String {
      let more = row.cases.count > 3 ? " …" : ""
      return row.quirk.padded(to: 40, atLeast: 1) + "\(row.cases.count)   "
        + row.cases.prefix(3).joined(separator: " ") + more
    }

    private static func names(_ names: [String]) -> String {
      names.isEmpty ? "none" : "\(names.count): " + names.joined(separator: " ")
    }
  }

  /// Whether cases notice that a leader stops.
  struct Leaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Play every case on an ensemble whose leader stops behind each request.",
      discussion: """
        maintain leaders reference:ensemble/3/2 --case 'ZK-WATCH-*'

        Exit: 1 when a case fails with a leader that stops.
        """)

    @Argument(help: "The ensemble: reference:ensemble/3/2.") var target = "reference:ensemble/3/2"
    @Option(name: .customLong("case"), help: "Only cases whose id matches; may be repeated.")
    var wanted: [String] = []
    @Option(help: "Behind at most so many requests of a case.") var limit = 64

    func validate() throws {
      guard (1...10_000).contains(limit) else {
        throw ValidationError("--limit is from 1 to 10000")
      }
    }

    func run() async throws {
      let own = try CaseLibrary(folder: Maintain.fixtures).cases.filter { each in
        wanted.isEmpty || wanted.contains { Glob($0).matches(each.label.id) }
      }
      guard !own.isEmpty else { throw ValidationError("no case matches \(wanted)") }
      let campaign = try await LeaderCampaign(own, on: target)
      var (stops, failed, longer) = (0, 0, 0)
      for each in campaign.cases {
        guard await campaign.holds(each) else {
          print("\(each.label.id) fails with a leader that stays")
          failed += 1
          continue
        }
        let row = await campaign.row(of: each, atMost: limit)
        stops += row.stops
        if row.isCut { longer += 1 }
        guard !row.failed.isEmpty else { continue }
        failed += 1
        print("\(row.id) fails behind \(row.failed.map(String.init).joined(separator: " "))")
      }
      print(
        "\(campaign.cases.count) cases, \(stops) leaders stopped, \(failed) fail; \(longer) have "
          + "more than \(limit) requests")
      if failed > 0 { throw ExitCode(1) }
    }
  }

  /// What cases cover, what only generated runs meet, and why.
  struct Coverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "coverage",
      abstract: "Count which combinations of operation, result, node, watch and session are tried.")

    @Flag(help: "Tell each combination that no case tries.") var missing = false

    private static let seeds: ClosedRange<UInt64> = 1...20

    func run() async throws {
      let cases = try cases([])
      let covered = try await Maintenance.Coverage.covered(by: cases)
      let generated = try await Maintenance.Coverage.covered(bySeeds: Self.seeds)
      let untried = generated.beyond(covered)
      print(
        """
        Combinations of operation, result, kind of node, watch and session that \
        \(cases.count) cases try:

        \(covered.table)

        Those that no case tries and \(Self.seeds.count) generated runs of 1,000 operations do:

        \(untried.table)

        \(covered.cells.count) are tried by cases, \(generated.cells.count) by generated runs, \
        \(untried.cells.count) by these alone:

        """)
      let gaps = generated.gaps(beside: covered)
      for gap in CoverageGap.allCases.map(Optional.some) + [nil] {
        guard let cells = gaps[gap] else { continue }
        let reason = gap?.reason ?? "like nothing that is tried"
        print("\(cells.cells.count)".leftPadded(to: 5) + "  \(reason)")
        if missing { cells.lines.forEach { print("         \($0)") } }
      }
    }
  }
}
