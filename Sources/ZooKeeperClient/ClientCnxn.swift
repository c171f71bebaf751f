public import NIOCore
public import ZooKeeper
public import ZooKeeperWire

/// A client's session over all its connections, as a value: what happens goes in with the time,
/// commands come out.
///
/// It owns no socket, no clock and no task.
///
/// It keeps what outlives a connection: the session's id and password, the last zxid seen, the
/// credentials, the watches to set again, and the requests that wait for a connection.
///
/// ```
///  resting ─start─▶ pausing ─▶ dialing ─opened─▶ greeting ─session─▶ live ─close─▶ closing
///     ▲                ▲          │                 │                 │               │
///     └── no reconnect ┴──────────┴──── lost ───────┴─────────────────┘               ▼
///                                      expired, credentials refused, close ──────▶ ended
/// ```
///
/// On each new connection the client sends, in this order: the ConnectRequest, its login, its
/// credentials, its watches, and then what waited. When a connection is lost, what was sent and not
/// answered fails with ConnectionLoss: nobody knows whether it was executed. What was asked in the
/// meantime waits.
///
/// Source: Apache ZooKeeper, `ClientCnxn`, whose SendThread this is without the thread.
public struct ClientCnxn: Sendable {
  /// What happens to a client.
  ///
  /// A connection is known by its number, the how-manieth it is.
  public enum Input: Sendable {
    /// Begin, or begin again after a drop.
    case start
    /// The connection was made.
    case opened(Int)
    /// Bytes have come.
    case received(ByteBuffer, Int)
    /// The connection was not made, or has ended.
    case ended(Int)
    /// Time has passed.
    case tick
    /// Somebody asks.
    case ask(Ticket, Asking, deadline: Milliseconds?)
    /// Nobody waits for the answer any more.
    case abandon(Ticket)
    /// End the session.
    case close(Ticket)
    /// Break the connection and keep the session.
    case drop(reconnecting: Bool)
    /// Send these bytes as they are.
    case bytes(ByteBuffer)
    /// Ping or not from now on.
    case keepAlive(Bool)
    /// Set these watches no more on later connections.
    case forgetWatches(String, WatcherType)
  }

  /// What is asked.
  public enum Asking: Hashable, Sendable {
    /// A request, its paths below the chroot.
    case request(Request)
    /// Any opcode and any body, as they are; with a number of its own, or the next.
    case raw(Opcode, ByteBuffer, xid: Xid?)
    /// Nothing is sent; settled as soon as there is a session and a connection.
    case connection
  }

  /// What is to be done, in this order.
  public enum Command: Hashable, Sendable {
    /// Make a connection.
    case dial(HostAddress, Int)
    /// Send bytes on the connection.
    case write(ByteBuffer, Int)
    /// End the connection.
    case hangUp(Int)
    /// Tell who asked.
    case settle(Ticket, Result<ArrivedReply, ClientError>)
    /// Tell who listens.
    case deliver(ArrivedEvent)
  }

  /// Where the client is; see the drawing above.
  enum Phase {
    /// No connection, and none is sought. Next: dialing.
    case resting
    /// Every server was tried in vain. Next: dialing.
    case pausing(HostAddress, until: Milliseconds)
    /// A connection is being made. Next: greeting, pausing, dialing, resting.
    case dialing(until: Milliseconds)
    /// The ConnectRequest is out. Next: live, pausing, dialing, resting, ended.
    case greeting
    /// There is a session. Next: closing, pausing, dialing, resting, ended.
    case live(readOnly: Bool)
    /// The closeSession is out. Next: ended.
    case closing(until: Milliseconds)
    /// Last.
    case ended(SessionState, ClientError.Reason)
  }

  /// A request without an answer.
  struct Asked {
    let asking: Asking
    var deadline: Milliseconds?
    var isSent = false
    /// Nobody waits any more; kept because the reply will come, and may have set a watch.
    var isAbandoned = false
  }

  let options: ClientOptions
  /// What stands before the client's paths.
  public let chroot: Chroot
  var hostProvider: HostProvider
  var phase = Phase.resting
  var connection: Connection?
  /// The number of the connection, counted over the client's life.
  var number = 0

  /// Why the last connection that is over is over.
  public internal(set) var lastEnding: Connection.Ending?

  /// The session as far as it is known.
  public internal(set) var session: SessionTicket
  /// The timeout that was negotiated, before that the one asked for.
  public internal(set) var timeout: Milliseconds
  /// The watches that the server holds for this session.
  public internal(set) var watches = WatchRegistry()
  /// What the server was asked to watch again and has not answered, the oldest first.
  var restoring = CircularBuffer<SetWatches>()
  var hasSeenReadWrite: Bool
  var credentials: [Request] = []
  /// How far the login has come that the connection begins with; nil when nobody logs in.
  var loginStep: LoginStep?
  let seed: UInt64
  var keepsAlive: Bool
  var reconnects: Bool

