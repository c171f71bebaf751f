public import ZooKeeper
public import ZooKeeperWire

/// What whoever runs a server decides.
public struct Settings: Sendable {
  /// The unit of session deadlines, in milliseconds: `tickTime`.
  public var tick: Int32 = 2000
  /// The shortest and the longest session timeout that is granted; nil for 2 to 20 ticks.
  public var timeouts: ClosedRange<Int32>?
  /// The high byte of session ids: `myid`, 1 for a server alone.
  public var serverNumber: UInt8 = 1
  /// What the wall clock shows at time 0, in milliseconds since 1970.
  public var epoch: Int64 = 1_577_836_800_000
  /// How often it looks for containers and TTL nodes to take away, in milliseconds:
  /// `znode.container.checkIntervalMs`.
  public var reapingInterval: Int64 = 60_000
  /// Whether it serves only reads, and only clients that put up with that, as a server does that
  /// has lost its ensemble.
  public var isReadOnly = false
  /// How identities are shown.
  public var authentication = Authentication()
  /// How the service answers where editions differ.
  public var dialect = Dialect.reference
  /// The operations that are known; any other ends the connection.
  public var opcodes = Set(Opcode.known)
  /// How forgiving the reading of requests is; Apache's server forgives.
  package var reading = Reading.lenient
  /// What the four-letter words say this is.
  public var version = "3.9.5-quorate"
  /// The four-letter words that are answered.
  public var words = Set(FourLetterWord.allCases)

  // Limits.

  /// The longest frame that is accepted: `jute.maxbuffer`.
  public var frameLimit = FrameReader.serverLimit
  /// How many connections there may be.
  public var connectionLimit = 10_000
  /// How many connections one address may have (`maxClientCnxns`); nil for no such limit.
  public var connectionsPerAddress: Int?
  /// How long a connection may take to ask for a session, in milliseconds; it is closed at the
  /// next full multiple after that.
  public var handshakeTimeout: Int64 = 10_000

  /// As Apache's server, 3.9, does it out of the box, with every four-letter word allowed.
  public init() {}
}
