/// Why a statement has no answer.
public enum DatabaseError: Error, Hashable, Sendable {
  /// The server refused it.
  case refused(ServerMessage)
  /// The server has refused the session itself.
  case turnedAway(ServerMessage)
  /// Nobody could be reached, in libpq's words.
  case unreachable(String)
  /// The connection has ended; whether the statement was carried out is not known.
  case connectionLost(String)
  /// No answer has come in this many milliseconds; whether there will be one is not known.
  case noAnswer(after: Int64)
  /// The task that waited was cancelled.
  case cancelled
  /// The session still waits for the answer to another statement, or is closed.
  case notReady
  /// This build cannot talk to PostgreSQL.
  case notBuilt
  /// It is another database than the one that is meant; which it is, and which is meant.
  case anotherDatabase(String, meant: String)
}

/// What a server says with an error.
///
/// Source: PostgreSQL 15, 55.8 "Error and Notice Message Fields".
public struct ServerMessage: Hashable, Sendable {
  /// The five characters of the SQLSTATE: `23505`.
  public var sqlState: String
  /// `ERROR`, `FATAL`, `PANIC`.
  public var severity: String
  /// The message.
  public var text: String
  /// More of it.
  public var detail: String?
  /// What might help.
  public var hint: String?

  /// The message of these parts.
  public init(
    sqlState: String, severity: String = "ERROR", text: String, detail: String? = nil,
    hint: String? = nil
  ) {
    self.sqlState = sqlState
    self.severity = severity
    self.text = text
    self.detail = detail
    self.hint = hint
  }
}

extension DatabaseError {
  /// The SQLSTATE, if the server gave one.
  public var sqlState: String? {
    switch self {
    case .refused(let message), .turnedAway(let message): message.sqlState
    case .unreachable, .connectionLost, .noAnswer, .cancelled, .notReady, .notBuilt,
      .anotherDatabase:
      nil
    }
  }

  /// Whether the same would come of a further try, until a person has changed something.
  public var isLasting: Bool {
    switch self {
    case .notBuilt, .anotherDatabase: return true
    case .refused, .turnedAway, .unreachable, .connectionLost, .noAnswer, .cancelled, .notReady:
      break
    }
    guard let sqlState else { return false }
    return !Self.passing.contains(String(sqlState.prefix(2)))
  }

  /// The classes of SQLSTATEs that may pass by themselves: connections, rollbacks, resources,
  /// the state of an object, an operator's intervention, the system, faults of the server.
  ///
  /// Source: PostgreSQL 15, Appendix A "PostgreSQL Error Codes".
  private static let passing: Set<String> = ["08", "40", "53", "55", "57", "58", "XX"]
}

extension DatabaseError: CustomStringConvertible {
  /// A sentence.
  public var description: String {
    switch self {
    case .refused(let message), .turnedAway(let message):
      "\(message.text) (SQLSTATE \(message.sqlState))"
    case .unreachable(let words): words
    case .connectionLost(let words): "the connection has ended: \(words)"
    case .noAnswer(let milliseconds): "no answer in \(milliseconds) ms"
    case .cancelled: "cancelled"
    case .notReady: "the session waits for another answer, or is closed"
    case .notBuilt:
      "this build knows no PostgreSQL: install libpq-dev and build with --traits PostgreSQL"
    case .anotherDatabase(let found, let meant):
      "this is another database: system/database \(found), and \(meant) is meant"
    }
  }
}
