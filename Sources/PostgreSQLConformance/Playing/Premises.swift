import Conformance
import PostgreSQLClient

/// Where a case works: a schema of its own in the run's database.
package struct Premises: Sendable {
  /// The server as clients meet it, perhaps through a flaw.
  let server: any DatabaseServer
  /// The server as it is, for whoever looks on and tidies up.
  let plain: any DatabaseServer
  /// The run's database.
  let database: String
  /// The case's schema.
  let schema: String
  /// What the names of all transactions begin with that the case prepares.
  let prefix: String
  /// A user that is not the URL's.
  let anotherUser: String
  /// What stops and starts the server; nil where that is not ours.
  let control: ControlProgram?
  /// How long an answer may take, in milliseconds.
  let patience: Int64

  /// What a transaction is called on the server; names there are the whole server's.
  func name(of transaction: String) -> String { prefix + transaction }

  /// What a transaction is called that a step names, or gives the size of its name.
  func name(of transaction: Value) -> String {
    guard let size = transaction["size"]?.integer else { return name(of: transaction.description) }
    return name(of: String(repeating: "x", count: max(1, Int(size) - prefix.utf8.count)))
  }

  /// A session as clients have it: in the case's schema, and without settings of the house that
  /// would end what waits.
  ///
  /// - Parameters:
  ///   - isAnother: Whether it is another user's.
  ///   - isElsewhere: Whether it is with the URL's database.
  func client(
    isAnother: Bool, isElsewhere: Bool
  ) async throws(DatabaseError) -> any DatabaseSession {
    let session = try await server.session(
      in: isElsewhere ? nil : database, patience: patience)
    for statement in Self.settings + ["SET search_path = \(schema.sqlIdentifier)"] {
      _ = try await session.run(statement)
    }
    if isAnother { _ = try await session.run("SET ROLE \(anotherUser.sqlIdentifier)") }
    return session
  }

  private static let settings = [
    "SET statement_timeout = 0", "SET lock_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    "SET default_transaction_isolation = 'read committed'",
    "SET default_transaction_read_only = off", "SET synchronous_commit = on",
    "SET standard_conforming_strings = on", "SET client_min_messages = error",
    "SET DateStyle = 'ISO'",
  ]

  /// Makes the schema, and carries out what is given in it.
  ///
  /// - Parameters:
  ///   - given: Statements that come before everything.
  ///   - isShared: Whether another user takes part.
  func furnish(_ given: [String], isShared: Bool) async throws(DatabaseError) {
    let session = try await plain.session(in: database, patience: patience)
    let schema = schema.sqlIdentifier
    // A case that is played again finds what its first time has left.
    _ = try await session.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
    _ = try await session.run("CREATE SCHEMA \(schema)")
    if isShared {
      let user = anotherUser.sqlIdentifier
      for statement in [
        "GRANT ALL ON SCHEMA \(schema) TO \(user)",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT ALL ON TABLES TO \(user)",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT ALL ON SEQUENCES TO \(user)",
      ] { _ = try await session.run(statement) }
    }
    _ = try await session.run("SET search_path = \(schema)")
    for statement in given { _ = try await session.run(statement) }
    await session.close()
  }

  /// Ends what the case has left: its clients' processes, and whatever it has prepared.
  func tidy(_ backends: [Int32]) async throws(DatabaseError) {
    let session = try await plain.session(in: database, patience: patience)
    for backend in backends {
      _ = try await session.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
          + "WHERE pid = \(backend) AND datname = current_database()")
    }
    try await Premises.rollBack(prefix, by: session)
    await session.close()
  }

  /// Rolls back all transactions that are prepared in the session's database under such names.
  static func rollBack(
    _ prefix: String, by session: any DatabaseSession
  ) async throws(DatabaseError) {
    let found = try await session.run(
      "SELECT gid, owner FROM pg_prepared_xacts "
        + "WHERE database = current_database() AND starts_with(gid, $1)", [prefix],
      patience: 10_000)
    for row in found.rows {
      guard let gid = row.first ?? nil, let owner = row.last ?? nil else { continue }
      // Only its owner may, and a superuser.
      _ = try await session.run("SET ROLE \(owner.sqlIdentifier)")
      do throws(DatabaseError) {
        _ = try await session.run("ROLLBACK PREPARED \(gid.sqlLiteral)")
      } catch {
        // Somebody was quicker.
        guard error.sqlState == "42704" else { throw error }
      }
      _ = try await session.run("RESET ROLE")
    }
  }
}
