public import NIOCore
public import ZooKeeper
public import ZooKeeperPersistence
internal import ZooKeeperWire

/// A ZooKeeper server without its input and output: bytes and time come in, bytes go out.
///
/// It stands alone, in memory, and is what every other server here is made of: a shell on sockets
/// (``Shell``) drives it by a real clock, a link in memory by a virtual one. What it does it does
/// at once: a call that brings bytes returns all that they cause.
///
/// Between the bytes and the chapter's ``Service`` it keeps what belongs to one server:
///
///     bytes → frames → handshake ─→ Sessions      who is alive
///                    → requests  ─→ Service       prepare, commit: one transaction at a time
///                                 → Watches       what the transaction did, to whom
///     bytes ← frames ← events, then the reply
///
/// No input traps. The peer's faults are answered as Apache's server answers them: a frame that is
/// too long, or too short for a header, ends the connection without a word; a body that does not
/// decode is answered with MarshallingError; an unknown operation with Unimplemented, and the end.
///
/// A ``Quirk`` changes what passes between these parts. What only quirks read, the tree before and
/// what they have written down, is kept only where there are quirks.
///
/// A server that stores (``Settings/storage``) says of each call which transactions it has made,
/// ``takeLogged()``; whoever drives it sends nothing of what came with them, or later, before these
/// are stable.
///
/// Left out: ensembles, Kerberos.
///
/// Source: Apache ZooKeeper, `NIOServerCnxn`, `ZooKeeperServer`, `FinalRequestProcessor`.
public struct Server: Sendable {
  /// What whoever runs it has decided, quirks included.
  public let settings: Settings
  /// What it does otherwise than it should, in the order of application.
  public let quirks: [Quirk]
  /// The tree, and what is in flight.
  public internal(set) var service: Service
  /// Who is alive.
  public internal(set) var sessions: Sessions
  /// How many bytes of replies a connection is given at a time; what it asks for beyond that is
  /// held back until ``proceed(_:)``.
  public var replyBudget = Int.max
  /// Milliseconds since the server began.
  public internal(set) var now: Int64 = 0

  /// What the wall clock has shown at time 0, or would have.
  private(set) var epoch: Int64
  /// The tree before the last transaction, for quirks that read what is not true any more.
  package var previous: Tree
  package internal(set) var watches: Watches
  var connections: [ConnectionID: Connection] = [:]
  /// Until when the connections that have not asked for a session have to.
  var greetings: [ConnectionID: Int64] = [:]
  /// The connections whose peers take nothing any more.
  package var stalledPeers: Set<ConnectionID> = []
  /// What stood when the segment arrived that is being served, for quirks.
  package internal(set) var arrival: SegmentSnapshot?
  /// Whether replies to what came before have not gone out yet.
  package var isOwing = false
  /// What was answered since the last time when none was under way, for quirks.
  package var underWay: [(asked: Asked, answered: Answered)] = []
  /// What quirks have written down.
  package var notebook = Notebook()
  /// Which connection carries a session.
  var carriers: [SessionID: ConnectionID] = [:]
  var output: [Output] = []
  /// The password by which SASL last knew somebody.
  var lastPassword: String?
  /// Whose watches only a quirk has kept.
  var orphans: [SessionID: ConnectionID] = [:]
  /// When it looks next for nodes whose time has come.
  private var nextReaping: Int64
  /// Frames received and sent, for the four-letter words.
  var traffic = Traffic()
  /// What it counts of its own work.
  package var measures = Measures()
  /// What is observed; nil, and nothing is kept, unless somebody takes it.
  var observations: Observations?
  /// How many transactions wait for the disk.
  var outstanding = 0
  /// The last snapshot, and when it was written, in milliseconds since 1970.
  var lastSnapshot: (zxid: Zxid, time: Int64) = (.zero, 0)
  /// What is traced, which is nothing; it is told, and can be set.
  var traceMask: Int64 = 306
  /// The bytes of all paths and data, where transactions are stored.
  var countedDataSize = 0
  /// What was committed and is to be stored.
  var logged: [LoggedTransaction] = []
  /// How much of what connections are told first tells nothing of the tree that is not stored, and
  /// need not wait for the disk.
  var atOnce: [ConnectionID: Int] = [:]
  /// What may be told of the tree while transactions wait for the disk; nil if all may.
  var storedFigures: Figures?
  /// The sessions whose beginnings wait for the disk.
  var unstoredSessions: [SessionID: Zxid] = [:]
  /// The connections that are not read while the disk is behind: their clients may be heard of no
  /// more, and live.
  var unheard: Set<ConnectionID> = []
  /// Whether what came last holds more than pings, authentications and watches set again, whose
  /// numbers are not positive.
  var hasAsked = false
  /// The digest of the tree, where transactions are stored with one.
  public internal(set) var digest: UInt64 = 0
  /// The digests at some zxids, for the word `hash`.
  var digests: [(zxid: Zxid, digest: UInt64)] = []

