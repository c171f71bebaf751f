internal import ZooKeeper
internal import ZooKeeperWire

/// What an operator may want to know of a connection or a session.
struct Remark: Hashable, Sendable {
  /// What has happened, closed.
  enum Event: Hashable, Sendable {
    case connected
    case began(SessionID, timeout: Int32)
    case resumed(SessionID, timeout: Int32)
    case expired(SessionID)
    case closed(SessionID)
    /// A request that does not decode, and is answered so.
    case unreadable(Opcode, WireError.Reason)
    case ended(ConnectionEnd)
  }

  let event: Event
  /// The client's address and port; nil for a session that no connection carries.
  let peer: String?
}

/// Why a connection is over, closed.
enum ConnectionEnd: Hashable, Sendable {
  /// There are more than `maxCnxns`.
  case tooMany(limit: Int)
  /// Its address has more than `maxClientCnxns`.
  case tooManyOfAddress(limit: Int)
  /// The length of a frame is negative, or more than `jute.maxbuffer`.
  case frameLength(Int, limit: Int, isFirst: Bool)
  /// A frame has no header that decodes.
  case unreadable(WireError.Reason)
  /// What comes first is no connect request.
  case noGreeting(WireError.Reason)
  case unknownOperation(Opcode)
  case authenticationFailed
  /// It has not asked for a session in time.
  case silent
  /// A four-letter word was answered.
  case word
  case sessionClosed
  case sessionExpired
  /// It has asked for a session that there is not.
  case sessionUnknown(SessionID)
  /// Another connection carries its session.
  case takenOver
  /// The client has seen a later transaction than this server has.
  case ahead(Zxid)
  /// Only reads are served, and the client wants more.
  case readOnly
  case byPeer
  case broken(String)
  /// The client takes nothing of what it is sent.
  case notReading
  case serverEnds

  /// What is wrong with the next frame.
  static func frame(_ error: WireError, isFirst: Bool) -> ConnectionEnd {
    guard case .frameLength(let length, let limit) = error.reason else {
      return .unreadable(error.reason)
    }
    return .frameLength(length, limit: limit, isFirst: isFirst)
  }
}

extension Remark {
  /// Whether an operator has to know; otherwise it is for those who look for something.
  var isWarning: Bool { kind != nil }

  /// What kind of warning it is, of which there may be many; nil for none.
  var kind: String? {
    switch event {
    case .unreadable: "requests that cannot be read"
    case .ended(let end): end.kind
    case .connected, .began, .resumed, .expired, .closed: nil
    }
  }
}

extension Remark: CustomStringConvertible {
  /// The address, then what has happened.
  var description: String { (peer.map { "\($0): " } ?? "") + words }

  private var words: String {
    switch event {
    case .connected: "connected"
    case .began(let session, let timeout): "session \(session) opened, timeout \(timeout) ms"
    case .resumed(let session, let timeout): "session \(session) resumed, timeout \(timeout) ms"
    case .expired(let session): "session \(session) expired"
    case .closed(let session): "session \(session) closed"
    case .unreadable(let opcode, let reason):
      "a request that cannot be read, operation \(opcode): \(reason)"
    case .ended(let end): "connection \(end.isRefusal ? "refused" : "ended"): \(end)"
    }
  }
}

extension ConnectionEnd {
  fileprivate var isRefusal: Bool {
    switch self {
    case .tooMany, .tooManyOfAddress: true
    default: false
    }
  }

  fileprivate var kind: String? {
    switch self {
    case .tooMany: "connections beyond maxCnxns"
    case .tooManyOfAddress: "connections beyond maxClientCnxns"
    case .frameLength: "frames of such a length"
    case .unreadable, .noGreeting: "requests that cannot be read"
    case .unknownOperation: "unknown operations"
    case .notReading: "clients that do not read"
    case .authenticationFailed: "failed authentications"
    case .silent, .word, .sessionClosed, .sessionExpired, .sessionUnknown, .takenOver, .ahead,
      .readOnly, .byPeer, .broken, .serverEnds:
      nil
    }
  }
}

extension ConnectionEnd: CustomStringConvertible {
  /// The reason in words.
  var description: String {
    switch self {
    case .tooMany(let limit): "there are \(limit) others, maxCnxns"
    case .tooManyOfAddress(let limit): "its address has \(limit) others, maxClientCnxns"
    case .frameLength(let length, let limit, let isFirst):
      "a frame of \(length) bytes, jute.maxbuffer is \(limit)"
        + (isFirst ? Self.guess(length) : "")
    case .unreadable(let reason): "a request that cannot be read: \(reason)"
    case .noGreeting(let reason): "what comes first is no connect request: \(reason)"
    case .unknownOperation(let opcode): "unknown operation \(opcode.rawValue)"
    case .authenticationFailed: "authentication failed"
    case .silent: "no session asked for in time"
    case .word: "a four-letter word was answered"
    case .sessionClosed: "the client closed its session"
    case .sessionExpired: "its session expired"
    case .sessionUnknown(let session): "there is no session \(session) with this password any more"
    case .takenOver: "another connection has resumed its session"
    case .ahead(let zxid): "the client has seen zxid \(zxid), which this server has not"
    case .readOnly: "only reads are served"
    case .byPeer: "the client closed it"
    case .broken(let words): words
    case .notReading: "the client does not read what it is sent"
    case .serverEnds: "the server ends"
    }
  }

  /// What the first bytes may have been, where they make no length.
  private static func guess(_ length: Int) -> String {
    let bits = UInt32(truncatingIfNeeded: length)
    if bits >> 16 == 0x1603 { return " (a client that speaks TLS?)" }
    let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
    guard bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return "" }
    return " (the first bytes are '\(String(decoding: bytes, as: UTF8.self))')"
  }
}
