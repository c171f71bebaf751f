import PostgreSQLClient
import Synchronization

/// A server with a flaw, as its clients meet it.
final class FlawedServer: DatabaseServer {
  let server: any DatabaseServer
  let flaw: DatabaseFlaw
  private let memory = Mutex(Memory())

  private struct Memory {
    /// When the server last started.
    var start: String?
    /// What is to be carried out when a transaction is committed.
    var later: [String: [String]] = [:]
    /// What has been done in transactions that are prepared.
    var done: [String: [String]] = [:]
    /// Sessions that should have ended.
    var kept: [any DatabaseSession] = []
  }

  init(_ server: any DatabaseServer, _ flaw: DatabaseFlaw) {
    self.server = server
    self.flaw = flaw
  }

  func session(
    in database: String?, patience: Int64
  ) async throws(DatabaseError) -> any DatabaseSession {
    let session = try await server.session(in: database, patience: patience)
    if flaw == .preparedLostAtStart, try await hasStarted(session) {
      try await Premises.rollBack("", by: session)
    }
    if flaw == .locksLostAtStart, try await hasStarted(session) { try await freeLocks(session) }
    if flaw == .deadlocksStay { _ = try await session.run("SET deadlock_timeout = '1h'") }
    return FlawedSession(session, of: self, database: database)
  }

  /// Whether the server has started again since the session before.
  private func hasStarted(_ session: any DatabaseSession) async throws(DatabaseError) -> Bool {
    let answer = try await session.run("SELECT pg_postmaster_start_time()")
    let start = answer.rows.first?.first.flatMap { $0 } ?? ""
    let before = memory.withLock { memory in
      defer { memory.start = start }
      return memory.start
    }
    return before != nil && before != start
  }

  /// Puts an empty transaction into the place of each that is prepared; what it has done is carried
  /// out at its commit.
  private func freeLocks(_ session: any DatabaseSession) async throws(DatabaseError) {
    let done = memory.withLock { memory in
      defer { memory.done = [:] }
      return memory.done
    }
    for (name, statements) in done {
      // It may be decided already.
      guard (try? await session.run("ROLLBACK PREPARED \(name)")) != nil else { continue }
      _ = try await session.run("BEGIN")
      _ = try await session.run("PREPARE TRANSACTION \(name)")
      remember(statements, for: name)
    }
  }

  /// Does something in a session that no client sees.
  func aside(
    in database: String?, _ body: (any DatabaseSession) async throws(DatabaseError) -> Void
  ) async throws(DatabaseError) {
    let session = try await server.session(in: database, patience: 5000)
    try await body(session)
    await session.close()
  }

  func remember(_ statements: [String], for name: String) {
    memory.withLock { $0.later[name] = statements }
  }

  func remembered(for name: String) -> [String]? {
    memory.withLock { $0.later.removeValue(forKey: name) }
  }

  func note(_ statements: [String], in name: String) {
    memory.withLock { $0.done[name] = statements }
  }

  func keep(_ session: any DatabaseSession) { memory.withLock { $0.kept.append(session) } }
}
