public import Conformance
import ProtocolCore

extension Claims {
  /// What is stated of a database that takes part in two-phase commit, beside what chapter 3
  /// states of every participant.
  public static let postgreSQL = Claims([
    Claim(
      "2PC-10",
      """
      A real participant: what PostgreSQL prepares with PREPARE TRANSACTION survives a crash of \
      the server, keeps its locks, can be committed or rolled back by name from another \
      connection, and cannot be committed twice.
      """)
  ])
}
