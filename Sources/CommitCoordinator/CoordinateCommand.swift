public import ArgumentParser
import AtomicCommitment
import Conformance
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import ProtocolCore
import TwoPhaseCommit

/// Commits a transaction at several databases, or ends what an earlier process has left.
public struct CoordinateCommand: AsyncParsableCommand {
  /// How it is called.
  public static let configuration = CommandConfiguration(
    commandName: "coordinate",
    abstract: "Coordinate transactions of several PostgreSQL databases.",
    discussion: """
      coordinate --journals DIR --participant a=postgresql://… --participant b=postgresql://… \\
        --begin t1 --work a='update …' --work b='update …'
      coordinate --journals DIR --participant a=postgresql://… --participant b=postgresql://…

      Without --begin it goes on with every transaction that has a journal there: what a process \
      that was killed has left is decided, and all databases are told.

      A database that is gone, or short of something, is asked again until it answers. One that \
      refuses for good (not its owner, another database, no such user) is told of, with what an \
      operator can do; it stays in doubt, and the journal as it is.

      A database that an operator has decided otherwise by hand is damage: it is told of, each \
      time, until its journal is taken away.

      Exit codes: 0 all is decided everywhere, 2 a database refuses for good, 3 a journal or its \
      folder cannot be used, or a database is not the one that takes part, 4 damage, 64 a mistake \
      in the command. Of several the highest.
      """)

  @Option(help: ArgumentHelp("Where journals stand, a file a transaction.", valueName: "folder"))
  var journals: String

  @Option(
    name: .customLong("participant"),
    help: ArgumentHelp("A database, by a name: a=postgresql://….", valueName: "name=url"))
  var participants: [String]

  @Option(help: ArgumentHelp("Begin a transaction of this name.", valueName: "name"))
  var begin: String?

  @Option(
    name: .customLong("work"),
    help: ArgumentHelp("A statement for a participant; may be repeated.", valueName: "name=sql"))
  var work: [String] = []

  @Option(help: "Kill this process at the point of this number: before a record, behind it, …")
  var killAt: Int?

  @Option(
    name: .customLong("killing"),
    help: ArgumentHelp("Kill this participant's server before.", valueName: "name"))
  var killing: [String] = []

  @Option(
    name: .customLong("outage"),
    help: ArgumentHelp(
      "Kill this participant's server at the point of this number, and start it again while this "
        + "process goes on; may be repeated.", valueName: "name=number"))
  var outages: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out a rule of the chapter, to see what becomes of the databases.", valueName: "rule"))
  var without: [String] = []

  @Option(help: "What timers are drawn from, and how long an outage lasts.")
  var seed: UInt64 = 1

  /// A command without arguments yet.
  public init() {}

  /// How it ends when not all is decided everywhere.
  private enum Trouble: Int32 {
    case refusal = 2
    case journal = 3
    case damage = 4
  }

  /// Runs it.
  @MainActor public func run() async throws {
    do {
      if let trouble = try await trouble() { throw ExitCode(trouble.rawValue) }
    } catch let problem as Journal.Problem {
      Self.tell(problem)
      throw ExitCode(Trouble.journal.rawValue)
    }
  }

  /// Does it; what keeps it from being decided everywhere, if something does.
  @MainActor private func trouble() async throws -> Trouble? {
    let databases = try databases()
    try checkWork(databases.map(\.id.name))
    let programs = try killing.map { try Self.control(of: $0, "--killing", among: databases) }
    let outages = try outages.map { text in
      let (name, number) = try Self.pair(text, "--outage")
      guard let point = Int(number), point > 0 else {
        throw ValidationError("--outage \(text): points are counted from 1")
      }
      return CrashPoints.Outage(
        name: name, point: point,
        program: try Self.control(of: name, "--outage", among: databases))
    }
    let rules = try without.map { name in
      guard let rule = Rule(rawValue: name) else {
        let near = nearest(to: name, among: Rule.allCases.map(\.rawValue))
        throw ValidationError(
          "--without \(name): no such rule" + (near.map { "; did you mean \($0)?" } ?? ""))
      }
      return rule
    }
    let points = CrashPoints(
      killedAt: killAt, after: programs, outages: outages, seed: seed, tell: Self.tell)
    let trouble: Trouble?
    do {
      trouble = try await self.trouble(databases, points, Set(rules))
    } catch {
      await points.settle()
      throw error
    }
    await points.settle()
    if let killAt, killAt > points.passed {
      Self.tell("--kill-at \(killAt): the last point was \(points.passed), and nothing was killed")
    }
    return trouble
  }

