public import ProtocolCore
public import ZAB
public import ZooKeeper

extension ZooKeeperEnsemble {
  /// The words of an ensemble and its clients.
  public enum Words: Vocabulary {
    /// What servers say among themselves to replicate the tree.
    public typealias Peer = ZAB.Words<ReplicatedTree>
    /// What a process asks of its client library.
    public typealias Request = ZooKeeperEnsemble.Call
    /// What came of it.
    public typealias Reply = ZooKeeperEnsemble.Outcome
    /// What is waited for.
    public typealias Timer = ZooKeeperEnsemble.Timer

    /// What a server writes to its journal: what the replication does.
    public typealias Record = Peer.Record

    /// Servers speak by one stream, and clients with a server by another.
    public static let channels = [Channel.main, .clients]

    /// Votes are datagrams, all else goes by streams.
    public static func carriage(of message: Message) -> Carriage {
      switch message {
      case .peer(let message): Peer.carriage(of: message)
      case .touched, .revalidate, .revalidated, .sync, .synced: .stream(.main)
      case .connect, .connected, .request, .reply, .event: .stream(.clients)
      }
    }

    /// As the replication has it.
    public static func settle(_ record: Record, on disk: inout [Record]) {
      Peer.settle(record, on: &disk)
    }

    /// Whether nothing was done.
    public static func isRefusal(_ reply: Reply) -> Bool { reply == .sessionExpired }

    /// Whether nobody knows.
    public static func isLoss(_ reply: Reply) -> Bool { reply == .connectionLoss }

    /// What kind of note this is.
    public static func kind(of note: Note) -> String {
      switch note {
      case .peer(let note): Peer.kind(of: note)
      case .asks: "asks"
      case .answered: "answered"
      case .told: "told"
      case .dials: "dials"
      case .connected: "connected"
      case .disconnected: "disconnected"
      case .expired: "expired"
      case .closed: "closed"
      case .abandoned: "abandoned"
      case .refusesNewer: "refusesNewer"
      case .servesReadOnly: "servesReadOnly"
      case .unexpected: "unexpected"
      }
    }
  }

  /// A request that a process makes of its client library.
  public struct Call: Hashable, Sendable {
    /// What is asked.
    public let request: ZooKeeper.Request

    /// Asks this.
    public init(_ request: ZooKeeper.Request) { self.request = request }
  }

  /// What the client library says of a request.
  public enum Outcome: Hashable, Sendable {
    /// A server has answered.
    case answered(ZooKeeper.Reply)
    /// The connection broke meanwhile: it was done, or will be, or never. (ConnectionLoss)
    case connectionLoss
    /// The session has ended, so it was not done.
    case sessionExpired
  }

  /// What is waited for.
  public enum Timer: Hashable, Sendable {
    /// A server: what the replication waits for.
    case peer(ZAB.Timer)
    /// A leader: the end of a session of which nothing is heard.
    case session(SessionID)
    /// A server that looks for a leader: the time to serve reads alone.
    case readOnly
    /// A leader: the time to look for nodes to take away.
    case reap
    /// A client: the time to connect.
    case dial
    /// A client: the time to say that it is there.
    case ping
    /// A client: the end of its patience with a server that says nothing.
    case silence
    /// A client of a server that only serves reads: the time to look for another.
    case seek
  }
}

extension Channel {
  /// Between a client and its server.
  public static let clients = Channel("clients")
}

extension ZooKeeperEnsemble.Timer: Comparable {
  /// By kind, then by what is waited for.
  public static func < (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.peer(let one), .peer(let other)): one < other
    case (.session(let one), .session(let other)): one < other
    default: a.kind < b.kind
    }
  }

  private var kind: Int {
    switch self {
    case .peer: 0
    case .session: 1
    case .readOnly: 2
    case .reap: 3
    case .dial: 4
    case .ping: 5
    case .silence: 6
    case .seek: 7
    }
  }
}

extension ZooKeeperEnsemble.Timer: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .peer(let timer): "\(timer)"
    case .session(let session): "session \(session)"
    case .readOnly: "readOnly"
    case .reap: "reap"
    case .dial: "dial"
    case .ping: "ping of client"
    case .silence: "silence"
    case .seek: "seek"
    }
  }
}

extension ZooKeeperEnsemble.Outcome: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .answered(let reply): reply.told
    case .connectionLoss: "ConnectionLoss"
    case .sessionExpired: "SessionExpired"
    }
  }
}
