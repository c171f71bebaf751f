import Conformance
import PostgreSQLClient

/// What probing found a database to be.
package struct DatabaseProfile: Hashable, Sendable {
  /// What the server calls itself.
  package let version: String
  /// How many transactions may be prepared at a time.
  package let mostPrepared: Int
  /// Whom the server takes us for.
  package let user: String
  /// What it has.
  package let capabilities: Set<Capability>
  /// Why no case can be asked; nil if they can.
  let obstacle: String?

  /// Asks.
  init(_ session: any DatabaseSession, control: ControlProgram?) async throws(DatabaseError) {
    let answer = try await session.run(
      """
      SELECT current_setting('server_version'), current_setting('server_version_num'),
        current_setting('max_prepared_transactions'), current_user, rolsuper, rolcreatedb,
        rolcreaterole, pg_is_in_recovery()
      FROM pg_roles WHERE rolname = current_user
      """)
    let row = (answer.rows.first ?? []).map { $0 ?? "" }
    func field(_ index: Int) -> String { row.indices.contains(index) ? row[index] : "" }
    version = "PostgreSQL " + (field(0).split(separator: " ").first.map(String.init) ?? "?")
    mostPrepared = Int(field(2)) ?? 0
    user = field(3)
    let isSuper = field(4) == "t"
    capabilities = Set(
      (isSuper ? [.superuser] : []) + (isSuper || field(6) == "t" ? [.users] : [])
        + (control == nil ? [] : [.control]))
    obstacle =
      if (Int(field(1)) ?? 0) < 140_000 {
        "\(version) does not tell since when a lock is waited for; 14 and later do"
      } else if field(7) == "t" {
        "it is a standby, which prepares nothing"
      } else if !isSuper, field(5) != "t" {
        "the user \(user) may create no database (CREATEDB), and a run works in one of its own"
      } else if mostPrepared < 2 {
        "max_prepared_transactions is \(mostPrepared), and two or more are prepared at a time: put "
          + "'max_prepared_transactions = 16' into postgresql.conf and start the server again"
      } else {
        nil
      }
  }

  /// Why a case is not for it; nil if it is.
  func reasonAgainst(_ fixture: DatabaseFixture) -> String? {
    obstacle ?? fixture.needs.first { !capabilities.contains($0) }?.lack
  }
}

extension DatabaseProfile: CustomStringConvertible {
  /// In a line: `PostgreSQL 15.13, max_prepared_transactions 16, user postgres, a superuser`.
  package var description: String {
    let isSuper = capabilities.contains(.superuser)
    return "\(version), max_prepared_transactions \(mostPrepared), user \(user)"
      + (isSuper ? ", a superuser" : "")
  }
}
