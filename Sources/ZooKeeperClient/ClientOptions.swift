public import ZooKeeper
public import ZooKeeperWire

/// What identifies a session to every server of the ensemble.
public struct SessionTicket: Hashable, Sendable {
  /// The session.
  public var id: SessionID
  /// Proves that it is ours.
  public var password: [UInt8]
  /// The last zxid that the session has seen: a server that has seen less refuses it.
  public var lastZxidSeen: Zxid

  /// The ticket of a session.
  public init(id: SessionID, password: [UInt8], lastZxidSeen: Zxid = .zero) {
    self.id = id
    self.password = password
    self.lastZxidSeen = lastZxidSeen
  }
}

/// How a client behaves.
public struct ClientOptions: Sendable {
  /// The session timeout to ask for; the server clamps it.
  public var sessionTimeout: Duration = .seconds(10)
  /// How long a request waits for its answer, the time without a connection included; `nil` for as
  /// long as the session lasts.
  public var requestTimeout: Duration? = .seconds(30)
  /// Whether a server that has lost its ensemble will do.
  public var acceptsReadOnly = false
  /// The session to resume; `nil` for a new one.
  public var session: SessionTicket?
  /// Who the client says that it is by SASL, on each connection; `nil` for nobody.
  ///
  /// Where the server does not accept it, or does not know the password itself, the client ends as
  /// after refused credentials.
  public var login: SASLLogin?
  /// Determines the order of the servers and the pauses between tries; `nil` for chance.
  public var seed: UInt64?

  /// The longest request that is sent: what Apache's server accepts unless told otherwise.
  public var sendLimit = FrameReader.serverLimit
  /// The longest answer that is accepted.
  public var receiveLimit = FrameReader.clientLimit
  /// How forgiving decoding is; a conformance suite reads strictly.
  public var reading = Reading.lenient
  /// Whether a lost connection is replaced.
  public var reconnects = true
  /// Whether the client pings, and drops a connection on which nothing is heard.
  public var keepsAlive = true
  /// Shown all bytes of all connections, in order; called on any thread, and must not call the
  /// client.
  public var tap: (@Sendable (Tapped) -> Void)?

  /// The options as they stand.
  public init() {}
}

/// What a tap is shown.
public enum Tapped: Hashable, Sendable {
  /// A connection is tried.
  case dialed(HostAddress)
  /// The bytes go out.
  case sent([UInt8])
  /// The bytes have come in.
  case received([UInt8])
  /// The server has closed the connection, or it could not be made.
  case ended
  /// The client hangs up.
  case hungUp
}
