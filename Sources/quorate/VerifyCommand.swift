import ArgumentParser
import Catalogue
import Conformance
import Foundation
import Reports
import Targets

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

      The target is not harmed: everything happens in a folder of its own, which is taken away.

      Exit: 0 conformant, 1 not, 2 not everything could be judged, 3 the target cannot be reached,
      64 wrong arguments or nothing that matches.
      """)

  @Argument(help: "The target: reference: or zookeeper://host:port.")
  var target = "reference:"

  @OptionGroup var choice: CaseChoice

  @Option(help: ArgumentHelp("Write the verdicts as JUnit XML.", valueName: "file"))
  var junit: String?

  @Option(help: "What random choices begin from.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Begin no case after this long: 60s, 5m.", valueName: "time"))
  var budget: Seconds?

  @Option(
    help: ArgumentHelp(
      "Write the verdicts into a column of a table of cases and targets.", valueName: "file"))
  var table: String?

  @Option(help: ArgumentHelp("With --table: the column, 3.8.0.", valueName: "name"))
  var column = VerdictTable.reference

  @Flag(help: "Allowed alternatives and differences in a SHOULD are failures.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "What is known to be otherwise: a case and a reason on each line.", valueName: "file"))
  var knownDeviations: String?

  @Flag(help: "List the cases, and judge nothing.")
  var list = false

  @Flag(help: "With --list: only those that the target has not the means for, and why.")
  var unsupported = false

  @Option(help: "How many cases at a time; 4 if not given, on the reference one a core.")
  var jobs: Int?

  @Option(help: ArgumentHelp("How long a reply may take: 10s.", valueName: "time"))
  var patience = Seconds(count: 10)

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is from 1 to 64") }
  }

  func run() async throws {
    Terminal.progress("reading the cases …")
    var cases = try choice.chosen()
    Terminal.progress("")
    if list, !unsupported { return cases.forEach { Terminal.say(ListCommand.line($0.label)) } }
    let deviations = try readDeviations(cases)
    let service = try await told { try TargetURL.service(target) }
    if target != ReferenceTarget().url { cases = try askable(cases) }
    Terminal.progress("probing \(target) …")
    let profile = try await told { try await Probe.profile(of: service) }
    Terminal.progress("")
    let (plan, others) = Runner.plan(cases, for: profile)
    if list {
      return others.forEach { each, reason in
        Terminal.say("\(ListCommand.line(each.label))\n    \(reason)")
      }
    }
    var options = RunOptions()
    options.jobs = jobs ?? (service.isShared ? 4 : ProcessInfo.processInfo.activeProcessorCount)
    options.seed = seed
    options.isStrict = strict
    options.budget = budget?.count
    options.deviations = deviations
    options.patience = Int64(patience.count * 1000)
    let verification = Verification(
      target: service, profile: profile, options: options, junit: junit,
      table: try table.map { ($0, column, try tabled(beside: cases)) })
    let code = try await verification.run(cases, planned: plan.count)
    if code != .conformant { throw ArgumentParser.ExitCode(code.rawValue) }
  }

  /// The cases that a server can be asked; the chapters' own need no server but the laboratory.
  private func askable(_ cases: [Case]) throws -> [Case] {
    let asked = cases.filter(\.isAsked)
    guard asked.isEmpty else { return asked }
    throw failure(
      .usage, "these cases are about the chapters of this package, not about \(target)")
  }

  /// The ids of all cases of a table, those that were not chosen too: what a server can be asked, or
  /// what the laboratory judges.
  private func tabled(beside cases: [Case]) throws -> [String] {
    let chapters = Set(Catalogue.names)
    let areChapters = cases.allSatisfy { chapters.contains($0.label.chapter) }
    return try choice.library().filter { each in
      areChapters ? chapters.contains(each.label.chapter) : each.isAsked
    }.map(\.label.id)
  }

  private func readDeviations(_ cases: [Case]) throws -> KnownDeviations {
    guard let path = knownDeviations else { return KnownDeviations() }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw failure(.usage, "\(path) cannot be read")
    }
    do {
      let deviations = try KnownDeviations(text, file: path)
      let all = try choice.library()
      if let stranger = deviations.strangers(to: all.map(\.label.id)).first {
        throw failure(
          .usage, "\(path):\(stranger.line): " + CaseChoice.unknown(stranger.pattern, among: all))
      }
      return deviations
    } catch let error as FixtureError {
      throw failure(.usage, error.description)
    }
  }
}

/// A length of time on the command line.
struct Seconds: ExpressibleByArgument, CustomStringConvertible {
  var count: Double

  init(count: Double) { self.count = count }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let last = argument.last else { return nil }
    let number = units[last] == nil ? argument : String(argument.dropLast())
    guard let value = Double(number), value.isFinite, value > 0 else { return nil }
    count = value * (units[last] ?? 1)
  }

  var description: String { "\(count.formatted())s" }
}
