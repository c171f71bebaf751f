import ProtocolCore
import ZooKeeper

/// What a client has seen, as the judge keeps it.
struct SeenClient: Hashable, Sendable {
  /// Its session.
  var session = SessionID.none
  /// The server at which it had that last.
  var server: NodeID?
  var isReadOnly = false
  /// Whether it has its session at that server yet.
  var isConnected = false
  /// How many connections it has had in this session.
  var connections = 0
  /// How many transactions were delivered when it dialled.
  var dialled = 0
  /// Whether the end of its session was proposed by one that led when it dialled, or later.
  var mayBeOver = false
  /// The least epoch of one that led since it dialled, although a later leader had deposed it.
  var rival: Int?
  /// The last transaction of which a reply in this session has told.
  var seen: Int64 = 0
  /// The last of which anything has told on this connection.
  var heard: Int64 = 0
  /// The last of which an event in this session has told.
  var told: Int64 = 0
  /// What it has asked on this connection and was not answered, in order.
  var asked: [Asked] = []
  /// The watches that it has left.
  var watches = JudgedWatches()
  /// Who has asked its library, and was not told what came of that, in order.
  var callers: [Caller] = []

  /// A request under way.
  struct Asked: Hashable {
    let xid: Int32
    let request: ZooKeeper.Request
    /// The last write that had been answered to anybody when it was asked.
    let acknowledged: Int64
    /// Of a sync: the last that the last leader had proposed then.
    let proposed: Int64?
    /// Of a sync: whether one led since then that a later leader had deposed.
    var hadRival: Bool
  }

  /// Its session is over, and whoever waits, waits on.
  mutating func beginAnew() {
    let waiting = callers
    self = SeenClient()
    callers = waiting
  }

  /// Whether it has its session at a server that is of the ensemble, and nothing is under way.
  var isAtRest: Bool {
    isConnected && !isReadOnly && callers.isEmpty && asked.allSatisfy { $0.request == .ping }
  }

  /// One leads that has been deposed.
  mutating func meet(_ epoch: Int) {
    rival = min(rival ?? epoch, epoch)
    for place in asked.indices where asked[place].proposed != nil { asked[place].hadRival = true }
  }
}

extension ZooKeeperEnsemble.Monitor {
  /// A client says what it sees.
  mutating func see(_ note: ZooKeeperEnsemble.Words.Note, at id: NodeID) {
    var client = clients[id] ?? SeenClient()
    switch note {
    case .dials(let server):
      if client.session != .none { stray(client.session, to: server) }
      (client.dialled, client.rival) = (log.count, rival)
      client.mayBeOver = endings.contains { $0.session == client.session }
    case .connected(let session, let server, let timeout, let isReadOnly):
      connect(&client, session, server, isReadOnly: isReadOnly, at: id)
      judge(timeout, toldTo: id)
    case .disconnected:
      (client.asked, client.isConnected) = ([], false)
      client.lose()
    case .expired(let session):
      if !isOver(session, for: client) { broken.insert(.sessions) }
      client.beginAnew()
      client.expire()
    case .closed, .abandoned: client.beginAnew()
    case .asks(let xid, let request):
      if !client.asks(xid, request) { broken.insert(.answers) }
      if request.isJudgedWrite { ask(request, xid, by: client) }
      let isSync = request.isJudgedSync
      client.asked.append(
        SeenClient.Asked(
          xid: xid, request: request, acknowledged: acknowledged,
          proposed: isSync ? lastProposed : nil, hadRival: isSync && rival != nil))
    case .answered(let xid, let reply): answer(&client, xid, reply, at: id)
    case .told(let event, let zxid):
      witness(.fired, at: id)
      if !client.watches.fire(event, at: zxid.rawValue, in: tree) { broken.insert(.watches) }
      if let end = tree.end(of: client.session), zxid.rawValue > end { broken.insert(.sessions) }
      client.heard = max(client.heard, zxid.rawValue)
      client.told = max(client.told, zxid.rawValue)
    case .peer, .refusesNewer, .servesReadOnly, .unexpected: break
    }
    clients[id] = client
  }

  // MARK: Sessions

  /// Whether a client may be told that its session is over: it is, or its leader has proposed that.
  ///
  /// A leader that has been deposed does not know the sessions that began since.
  private func isOver(_ session: SessionID, for client: SeenClient) -> Bool {
    guard let span = tree.sessions[session] else { return session == .none }
    let isUnknown = client.rival.map { $0 < Int(span.opened >> 32) } ?? false
    return span.closed != nil || client.mayBeOver || isUnknown
  }

  /// A client is given a session: one that is open, and nobody else's.
  private mutating func connect(
    _ client: inout SeenClient, _ session: SessionID, _ server: NodeID, isReadOnly: Bool,
    at id: NodeID
  ) {
    if session == client.session, server != client.server { witness(.moved, at: id) }
    if isReadOnly, demanding.contains(id) { broken.insert(.sessions) }
    if let span = tree.sessions[session] {
      if holders[session, default: id] != id || openers[session] != id { broken.insert(.sessions) }
      holders[session] = id
      // A leader that has been deposed does not know the sessions that ended since.
      let isUnknown = client.rival.map { $0 < Int((span.closed ?? 0) >> 32) } ?? false
      if let end = span.closed.flatMap({ entry(at: $0) }), end < client.dialled, !isUnknown {
        broken.insert(.sessions)
      }
    } else if !isReadOnly {
      broken.insert(.sessions)
    }
    if session != client.session { client.connections = 0 }
    client.connections += 1
    (client.session, client.server, client.isConnected) = (session, server, true)
    (client.isReadOnly, client.asked) = (isReadOnly, [])
    strayed[session]?.remove(server)
    client.heard = client.seen
    client.watches.reconnect()
  }

