// Only in a build with the trait PostgreSQL: without it there is no libpq to link with.
#if PostgreSQL
  import CLibPQ
  import Foundation

  /// A server that is reached by libpq.
  public struct LibPQServer: DatabaseServer {
    /// A connection string or a URL, as libpq reads it.
    private let address: String

    /// The server at `address`, `postgresql://user@host:port/database`.
    public init(_ address: String) { self.address = address }

    /// Whether this build can reach servers at all.
    public static let isBuilt = true

    /// Opens a session.
    ///
    /// - Parameters:
    ///   - database: The database; nil for the one that the address names.
    ///   - patience: How long it may take, in milliseconds.
    public func session(
      in database: String?, patience: Int64
    ) async throws(DatabaseError) -> any DatabaseSession {
      let deadline = Deadline(patience)
      let connection = Connection(address, database: database)
      try await connection.open(deadline)
      return LibPQSession(connection, backend: await connection.backend)
    }
  }

  /// A session over libpq.
  struct LibPQSession: DatabaseSession {
    private let connection: Connection
    let backend: Int32

    init(_ connection: Connection, backend: Int32) {
      self.connection = connection
      self.backend = backend
    }

    func run(
      _ sql: String, _ parameters: [String?], patience: Int64
    ) async throws(DatabaseError) -> Answer {
      try await connection.run(sql, parameters, Deadline(patience))
    }

    func close() async { await connection.close() }
  }

  /// A moment at which patience ends.
  struct Deadline: Sendable {
    private let end: ContinuousClock.Instant
    /// The patience, in milliseconds.
    let patience: Int64

    init(_ patience: Int64) {
      self.patience = patience
      end = .now + .milliseconds(patience)
    }

    /// The milliseconds that are left; 0 when none are.
    var rest: Int32 {
      let (seconds, attoseconds) = ContinuousClock.now.duration(to: end).components
      let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
      return Int32(clamping: max(0, milliseconds))
    }
  }

  /// libpq's connection, used from one task at a time and without blocking any.
  actor Connection {
    private let handle: Handle
    private var isBusy = false
    private var isClosed = false

    /// The pointer, which is given back once.
    private struct Handle: ~Copyable {
      let pointer: OpaquePointer?
      let wake: WakePipe
      deinit { PQfinish(pointer) }
    }

    /// Begins to connect; ``open(_:)`` goes on.
    init(_ address: String, database: String?) {
      // The address stands for a database's name, and is expanded; a second name overrides its own.
      let settings =
        [("dbname", address)] + (database.map { [("dbname", $0)] } ?? [])
        + [("fallback_application_name", "quorate"), ("client_encoding", "UTF8")]
      let pointer = withStrings(settings.map(\.0)) { keys in
        withStrings(settings.map(\.1)) { values in PQconnectStartParams(keys, values, 1) }
      }
      handle = Handle(pointer: pointer, wake: WakePipe())
    }

    /// The number of the server's process.
    var backend: Int32 { PQbackendPID(handle.pointer) }

    private var words: String {
      guard let text = PQerrorMessage(handle.pointer) else { return "libpq gives no reason" }
      let line = String(cString: text).split(whereSeparator: \.isNewline).joined(separator: "; ")
      return line.isEmpty ? "libpq gives no reason" : line
    }

    func open(_ deadline: Deadline) async throws(DatabaseError) {
      guard PQstatus(handle.pointer) != CONNECTION_BAD else { throw .unreachable(words) }
      // A refusal at the start comes as a text only; so it has its SQLSTATE in it.
      _ = PQsetErrorVerbosity(handle.pointer, PQERRORS_VERBOSE)
      var direction = Int16(POLLOUT)
      while true {
        try await wait(for: direction, deadline)
        switch PQconnectPoll(handle.pointer) {
        case PGRES_POLLING_OK:
          _ = PQsetnonblocking(handle.pointer, 1)
          _ = PQsetErrorVerbosity(handle.pointer, PQERRORS_DEFAULT)
          // Notices are told nobody: what must be known of a statement is in its answer.
          _ = PQsetNoticeProcessor(handle.pointer, { _, _ in }, nil)
          return
        case PGRES_POLLING_READING: direction = Int16(POLLIN)
        case PGRES_POLLING_WRITING: direction = Int16(POLLOUT)
        default: throw refusal
        }
      }
    }

    /// Why no session was opened: the server's own reason, if it has given one.
    ///
    ///     connection to server at "127.0.0.1", port 5432 failed: FATAL:  3D000: database "x" …
    private var refusal: DatabaseError {
      let pattern = /([^:\s]+):  ([0-9A-Z]{5}): (.+)/
      guard let text = PQerrorMessage(handle.pointer).map({ String(cString: $0) }),
        let line = text.split(whereSeparator: \.isNewline).compactMap({ $0.firstMatch(of: pattern) }
        )
        .last
      else { return .unreachable(words) }
      return .turnedAway(
        ServerMessage(
          sqlState: String(line.2), severity: String(line.1), text: String(line.3)))
    }

    /// Waits until the socket can be read from or written to.
    private func wait(for direction: Int16, _ deadline: Deadline) async throws(DatabaseError) {
      let socket = PQsocket(handle.pointer)
      guard socket >= 0 else { throw .connectionLost(words) }
      switch await handle.wake.wait(socket, direction, milliseconds: deadline.rest) {
      case .ready: return
      case .silence: throw .noAnswer(after: deadline.patience)
      case .cancelled: throw .cancelled
      }
    }

    func run(
      _ sql: String, _ parameters: [String?], _ deadline: Deadline
    ) async throws(DatabaseError) -> Answer {
      guard !isBusy, !isClosed else { throw .notReady }
      isBusy = true
      let sent = withStrings(parameters) { values in
        parameters.isEmpty
          ? PQsendQueryParams(handle.pointer, sql, 0, nil, nil, nil, nil, 0)
          : PQsendQueryParams(
            handle.pointer, sql, Int32(parameters.count), nil, values, nil, nil, 0)
      }
      guard sent == 1 else { throw .connectionLost(words) }
      try await flush(deadline)
      var result: Result<Answer, DatabaseError>?
      while true {
        while PQisBusy(handle.pointer) == 1 {
          try await wait(for: Int16(POLLIN), deadline)
          guard PQconsumeInput(handle.pointer) == 1 else { throw .connectionLost(words) }
        }
        guard let next = PQgetResult(handle.pointer) else { break }
        let read = read(next)
        let status = PQresultStatus(next)
        PQclear(next)
        guard ![PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) else {
          throw .connectionLost("COPY, which this session does not speak, was begun")
        }
        // Behind a fatal error libpq tells once more that the connection is gone.
        if case .failure? = result { continue }
        result = read
      }
      guard PQstatus(handle.pointer) == CONNECTION_OK else {
        if case .failure(.refused(let message))? = result, message.severity == "ERROR" {
          throw .refused(message)
        }
        throw .connectionLost(words)
      }
      isBusy = false
      guard let result else { throw .connectionLost("the server gave no result") }
      return try result.get()
    }

    private func flush(_ deadline: Deadline) async throws(DatabaseError) {
      while true {
        switch PQflush(handle.pointer) {
        case 0: return
        case 1:
          try await wait(for: Int16(POLLIN | POLLOUT), deadline)
          guard PQconsumeInput(handle.pointer) == 1 else { throw .connectionLost(words) }
        default: throw .connectionLost(words)
        }
      }
    }

    private func read(_ result: OpaquePointer) -> Result<Answer, DatabaseError> {
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
        let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        let rows = (0..<PQntuples(result)).map { row in
          (0..<PQnfields(result)).map { column -> String? in
            guard PQgetisnull(result, row, column) == 0,
              let text = PQgetvalue(result, row, column)
            else { return nil }
            return String(cString: text)
          }
        }
        return .success(Answer(tag: tag, rows: rows))
      default:
        func field(_ code: Character) -> String? {
          let number = Int32(code.asciiValue ?? 0)
          return PQresultErrorField(result, number).map { String(cString: $0) }
        }
        // Without a SQLSTATE it is libpq that speaks: the connection is gone.
        guard let state = field("C") else { return .failure(.connectionLost(words)) }
        return .failure(
          .refused(
            ServerMessage(
              sqlState: state, severity: field("V") ?? field("S") ?? "ERROR",
              text: field("M") ?? "", detail: field("D"), hint: field("H"))))
      }
    }

    func close() {
      guard !isClosed else { return }
      isClosed = true
      handle.wake.cancel()
      let socket = PQsocket(handle.pointer)
      // The socket is closed at once; what libpq holds is given back with the last reference.
      if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
    }
  }

  /// Hands C an array of strings that ends with a null pointer.
  private func withStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let copies = strings.map { $0.map { strdup($0) } ?? nil }
    defer { copies.forEach { free($0) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
#else
  /// A server that is reached by libpq, which this build is made without.
  public struct LibPQServer: DatabaseServer {
    /// The server at an address.
    public init(_ address: String) {}

    /// Whether this build can reach servers at all.
    public static let isBuilt = false

    /// Opens no session.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - patience: How long it may take, in milliseconds.
    public func session(
      in database: String?, patience: Int64
    ) async throws(DatabaseError) -> any DatabaseSession {
      throw .notBuilt
    }
  }
#endif