  /// Does what is asked for with the transactions; what keeps it from being done.
  @MainActor private func trouble(
    _ databases: [(id: NodeID, url: DatabaseURL)], _ points: CrashPoints, _ rules: Set<Rule>
  ) async throws -> Trouble? {
    guard let begin else {
      return try await finish(
        Journal.transactions(in: journals), databases, points, rules)
    }
    guard begin.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
      !begin.isEmpty, begin.count <= 36
    else { throw ValidationError("--begin: letters, digits and hyphens, up to 36") }
    guard try !Journal.transactions(in: journals).contains(begin) else {
      throw ValidationError("--begin \(begin): a transaction of this name was begun before")
    }
    return try await finish(begin, isNew: true, databases, points, rules)
  }

  /// Brings transactions to their ends, all at a time: one that waits for a database holds up no
  /// other.
  ///
  /// Each line tells of which it is, where there are several.
  @MainActor private func finish(
    _ transactions: [String], _ databases: [(id: NodeID, url: DatabaseURL)], _ points: CrashPoints,
    _ rules: Set<Rule>
  ) async throws -> Trouble? {
    let tasks = transactions.map { transaction in
      Task {
        do {
          let mark = transactions.count > 1 ? "\(transaction): " : ""
          return try await finish(transaction, isNew: false, databases, points, rules, mark)
        } catch let problem as Journal.Problem {
          Self.tell(problem)
          return .journal
        }
      }
    }
    var worst: Trouble?
    for task in tasks {
      if let trouble = try await task.value, trouble.rawValue > worst?.rawValue ?? 0 {
        worst = trouble
      }
    }
    return worst
  }

  /// Brings a transaction to its end; what is in the way of that.
  @MainActor private func finish(
    _ transaction: String, isNew: Bool, _ databases: [(id: NodeID, url: DatabaseURL)],
    _ points: CrashPoints, _ rules: Set<Rule>, _ mark: String = ""
  ) async throws -> Trouble? {
    var journal = try Journal(
      of: transaction, in: journals, participants: databases.map(\.id.name),
      at: isNew ? await places(databases) : nil)
    guard !journal.participants.isEmpty else {
      journal.end()
      Self.tell("\(transaction): nothing open, 0 points")
      return nil
    }
    let taking = databases.filter { journal.participants.contains($0.id.name) }
    let participants = taking.map { each in
      (
        id: each.id,
        database: DatabaseParticipant(
          each.id.name, LibPQServer(each.url.address), transaction: transaction, run: journal.id,
          at: journal.places[each.id.name])
      )
    }
    if isNew {
      for participant in participants where journal.places[participant.id.name] != nil {
        let statements = try work.map { try Self.pair($0, "--work") }
          .filter { $0.0 == participant.id.name }.map(\.1)
        do throws(DatabaseError) {
          try await participant.database.work(statements)
        } catch {
          // It cannot be made ready: it will vote no.
          Self.tell("    \(participant.id) \(error)")
          if await participant.database.hasCommittedEarly {
            try journal.noteDamage(at: participant.id.name)
          }
        }
        await points.pass("after the work at \(participant.id)")
      }
    }
    var driver = CoordinatorDriver(
      journal, participants, without: rules, points: points, seed: seed, mark: mark,
      tell: Self.tell)
    let outcome = try await driver.run(isNew: isNew)
    let damage = outcome.damaged.map { ", damage at \($0)" }.joined()
    let refusal = outcome.refusing.map { ", refused by \($0)" }.joined()
    Self.tell(
      "\(transaction): \(outcome.decision?.description ?? "nothing open")\(damage)\(refusal), "
        + "\(outcome.points) points")
    if !outcome.damaged.isEmpty {
      Self.tell(
        """
            decided otherwise by hand: \(outcome.damaged.joined(separator: ", ")). Do or undo its \
        part of the work by hand, then take away \(journal.path)
        """)
      return .damage
    }
    if !outcome.mistaken.isEmpty { return .journal }
    return outcome.refusing.isEmpty ? nil : .refusal
  }

