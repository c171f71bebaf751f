public import Conformance
package import PostgreSQLClient

/// The databases that runs of Quorate have made on a server, and perhaps left there.
public enum Abandoned {
  /// What such a database's comment says, so that it is known for Quorate's.
  package static let mark = "made by quorate for a run"

  /// A name for a new one.
  package static func newName() -> String {
    let digits = String(UInt32.random(in: 0x1000_0000...0xffff_ffff), radix: 16)
    return "quorate_" + digits
  }

  /// Those that stand on a target and that nobody is connected to.
  ///
  /// - Throws: `TargetError` if the target cannot be asked.
  public static func found(on target: PostgreSQLTarget) async throws(TargetError) -> [String] {
    do throws(DatabaseError) {
      let session = try await target.plain.session(in: nil, patience: 5000)
      let answer = try await session.run(
        """
        SELECT datname FROM pg_database d WHERE datname ~ '^quorate_[0-9a-f]{8}$'
          AND shobj_description(oid, 'pg_database') = $1
          AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)
        ORDER BY datname
        """, [mark], patience: 10_000)
      await session.close()
      return answer.rows.compactMap { $0.first.flatMap { $0 } }
    } catch {
      throw target.address.targetError(error)
    }
  }

  /// Takes one away.
  ///
  /// - Throws: `TargetError` if it stays.
  public static func remove(
    _ database: String, from target: PostgreSQLTarget
  ) async throws(TargetError) {
    do throws(DatabaseError) {
      try await remove(database, from: target.plain)
    } catch {
      throw target.address.targetError(error)
    }
  }

  /// Takes one away.
  ///
  /// - Parameters:
  ///   - database: Its name.
  ///   - server: Where it is.
  package static func remove(
    _ database: String, from server: any DatabaseServer
  ) async throws(DatabaseError) {
    // What is prepared keeps a database from being dropped, and is ended from inside only. Whoever
    // still works there could prepare more.
    let inside = try await server.session(in: database, patience: 5000)
    while try await !inside.run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
      """
    ).rows.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
    try await Premises.rollBack("", by: inside)
    await inside.close()
    let session = try await server.session(in: nil, patience: 5000)
    _ = try await session.run(
      "DROP DATABASE \(database.sqlIdentifier) WITH (FORCE)", [], patience: 60_000)
    let another = database + "_another"
    _ = try await session.run("DROP ROLE IF EXISTS \(another.sqlIdentifier)")
    await session.close()
  }
}
