public import ProtocolCore
public import ZooKeeper

extension ZooKeeperEnsemble {
  /// A client of an ensemble: a process, and the client library that it asks. (ClientCnxn)
  ///
  /// It is connected to one server at a time. When the connection breaks, what was under way is
  /// lost to it, and it goes to the next server with the session that it has; but not when it has
  /// asked to close that, since the request may be under way yet. When its session is over it
  /// begins another.
  public struct Client: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// The servers, in the order in which it tries them.
    let servers: [NodeID]
    /// The timeout that it wants for its sessions, in ticks.
    let timeout: Int32
    /// Whether it puts up with a server that only serves reads.
    public let canBeReadOnly: Bool
    /// The rules that it does not obey.
    public var without: Set<Rule>

    /// Where it stands.
    public internal(set) var phase = Phase.idle
    /// Its session, if it has one.
    public internal(set) var session = SessionID.none
    /// How many ticks that lives unheard, as its server has told it.
    var granted: Int32 = 0
    /// The last transaction of which this session has seen something.
    var lastZxid = ZooKeeper.Zxid.zero
    /// Whether the session is one of the ensemble, and not of a server alone.
    var isSessionOfEnsemble = false
    /// The place of the server that it tries next.
    var next: Int
    /// The number of its last request.
    var lastXid: Int32 = 0
    /// What it was asked while it had no connection.
    var unsent: [Unsent] = []
    /// What is under way, in order.
    var sent: [Sent] = []
    /// The watches that it has left and that have not fired.
    var watches = LeftWatches()

    /// A client that has not started.
    public init(
      _ id: NodeID, of servers: [NodeID], beginning place: Int = 0, timeout: Int32 = 100,
      canBeReadOnly: Bool = false, without: Set<Rule> = []
    ) {
      (self.id, self.servers, self.timeout) = (id, servers, timeout)
      (self.canBeReadOnly, self.without) = (canBeReadOnly, without)
      next = servers.isEmpty ? 0 : place % servers.count
    }

    /// Where a client stands.
    public enum Phase: Hashable, Sendable {
      /// It has not started. Next: waiting.
      case idle
      /// It is about to connect. Next: connecting.
      case waiting
      /// It has asked a server for a session. Next: connected, waiting.
      case connecting(NodeID)
      /// It has its session there. Next: waiting.
      case connected(NodeID, isReadOnly: Bool)
    }

    /// A request that waits for a connection.
    struct Unsent: Hashable, Sendable {
      let request: ZooKeeper.Request
      let caller: RequestID
    }

    /// A request that is under way; of the library's own nobody hears.
    struct Sent: Hashable, Sendable {
      let xid: Int32
      let request: ZooKeeper.Request
      let caller: RequestID?
    }
  }
}

/// The numbers of what a client library asks by itself.
enum Xid {
  /// A ping.
  static let ping: Int32 = -2
  /// The watches of an earlier connection.
  static let setWatches: Int32 = -8
}

// MARK: Transitions

extension ZooKeeperEnsemble.Client: Machine {
  /// What it speaks.
  public typealias Words = ZooKeeperEnsemble.Words
  /// The rules that it obeys.
  public typealias Rule = ZooKeeperEnsemble.Rule
  typealias Out = [Effect<Words>]

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started: return wait()
    case .asked(let call, let caller): return ask(call.request, caller)
    case .received(let message, let sender): return receive(message, from: sender)
    case .disconnected(let server, .clients): return server == self.server ? lose() : []
    case .expired(.dial): return dial()
    case .expired(.ping): return ping()
    case .expired(.silence), .expired(.seek): return leave()
    // It has no disk, and is no server.
    case .disconnected, .stored, .expired(.peer), .expired(.session), .expired(.readOnly),
      .expired(.reap):
      return []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> Out {
    switch (phase, message) {
    case (.connecting(sender), .connected(let session, let granted, let isReadOnly)):
      return begin(session, at: sender, granted: granted, isReadOnly: isReadOnly)
    case (.connected(sender, _), .reply(let xid, let reply)):
      return heard(xid, reply, from: sender)
    case (.connected(sender, _), .event(let event, let zxid)): return heard(event, zxid)
    // What is left of a connection that is over.
    case (.idle, _), (.waiting, _), (.connecting, _), (.connected, _): return []
    }
  }

  // MARK: Connecting

  private mutating func wait() -> Out {
    phase = .waiting
    return [.set(.dial, after: 1...5)]
  }

  // begin connecting
  private mutating func dial() -> Out {
    guard case .waiting = phase, !servers.isEmpty else { return [] }
    let server = servers[next % servers.count]
    next = (next + 1) % servers.count
    phase = .connecting(server)
    var hello = ZooKeeperEnsemble.ConnectRequest(timeout: timeout)
    (hello.lastZxidSeen, hello.canBeReadOnly) = (lastZxid, canBeReadOnly)
    // A session that a server alone has given is nothing to the ensemble.
    if isSessionOfEnsemble { (hello.session, hello.password) = (session, session.password) }
    return [
      .note(.dials(server)), .connect(server, .clients), .send(.connect(hello), to: server),
      .set(.silence, after: 40...40),
    ]
  }

  private mutating func begin(
    _ session: SessionID, at server: NodeID, granted: Int32, isReadOnly: Bool
  ) -> Out {
    guard session != .none else { return expire() }
    phase = .connected(server, isReadOnly: isReadOnly)
    (self.session, self.granted) = (session, granted)
    if !isReadOnly { isSessionOfEnsemble = true }
    var out: Out = [
      .note(.connected(session, server, timeout: granted, isReadOnly: isReadOnly)),
      awaitPing(), awaitSilence(),
    ]
    if isReadOnly { out.append(.set(.seek, after: 100...200)) }
    if !watches.isEmpty {
      if obey(.watchesSetAgain) {
        out += send(.setWatches(watches.all(since: lastZxid)), Xid.setWatches, nil)
      }
    }
    let waiting = unsent
    unsent = []
    return out + waiting.flatMap { send($0.request, nextXid(), $0.caller) }
  }
  // end connecting

