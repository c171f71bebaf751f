public import ProtocolCore
public import ZAB
public import ZooKeeper

extension ZooKeeperEnsemble {
  /// A server of an ensemble: it replicates the tree with the others, and serves clients from what
  /// it has delivered.
  public struct Server: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// Its number, the high byte of the ids of sessions that begin here.
    let number: UInt8
    /// How it is set.
    let settings: Settings
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// What replicates the tree.
    public internal(set) var zab: ZAB.Server<ReplicatedTree>

    // What clients of this server see.
    /// The tree as it has delivered it; nil before it has delivered anything.
    public internal(set) var delivered: Tree?
    /// The watches that were left here.
    var watches = Watches()
    /// Its clients, in the order in which they came.
    var connections: [Connection] = []
    /// How many connections it has had.
    var connectionCount = 0
    /// Whether it has lost its ensemble, and serves reads alone.
    public internal(set) var isReadOnly = false
    /// Of a learner: the sessions that it has heard of, and not told its leader.
    var touched: [SessionID] = []
    /// Of a leader: the sessions that it watches over.
    var tracked: [SessionID] = []
    /// Of a leader: at which server each session was resumed last.
    var owners: [SessionID: NodeID] = [:]
    /// Of a leader: the timeout that each session was resumed with last.
    var timeouts: [SessionID: Int32] = [:]
    /// Of a leader: the syncs that wait for what was outstanding when they came.
    var syncs: [WaitingSync] = []
    /// What its clock showed last, in milliseconds; it stamps what it proposes by that.
    var clock: Int64 = 0

    /// A server that has written nothing.
    public init(
      _ id: NodeID, number: UInt8, of ensemble: ZAB.Ensemble, settings: Settings = Settings(),
      without: Set<Rule> = []
    ) {
      (self.id, self.number, self.settings, self.without) = (id, number, settings, without)
      zab = ZAB.Server(id, of: ensemble, settings: settings.replication)
    }

    /// A client of this server.
    struct Connection: Hashable, Sendable {
      let client: NodeID
      /// The how manieth it is of those that the server has had since it started.
      let number: Int
      /// The timeout that it is granted, in ticks.
      let timeout: Int32
      var phase: Phase
      /// What it has asked, and was not answered.
      var queue: [Queued] = []
      /// Whom it has shown to be.
      var identities: [Identity] = []

      /// How far it has come.
      enum Phase: Hashable, Sendable {
        /// A session is to begin, by this number. Next: serving.
        case opening(Int32)
        /// The leader is asked for its session. Next: serving.
        case resuming(SessionID)
        /// It has this session.
        case serving(SessionID)
      }

      /// Whom its watches are told.
      var watcher: WatcherID { WatcherID(number) }

      var session: SessionID? { if case .serving(let session) = phase { session } else { nil } }
    }

    /// A request that waits for its turn.
    struct Queued: Hashable, Sendable {
      let xid: Int32
      let request: ZooKeeper.Request
      /// The reply to a write, when it is delivered, and to a sync, when it is done.
      var reply: ZooKeeper.Reply?
    }

    /// A sync, and the last zxid that was proposed when it came.
    struct WaitingSync: Hashable, Sendable {
      let session: SessionID
      let cxid: Int32
      let server: NodeID
      let zxid: Int64
    }
  }

  /// How servers are set.
  public struct Settings: Hashable, Sendable {
    /// How the replication is set.
    public var replication = ZAB.Settings()
    /// The shortest and the longest timeout of a session that is granted, in ticks.
    public var timeouts: ClosedRange<Int32> = 20...200
    /// Sessions expire so many ticks late at most.
    public var tick = 10
    /// A server that looks for a leader for so long serves reads alone; nil if it never does.
    /// (readonlymode.enabled)
    public var readOnlyAfter: Int?
    /// A leader looks so often for nodes to take away, in ticks; nil if it never does.
    /// (znode.container.checkIntervalMs)
    public var reapingInterval: Int?
    /// How identities are shown.
    public var authentication = Authentication()

    /// As usual.
    public init() {}
  }
}

// MARK: Transitions

extension ZooKeeperEnsemble.Server: Machine {
  /// What it speaks.
  public typealias Words = ZooKeeperEnsemble.Words
  /// The rules that it obeys.
  public typealias Rule = ZooKeeperEnsemble.Rule
  typealias Out = [Effect<Words>]
  typealias Peer = Words.Peer

