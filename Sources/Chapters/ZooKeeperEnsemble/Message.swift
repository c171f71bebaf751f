public import ProtocolCore
public import ZAB
public import ZooKeeper

extension ZooKeeperEnsemble.Words {
  /// What servers and clients send each other.
  public enum Message: Hashable, Sendable {
    /// Between servers: what replicates the tree.
    case peer(Peer.Message)

    // Between a learner and its leader, by the stream of the replication.

    /// 5 PING, answered: these sessions were heard of here. (LearnerHandler: touch)
    case touched([SessionID])
    /// 6 REVALIDATE: a client has come with this session by the connection of this number, and
    /// wants this timeout; is it open?
    case revalidate(SessionID, timeout: Int32, connection: Int)
    /// 6 REVALIDATE, answered to that connection: it is yours now, or it is over.
    case revalidated(SessionID, isOpen: Bool, connection: Int)
    /// 7 SYNC: a session asks that all be here which you have proposed.
    case sync(SessionID, cxid: Int32)
    /// 7 SYNC, answered: it is under way, or was.
    case synced(SessionID, cxid: Int32)

    // Between a client and its server.

    /// ConnectRequest: a new session, or one that the client has.
    case connect(ZooKeeperEnsemble.ConnectRequest)
    /// ConnectResponse: the session, and its timeout; no session if it is over.
    case connected(SessionID, timeout: Int32, isReadOnly: Bool)
    /// A request under the client's number, its xid.
    case request(Int32, ZooKeeper.Request)
    /// The reply to a request.
    case reply(Int32, ZooKeeper.Reply)
    /// A watch has fired, for the transaction of this zxid.
    case event(WatchEvent, ZooKeeper.Zxid)
  }

  /// What servers and clients say aloud.
  public enum Note: Hashable, Sendable {
    /// A server: what the replication says.
    case peer(Peer.Note)

    // What a client sees; judges go by that.

    /// It asks a server, by this number.
    case asks(Int32, ZooKeeper.Request)
    /// It is answered.
    case answered(Int32, ZooKeeper.Reply)
    /// A watch has fired.
    case told(WatchEvent, ZooKeeper.Zxid)
    /// It connects to a server.
    case dials(NodeID)
    /// It has this session there, and is told that it lives so many ticks unheard.
    case connected(SessionID, NodeID, timeout: Int32, isReadOnly: Bool)
    /// The connection is gone, and with it all that was under way.
    case disconnected
    /// It was told that its session is over.
    case expired(SessionID)
    /// It has closed its session.
    case closed(SessionID)
    /// It has asked to close its session, and the connection is gone: it never comes back with it.
    case abandoned(SessionID)

    // What servers say.

    /// It refuses a client that has seen more than it has.
    case refusesNewer(NodeID)
    /// It has lost its ensemble, and serves reads.
    case servesReadOnly
    /// Somebody sent what is never sent to a node that stands where this one does.
    case unexpected(Message, from: NodeID)
  }
}

extension ZooKeeperEnsemble {
  /// What a client says first.
  public struct ConnectRequest: Hashable, Sendable {
    /// The last transaction that it has seen.
    public var lastZxidSeen = ZooKeeper.Zxid.zero
    /// How long it would have its session live unheard.
    public var timeout: Int32
    /// Its session; none, if it wants a new one.
    public var session = SessionID.none
    /// The session's password.
    public var password: [UInt8] = []
    /// Whether it puts up with a server that has lost its ensemble.
    public var canBeReadOnly = false
    /// Whom its connection shows to be from the beginning; it says nothing of that itself.
    public var identities: [Identity] = []

    /// A client that wants this timeout.
    public init(timeout: Int32) { self.timeout = timeout }
  }
}

extension ZooKeeperEnsemble.Words.Message: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .peer(let message): "\(message)"
    case .touched(let sessions): "PING of " + sessions.map { "\($0)" }.joined(separator: " ")
    case .revalidate(let session, _, _): "REVALIDATE \(session)"
    case .revalidated(let session, let isOpen, _):
      "REVALIDATE \(session) \(isOpen ? "open" : "over")"
    case .sync(let session, let cxid): "SYNC \(session) #\(cxid)"
    case .synced(let session, let cxid): "SYNC \(session) #\(cxid) done"
    case .connect(let hello):
      "connect \(hello.session == .none ? "anew" : "\(hello.session)") seen \(hello.lastZxidSeen)"
    case .connected(.none, _, _): "session over"
    case .connected(let session, _, let isReadOnly):
      "session \(session)\(isReadOnly ? " read-only" : "")"
    case .request(let xid, let request): "#\(xid) \(request.told)"
    case .reply(let xid, let reply): "#\(xid) \(reply.told)"
    case .event(let event, let zxid): "\(event.type) \(event.path) at \(zxid)"
    }
  }
}

extension ZooKeeperEnsemble.Words.Note: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .peer(let note): "\(note)"
    case .asks(let xid, let request): "asks #\(xid) \(request.told)"
    case .answered(let xid, let reply): "answered #\(xid) \(reply.told)"
    case .told(let event, _): "told \(event.type) \(event.path)"
    case .dials(let server): "dials \(server)"
    case .connected(let session, let server, _, let isReadOnly):
      "has \(session) at \(server)\(isReadOnly ? ", read-only" : "")"
    case .disconnected: "disconnected"
    case .expired(let session): "told that \(session) is over"
    case .closed(let session): "closed \(session)"
    case .abandoned(let session): "gives up \(session)"
    case .refusesNewer(let client): "refuses \(client), which has seen more"
    case .servesReadOnly: "serves reads alone"
    case .unexpected(let message, let sender): "unexpected \(message) from \(sender)"
    }
  }
}
