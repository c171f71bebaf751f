public import ArgumentParser
import Conformance
import Foundation
public import Histories
import Reports

/// Judges recorded histories.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judge recorded operations of any system: which guarantees do they keep?",
    discussion: """
      quorate check history.ndjson                    linearizable, by the model of its operations
      quorate check --all history.edn                 every guarantee, and where it stands
      quorate check --guarantee sequential *.edn --junit results.xml
      quorate check --together monotonic-reads,monotonic-writes history.ndjson
      quorate check history.ndjson --svg why.svg      a picture of what refutes it

      Reads Quorate's NDJSON, Jepsen's EDN and its log, and Porcupine's key-value EDN \
      (Notes/Histories.md); - is standard input.

      Exit: 0 all that was asked holds, 1 something is refuted, 2 something is undecided within \
      the budget, or nothing could be judged, 64 a file cannot be read: line and column are told.
      """)

  @Argument(help: "The files, or - for standard input.")
  var files: [String]
  @Option(help: "What the objects are: \(names(ModelName.allCases.map(\.rawValue))).")
  var model: ModelName?
  @Option(help: "How the files are written: ndjson, edn, log; without it, it is seen.")
  var format: HistoryReader.Format?
  @Flag(help: "EDN's values are pairs of a key and a value (jepsen.independent).")
  var keyed = false
  @Option(
    help: ArgumentHelp(
      "Which guarantees, with commas between them: \(names(Guarantee.allCases.map(\.rawValue))).",
      valueName: "guarantees"))
  var guarantee: Guarantees = []
  @Option(
    help: ArgumentHelp(
      "Guarantees of sessions, together: one choice of what was visible does for all.",
      valueName: "guarantees"))
  var together: Guarantees = []
  @Flag(help: "Every guarantee that the history can be judged by.")
  var all = false
  @Option(help: "Of bounded-versions: how many of the last values may be read.")
  var versions = 2
  @Option(
    help: ArgumentHelp(
      "Of bounded-time: how long ago what is read may be overwritten: 1s.", valueName: "time"),
    transform: Seconds.read)
  var staleness = Seconds(count: 1)
  @Option(
    help: ArgumentHelp("How long a guarantee may take: 30s, 5m.", valueName: "time"),
    transform: Seconds.read)
  var budget = Seconds(count: 30)
  @Option(
    help: ArgumentHelp("How much it may hold: 1G, 200M.", valueName: "bytes"),
    transform: Bytes.read)
  var memory = Bytes(count: 1 << 30)
  @Option(help: ArgumentHelp("Draw the first refutation.", valueName: "file"))
  var svg: String?
  @Option(help: ArgumentHelp("Write a report for continuous integration.", valueName: "file"))
  var junit: String?

  private static func names(_ all: [String]) -> String { all.joined(separator: ", ") }

  func validate() throws {
    if files.isEmpty { throw ValidationError("name a file, or - for standard input") }
    if versions < 1 { throw ValidationError("--versions is at least 1") }
    if all, !guarantee.all.isEmpty { throw ValidationError("--all or --guarantee, not both") }
    if let other = together.all.first(where: { !$0.isOfSessions }) {
      throw ValidationError("--together is for session guarantees, and \(other.rawValue) is none")
    }
  }

  func run() throws {
    let report = try junit.map { try Outlet("--junit", $0) }
    let picture = try svg.map { try Outlet("--svg", $0) }
    let started = Date.now.timeIntervalSince1970
    var results: [HistoryJUnit.File] = []
    var isDrawn = svg == nil
    for file in files {
      let history = try read(file)
      let asked = all ? Guarantee.all(for: history) : guarantee.all
      var judgements: [CheckResult] = []
      var seconds: [Double] = []
      let text = CheckText(history)
      if files.count > 1 { Terminal.say(file) }
      Terminal.say(text.heading)
      for judge in checks(asked, of: history) {
        let begin = ContinuousClock.now
        let judgement = judge()
        seconds.append((ContinuousClock.now - begin) / .seconds(1))
        judgements.append(judgement)
        Terminal.say(text.line(judgement, seconds: seconds.last ?? 0))
        if !isDrawn { isDrawn = try draw(judgement, history, file, picture) }
      }
      if all { Terminal.say(text.standing(judgements, history.bounds(limits))) }
      results.append(HistoryJUnit.File(name: file, judgements: judgements, seconds: seconds))
    }
    if !isDrawn { Terminal.complain("nothing is refuted: no picture") }
    try report?.write(try HistoryJUnit(results, started: started).xml())
    throw CheckCommand.code(of: results.flatMap(\.judgements).map(\.verdict), isAll: all)
  }

  /// What is asked of a history: each guarantee by itself, and those that are asked together.
  private func checks(_ asked: [Guarantee], of history: History) -> [() -> CheckResult] {
    let single = asked.isEmpty && together.all.isEmpty ? [history.usualGuarantee] : asked
    let checks = single.map { guarantee in
      {
        history.judge(guarantee, budget: limits, versions: versions, nanoseconds: nanoseconds)
      }
    }
    return together.all.isEmpty
      ? checks : checks + [{ history.judge(together: together.all, budget: limits) }]
  }

  private var nanoseconds: Int { Int(staleness.count * 1e9) }

  private var limits: Budget { Budget(time: .seconds(budget.count), bytes: memory.count) }

  /// A refutation weighs most: it stands, whatever is undecided beside it.
  ///
  /// - Parameter isAll: Whether everything was asked; else what is unsuited was asked by name, and
  ///   is not judged.
  static func code(
    of verdicts: [Histories.Verdict], isAll: Bool
  ) -> ArgumentParser.ExitCode {
    var judged = 0
    var undecided = 0
    for verdict in verdicts {
      switch verdict {
      case .refuted: return ArgumentParser.ExitCode(1)
      case .holds: judged += 1
      case .undecided: undecided += 1
      case .unsuited: undecided += isAll ? 0 : 1
      }
    }
    return ArgumentParser.ExitCode(undecided > 0 || judged == 0 ? 2 : 0)
  }

  private func read(_ file: String) throws -> History {
    let reader = HistoryReader(format: format, model: model, hasKeyedValues: keyed)
    do {
      let handle =
        file == "-" ? .standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
      return try reader.read { [UInt8](try handle.read(upToCount: 1 << 20) ?? Data()) }
    } catch let error as HistoryError {
      throw failure(.usage, "\(file):\(error)")
    } catch {
      throw failure(.usage, "\(file): \(Refusal(error).sentence)")
    }
  }

  private func draw(
    _ judgement: CheckResult, _ history: History, _ file: String, _ picture: Outlet?
  ) throws -> Bool {
    guard let picture, case .refuted(let refutation) = judgement.verdict else { return false }
    let name = URL(filePath: file).lastPathComponent
    let title = "\(name): not \(judgement.name)"
    try picture.write(HistoryDrawing(history, refutation, title: title).svg)
    return true
  }
}

extension ModelName: ExpressibleByArgument {}

/// Guarantees as the command line names them: `pram,monotonic-reads`, or as runs do:
/// `monotonicReads`.
struct Guarantees: ExpressibleByArgument, ExpressibleByArrayLiteral {
  let all: [Guarantee]

  init(arrayLiteral elements: Guarantee...) { all = elements }

  init?(argument: String) {
    var all: [Guarantee] = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let words = name.flatMap { $0.isUppercase ? "-" + $0.lowercased() : String($0) }
      guard let guarantee = Guarantee(rawValue: String(words)) else { return nil }
      all.append(guarantee)
    }
    self.all = all
  }
}

extension HistoryReader.Format: ExpressibleByArgument {}
