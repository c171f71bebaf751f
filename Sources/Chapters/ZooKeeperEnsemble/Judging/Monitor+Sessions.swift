public import ProtocolCore
import ZooKeeper

// What becomes of a session: how long it lives, where it is, and what is done for it.

extension ZooKeeperEnsemble.Monitor {
  // MARK: How long it lives

  /// It hears of the timers that leaders set.
  public static var watchesTimers: Bool { true }

  /// A client is told how long its session lives.
  mutating func judge(_ timeout: Int32, toldTo client: NodeID) {
    if let due = timeouts[client], due != timeout { broken.insert(.timeouts) }
  }

  /// A leader has heard of a session, and waits for the next sign of it: for as long as its client
  /// was told, and little longer, as long as the session is open.
  ///
  /// How much time passes the judge does not see, nor whether the leader sets the timer anew at
  /// each sign: where it does not, sessions expire while nothing fails, which is counted elsewhere.
  public mutating func observe(
    _ timer: Node.Words.Timer, setFor ticks: ClosedRange<Ticks>, at id: NodeID
  ) {
    guard case .session(let session) = timer, let client = openers[session],
      tree.isOpen(session), let due = timeouts[client].map({ Int($0) })
    else { return }
    if ticks.lowerBound.count < due || ticks.upperBound.count > due + delay {
      broken.insert(.timeouts)
    }
  }

  /// A leader proposes, perhaps, the end of a session: by itself when its time has passed only.
  mutating func end(_ request: ReplicatedTree.Request, by id: NodeID) {
    let ending = Ending(session: request.author.session, leader: id)
    switch request.ask {
    case .open, .reap, .refuse: return
    case .expire: if lapsed != ending { broken.insert(.timeouts) }
    case .request(let asked): if asked != .closeSession { return }
    }
    endings.append(ending)
    for client in clients.keys where clients[client]?.session == ending.session {
      clients[client]?.mayBeOver = true
    }
  }

  // MARK: Where it is

  /// A client goes to a server with its session: what another has of it yet may come late.
  mutating func stray(_ session: SessionID, to server: NodeID) {
    strayed[session, default: []].insert(server)
    for place in writes[session, default: []].indices
    where writes[session]?[place].server != server { writes[session]?[place].mayBeLate = true }
  }

  /// A client asks for a write.
  ///
  /// A server to which it has gone before, in vain, may take the session from the one that it asks.
  mutating func ask(_ request: ZooKeeper.Request, _ xid: Int32, by client: SeenClient) {
    var write = Write(
      xid: xid, request: request, connection: client.connections, server: client.server)
    write.mayBeLate = strayed[client.session, default: []].contains { $0 != client.server }
    writes[client.session, default: []].append(write)
  }

  /// A read is answered: earlier writes of its client may be done behind what it shows.
  mutating func overtake(_ session: SessionID, _ xid: Int32, at zxid: Int64, by id: NodeID) {
    let asked = writes[session, default: []]
    for place in asked.indices where asked[place].xid < xid {
      writes[session]?[place].isOvertaken = true
    }
    if let last = lastRequests[session], last.xid < xid, last.zxid > zxid {
      witness(.overtaken, at: id)
    }
  }

  // MARK: What is done for it

  /// What is done for a session its client has asked, word for word; it is done in the order of its
  /// numbers, and what went by one connection without a gap: what a connection has lost is the last
  /// of it.
  mutating func order(
    _ request: ReplicatedTree.Request, _ done: ZooKeeper.Request, at zxid: Int64
  ) {
    let session = request.author.session
    guard let asked = take(request) else { return }
    if asked.request != done { broken.insert(.integrity) }
    // Behind the end of a session all fail, in whatever order they come: its leader has forgotten
    // by which server it writes.
    guard tree.isOpen(session) else { return }
    let isLate = lastRequests[session].map { request.cxid <= $0.xid } ?? false
    lastRequests[session] = LastRequest(xid: request.cxid, zxid: zxid)
    if asked.isOvertaken, let holder = holders[session] { witness(.overtaken, at: holder) }
    let skips = writes[session, default: []].contains {
      $0.connection == asked.connection && $0.xid < asked.xid
    }
    // Behind one that was refused all are.
    let isBehindRefused = refusedOn[session] == asked.connection
    if isLate || skips || isBehindRefused { broken.insert(.clientOrder) }
  }

  /// What was asked under a request's number, which is delivered now.
  private mutating func take(_ request: ReplicatedTree.Request) -> Write? {
    let session = request.author.session
    guard let place = writes[session]?.firstIndex(where: { $0.xid == request.cxid }) else {
      broken.insert(.integrity)
      return nil
    }
    return writes[session]?.remove(at: place)
  }

  /// A leader does not do what a client asks: its session is over, or has gone to another server.
  ///
  /// Nothing else is a reason.
  mutating func refuse(_ request: ReplicatedTree.Request, _ code: ErrorCode) {
    let session = request.author.session
    let asked = take(request)
    if let asked { refusedOn[session] = asked.connection }
    let isRight =
      switch code {
      case .sessionExpired: !tree.isOpen(session)
      case .sessionMoved: asked?.mayBeLate ?? false
      default: false
      }
    if !isRight { broken.insert(.sessions) }
  }

  /// A session ends, and what it owned goes.
  mutating func close(
    _ transaction: ReplicatedTree.Transaction, at zxid: Int64
  ) -> Result<Answer, ErrorCode> {
    let session = transaction.request.author.session
    if transaction.request.ask == .expire {
      for (id, client) in clients where client.session == session { witness(.expired, at: id) }
    }
    guard let owned = tree.closeSession(session, at: zxid) else {
      broken.insert(.closedOnce)
      return .failure(.sessionExpired)
    }
    if case .closeSession(let paths) = transaction.change.body, Set(paths) == Set(owned) {
      return .success(.done)
    }
    broken.insert(.ephemerals)
    return .success(.done)
  }
}
