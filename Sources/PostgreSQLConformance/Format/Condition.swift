/// A condition that a server reports, by its name in PostgreSQL's list.
///
/// Source: PostgreSQL 15, Appendix A "PostgreSQL Error Codes".
package struct Condition: Hashable, Sendable {
  /// The name: `undefined_object`.
  package let name: String
  /// The SQLSTATE: `42704`; nil for what is no answer of the server.
  package let sqlState: String?

  /// The connection has ended without an answer.
  static let connectionLost = Condition(name: "connection_lost", sqlState: nil)

  /// As many are prepared as there may be.
  static let outOfMemory = Condition(name: "out_of_memory", sqlState: "53200")

  /// Those that fixtures may name.
  static let all: [Condition] =
    [connectionLost]
    + [
      ("feature_not_supported", "0A000"),
      ("not_null_violation", "23502"),
      ("foreign_key_violation", "23503"),
      ("unique_violation", "23505"),
      ("check_violation", "23514"),
      ("exclusion_violation", "23P01"),
      ("active_sql_transaction", "25001"),
      ("read_only_sql_transaction", "25006"),
      ("no_active_sql_transaction", "25P01"),
      ("in_failed_sql_transaction", "25P02"),
      ("serialization_failure", "40001"),
      ("deadlock_detected", "40P01"),
      ("insufficient_privilege", "42501"),
      ("undefined_object", "42704"),
      ("duplicate_object", "42710"),
      ("undefined_table", "42P01"),
      ("out_of_memory", "53200"),
      ("object_not_in_prerequisite_state", "55000"),
      ("object_in_use", "55006"),
      ("lock_not_available", "55P03"),
      ("query_canceled", "57014"),
      ("admin_shutdown", "57P01"),
      ("crash_shutdown", "57P02"),
      ("invalid_parameter_value", "22023"),
      ("raise_exception", "P0001"),
    ].map { Condition(name: $0, sqlState: $1) }

  /// The condition of this name.
  static func named(_ name: String) -> Condition? { all.first { $0.name == name } }

  /// What a SQLSTATE is called; the five characters themselves if nothing here names them.
  static func words(_ sqlState: String) -> String {
    guard let known = all.first(where: { $0.sqlState == sqlState }) else { return sqlState }
    return known.description
  }
}

extension Condition: CustomStringConvertible {
  /// Name and SQLSTATE: `undefined_object (42704)`.
  package var description: String { sqlState.map { "\(name) (\($0))" } ?? name }
}
