public import NIOCore
public import ZooKeeper

/// The first frame that a server sends: which session the connection has.
///
/// | offset | size | meaning                                                       |
/// | ------ | ---- | ------------------------------------------------------------- |
/// | 0      | 4    | protocolVersion, 0                                            |
/// | 4      | 4    | timeOut as negotiated, in milliseconds; 0 or less: no session |
/// | 8      | 8    | sessionId, 0 when there is no session                         |
/// | 16     | 4    | n, the length of the password: 16, or -1 for null             |
/// | 20     | n    | passwd, to resume the session with                            |
/// | 20 + n | 1    | readOnly: this server is; only if the request had the byte    |
///
/// A session that is unknown, expired, closing, or asked for with a wrong password is answered with
/// a timeout of 0. A read-only server without local sessions answers the wish for a new one with a
/// bare ``ReplyHeader`` instead, see ``ConnectAnswer``.
///
/// Source: `zookeeper.jute`; the last byte stands outside the record in all versions before 3.9.
public struct ConnectResponse: Record {
  /// Always 0.
  public var protocolVersion: Int32
  /// The negotiated session timeout in milliseconds.
  public var timeout: Int32
  /// The session.
  public var session: SessionID
  /// Its password.
  public var password: Payload
  /// Whether the server is read-only; `nil` when the byte is absent.
  public var readOnly: Bool?

  /// A response of these fields.
  public init(
    protocolVersion: Int32 = 0, timeout: Int32, session: SessionID, password: Payload,
    readOnly: Bool? = false
  ) {
    self.protocolVersion = protocolVersion
    self.timeout = timeout
    self.session = session
    self.password = password
    self.readOnly = readOnly
  }

  /// The answer to a client whose session is gone; the server closes the connection after it.
  ///
  /// - Parameter readOnly: `nil` if the request lacked the byte.
  public static func expired(readOnly: Bool? = false) -> ConnectResponse {
    ConnectResponse(
      timeout: 0, session: .none,
      password: [UInt8](repeating: 0, count: ConnectRequest.passwordLength), readOnly: readOnly)
  }

  /// Whether the session that was asked for is gone.
  public var isExpired: Bool { timeout <= 0 }

  /// Reads the record, and the byte after it if there is one.
  public init(from reader: inout JuteReader) throws(WireError) {
    protocolVersion = try reader.int()
    timeout = try reader.int()
    session = SessionID(try reader.long())
    password = try reader.buffer()
    readOnly = reader.bytesLeft > 0 ? try reader.boolean() : nil
  }

  /// Writes the record, and the byte after it unless ``readOnly`` is `nil`.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: protocolVersion)
    bytes.write(int: timeout)
    bytes.write(long: session.rawValue)
    bytes.write(buffer: password)
    if let readOnly { bytes.write(boolean: readOnly) }
  }
}

/// What a server may send first.
public enum ConnectAnswer: Hashable, Sendable {
  /// A session, or word that it is gone.
  case response(ConnectResponse)
  /// Only a header with an error: a read-only server that cannot make a session.
  case refused(ReplyHeader)

  /// The answer in `frame`.
  ///
  /// A refusal is told from a response by its size alone: 16 bytes, where the shortest response has
  /// 20.
  public init(decoding frame: ByteBuffer, _ reading: Reading) throws(WireError) {
    if frame.readableBytes == ReplyHeader.size {
      self = .refused(try ReplyHeader(decoding: frame, reading))
    } else {
      self = .response(try ConnectResponse(decoding: frame, reading))
    }
  }
}
