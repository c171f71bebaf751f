import ArgumentParser
import Lab
import ProtocolCore
import Studies

/// Leaves a rule out, or plants a bug, and shows what goes wrong.
struct BreakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "break",
    abstract: "Leave a rule of a protocol out and see the shortest run that goes wrong.",
    discussion: """
      quorate break 2pc                         the rules, and what each protects
      quorate break 2pc voteStoredFirst
      quorate break 2pc --flaw votesNotVoters   a bug instead
      quorate break 2pc --all                   every rule and every bug, as a table
      """)

  @Argument(help: "The chapter: \(Studies.names.joined(separator: ", ")).")
  var chapter: String

  @Argument(help: "The rule to leave out.")
  var rule: String?

  @Option(help: "A bug to plant instead.")
  var flaw: String?

  @Flag(help: "Search for every rule and every bug.")
  var all = false

  @Option(help: "How many failing runs are made small; the least is shown.")
  var keep = 20

  @Option(help: "Write the run to this file, or with --all all runs to this folder.")
  var write: String?

  func run() throws {
    try take(try LaboratoryOptions.laboratory(chapter))
  }

  private func take<S: Laboratory>(_ laboratory: S.Type) throws {
    if all { return try breakEverything(laboratory) }
    if let flaw {
      guard let flaw = S.flaw(named: flaw) else {
        throw LaboratoryOptions.unknown("flaw", flaw, S.flaws.map(\.name))
      }
      return try show(laboratory, try S.search(with: flaw), "with the flaw \(flaw.name)")
    }
    guard let rule else { return list(laboratory) }
    guard let rule = S.rule(named: rule) else {
      throw LaboratoryOptions.unknown("rule", rule, S.Subject.Rule.allCases.map(\.rawValue))
    }
    try show(laboratory, try S.search(without: rule), "without \(rule)")
  }

  private func show<S: Laboratory>(
    _ laboratory: S.Type, _ search: Search<S.Subject>, _ title: String
  ) throws {
    var search = search
    search.keep = keep
    let stopwatch = Stopwatch()
    guard let found = search.run() else {
      print("\(title) nothing went wrong in \(search.budget) runs")
      throw ExitCode(2)
    }
    S.lines(of: found, after: title, seconds: stopwatch.seconds).forEach { print($0) }
    if let write { try LaboratoryOptions.write(S.text(of: found), to: write) }
  }

  private func list<S: Laboratory>(_ laboratory: S.Type) {
    print("The rules of \(S.title); break one with: quorate break \(S.Subject.name) RULE\n")
    for rule in S.Subject.Rule.allCases {
      let protected = S.properties(protectedBy: rule).map(\.rawValue).joined(separator: " ")
      print("\(rule)  (\(rule.kind), \(protected))\n    \(rule.sentence)\n    \(rule.source)")
    }
    print("\nThe bugs that can be planted, with --flaw:\n")
    for flaw in S.flaws { print("\(flaw.name)\n    \(flaw.sentence)") }
  }

  /// A row for each rule and each flaw: what is violated, and what it cost to find it.
  private func breakEverything<S: Laboratory>(_ laboratory: S.Type) throws {
    var missed = 0
    print("planted                             violates      acts  runs  acts to find  seconds")
    func row(
      _ name: String, _ file: String, _ search: Search<S.Subject>, isCounted: Bool = false
    ) throws {
      var search = search
      search.keep = keep
      let stopwatch = Stopwatch()
      guard let found = search.run() else {
        if isCounted { return print("\(name.column(36))cost") }
        missed += 1
        print("\(name.column(36))NOT FOUND in \(search.budget) runs")
        return
      }
      print(
        name.column(36) + "\(found.violated)".column(14) + "\(found.acts.count)".column(6)
          + "\(found.runs)".column(6) + "\(found.actsToFind)".column(14)
          + "\((stopwatch.seconds * 1_000).rounded() / 1_000)")
      if let write { try LaboratoryOptions.write(S.text(of: found), to: "\(write)/\(file).run") }
    }
    for rule in S.Subject.Rule.allCases {
      try row("without \(rule)", "without-\(rule)", try S.search(without: rule))
    }
    for flaw in S.flaws {
      var search = try S.search(with: flaw)
      let isCounted = try S.isCaughtByCounting(flaw)
      if isCounted { search.budget = 500 }
      try row("flaw \(flaw.name)", "flaw-\(flaw.name)", search, isCounted: isCounted)
    }
    if missed > 0 { throw ExitCode(1) }
  }
}

extension String {
  fileprivate func column(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
