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
  /// Whose certificate is the superuser's, by its subject: `X509AuthenticationProvider.superUser`.
  public var superSubject: String?
  /// How the service answers where editions differ.
  public var dialect = Dialect.reference
  /// The operations that are known; any other ends the connection.
  public var opcodes = Set(Opcode.known)
  /// How forgiving the reading of requests is; Apache's server forgives.
  package var reading = Reading.server
  /// What the four-letter words say this is.
  public var version = "3.9.5-quorate"
  /// What it runs on, as name and value, for whoever asks.
  public var environment = [("host.name", "localhost")]
  /// The four-letter words that are answered.
  public var words = Set(FourLetterWord.allCases)

  /// Whether transactions are stored before anybody is told of them, and where; nil for a server
  /// in memory.
  public var storage: Storage?

  /// What the four-letter words tell of where a server stores.
  public struct Storage: Sendable {
    /// The folder of the snapshots, `dataDir/version-2`.
    public var dataFolder: String
    /// The folder of the logs, `dataLogDir/version-2`.
    public var logFolder: String
    /// How many bytes the files of a folder have.
    public var size: @Sendable (_ folder: String) -> Int
    /// The port that it listens on; nil if only TLS is spoken.
    public var port: Int?
    /// The port on which it speaks TLS.
    public var securePort: Int?
    /// How many files and connections are open, and how many may be; nil where nobody says.
    public var descriptors: @Sendable () -> (open: Int, limit: Int)? = { nil }
    /// What the wall clock shows, in milliseconds since 1970, for a server that runs for long; nil
    /// for what it was at the beginning and the time since.
    public var wallTime: (@Sendable () -> Int64)?
    /// The text of its `zoo.cfg`.
    public var initialConfiguration = ""
    /// What was said beside that, in the environment.
    public var properties: [String: String] = [:]
    /// The zxid of the newest snapshot, and when it was written, in milliseconds since 1970.
    public var lastSnapshot: (zxid: Zxid, time: Int64) = (.zero, 0)

    /// These folders.
    public init(
      dataFolder: String, logFolder: String, port: Int?,
      size: @escaping @Sendable (_ folder: String) -> Int
    ) {
      self.dataFolder = dataFolder
      self.logFolder = logFolder
      self.port = port
      self.size = size
    }
  }

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
