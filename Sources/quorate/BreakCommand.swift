import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Leaves a rule out, or plants a bug, and shows what goes wrong.
struct BreakCommand: ParsableCommand, LaboratoryVisitor {
  static let configuration = CommandConfiguration(
    commandName: "break",
    abstract: "Leave a rule of a protocol out and see the shortest run that goes wrong.",
    discussion: """
      quorate break 2pc                         the rules, and what each protects
      quorate break 2pc voteStoredFirst
      quorate break 2pc --flaw votesNotVoters   a bug instead
      quorate break 2pc --all                   every rule and every bug, as a table
      quorate break 2pc --matrix                every property that each of them violates
      quorate break 2pc voteStoredFirst --matrix
      quorate break --check Fixtures/searches.tsv
                                                searches for all that the table lists, and compares

      Exit: 1 when --all finds nothing for one of them, --matrix anything else than is said of it, \
      or --check something else than is listed; 2 when a search finds nothing; 3 when what it \
      finds is not so in a replay, which is a fault of quorate itself.
      """)

  @Argument(help: "The chapter: \(Catalogue.names.joined(separator: ", ")).")
  var chapter: String?

  @Argument(help: "The rule to leave out.")
  var rule: String?

  @Option(help: "A bug to plant instead.")
  var flaw: String?

  @Flag(help: "Search for every rule and every bug.")
  var all = false

  @Flag(help: "Judge every property without a rule or with a bug; all of them take minutes.")
  var matrix = false

  @Option(help: "How many failing runs are made small; the least is shown.")
  var keep = 20

  @Option(help: "Write the run to this file, or with --all all runs to this folder.")
  var write: String?

  @Option(help: "Search for everything, or all of one chapter, and compare with this table.")
  var check: String?

  @Option(help: "Search for everything, or all of one chapter, and write it to this table.")
  var table: String?

  func validate() throws {
    guard check != nil || table != nil else {
      guard chapter == nil else { return }
      throw ValidationError("name a chapter, or a table with --check or --table")
    }
    guard check == nil || table == nil else {
      throw ValidationError("--check compares with a table, --table writes one")
    }
    guard rule == nil, flaw == nil, !all, !matrix, write == nil, keep == 20 else {
      throw ValidationError("with --check or --table only a chapter is taken")
    }
  }

  func run() throws {
    if let check { return try BreakTable(path: check, chapter: chapter).check() }
    if let table { return try BreakTable(path: table, chapter: chapter).write() }
    try LaboratoryOptions.checkWriting(all ? write.map { "\($0)/x.run" } : write)
    try LaboratoryOptions.visit(chapter ?? "", self)
  }

  func visit<S: Laboratory>(_ laboratory: S.Type) throws {
    if all { return try breakEverything(laboratory) }
    let chosen = try experiment(laboratory)
    if matrix { return try judge(laboratory, chosen.map { [$0] } ?? S.experiments) }
    guard let chosen else { return list(laboratory) }
    try show(laboratory, chosen)
  }

  /// The rule or bug that is named, if one is.
  private func experiment<S: Laboratory>(
    _ laboratory: S.Type
  ) throws -> Experiment<S.Subject>? {
    if let flaw {
      guard let experiment = S.experiment(flaw: flaw) else {
        throw LaboratoryOptions.unknown("flaw", flaw, S.flaws.map(\.name))
      }
      return experiment
    }
    guard let rule else { return nil }
    guard let experiment = S.experiment(without: rule) else {
      throw LaboratoryOptions.unknown("rule", rule, S.Subject.Rule.allCases.map(\.rawValue))
    }
    return experiment
  }

  private func show<S: Laboratory>(
    _ laboratory: S.Type, _ experiment: Experiment<S.Subject>
  ) throws {
    let title = experiment.change.description
    var search = try S.search(experiment)
    search.keep = keep
    let stopwatch = Stopwatch()
    guard let found = search.run() else {
      print(
        try experiment.isCostly()
          ? "\(title) nothing is violated: a run costs more than it should"
          : "\(title) nothing went wrong in \(search.budget) runs")
      throw ExitCode(2)
    }
    if found.replayed == .holds { throw LaboratoryOptions.fault(found) }
    S.lines(of: found, after: title, seconds: stopwatch.seconds).forEach { print($0) }
    if let write { try LaboratoryOptions.write(S.text(of: found), to: write) }
  }

  private func list<S: Laboratory>(_ laboratory: S.Type) {
    print("The rules of \(S.title); break one with: quorate break \(S.name) RULE\n")
    for experiment in S.experiments {
      guard case .without(let rule) = experiment.change else { continue }
      let violated = experiment.violates.map(\.rawValue).joined(separator: " ")
      print("\(rule)  (\(rule.kind), \(violated))\n    \(rule.sentence)\n    \(rule.source)")
    }
    print("\nThe bugs that can be planted, with --flaw:\n")
    for flaw in S.flaws { print("\(flaw.name)\n    \(flaw.sentence)") }
  }

  /// A row for each rule and each flaw: what is violated, and what it cost to find it.
  private func breakEverything<S: Laboratory>(_ laboratory: S.Type) throws {
    var missed = 0
    Terminal.row(
      "planted                             violates      acts  runs  acts to find  seconds")
    for experiment in S.experiments {
      let name = experiment.change.name
      let title = experiment.change.flaw == nil ? "without \(name)" : "flaw \(name)"
      var search = try S.search(experiment)
      search.keep = keep
      let stopwatch = Stopwatch()
      guard let found = search.run() else {
        let isCostly = try experiment.isCostly()
        Terminal.row(
          title.padded(to: 36, atLeast: 1)
            + (isCostly ? "cost" : "NOT FOUND in \(search.budget) runs"))
        if !isCostly { missed += 1 }
        continue
      }
      Terminal.row(
        title.padded(to: 36, atLeast: 1) + "\(found.violated)".padded(to: 14, atLeast: 1)
          + "\(found.acts.count)".padded(to: 6, atLeast: 1)
          + "\(found.runs)".padded(to: 6, atLeast: 1)
          + "\(found.actsToFind)".padded(to: 14, atLeast: 1)
          + "\((stopwatch.seconds * 1_000).rounded() / 1_000)")
      if let write {
        try LaboratoryOptions.write(S.text(of: found), to: "\(write)/\(experiment.change.stem).run")
      }
    }
    if missed > 0 { throw ExitCode(1) }
  }
}

extension BreakCommand {
  /// A row for each of these: what is violated in its scenarios and in simulated runs.
  private func judge<S: Laboratory>(
    _ laboratory: S.Type, _ experiments: [Experiment<S.Subject>]
  ) throws {
    var wrong = 0
    let properties = S.Subject.Property.judged
    Terminal.row(
      "planted".padded(to: 36, atLeast: 1) + properties.map(\.rawValue).joined(separator: "  "))
    for experiment in experiments {
      let found = try experiment.observedViolations(
        simulating: S.clusters(for: experiment), runs: 100)
      let cells = properties.map { property in
        (found.contains(property) ? "x" : ".").padded(to: property.rawValue.count + 2)
      }
      let isAsSaid = Set(found) == Set(experiment.violates)
      if !isAsSaid { wrong += 1 }
      let said = experiment.violates.map(\.rawValue).joined(separator: " ")
      Terminal.row(
        experiment.change.stem.padded(to: 36, atLeast: 1) + cells.joined()
          + (isAsSaid ? "" : "  OTHERWISE: it is said to violate \(said)"))
    }
    guard wrong == 0 else { throw ExitCode(1) }
  }
}
