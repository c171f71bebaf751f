public import NIOCore
public import ZooKeeper

/// The first frame of a connection: asks for a new session or for an old one.
///
/// | offset | size | meaning                                                           |
/// | ------ | ---- | ----------------------------------------------------------------- |
/// | 0      | 4    | protocolVersion, 0; a server ignores it                           |
/// | 4      | 8    | lastZxidSeen; a server that has seen less refuses, silently       |
/// | 12     | 4    | timeOut in milliseconds; the server clamps it                     |
/// | 16     | 8    | sessionId, 0 for a new session                                    |
/// | 24     | 4    | n, the length of the password: 16, or -1 for null                 |
/// | 28     | n    | passwd; 16 zero bytes for a new session                           |
/// | 28 + n | 1    | readOnly: a server without its ensemble will do; absent before 3.4 |
///
/// Source: `zookeeper.jute`; the last byte stands outside the record in all versions before 3.9.
public struct ConnectRequest: Record {
  /// The length of a session's password.
  public static let passwordLength = 16

  /// Always 0.
  public var protocolVersion: Int32
  /// The last zxid that the client has seen on any server.
  public var lastZxidSeen: Zxid
  /// The session timeout that the client would like, in milliseconds.
  public var timeout: Int32
  /// The session to resume, or ``ZooKeeper/SessionID/none``.
  public var session: SessionID
  /// The password of the session to resume.
  public var password: Payload
  /// Whether a read-only server will do; `nil` when the byte is absent, as old clients leave it.
  public var readOnly: Bool?

  /// A request of these fields; for a new session unless `session` says otherwise.
  public init(
    protocolVersion: Int32 = 0, lastZxidSeen: Zxid = .zero, timeout: Int32,
    session: SessionID = .none,
    password: Payload = [UInt8](repeating: 0, count: ConnectRequest.passwordLength),
    readOnly: Bool? = false
  ) {
    self.protocolVersion = protocolVersion
    self.lastZxidSeen = lastZxidSeen
    self.timeout = timeout
    self.session = session
    self.password = password
    self.readOnly = readOnly
  }

  /// Reads the record, and the byte after it if there is one.
  public init(from reader: inout JuteReader) throws(WireError) {
    protocolVersion = try reader.int()
    lastZxidSeen = Zxid(try reader.long())
    timeout = try reader.int()
    session = SessionID(try reader.long())
    password = try reader.buffer()
    readOnly = reader.bytesLeft > 0 ? try reader.boolean() : nil
  }

  /// Writes the record, and the byte after it unless ``readOnly`` is `nil`.
  public func write(to bytes: inout ByteBuffer) {
    bytes.write(int: protocolVersion)
    bytes.write(long: lastZxidSeen.rawValue)
    bytes.write(int: timeout)
    bytes.write(long: session.rawValue)
    bytes.write(buffer: password)
    if let readOnly { bytes.write(boolean: readOnly) }
  }
}