  /// A server of these settings, with these quirks, at time 0.
  ///
  /// - Parameter tree: What it begins with; nil for what a new server holds.
  public init(_ settings: Settings = Settings(), quirks: [Quirk] = [], tree: Tree? = nil) {
    var settings = settings
    let parts = quirks.flatMap(\.flattened)
    for quirk in parts { quirk.settings?(&settings) }
    // Who does not know the scheme does not look at its ids.
    if !settings.dialect.hasSASL { settings.reading.refusedNulls.remove(.saslID) }
    self.settings = settings
    epoch = settings.epoch
    self.quirks = parts
    service = Service(tree, dialect: settings.dialect)
    watches = Watches(settings.dialect)
    nextReaping = max(1, settings.reapingInterval)
    previous = service.applied
    sessions = Sessions(
      server: settings.serverNumber, started: settings.epoch, tick: settings.tick,
      timeouts: settings.timeouts)
    // A server that begins again waits for the sessions that it had.
    for session in service.applied.openSessions {
      guard let timeout = service.applied.timeout(of: session) else { continue }
      sessions.track(session, timeout: timeout, now: 0)
    }
    if let storage = settings.storage {
      digest = service.applied.digest
      lastSnapshot = storage.lastSnapshot
      countedDataSize = service.applied.dataSize
    }
  }

  // Inputs.

  /// A peer has connected; `id` is new, and never used again.
  ///
  /// - Parameters:
  ///   - id: Its name.
  ///   - address: Where it comes from.
  ///   - port: The port there; nil where there are none.
  ///   - isSecure: Whether it speaks TLS.
  /// - Returns: Its end, if there are too many.
  public mutating func open(
    _ id: ConnectionID, from address: String, port: Int? = nil, isSecure: Bool = false
  ) -> [Output] {
    let patience = max(1, settings.handshakeTimeout)
    connections[id] = Connection(
      address: address, port: port ?? id.rawValue, isSecure: isSecure,
      frameLimit: settings.frameLimit, established: time)
    greetings[id] = ((now + patience) / patience + 1) * patience
    remark(.connected, on: id)
    if let end = refusal(of: address) {
      measures.connectionsRejected += 1
      close(id, end)
    }
    return takeOutput()
  }

  /// Why there may not be one more connection from an address.
  private func refusal(of address: String) -> ConnectionEnd? {
    guard connections.count <= settings.connectionLimit else {
      return .tooMany(limit: settings.connectionLimit)
    }
    guard let limit = settings.connectionsPerAddress,
      connections.values.count(where: { $0.address == address }) > limit
    else { return nil }
    return .tooManyOfAddress(limit: limit)
  }

  /// A peer has shown a certificate of this subject, before it sends anything.
  mutating func show(_ subject: String, on id: ConnectionID) {
    if subject == settings.superSubject { connections[id]?.identities.append(.superuser) }
    connections[id]?.identities.append(Identity(scheme: "x509", id: subject))
  }

  /// A peer has sent bytes, in whatever portions.
  ///
  /// - Parameter serving: Whether requests are served, or held back until ``proceed(_:)``, because
  ///   the peer does not take its replies.
  public mutating func receive(
    _ bytes: ByteBuffer, from id: ConnectionID, serving: Bool = true
  ) -> [Output] {
    guard connections[id]?.phase != .abandoned else { return [] }
    hasAsked = false
    if !isOwing, outstanding == 0 { underWay = [] }
    connections[id]?.isHeldBack = !serving
    connections[id]?.reader.append(bytes)
    read(from: id)
    for quirk in quirks { quirk.segment?(&output) }
    return takeOutput()
  }

  /// A peer has taken what it was sent: what was held back is served.
  public mutating func proceed(_ id: ConnectionID) -> [Output] {
    connections[id]?.isHeldBack = false
    serve(id)
    return takeOutput()
  }

  /// Takes out the transactions that were made since, in the order of their zxids.
  public mutating func takeLogged() -> [LoggedTransaction] {
    defer { logged = [] }
    return logged
  }

  /// Takes out how many of the outputs to a connection since, the first ones, may be sent before
  /// the transactions are stable that were made; none, for those that are not named.
  public mutating func takeAtOnce() -> [ConnectionID: Int] {
    defer { atOnce = [:] }
    return atOnce
  }

  /// How many bytes have stood behind the records of a connection's requests.
  package func excess(on id: ConnectionID) -> Int { connections[id]?.excess ?? 0 }

  /// What a peer was sent fills its connection, and it takes nothing.
  ///
  /// It is nobody else's affair: only a quirk makes it one.
  public mutating func stalled(_ id: ConnectionID) {
    if connections[id] != nil { stalledPeers.insert(id) }
  }

