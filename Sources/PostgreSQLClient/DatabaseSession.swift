/// A connection to a database, on which one statement is carried out after another.
public protocol DatabaseSession: Sendable {
  /// The number of the server's process that serves it, `pg_backend_pid()`.
  var backend: Int32 { get }
  /// Carries out one statement.
  ///
  /// - Parameters:
  ///   - sql: The statement; with `$1` for the first parameter.
  ///   - parameters: Texts; nil is NULL.
  ///   - patience: How long it may take, in milliseconds.
  /// - Throws: ``DatabaseError``; whatever it is but `refused`, the session is of no more use.
  func run(
    _ sql: String, _ parameters: [String?], patience: Int64
  ) async throws(DatabaseError) -> Answer
  /// Ends the connection; a transaction that is open is rolled back by the server.
  func close() async
}

extension DatabaseSession {
  /// Carries out a statement without parameters, with ten seconds' patience.
  public func run(_ sql: String) async throws(DatabaseError) -> Answer {
    try await run(sql, [], patience: 10_000)
  }
}

/// Where sessions are opened.
public protocol DatabaseServer: Sendable {
  /// Opens one.
  ///
  /// - Parameters:
  ///   - database: The database; nil for the one that the URL names.
  ///   - patience: How long it may take, in milliseconds.
  func session(
    in database: String?, patience: Int64
  ) async throws(DatabaseError) -> any DatabaseSession
}

/// What a server answers to a statement.
public struct Answer: Hashable, Sendable {
  /// What was done, in the server's words: `INSERT 0 1`, `PREPARE TRANSACTION`.
  public var tag: String
  /// The rows, each a list of texts; nil is NULL.
  public var rows: [[String?]]

  /// The answer of these parts.
  public init(tag: String, rows: [[String?]] = []) {
    self.tag = tag
    self.rows = rows
  }
}

extension String {
  /// The text as a literal of SQL: `'it''s'`.
  public var sqlLiteral: String {
    let doubled = doubling("'")
    // A backslash means itself only while standard_conforming_strings is on, unless it is escaped.
    guard unicodeScalars.contains("\\") else { return "'\(doubled)'" }
    return " E'\(doubled.doubling("\\"))'"
  }

  /// The text as an identifier of SQL: `"a""b"`.
  public var sqlIdentifier: String { "\"\(doubling("\""))\"" }

  /// The text with each of these twice: the server reads code points, and a quotation mark before
  /// a combining mark is one `Character` with it.
  private func doubling(_ mark: Unicode.Scalar) -> String {
    var doubled = UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar == mark { doubled.append(mark) }
      doubled.append(scalar)
    }
    return String(doubled)
  }
}