  /// The session is over: nothing that was asked meanwhile is done.
  private mutating func expire() -> Out {
    let over = session
    let told: Out = unsent.map { .reply(.sessionExpired, to: $0.caller) }
    unsent = []
    return [.note(.expired(over))] + told + forgetSession() + end() + wait()
  }

  private mutating func forgetSession() -> Out {
    (session, granted, lastZxid, isSessionOfEnsemble) = (.none, 0, .zero, false)
    watches = LeftWatches()
    return []
  }

  /// The connection is gone: it comes back with its session, unless it has asked to close that.
  private mutating func lose() -> Out {
    let isClosing = sent.contains { $0.request == .closeSession }
    let out = end()
    guard isClosing, obey(.closingGivesUp) else { return out + wait() }
    return out + [.note(.abandoned(session))] + forgetSession() + wait()
  }

  /// It gives up on its server.
  private mutating func leave() -> Out {
    guard let server else { return [] }
    return [.disconnect(server, .clients)] + lose()
  }

  private mutating func end() -> Out {
    let lost: Out = sent.compactMap { sent in
      sent.caller.map { .reply(.connectionLoss, to: $0) }
    }
    sent = []
    return [.note(.disconnected), .cancel(.ping), .cancel(.silence), .cancel(.seek)] + lost
  }

  // MARK: Asking

  private mutating func ask(_ request: ZooKeeper.Request, _ caller: RequestID) -> Out {
    guard case .connected = phase else {
      unsent.append(Unsent(request: request, caller: caller))
      return []
    }
    return send(request, nextXid(), caller)
  }

  private mutating func nextXid() -> Int32 {
    lastXid = lastXid == .max ? 1 : lastXid + 1
    return lastXid
  }

  private mutating func send(
    _ request: ZooKeeper.Request, _ xid: Int32, _ caller: RequestID?
  ) -> Out {
    guard let server else { return [] }
    sent.append(Sent(xid: xid, request: request, caller: caller))
    return [.note(.asks(xid, request)), .send(.request(xid, request), to: server)]
  }

  private mutating func ping() -> Out {
    guard case .connected = phase else { return [] }
    return send(.ping, Xid.ping, nil) + [awaitPing()]
  }

  /// It says that it is there well within the time-out of its session.
  private func awaitPing() -> Effect<Words> {
    .set(.ping, after: Ticks(part(of: 5))...Ticks(part(3, of: 10)))
  }

  /// It gives a server up while there is time to look for another.
  private func awaitSilence() -> Effect<Words> {
    let ticks = Ticks(part(7, of: 10))
    return .set(.silence, after: ticks...ticks)
  }

  /// A part of its session's time-out, in ticks.
  private func part(_ numerator: Int = 1, of denominator: Int) -> Int {
    max(1, Int(granted) * numerator / denominator)
  }

  // MARK: Hearing

  // begin hearing
  private mutating func heard(
    _ xid: Int32, _ reply: ZooKeeper.Reply, from sender: NodeID
  ) -> Out {
    // Replies come in the order of the requests; another is the server's fault.
    guard let place = sent.firstIndex(where: { $0.xid == xid }) else {
      return [.note(.unexpected(.reply(xid, reply), from: sender))] + leave()
    }
    let answered = sent.remove(at: place)
    // The answer to a ping shows nothing.
    if xid != Xid.ping { lastZxid = max(lastZxid, reply.zxid) }
    watches.leave(after: answered.request, reply.result)
    var out: Out = [.note(.answered(xid, reply)), awaitSilence()]
    if let caller = answered.caller { out.append(.reply(.answered(reply), to: caller)) }
    guard case .closeSession = answered.request, let server else { return out }
    out += [.note(.closed(session)), .disconnect(server, .clients)]
    return out + forgetSession() + end() + wait()
  }

  private mutating func heard(_ event: WatchEvent, _ zxid: ZooKeeper.Zxid) -> Out {
    // What a transaction does may be told by several events: by one of them it is not all seen.
    if !obey(.seenByReplies) { lastZxid = max(lastZxid, zxid) }
    watches.fire(event)
    return [.note(.told(event, zxid)), awaitSilence()]
  }
  // end hearing
}

// MARK: Queries

extension ZooKeeperEnsemble.Client {
  /// The server that it is connected to, or about to be.
  public var server: NodeID? {
    switch phase {
    case .idle, .waiting: nil
    case .connecting(let server), .connected(let server, _): server
    }
  }

  /// Those who wait for an answer, in the order in which they have asked.
  public var callers: [RequestID] { sent.compactMap(\.caller) + unsent.map(\.caller) }
}

extension ZooKeeperEnsemble.Client: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let stands =
      switch phase {
      case .idle: "idle"
      case .waiting: "disconnected"
      case .connecting(let server): "connecting to \(server)"
      case .connected(let server, let isReadOnly):
        "connected to \(server)\(isReadOnly ? ", read-only" : "")"
      }
    let open = sent.map { "#\($0.xid) \($0.request.told)" } + unsent.map(\.request.told)
    return "\(stands), session \(session == .none ? "none" : "\(session)"), seen \(lastZxid)"
      + (open.isEmpty ? "" : ", asks " + open.joined(separator: ", "))
  }
}
