import AtomicCommitment
import Foundation
import PostgreSQLClient
import PostgreSQLConformance
import ProtocolCore
import Testing

/// Two servers, an account in each, and a coordinator that moves 1 from alice to bob.
struct Banks {
  let banks: [(id: NodeID, url: DatabaseURL)]
  let run = String(UInt32.random(in: 0x1000...0xffff), radix: 16)

  init() async throws {
    let first = try #require(Server.first, Server.missing)
    let second = try #require(Server.second, "QUORATE_REQUIRE_SERVERS=1, and there is one server")
    banks = [("a", try DatabaseURL(first)), ("b", try DatabaseURL(second))]
    try #require(Server.logs.count == 2, "the servers' logs are not known")
    try await clear()
    for bank in banks {
      _ = try await ask(
        bank.url, "CREATE TABLE IF NOT EXISTS account (name text PRIMARY KEY, balance int)")
      _ = try await ask(bank.url, "DROP TRIGGER IF EXISTS slow ON account")
      _ = try await ask(bank.url, "DELETE FROM account")
      _ = try await ask(bank.url, "INSERT INTO account VALUES ('holder', 1000)")
    }
  }

  /// Rolls back what a round that was broken has left: it would keep its locks.
  private func clear() async throws {
    for bank in banks {
      let left = try await ask(
        bank.url, "SELECT quote_literal(gid) FROM pg_prepared_xacts WHERE gid LIKE 'quorate-%'")
      for row in left.rows {
        _ = try await ask(bank.url, "ROLLBACK PREPARED \(row[0] ?? "")")
      }
    }
  }

  /// From now on until the next test this bank needs a while for each PREPARE TRANSACTION.
  func slowVote(at bank: (id: NodeID, url: DatabaseURL)) async throws {
    for statement in [
      """
      CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$
      """,
      """
      CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow()
      """,
    ] { _ = try await ask(bank.url, statement) }
  }

  func newFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  func ask(_ url: DatabaseURL, _ sql: String) async throws -> Answer {
    let session = try await LibPQServer(url.address).session(in: nil, patience: 10_000)
    let answer = try await session.run(sql)
    await session.close()
    return answer
  }

  // MARK: The process

  /// Runs the coordinator to its end; where it kills itself, its journal loses what was not
  /// synchronized.
  ///
  /// - Parameters:
  ///   - folder: Where journals stand.
  ///   - more: Further arguments.
  ///   - a: The URL under which it is to find a, if not its own.
  ///   - b: The URL under which it is to find b, if not its own.
  ///   - others: Further participants.
  ///   - left: Who takes no part.
  ///   - patience: The seconds after which it is killed, because it does not end.
  func coordinate(
    _ folder: String, _ more: [String], a: String? = nil, b: String? = nil,
    and others: [(id: NodeID, url: String)] = [], leavingOut left: NodeID? = nil,
    patience: Int = 240
  ) throws -> (code: Int32, output: String) {
    let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "coordinator")
    let powerLoss = try #require(Server.powerLoss, "clang does not compile power-loss.c")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let urls = (banks.map { (id: $0.id, url: ($0.id == "b" ? b : a) ?? $0.url.text) } + others)
      .filter { $0.id != left }
    process.arguments =
      ["timeout", "-s", "KILL", "\(patience)", "env", "LD_PRELOAD=\(powerLoss)"]
      + [program.path, "--journals", folder]
      + urls.flatMap { ["--participant", "\($0.0)=\($0.1)"] } + more
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  // MARK: A round

  /// What came of a round.
  struct Outcome {
    var output = ""
    var broken: [Commitment.Property] = []
    var words: Set<String> = []
    /// The servers that start while the coordinator already goes on.
    fileprivate var starting: [Task<String?, Never>] = []
  }

  /// What a database holds of a transaction.
  enum Holding { case prepared, committed, nothing }

  func play(_ round: Round) async throws -> Outcome {
    let folder = try newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let transaction = "\(run)-\(round.name)"
    let before = try await balances()
    var judge = Judge(try Server.logs.map { try ServerLog($0) }, transaction)
    if round.isDoomed { judge.excuse() }
    var outcome = Outcome()
    let refusal = round.isDoomed ? ["--work", "b=select 1/0"] : []
    var arguments =
      ["--begin", transaction, "--work", "a=update account set balance = balance - 1"]
      + ["--work", "b=update account set balance = balance + 1"] + refusal
      + round.killing.flatMap { ["--killing", $0] }
      + round.outages.flatMap { ["--outage", "\($0.name)=\($0.point)"] }
      + ["--seed", "\(round.seed)"]
    for point in round.killedAt.map(Optional.some) + [nil] {
      let (code, output) = try coordinate(
        folder,
        arguments + round.without.flatMap { ["--without", $0] }
          + (point.map { ["--kill-at", "\($0)"] } ?? []), patience: round.patience)
      outcome.output += output
      if output.contains("✗") { judge.excuse() }
      try judge.hear(
        output, journal: "\(folder)/\(transaction).journal",
        isAsked: arguments.first == "--begin")
      if output.contains("'s server killed at point") {
        outcome.words.insert("database killed while the coordinator lives")
      }
      guard output.contains("✗ killed") else {
        // 4 tells of damage, which AC1 is about.
        if code != 0, code != 4 { outcome.broken.append(.AC5) }
        break
      }
      outcome.words.insert("killed")
      if arguments.contains("--killing") { outcome.words.insert("database killed") }
      try await look(at: transaction, before, round, &judge, &outcome)
      arguments = []
    }
    for task in outcome.starting { _ = await task.value }
    // Of a server that was gone when all was over the row is removed the next time.
    if round.startsLate { _ = try coordinate(folder, []) }
    try await settle(transaction, before, round, &judge, &outcome)
    if outcome.broken.contains(.AC5) { try await clear() }
    outcome.broken = Array(Set(outcome.broken + judge.broken)).sorted { "\($0)" < "\($1)" }
    return outcome
  }

