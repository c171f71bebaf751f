import ArgumentParser
import Catalogue
import Conformance
import Foundation
import PostgreSQLConformance
import Reports
import Targets
import ZooKeeperConformance

/// Judges a target.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Judge a target by all cases, or by some.",
    discussion: """
      quorate verify                                        the embedded reference
      quorate verify zookeeper://127.0.0.1:2181             any ZooKeeper-compatible server
      quorate verify zookeeper://127.0.0.1:2181 --junit results.xml --known-deviations mine.txt
      quorate verify --case 'ZK-WATCH-*' --skip 'ZK-WATCH-03?' --list
      quorate verify zookeeper://127.0.0.1:2181 --also mine the suite, and the fixtures in mine
      quorate verify postgresql://127.0.0.1:5432/db         a database's prepared transactions
      quorate verify 'exec:python3 mine.py' --recipe lock   a program's recipe, under faults

      The target is not harmed: everything happens in a folder or a database of its own, which is \
      taken away. After zookeeper://host:port a node may stand, /app: then nothing happens outside \
      it. What stops a database and starts it again is asked only when you name a program that \
      does, postgresql://…?control=program (it takes a word: kill, stop, start).

      exec: starts a program beside servers on loopback, and tells it what to do: a recipe \
      (--recipe; 'quorate recipes run --help' has the lines), or what its client shall ask (--case \
      'ZK-CLIENT-*'). Of the latter, QUORATE_ZOOKEEPER names the servers, QUORATE_TIMEOUT the \
      session's timeout in milliseconds; on standard input it reads, and on standard output says:

      \(ProgramClientCases.forms.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      Exit: 0 conformant, 1 not, 2 not everything could be judged (of a database whose \
      max_prepared_transactions is 0, nothing), 3 the target cannot be reached or a report not be \
      written, 64 wrong arguments or nothing that matches.
      """)

  @Argument(
    help: "The target: reference:, zookeeper://host:port, postgresql://host:port/db, exec:command.")
  var target = "reference:"

  @OptionGroup var choice: CaseChoice

  @Option(
    help: ArgumentHelp(
      "Of exec: what the program is asked for, lock; may be repeated.", valueName: "recipe"))
  var recipe: [String] = []

  @Option(help: ArgumentHelp("Write the verdicts as JUnit XML.", valueName: "file"))
  var junit: String?

  @Option(help: "What random choices begin from.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Begin no case after this long: 60s, 5m.", valueName: "time"),
    transform: Seconds.read)
  var budget: Seconds?

  @Option(
    help: ArgumentHelp(
      "Write the verdicts into a column of a table of cases and targets.", valueName: "file"))
  var table: String?

  @Option(
    help: ArgumentHelp("With --table: the column, 3.8.0. (default: reference)", valueName: "name"))
  var column: String?

  @Flag(help: "Allowed alternatives and differences in a SHOULD are failures.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "What is known to be otherwise: a case and a reason on each line.", valueName: "file"))
  var knownDeviations: String?

  @Option(
    name: .customLong("known-deviation"),
    help: ArgumentHelp(
      "The same for one case, 'ZK-STAT-017 as in issue 12'; may be repeated.",
      valueName: "case and reason"))
  var knownDeviation: [String] = []

  @Flag(help: "List the cases, and judge nothing.")
  var list = false

  @Flag(help: "With --list: only those that the target has not the means for, and why.")
  var unsupported = false

  @Flag(help: "Before anything else remove the folders that earlier runs have left.")
  var clean = false

  @Option(help: "How many cases at a time; 6 if not given, on the reference one a core.")
  var jobs: Int?

  @Option(
    help: ArgumentHelp("How long a reply may take: 10s.", valueName: "time"),
    transform: Seconds.read)
  var patience = Seconds(count: 10)

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is from 1 to 64") }
    if unsupported, !list { throw ValidationError("--unsupported goes with --list") }
    if !recipe.isEmpty, !ProgramTarget.isMeant(target) {
      throw ValidationError("--recipe goes with exec:; our own recipes are cases, --case 'USE-*'")
    }
    if column != nil, table == nil { throw ValidationError("--column goes with --table") }
    if list, junit != nil || table != nil {
      throw ValidationError("--list judges nothing, so there is nothing for --junit or --table")
    }
  }

  func run() async throws {
    let outlet = try table.map { try Outlet("--table", $0) }
    if let outlet, let data = FileManager.default.contents(atPath: outlet.path) {
      let text = String(decoding: data, as: UTF8.self)
      _ = try await told { try VerdictTable(text, file: outlet.path) }
    }
    guard let junit else { return try await judge(nil, outlet) }
    let report = try ReportFile(junit, target: target)
    do {
      try await judge(report, outlet)
    } catch let code as ArgumentParser.ExitCode {
      throw code
    } catch {
      let refusal = Refusal(error)
      report.write(nothingJudged: refusal.sentence)
      throw refusal
    }
  }

  private func judge(_ report: ReportFile?, _ table: Outlet?) async throws {
    if ProgramTarget.isMeant(target) { return try await judgeProgram(report, table) }
    if PostgreSQLTarget.isMeant(target) { return try await judgeDatabase(report, table) }
    let progress = Progress("reading the cases")
    let all = try choice.library()
    var cases = try choice.chosen(among: all)
    progress.end()
    if list, !unsupported { return cases.forEach { Terminal.say(ListCommand.line($0.label)) } }
    let deviations = try Deviations(file: knownDeviations, given: knownDeviation).read(for: all)
    let service = try await told { try TargetURL.service(target) }
    if target != ReferenceTarget().url { cases = try askable(cases, on: service) }
    let profile = try await probed(service)
    if service.isShared, !profile.isReadOnly {
      try await lookForRemains(on: service, profile, all)
    }
    cases = Self.mixed(cases)
    let judged = await ZooKeeperTarget(withEditionsOf: service, profile)
    let (plan, others) = Runner.plan(cases, for: judged)
    if list { return Self.list(others) }
    // With six there are some forty connections at a time; servers grant an address sixty.
    let usual = service.isShared ? 6 : ProcessInfo.processInfo.activeProcessorCount
    let verification = Verification(
      target: judged, about: service.about, options: options(usual, deviations), report: report,
      table: table.map { ($0, column ?? VerdictTable.reference, tabled(all, beside: cases)) },
      total: all.count)
    let code = try await verification.run(cases, planned: plan.count)
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// Lists what a target has not the means for, and why.
  static func list(_ unsupported: [(Case, String)]) {
    for (each, reason) in unsupported {
      Terminal.say("\(ListCommand.line(each.label))\n    \(reason)")
    }
  }

  /// How the run is done.
  ///
  /// - Parameters:
  ///   - usual: How many cases at a time, unless it is said.
  ///   - deviations: What the target's people know.
  func options(_ usual: Int, _ deviations: KnownDeviations) -> RunOptions {
    var options = RunOptions()
    options.jobs = jobs ?? usual
    options.seed = seed
    options.isStrict = strict
    options.budget = budget?.count
    options.deviations = deviations
    options.patience = Int64(patience.count * 1000)
    return options
  }

  private func probed(_ service: any ServiceTarget) async throws -> Profile {
    let progress = Progress("probing \(target)")
    defer { progress.end() }
    return try await told { try await Probe.profile(of: service) }
  }

  /// Tells of folders that earlier runs have left, or removes them.
  private func lookForRemains(
    on service: any ServiceTarget, _ profile: Profile, _ cases: [Case]
  ) async throws {
    var remains = try await told { try await Remains.found(on: service) }
    if clean { remains = try await cleared(remains, service, profile, cases) }
    for folder in remains.abandoned {
      Terminal.say("found    \(folder), left by an earlier run; --clean removes it")
    }
    for folder in remains.occupied {
      Terminal.say("found    \(folder), of a run that goes on or ended less than 40 s ago")
    }
  }

  /// Removes the folders of runs that are over, and waits for those that have just ended.
  ///
  /// - Returns: What is still there.
  private func cleared(
    _ remains: Remains, _ service: any ServiceTarget, _ profile: Profile, _ cases: [Case]
  ) async throws -> Remains {
    var remains = remains
    let watch = Stopwatch()
    let identities = Remains.identities(of: cases, for: profile)
    let progress = Progress("waiting for the sessions of runs that have ended")
    defer { progress.end() }
    while true {
      for remark in try await told({ try await remains.clear(from: service, as: identities) }) {
        Terminal.complain("left behind: \(remark)")
      }
      for folder in remains.abandoned { Terminal.say("removed  \(folder)") }
      guard !remains.occupied.isEmpty, watch.seconds < 45 else { break }
      try await Task.sleep(for: .seconds(1))
      remains = try await told { try await Remains.found(on: service) }
    }
    return try await told { try await Remains.found(on: service) }
  }

  /// One case of each chapter in turn: cases of one chapter share what they find out, and would
  /// wait for each other.
  private static func mixed(_ cases: [Case]) -> [Case] {
    let places = Dictionary(grouping: cases.indices) { cases[$0].label.chapter }
    let turns = places.values.flatMap { $0.enumerated().map { (turn: $0, place: $1) } }
    return turns.sorted { ($0.turn, $0.place) < ($1.turn, $1.place) }.map { cases[$0.place] }
  }

  /// The cases that a server can be asked, the recipes among them that are run on it; the chapters'
  /// own need no server but the laboratory.
  private func askable(_ cases: [Case], on service: any ServiceTarget) throws -> [Case] {
    let meant = Set(cases.map(\.label.id))
    let recipes = RecipeCases.all(on: service).filter { meant.contains($0.label.id) }
    let asked = cases.filter(\.needsTarget) + recipes
    guard asked.isEmpty else { return asked }
    throw failure(
      .usage, "these cases are about the chapters of this package, not about \(target)")
  }

  /// The ids of all cases of a table, those that were not chosen too: what a server can be asked,
  /// or what the laboratory judges.
  private func tabled(_ all: [Case], beside cases: [Case]) -> [String] {
    let chapters = Set(Catalogue.names)
    let areChapters = cases.allSatisfy { chapters.contains($0.label.chapter) }
    return all.filter { each in
      areChapters ? chapters.contains(each.label.chapter) : each.needsTarget
    }.map(\.label.id)
  }
}
