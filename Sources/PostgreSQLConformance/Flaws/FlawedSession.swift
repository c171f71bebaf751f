import PostgreSQLClient
import Synchronization

/// A session with a server that has a flaw.
final class FlawedSession: DatabaseSession {
  private let inner: any DatabaseSession
  private let server: FlawedServer
  private let database: String?
  private let memory = Mutex(Memory())

  private struct Memory {
    /// The statements of the transaction in progress.
    var statements: [String] = []
    /// What this session has prepared.
    var prepared: Set<String> = []
    /// What it does when it ends.
    var atEnd: [String] = []
    var role: String?
  }

  init(_ inner: any DatabaseSession, of server: FlawedServer, database: String?) {
    self.inner = inner
    self.server = server
    self.database = database
  }

  var backend: Int32 { inner.backend }
  private var flaw: DatabaseFlaw { server.flaw }

  func close() async {
    let (prepared, atEnd) = memory.withLock { ($0.prepared, $0.atEnd) }
    switch flaw {
    case .goneClientsStay: return server.keep(inner)
    case .commitsLater:
      for statement in atEnd { _ = try? await inner.run(statement) }
    case .diesWithItsSession:
      await inner.close()
      try? await server.aside(in: database) { (session) throws(DatabaseError) in
        for name in prepared { _ = try? await session.run("ROLLBACK PREPARED \(name)") }
      }
    default: break
    }
    await inner.close()
  }

  func run(
    _ sql: String, _ parameters: [String?], patience: Int64
  ) async throws(DatabaseError) -> Answer {
    let sql = flaw == .namesIgnoreCase ? Self.lowered(sql) : sql
    do throws(DatabaseError) {
      return try await answer(to: sql, parameters, patience)
    } catch {
      guard flaw == .hintsAreLost, case .refused(var message) = error else { throw error }
      (message.detail, message.hint) = (nil, nil)
      throw .refused(message)
    }
  }

  private func answer(
    to sql: String, _ parameters: [String?], _ patience: Int64
  ) async throws(DatabaseError) -> Answer {
    for verb in ["PREPARE TRANSACTION", "COMMIT PREPARED", "ROLLBACK PREPARED"]
    where sql.hasPrefix(verb + " ") {
      let whole = String(sql.dropFirst(verb.count + 1))
      let isCut = flaw == .namesAreCut && whole.utf8.count > Self.longest + 2
      let name = isCut ? whole.prefix(Self.longest + 1) + "'" : whole
      defer { memory.withLock { $0.statements = [] } }
      return verb.hasPrefix("P")
        ? try await prepare(name, patience) : try await decide(verb, name, patience)
    }
    switch flaw {
    case .viewIsEmpty where sql.contains("pg_prepared_xacts"):
      let emptied = sql.replacing(
        "pg_prepared_xacts", with: "(select * from pg_prepared_xacts where false) as empty")
      return try await inner.run(emptied, parameters, patience: patience)
    case .timeOutsIgnored
    where ["set local lock_timeout", "set local statement_timeout"].contains(where: sql.hasPrefix):
      return Answer(tag: "SET")
    case .savepointsStay where sql.hasPrefix("rollback to"): return Answer(tag: "ROLLBACK")
    case .endedSessionsGoOn where sql.contains("pg_terminate_backend"):
      return Answer(tag: "SELECT 1", rows: [["t"]])
    case .checkpointForgets where sql == "checkpoint":
      try await server.aside(in: database) { (session) throws(DatabaseError) in
        try await Premises.rollBack("", by: session)
      }
    case .impatient: return try await impatiently(sql, parameters, patience)
    default: break
    }
    let answer = try await inner.run(sql, parameters, patience: patience)
    memory.withLock { memory in
      if sql.hasPrefix("SET ROLE") { memory.role = sql }
      if sql.hasPrefix("BEGIN") { memory.statements = [] }
      memory.statements.append(sql)
    }
    return answer
  }

  /// How many bytes of a name count where it is cut.
  private static let longest = 63

  /// The names in a statement that decides, in small letters.
  private static func lowered(_ sql: String) -> String {
    guard sql.contains(" PREPARED ") || sql.hasPrefix("PREPARE "),
      let quote = sql.firstIndex(of: "/")
    else { return sql }
    // The part before the case's own names holds the case's id, in capitals.
    guard let last = sql.lastIndex(of: "/"), last >= quote else { return sql }
    return sql[..<last] + sql[last...].lowercased()
  }

  // MARK: Preparing