  /// Behind a kill: starts what was killed, looks what the databases hold, and lets an operator in.
  private func look(
    at transaction: String, _ before: [Int], _ round: Round, _ judge: inout Judge,
    _ outcome: inout Outcome
  ) async throws {
    for (bank, balance) in zip(banks, before) {
      if let control = bank.url.control, round.killing.contains(bank.id.name) {
        // A server that runs already is not started twice.
        if round.startsLate {
          outcome.starting.append(Task { await control.run("start") })
          continue
        }
        _ = await control.run("start")
      }
      let holding = try await holding(bank, transaction, from: balance)
      if holding == .prepared {
        outcome.words.insert("in doubt")
        if bank.id == "b", let decision = round.operatorDecides {
          let verb = decision == .commit ? "COMMIT" : "ROLLBACK"
          _ = try await ask(bank.url, "\(verb) PREPARED '\(prepared(bank, transaction) ?? "")'")
        }
      } else {
        try judge.see(holding == .committed ? .commit : .abort, at: bank.id)
      }
    }
  }

  /// At the end nobody is in doubt, and money is neither made nor lost.
  private func settle(
    _ transaction: String, _ before: [Int], _ round: Round, _ judge: inout Judge,
    _ outcome: inout Outcome
  ) async throws {
    var committed: [Bool] = []
    for (bank, balance) in zip(banks, before) {
      let holding = try await holding(bank, transaction, from: balance)
      if holding == .prepared { outcome.broken.append(.AC5) }
      try judge.see(holding == .committed ? .commit : .abort, at: bank.id)
      committed.append(holding == .committed)
      // When all is over nobody needs to know how it came out.
      if round.without.isEmpty { #expect(try await !hasRow(bank, transaction), "\(bank.id)") }
    }
    let after = try await balances()
    #expect(after == [before[0] - (committed[0] ? 1 : 0), before[1] + (committed[1] ? 1 : 0)])
    if let decision = judge.decision { outcome.words.insert(decision.rawValue) }
    let isDamaged = outcome.output.contains("heuristic damage at b")
    if isDamaged { outcome.words.insert("damage") }
    // Told if and only if it is so.
    #expect(isDamaged == (committed[0] != committed[1]), "\(outcome.output)")
  }

  /// What a database holds, by the work's own effect.
  ///
  /// - Parameter before: What the account held.
  func holding(
    _ bank: (id: NodeID, url: DatabaseURL), _ transaction: String, from before: Int
  ) async throws -> Holding {
    // A session whose process was killed may not have ended yet.
    while try await !ask(
      bank.url,
      "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'quorate-%-\(bank.id)'"
    ).rows.isEmpty { await Task.yield() }
    if try await prepared(bank, transaction) != nil { return .prepared }
    return try await balance(bank) == before ? .nothing : .committed
  }

  /// The name under which a database holds a transaction that is prepared; nil if it holds none.
  func prepared(
    _ bank: (id: NodeID, url: DatabaseURL), _ transaction: String
  ) async throws -> String? {
    let pattern = "quorate-\(transaction)-%-\(bank.id)"
    let found = try await ask(
      bank.url, "SELECT gid FROM pg_prepared_xacts WHERE gid LIKE '\(pattern)'")
    return found.rows.first?.first.flatMap { $0 }
  }

  /// Whether a database has a row that tells of the transaction's commit.
  func hasRow(
    _ bank: (id: NodeID, url: DatabaseURL), _ transaction: String
  ) async throws -> Bool {
    let table = try await ask(bank.url, "SELECT to_regclass('public.quorate_outcome') IS NULL")
    if table.rows == [["t"]] { return false }
    let row = try await ask(
      bank.url,
      "SELECT 1 FROM public.quorate_outcome WHERE transaction LIKE 'quorate-\(transaction)-%'")
    return !row.rows.isEmpty
  }

  func balances() async throws -> [Int] {
    var found: [Int] = []
    for bank in banks { found.append(try await balance(bank)) }
    return found
  }

  private func balance(_ bank: (id: NodeID, url: DatabaseURL)) async throws -> Int {
    let answer = try await ask(bank.url, "SELECT balance FROM account")
    return try #require(answer.rows.first?.first.flatMap { $0 }.flatMap { Int($0) })
  }
}
