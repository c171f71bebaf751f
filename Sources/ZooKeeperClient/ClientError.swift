public import ZooKeeper
public import ZooKeeperWire

/// Why a request has no answer.
///
/// `catch` it by its ``code``, as the documentation names them:
///
/// ```swift
/// do {
///   try await client.create("/lock", mode: .ephemeral)
/// } catch where error.code == .nodeExists {
///   // somebody else holds it
/// }
/// ```
public struct ClientError: Error, Hashable, Sendable {
  /// The reason, closed.
  public enum Reason: Hashable, Sendable {
    /// The server refused, with this code.
    case refused(ErrorCode)
    /// The connection broke. When the request was `sent`, nobody knows whether it was executed.
    case connectionLost(Connection.Ending, sent: Bool)
    /// No answer came in time. When the request was `sent`, it may still be executed.
    case timedOut(sent: Bool)
    /// The waiting task was cancelled. When the request was `sent`, it may still be executed.
    case cancelled(sent: Bool)
    /// The ensemble has ended the session.
    case sessionExpired
    /// Credentials were refused; the client is of no use any more.
    case authFailed
    /// The client is closed.
    case closed
    /// The request is longer than ``ClientOptions/sendLimit``.
    case tooLong(Int, limit: Int)
    /// The answer does not decode.
    case malformed(WireError)
    /// The answer decodes and is of another kind than what was asked.
    case unexpectedAnswer
    /// The connect string names no server, or is malformed.
    case connectString(ConnectString.Fault)
  }

  /// Why.
  public let reason: Reason
  /// What was asked: `delete /app/lock`; nil when nothing was.
  public let subject: String?

  /// The error of this reason.
  public init(_ reason: Reason, asking subject: String? = nil) {
    self.reason = reason
    self.subject = subject
  }

  /// Two errors are equal if their reasons are, whatever was asked.
  public static func == (a: ClientError, b: ClientError) -> Bool { a.reason == b.reason }

  /// What ``==(_:_:)`` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(reason) }

  /// The error code by which ZooKeeper's documentation knows the reason.
  public var code: ErrorCode {
    switch reason {
    case .refused(let code): code
    case .connectionLost, .closed: .connectionLoss
    case .timedOut, .cancelled: .operationTimeout
    case .sessionExpired: .sessionExpired
    case .authFailed: .authFailed
    case .malformed, .unexpectedAnswer: .marshallingError
    case .tooLong, .connectString: .badArguments
    }
  }

  /// Whether the time was over.
  public var isTimeout: Bool { if case .timedOut = reason { true } else { false } }

  /// Whether the waiting task was cancelled.
  public var isCancellation: Bool { if case .cancelled = reason { true } else { false } }

  /// Whether the request may have been executed although it has no answer.
  public var isOutcomeUnknown: Bool {
    switch reason {
    case .connectionLost(_, let sent), .timedOut(let sent), .cancelled(let sent): sent
    case .malformed, .unexpectedAnswer: true
    case .refused, .sessionExpired, .authFailed, .closed, .tooLong, .connectString: false
    }
  }
}

extension ClientError: CustomStringConvertible {
  /// What was asked, and the reason in words: `delete /app/lock: NoNode`.
  public var description: String { (subject.map { $0 + ": " } ?? "") + "\(reason)" }
}

extension ClientError.Reason: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .refused(let code): "\(code)"
    case .connectionLost(let ending, true): "connection lost, outcome unknown: \(ending)"
    case .connectionLost(let ending, false): "connection lost, not sent: \(ending)"
    case .timedOut(true): "no answer in time, outcome unknown"
    case .timedOut(false): "not in time, nothing was done"
    case .cancelled(true): "cancelled, outcome unknown"
    case .cancelled(false): "cancelled, nothing was done"
    case .sessionExpired: "the session has expired"
    case .authFailed: "authentication was refused"
    case .closed: "the client is closed"
    case .tooLong(let length, let limit): "a request of \(length) bytes, the limit is \(limit)"
    case .malformed(let error): "the answer does not decode: \(error)"
    case .unexpectedAnswer: "the answer is of another kind than the request"
    case .connectString(let fault): "connect string: \(fault)"
    }
  }
}
