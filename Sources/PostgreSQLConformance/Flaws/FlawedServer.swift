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
    if flaw == .preparedLostAtStart {
      let answer = try await session.run("SELECT pg_postmaster_start_time()")
      let start = answer.rows.first?.first.flatMap { $0 } ?? ""
      let before = memory.withLock { memory in
        defer { memory.start = start }
        return memory.start
      }
      if let before, before != start { try await Premises.rollBack("", by: session) }
    }
    if flaw == .deadlocksStay { _ = try await session.run("SET deadlock_timeout = '1h'") }
    return FlawedSession(session, of: self, database: database)
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

  func keep(_ session: any DatabaseSession) { memory.withLock { $0.kept.append(session) } }
}