  /// Which databases they are, by name, without those that cannot be asked.
  @MainActor private func places(
    _ databases: [(id: NodeID, url: DatabaseURL)]
  ) async -> [String: String] {
    var places: [String: String] = [:]
    for each in databases {
      do throws(DatabaseError) {
        places[each.id.name] = try await DatabaseParticipant.place(
          of: LibPQServer(each.url.address))
      } catch {
        // It cannot be made ready: it will vote no.
        Self.tell("    \(each.id) \(error)")
      }
    }
    return places
  }

  /// The databases that are named, each once.
  private func databases() throws -> [(id: NodeID, url: DatabaseURL)] {
    var found: [(id: NodeID, url: DatabaseURL)] = []
    for text in participants {
      let (name, address) = try Self.pair(text, "--participant")
      guard !found.contains(where: { $0.id.name == name }) else {
        throw ValidationError("--participant \(name): two databases have this name")
      }
      let url: DatabaseURL
      do throws(TargetError) {
        url = try DatabaseURL(address)
      } catch {
        throw ValidationError("--participant \(name): \(error)")
      }
      guard url.flaw == nil else {
        throw ValidationError("--participant \(name): a flaw is for 'verify', none is planted here")
      }
      found.append((NodeID(name), url))
    }
    return found
  }

  /// What is to be done is for a participant, in a transaction that begins now.
  private func checkWork(_ names: [String]) throws {
    guard begin != nil || work.isEmpty else {
      throw ValidationError("--work: without --begin no transaction begins, and nothing is done")
    }
    for text in work {
      let (name, statement) = try Self.pair(text, "--work")
      guard names.contains(name) else {
        let known = names.joined(separator: ", ")
        throw ValidationError("--work \(name): no participant has this name; there are \(known)")
      }
      guard !Self.endsTransaction(statement) else {
        throw ValidationError("--work \(text): the coordinator ends the transaction, not the work")
      }
    }
  }

  /// Whether a statement would end the transaction that it stands in.
  ///
  /// Behind a comment nobody sees that: then the transaction's number has changed when the work is
  /// done.
  private static func endsTransaction(_ statement: String) -> Bool {
    let words = statement.lowercased().split { !$0.isLetter }
    switch words.first {
    case "commit", "end": return true
    case "rollback", "abort": return !words.contains("to")
    case "prepare": return words.dropFirst().first == "transaction"
    default: return false
    }
  }

  private static func control(
    of name: String, _ option: String, among databases: [(id: NodeID, url: DatabaseURL)]
  ) throws -> ControlProgram {
    guard let control = databases.first(where: { $0.id.name == name })?.url.control else {
      throw ValidationError(
        "\(option) \(name): no participant of this name has a control program")
    }
    return control
  }

  private static func pair(_ text: String, _ option: String) throws -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // It stands in the name of the transaction at the server, behind a hyphen.
    let isName = parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard parts.count == 2, isName, (1...15).contains(parts[0].utf8.count) else {
      throw ValidationError("\(option) \(text): name=… is wanted, of up to 15 letters and digits")
    }
    return (String(parts[0]), String(parts[1]))
  }

  private static func tell(_ problem: Journal.Problem) {
    try? FileHandle.standardError.write(contentsOf: Data("\(problem)\n".utf8))
  }

  /// A line, which is out before anything else happens.
  private static func tell(_ line: String) {
    print(line)
    fflush(nil)
  }
}