  private func prepare(_ name: String, _ patience: Int64) async throws(DatabaseError) -> Answer {
    let yes = Answer(tag: "PREPARE TRANSACTION")
    let statement = "PREPARE TRANSACTION \(name)"
    let done = memory.withLock(\.statements)
    switch flaw {
    case .commitsAtPrepare:
      return try await inner.run("COMMIT").tag == "COMMIT" ? yes : Answer(tag: "ROLLBACK")
    case .onlyReadingIsForgotten
    where done.dropFirst().allSatisfy({ $0.lowercased().hasPrefix("select") }):
      _ = try await inner.run("COMMIT")
      return yes
    case .locksFreedAtPrepare:
      let answer = try await inner.run(statement, [], patience: patience)
      guard answer == yes else { return answer }
      _ = try await inner.run("ROLLBACK PREPARED \(name)")
      _ = try await inner.run("BEGIN")
      server.remember(Array(done.dropFirst()), for: name)
      return try await inner.run(statement, [], patience: patience)
    case .noTakenForYes:
      _ = try? await inner.run(statement, [], patience: patience)
      return yes
    case .nameTakenOver:
      try await server.aside(in: database) { (session) throws(DatabaseError) in
        _ = try? await session.run("ROLLBACK PREPARED \(name)")
      }
    default: break
    }
    let answer = try await inner.run(statement, [], patience: patience)
    if answer == yes {
      memory.withLock { _ = $0.prepared.insert(name) }
      server.note(Array(done.dropFirst()), in: name)
    }
    return answer
  }

  // MARK: Deciding

  private func decide(
    _ verb: String, _ name: String, _ patience: Int64
  ) async throws(DatabaseError) -> Answer {
    let isCommit = verb.hasPrefix("C")
    let statement = "\(verb) \(name)"
    switch flaw {
    case .abortCommits where !isCommit:
      _ = try await inner.run("COMMIT PREPARED \(name)", [], patience: patience)
      return Answer(tag: verb)
    case .commitAborts where isCommit:
      _ = try await inner.run("ROLLBACK PREPARED \(name)", [], patience: patience)
      return Answer(tag: verb)
    case .secondCommitAnswersOK where isCommit, .unknownAbortAnswersOK where !isCommit:
      return try await unless(["42704", "55000"], statement, patience)
    case .decidesInsideTransactions:
      do throws(DatabaseError) {
        return try await inner.run(statement, [], patience: patience)
      } catch {
        guard error.sqlState == "25001" else { throw error }
        try await server.aside(in: database) { (session) throws(DatabaseError) in
          _ = try await session.run(statement)
        }
        return Answer(tag: verb)
      }
    case .onlyItsSessionDecides where !memory.withLock({ $0.prepared.contains(name) }):
      throw .refused(
        ServerMessage(sqlState: "42704", text: "prepared transaction is not this session's"))
    case .anybodyDecides:
      guard let role = memory.withLock(\.role) else { break }
      _ = try await inner.run("RESET ROLE")
      let answer = try await inner.run(statement, [], patience: patience)
      _ = try await inner.run(role)
      return answer
    case .anyDatabaseDecides:
      return try await decideAnywhere(statement, name, verb, patience)
    case .commitsLater where isCommit:
      memory.withLock { $0.atEnd.append(statement) }
      return Answer(tag: verb)
    case .locksFreedAtPrepare where isCommit, .locksLostAtStart where isCommit:
      let answer = try await inner.run(statement, [], patience: patience)
      guard let later = server.remembered(for: name) else { return answer }
      for late in ["BEGIN"] + later + ["COMMIT"] { _ = try await inner.run(late) }
      return answer
    case .numbersGivenBack where !isCommit:
      let answer = try await inner.run(statement, [], patience: patience)
      _ = try await inner.run(
        """
        SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,
          greatest(last_value - 1, 1)) FROM pg_sequences WHERE schemaname = current_schema()
        """)
      return answer
    default: break
    }
    return try await inner.run(statement, [], patience: patience)
  }

  /// Decides a transaction, if need be in the database that has prepared it.
  private func decideAnywhere(
    _ statement: String, _ name: String, _ verb: String, _ patience: Int64
  ) async throws(DatabaseError) -> Answer {
    do throws(DatabaseError) {
      return try await inner.run(statement, [], patience: patience)
    } catch {
      guard error.sqlState == "0A000" else { throw error }
    }
    let answer = try await inner.run("SELECT database FROM pg_prepared_xacts WHERE gid = \(name)")
    try await server.aside(in: answer.rows.first?.first ?? nil) {
      (session) throws(DatabaseError) in
      _ = try await session.run(statement)
    }
    return Answer(tag: verb)
  }

  /// Runs a statement; that it is refused with one of these SQLSTATEs is as good.
  private func unless(
    _ sqlStates: [String], _ statement: String, _ patience: Int64
  ) async throws(DatabaseError) -> Answer {
    do throws(DatabaseError) {
      return try await inner.run(statement, [], patience: patience)
    } catch {
      guard sqlStates.contains(error.sqlState ?? "") else { throw error }
      return Answer(tag: String(statement.prefix { $0 != "'" }.dropLast()))
    }
  }

  /// Runs a statement, and rolls back whatever is prepared if it has to wait.
  private func impatiently(
    _ sql: String, _ parameters: [String?], _ patience: Int64
  ) async throws(DatabaseError) -> Answer {
    let (server, database) = (server, database)
    let helper = Task {
      try await Task.sleep(for: .milliseconds(100))
      try await server.aside(in: database) { (session) throws(DatabaseError) in
        try await Premises.rollBack("", by: session)
      }
    }
    defer { helper.cancel() }
    return try await inner.run(sql, parameters, patience: patience)
  }
}
