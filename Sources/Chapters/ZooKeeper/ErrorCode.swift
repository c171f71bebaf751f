/// The error codes of ZooKeeper's client protocol.
///
/// Raw values are what stands in a reply header's `err` field, big-endian, 32 bits. A server may
/// send a number that stands here nowhere; ``init(rawValue:)`` keeps it.
///
/// Source: Apache ZooKeeper, `KeeperException.Code`.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, Error {
  /// The number on the wire; 0 is success and never thrown.
  public let rawValue: Int32

  /// The code with this number, named or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  // The documentation calls these the system errors.

  /// Success.
  ///
  /// In a multi's list of results: the operation would have succeeded.
  public static let ok = ErrorCode(rawValue: 0)
  /// In a failed multi: this operation stands after the one that failed and was not tried.
  public static let runtimeInconsistency = ErrorCode(rawValue: -2)
  /// Client side only: the connection broke while the request was under way, its fate is unknown.
  public static let connectionLoss = ErrorCode(rawValue: -4)
  /// The request's body does not decode.
  public static let marshallingError = ErrorCode(rawValue: -5)
  /// The server does not know the operation; it closes the connection after this reply.
  public static let unimplemented = ErrorCode(rawValue: -6)
  /// Client side only: no reply came in time.
  public static let operationTimeout = ErrorCode(rawValue: -7)
  /// An argument is outside its domain: a malformed path, unknown create flags.
  public static let badArguments = ErrorCode(rawValue: -8)

  // The documentation calls these the API errors.

  /// The node does not exist.
  public static let noNode = ErrorCode(rawValue: -101)
  /// The connection's identities do not have the permission that the operation needs.
  public static let noAuth = ErrorCode(rawValue: -102)
  /// The given version is neither -1 nor the node's.
  public static let badVersion = ErrorCode(rawValue: -103)
  /// Ephemeral nodes have no children.
  public static let noChildrenForEphemerals = ErrorCode(rawValue: -108)
  /// The node exists already.
  public static let nodeExists = ErrorCode(rawValue: -110)
  /// A node with children is not deleted.
  public static let notEmpty = ErrorCode(rawValue: -111)
  /// The session is closing, expired or unknown.
  public static let sessionExpired = ErrorCode(rawValue: -112)
  /// The ACL list is empty, or an entry is malformed or of an unknown scheme.
  public static let invalidACL = ErrorCode(rawValue: -114)
  /// The authentication packet was refused; the server closes the connection after this reply.
  public static let authFailed = ErrorCode(rawValue: -115)
  /// The session is now served by another server; a client sees a closed connection instead.
  public static let sessionMoved = ErrorCode(rawValue: -118)
  /// A read-only server refuses what is not a read.
  public static let notReadOnly = ErrorCode(rawValue: -119)
  /// There is no such watch to check or remove.
  public static let noWatcher = ErrorCode(rawValue: -121)
  /// The ensemble is not to be reconfigured: `reconfigEnabled` is off.
  public static let reconfigDisabled = ErrorCode(rawValue: -123)
  /// The server demands authentication before anything else; it closes the connection.
  public static let sessionClosedRequireSaslAuth = ErrorCode(rawValue: -124)
  /// A hard quota does not allow for it.
  public static let quotaExceeded = ErrorCode(rawValue: -125)

  static let names: [ErrorCode: String] = [
    .ok: "Ok", .runtimeInconsistency: "RuntimeInconsistency", .connectionLoss: "ConnectionLoss",
    .marshallingError: "MarshallingError", .unimplemented: "Unimplemented",
    .operationTimeout: "OperationTimeout", .badArguments: "BadArguments", .noNode: "NoNode",
    .noAuth: "NoAuth", .badVersion: "BadVersion",
    .noChildrenForEphemerals: "NoChildrenForEphemerals", .nodeExists: "NodeExists",
    .notEmpty: "NotEmpty", .sessionExpired: "SessionExpired", .invalidACL: "InvalidACL",
    .authFailed: "AuthFailed", .sessionMoved: "SessionMoved", .notReadOnly: "NotReadOnly",
    .noWatcher: "NoWatcher", .reconfigDisabled: "ReconfigDisabled",
    .sessionClosedRequireSaslAuth: "SessionClosedRequireSaslAuth",
    .quotaExceeded: "QuotaExceeded",
  ]

  /// Every code that has a name here, in descending order of its number.
  public static var named: [ErrorCode] { names.keys.sorted { $0.rawValue > $1.rawValue } }

  /// The code with this documented name (`NoNode`), if there is one.
  public init?(named name: String) {
    guard let code = ErrorCode.names.first(where: { $0.value == name })?.key else { return nil }
    self = code
  }
}

extension ErrorCode: CustomStringConvertible {
  /// The documented name (`NoNode`), or `error -130` for a number without one.
  public var description: String { ErrorCode.names[self] ?? "error \(rawValue)" }
}
