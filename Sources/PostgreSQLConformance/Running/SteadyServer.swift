import PostgreSQLClient

/// A server without those settings of the house that would fail a sound one: what ends sessions
/// and statements that wait, forbids to write, or looks for deadlocks once an hour.
struct SteadyServer: DatabaseServer {
  let server: any DatabaseServer

  func session(
    in database: String?, patience: Int64
  ) async throws(DatabaseError) -> any DatabaseSession {
    let session = try await server.session(in: database, patience: patience)
    _ = try await session.run(Self.settings, [], patience: patience)
    return session
  }

  /// One statement; what only a superuser may set stays for others.
  private static let settings = """
    SELECT set_config(name, value, false) FROM (VALUES
      ('idle_session_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
      ('statement_timeout', '0'), ('lock_timeout', '0'),
      ('default_transaction_read_only', 'off'),
      ('deadlock_timeout', '100ms')) AS wanted (name, value)
    WHERE name <> 'deadlock_timeout'
      OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    """
}