  /// A peer takes again what it is sent.
  public mutating func relieved(_ id: ConnectionID) -> [Output] {
    relieve(id)
    return takeOutput()
  }

  /// A peer has closed its connection, or it broke; the session lives on.
  public mutating func disconnected(_ id: ConnectionID) -> [Output] {
    disconnected(id, .byPeer)
  }

  /// A connection is gone, for this reason; the session lives on.
  mutating func disconnected(_ id: ConnectionID, _ reason: ConnectionEnd) -> [Output] {
    let session = connections[id]?.session
    if connections[id] != nil { remark(.ended(reason), on: id) }
    forget(id)
    if let session, quirks.contains(where: { $0.endsSessionsWithConnections }) { end(session) }
    return takeOutput()
  }

  /// It is later: deadlines that have passed have their effect, in order.
  ///
  /// A time before ``now`` changes nothing.
  public mutating func advance(to time: Int64) -> [Output] {
    while let deadline = nextDeadline, deadline <= time {
      now = max(now, deadline)
      expire()
    }
    now = max(now, time)
    let interval = max(1, settings.reapingInterval)
    if nextReaping <= now { nextReaping = (now / interval + 1) * interval }
    return takeOutput()
  }

  /// A session's time is over, whatever its client does.
  package mutating func expire(_ session: SessionID) -> [Output] {
    if sessions.isOpen(session) { end(session) }
    return takeOutput()
  }

  // Queries.

  /// When ``advance(to:)`` has something to do next; nil if it never has.
  public var nextDeadline: Int64? {
    let reaping = service.applied.hasReaped ? nextReaping : nil
    return [sessions.nextExpiry, greetings.values.min(), reaping].compactMap { $0 }.min()
  }

  /// Whether requests of a connection are held back.
  public func isHeldBack(_ id: ConnectionID) -> Bool {
    connections[id]?.requests.isEmpty == false
  }

  /// The connections that are open.
  public var openConnections: [ConnectionID] { connections.keys.sorted() }

  /// Whom a connection has shown to be.
  package func identities(of id: ConnectionID) -> [Identity] { connections[id]?.identities ?? [] }

  /// How many events a connection has been sent; counted for quirks.
  package func eventCount(of id: ConnectionID) -> Int { connections[id]?.events ?? 0 }

  /// How many frames a connection has sent.
  package func frameCount(of id: ConnectionID) -> Int { connections[id]?.traffic.received ?? 0 }

  /// Whom a connection had shown to be when it last left a watch on a path; noted for quirks.
  package func identities(of id: ConnectionID, watching path: String) -> [Identity]? {
    connections[id]?.watching[path]
  }

  /// The session that a connection carries.
  package func session(of id: ConnectionID) -> SessionID { connections[id]?.session ?? .none }

  /// What the wall clock shows.
  var time: Int64 { epoch &+ now }

  /// Goes by the wall clock again, after somebody has set it or the machine has slept.
  ///
  /// The deadlines of sessions do not move.
  mutating func setClock() {
    guard let wall = settings.storage?.wallTime?() else { return }
    if abs(wall &- time) > Server.clockTolerance { epoch = wall &- now }
  }

  /// So many milliseconds may lie between two readings of two clocks.
  private static var clockTolerance: Int64 { 100 }

  /// The zxid of the next transaction.
  var nextZxid: Zxid { Zxid(service.lastProposed.rawValue &+ 1) }

  // Parts.

  private mutating func takeOutput() -> [Output] {
    defer { output = [] }
    return output
  }

  private mutating func expire() {
    for id in unheard { hear(id, at: now) }
    for id in greetings.filter({ $0.value <= now }).keys.sorted() { close(id, .silent) }
    for session in sessions.expire(now: now) { end(session) }
    if nextReaping <= now {
      nextReaping = now + max(1, settings.reapingInterval)
      reap()
    }
  }

  /// Closes a connection from our side.
  mutating func close(_ id: ConnectionID, _ reason: ConnectionEnd) {
    guard connections[id] != nil else { return }
    remark(.ended(reason), on: id)
    forget(id)
    output.append(.close(id))
  }

  private mutating func forget(_ id: ConnectionID) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    greetings[id] = nil
    forgetWatches(of: id, connection.session)
    if let session = connection.session, carriers[session] == id { carriers[session] = nil }
    relieve(id)
  }

  /// The watches go with the connection.
  private mutating func forgetWatches(of id: ConnectionID, _ session: SessionID?) {
    for kept in quirks.compactMap(\.keepsWatches) {
      let isOpen = session.map(sessions.isOpen) ?? false
      if isOpen == (kept == .ofSessions) {
        if let session { orphans[session] = id }
        return
      }
    }
    watches.forget(id)
  }

  private mutating func relieve(_ id: ConnectionID) {
    if stalledPeers.remove(id) != nil, stalledPeers.isEmpty {
      for other in connections.keys.sorted() { serve(other) }
    }
  }
}