  var asked: [Ticket: Asked] = [:]
  var waiting = CircularBuffer<Ticket>()
  var earliestDeadline: Milliseconds?
  var closeTicket: Ticket?
  var lastXid: Xid = 0
  var arrivals = 0

  /// A client that has not begun.
  ///
  /// - Parameters:
  ///   - target: The servers and the root.
  ///   - options: How to behave.
  ///   - seed: Stands in for ``ClientOptions/seed`` when that is `nil`.
  public init(_ target: ConnectString, _ options: ClientOptions, seed: UInt64) {
    self.options = options
    self.seed = options.seed ?? seed
    self.chroot = target.chroot
    self.hostProvider = HostProvider(target.hosts, seed: self.seed)
    self.session =
      options.session
      ?? SessionTicket(
        id: .none, password: [UInt8](repeating: 0, count: ConnectRequest.passwordLength))
    self.hasSeenReadWrite = options.session != nil
    self.timeout = max(Milliseconds(options.sessionTimeout), 0)
    self.keepsAlive = options.keepsAlive
    self.reconnects = options.reconnects
  }

  /// Lets something happen.
  ///
  /// - Returns: What is to be done, in order.
  public mutating func step(_ input: Input, now: Milliseconds) -> [Command] {
    var commands: [Command] = []
    switch input {
    case .start: start(now, &commands)
    case .opened(let number): opened(number, now, &commands)
    case .received(let bytes, let number): receive(bytes, number, now, &commands)
    case .ended(let number): ended(number, now, &commands)
    case .tick: tick(now, &commands)
    case .ask(let ticket, let asking, let deadline): ask(ticket, asking, deadline, now, &commands)
    case .abandon(let ticket): abandon(ticket, &commands)
    case .close(let ticket): close(ticket, now, &commands)
    case .drop(let reconnecting): drop(reconnecting: reconnecting, now, &commands)
    case .bytes(let bytes): connection?.send(bytes: bytes, now: now)
    case .keepAlive(let keepsAlive):
      self.keepsAlive = keepsAlive
      connection?.keepsAlive = keepsAlive
    case .forgetWatches(let path, let type):
      removed(type, at: chroot.out(path, .read), &commands)
    }
    flush(&commands)
    return commands
  }

  // MARK: Queries

  /// What the client knows of its session.
  public var state: SessionState {
    switch phase {
    case .resting, .pausing, .dialing, .greeting: .connecting
    case .live(let readOnly): readOnly ? .connectedReadOnly : .connected
    case .closing: .connected
    case .ended(let state, _): state
    }
  }

  /// Why nothing will ever be sent again; `nil` as long as something may be.
  public var end: ClientError.Reason? {
    if case .ended(_, let reason) = phase { reason } else { nil }
  }

  /// When the next tick is due; `nil` if time does not matter.
  public var deadline: Milliseconds? {
    let own: Milliseconds? =
      switch phase {
      case .pausing(_, let until), .dialing(let until): until
      case .greeting, .live: connection?.deadline
      case .closing(let until): min(until, connection?.deadline ?? until)
      case .resting, .ended: nil
      }
    return [own, earliestDeadline].compactMap(\.self).min()
  }

  /// Whether the server holds this watch for the session.
  func holds(_ watched: WatchedPath) -> Bool {
    watches.holds(watched.mode, chroot.out(watched.path, .read))
  }

  // MARK: Parts

  /// Watches were taken back: nobody but the client tells of it.
  mutating func removed(_ type: WatcherType, at path: String, _ commands: inout [Command]) {
    for event in watches.remove(type, at: path) {
      deliver(WatchEvent(event, chroot.back(path)), zxid: nil, &commands)
    }
  }

  /// Sends what the connection has to send.
  mutating func flush(_ commands: inout [Command]) {
    if let bytes = connection?.takeOutput() { commands.append(.write(bytes, number)) }
  }

  mutating func deliver(_ event: WatchEvent, zxid: Zxid?, _ commands: inout [Command]) {
    arrivals += 1
    commands.append(.deliver(ArrivedEvent(event, zxid: zxid, place: arrivals)))
  }

  /// Tells of the connection's state, as an event without a path.
  mutating func announce(_ state: KeeperState, _ commands: inout [Command]) {
    deliver(WatchEvent(.none, "", state: state), zxid: nil, &commands)
  }
}