  /// Takes one event, at a time of its clock.
  public mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    clock = max(clock, Int64(reading.count))
    return step(event)
  }

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let records): replicate(.started(records))
    case .stored(let records): replicate(.stored(records))
    case .disconnected(let other, .clients): drop(other)
    case .disconnected(let other, _): replicate(.disconnected(other))
    case .expired(.peer(let timer)): replicate(.expired(timer))
    case .expired(.session(let session)): expire(session)
    case .expired(.readOnly): beginReadOnly()
    case .expired(.reap): reap()
    // A client's.
    case .expired(.dial), .expired(.ping), .expired(.silence), .expired(.seek): []
    case .received(let message, let sender): receive(message, from: sender)
    // A process asks its client library, which is elsewhere.
    case .asked(_, let request): [.reply(.sessionExpired, to: request, .atOnce)]
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> Out {
    switch message {
    case .peer(.request(let request)): forwarded(request, from: sender)
    case .peer(.ping(let zxid)):
      replicate(.received(.ping(zxid), from: sender)) + passOn(to: sender)
    case .peer(let message): replicate(.received(message, from: sender))
    case .touched(let sessions): zab.isEstablished ? sessions.flatMap { touch($0) } : []
    case .revalidate(let session, let timeout, let connection):
      validate(session, timeout: timeout, of: connection, at: sender)
    case .revalidated(let session, let isOpen, let connection):
      validated(session, isOpen: isOpen, for: connection)
    case .sync(let session, let cxid): synchronize(session, cxid, for: sender)
    case .synced(let session, let cxid): synchronized(session, cxid)
    case .connect(let hello): greet(hello, from: sender)
    case .request(let xid, let request): take(request, xid, from: sender)
    case .connected, .reply, .event: [.note(.unexpected(message, from: sender))]
    }
  }

  // begin replicating
  /// Has the replication take an event; what it delivers is served from here on.
  mutating func replicate(_ event: Event<Peer>) -> Out {
    let (wasServing, wasLooking) = (zab.isServing, zab.isLooking)
    var out: Out = []
    for effect in zab.step(event) {
      // Clients are answered by what is delivered, not by what the leader has heard.
      if case .reply = effect { continue }
      out.append(
        effect.lifted(
          message: { .peer($0) }, record: { $0 }, timer: { .peer($0) },
          reply: { _ in .connectionLoss }, note: { .peer($0) }))
      if case .note(let note) = effect { out += hear(note) }
    }
    if zab.isServing, delivered == nil { delivered = Tree() }
    if wasServing, !zab.isServing { out += stopServing() }
    if zab.isLooking != wasLooking { out += zab.isLooking ? awaitReadOnly() : endReadOnly() }
    return out
  }

  private mutating func hear(_ note: Peer.Note) -> Out {
    switch note {
    case .delivered(let proposal, _): return deliver(proposal)
    case .restored:
      delivered = zab.history.snapshot.service.tree
      return []
    case .leads: return inherit()
    // Its members do not change.
    case .handsOver: return []
    case .broadcast, .elected, .synchronizes, .unexpected: return []
    }
  }
  // end replicating

  /// It serves no more: its clients must look for another server.
  private mutating func stopServing() -> Out {
    let over: Out = tracked.map { .cancel(.session($0)) } + [.cancel(.reap)]
    (tracked, owners, timeouts, syncs, touched) = ([], [:], [:], [], [])
    return over + (obey(.clientsDropped) ? dropAll() : [])
  }
}

// MARK: Queries

extension ZooKeeperEnsemble.Server {
  /// The client that has a session here.
  public func client(of session: SessionID) -> NodeID? {
    connections.first { $0.session == session }?.client
  }

  /// The last transaction that it has delivered.
  var lastDelivered: ZooKeeper.Zxid { delivered?.zxid ?? .zero }

  /// How many ticks a leader lets a session live of which it hears nothing; nil if it does not
  /// watch over it.
  func timeout(of session: SessionID) -> Int32? {
    guard zab.isEstablished, tracked.contains(session) else { return nil }
    let begun = zab.history.service.tree.timeout(of: session)
    return max(timeouts[session] ?? begun ?? settings.timeouts.upperBound, 1)
  }

  /// Whom it has for a leader, if it learns from one.
  var leader: NodeID? {
    if case .learning(let learning) = zab.role, learning.isServing { learning.leader } else { nil }
  }
}

extension ZooKeeperEnsemble.Server: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let shown = delivered.map { "delivered \($0.zxid): \($0.told)" } ?? "delivered nothing"
    let clients = connections.map { connection in
      "\(connection.client)" + (connection.session.map { " \($0)" } ?? "")
    }
    let served = clients.isEmpty ? "" : ", clients " + clients.joined(separator: ", ")
    return "\(isReadOnly ? "read-only, " : "")\(zab); \(shown)\(served)"
  }
}