  // MARK: Answers

  private mutating func answer(
    _ client: inout SeenClient, _ xid: Int32, _ reply: Reply, at id: NodeID
  ) {
    guard let place = client.asked.firstIndex(where: { $0.xid == xid }) else {
      broken.insert(.clientOrder)
      return
    }
    if place != 0 { broken.insert(.clientOrder) }
    let asked = client.asked.remove(at: place)
    let zxid = reply.zxid.rawValue
    if zxid < client.heard { broken.insert(.singleSystemImage) }
    // A server that has delivered the end of a session serves it no more.
    if let end = tree.end(of: client.session), zxid >= end {
      if zxid > end || asked.request != .closeSession { broken.insert(.sessions) }
    }
    client.answer(xid, reply)
    client.heard = max(client.heard, zxid)
    // The answer to a ping shows nothing.
    if asked.request != .ping { client.seen = max(client.seen, zxid) }
    if client.isReadOnly, asked.request.isJudgedWrite || asked.request.isJudgedSync {
      judgeRefusal(of: asked.request, reply, by: client)
    } else if asked.request.isJudgedWrite {
      judgeWrite(asked, reply, of: client)
    } else {
      judgeRead(asked, reply, of: client, at: id)
    }
    if case .setWatches = asked.request { client.watches.areSet(at: zxid, in: tree) }
    if client.watches.isOverdue(at: zxid, in: tree) { broken.insert(.watches) }
    client.watches.leave(after: asked.request, reply)
  }

  /// A server that has lost its ensemble does nothing, and knows nothing new; of a session of its
  /// own it lets go.
  private mutating func judgeRefusal(
    of request: ZooKeeper.Request, _ reply: Reply, by client: SeenClient
  ) {
    let isDone = request == .closeSession && reply.result == .success(.done)
    if reply.result != .failure(.notReadOnly), !isDone {
      broken.insert(request.isJudgedSync ? .syncs : .durability)
    }
    if !isReached(reply.zxid.rawValue, by: client) { broken.insert(.reads) }
  }

  /// Whether the server at which a client has its session has ever delivered all up to a zxid.
  private func isReached(_ zxid: Int64, by client: SeenClient) -> Bool {
    zxid <= client.server.flatMap { reached[$0] } ?? 0
  }

  /// A write that is answered is delivered under its zxid, and did what it does there.
  private mutating func judgeWrite(
    _ asked: SeenClient.Asked, _ reply: Reply, of client: SeenClient
  ) {
    let zxid = reply.zxid.rawValue
    guard let place = entry(at: zxid), log[place].transaction.isOf(client.session, asked.xid)
    else {
      broken.insert(.durability)
      return
    }
    if log[place].expected != reply.result {
      if case .multi = asked.request {
        broken.insert(.atomicity)
      } else {
        broken.insert(.linearizable)
      }
    }
    if zxid <= asked.acknowledged { broken.insert(.linearizable) }
    acknowledged = max(acknowledged, zxid)
  }

  /// A read shows what had been made up to its zxid, which its server has delivered.
  private mutating func judgeRead(
    _ asked: SeenClient.Asked, _ reply: Reply, of client: SeenClient, at id: NodeID
  ) {
    let zxid = reply.zxid.rawValue
    let isKnown = zxid == 0 || entry(at: zxid) != nil
    if !isKnown || !isReached(zxid, by: client)
      || tree.expected(of: asked.request, at: zxid) != reply.result
    {
      broken.insert(.reads)
    }
    if asked.request.isShowing {
      if zxid < asked.acknowledged { witness(.stale, at: id) }
      if zxid < client.told { witness(.staleBehindEvent, at: id) }
      overtake(client.session, asked.xid, at: zxid, by: id)
    }
    guard let proposed = asked.proposed else { return }
    if zxid < asked.acknowledged { witness(.staleBehindSync, at: id) }
    // Who asks one that has been deposed hears what that has.
    if zxid < proposed, !asked.hadRival { broken.insert(.syncs) }
  }
}

extension ReplicatedTree.Transaction {
  /// Whether it was made of this request of this session.
  fileprivate func isOf(_ session: SessionID, _ cxid: Int32) -> Bool {
    guard case .request = request.ask else { return false }
    return request.author.session == session && request.cxid == cxid
  }
}

extension ZooKeeper.Request {
  /// Whether it changes something, and is answered by its own zxid.
  var isJudgedWrite: Bool {
    switch self {
    case .create, .delete, .setData, .multi, .closeSession: true
    default: false
    }
  }

  fileprivate var isJudgedSync: Bool { if case .sync = self { true } else { false } }

  /// Whether its answer shows something of the tree.
  fileprivate var isShowing: Bool {
    switch self {
    case .exists, .getData, .getChildren: true
    default: false
    }
  }
}
