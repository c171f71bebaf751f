import ProtocolCore
import ZooKeeper

/// What a client has seen, as the judge keeps it.
struct SeenClient: Hashable, Sendable {
  /// Its session.
  var session = SessionID.none
  /// The server at which it had that last.
  var server: NodeID?
  var isReadOnly = false
  /// How many transactions were delivered when it dialled.
  var dialled = 0
  /// The last transaction of which a reply in this session has told.
  var seen: Int64 = 0
  /// The last of which anything has told on this connection.
  var heard: Int64 = 0
  /// What it has asked on this connection and was not answered, in order.
  var asked: [Asked] = []
  /// The watches that it has left.
  var watches = JudgedWatches()

  /// A request under way.
  struct Asked: Hashable {
    let xid: Int32
    let request: ZooKeeper.Request
    /// The last write that had been answered to anybody when it was asked.
    let acknowledged: Int64
    /// Of a sync: the last that had been proposed then, by epoch.
    let proposed: [Int64: Int64]
  }
}

extension ZooKeeperEnsemble.Monitor {
  /// A client says what it sees.
  mutating func see(_ note: ZooKeeperEnsemble.Words.Note, at id: NodeID) {
    var client = clients[id] ?? SeenClient()
    switch note {
    case .dials: client.dialled = log.count
    case .connected(let session, let server, let isReadOnly):
      connect(&client, session, server, isReadOnly: isReadOnly, at: id)
    case .disconnected: client.asked = []
    case .expired(let session):
      let isOver = closing.contains(session) || closed[session] != nil
      if !client.isReadOnly, session != .none, !isOver { broken.insert(.sessions) }
      client = SeenClient()
    case .closed: client = SeenClient()
    case .asks(let xid, let request):
      client.asked.append(
        SeenClient.Asked(
          xid: xid, request: request, acknowledged: acknowledged,
          proposed: request.isJudgedSync ? proposed : [:]))
    case .answered(let xid, let reply): answer(&client, xid, reply, at: id)
    case .told(let event, let zxid):
      witness(.fired, at: id)
      if !client.watches.fire(event, at: zxid.rawValue, in: tree) { broken.insert(.watches) }
      client.heard = max(client.heard, zxid.rawValue)
    case .peer, .refusesNewer, .servesReadOnly, .unexpected: break
    }
    clients[id] = client
  }

  private mutating func connect(
    _ client: inout SeenClient, _ session: SessionID, _ server: NodeID, isReadOnly: Bool,
    at id: NodeID
  ) {
    if session == client.session, server != client.server { witness(.moved, at: id) }
    if !isReadOnly, let end = closed[session], end < client.dialled { broken.insert(.sessions) }
    (client.session, client.server) = (session, server)
    (client.isReadOnly, client.asked) = (isReadOnly, [])
    client.heard = client.seen
    client.watches.reconnect()
  }

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
    (client.seen, client.heard) = (max(client.seen, zxid), max(client.heard, zxid))
    if asked.request.isJudgedWrite {
      judgeWrite(asked, reply, of: client)
    } else {
      judgeRead(asked, reply, at: id)
    }
    if case .setWatches = asked.request { client.watches.areSet(at: zxid, in: tree) }
    if client.watches.isOverdue(at: zxid, in: tree) { broken.insert(.watches) }
    client.watches.leave(after: asked.request, reply)
  }

  /// A write that is answered is delivered under its zxid, and did what it does there.
  private mutating func judgeWrite(
    _ asked: SeenClient.Asked, _ reply: Reply, of client: SeenClient
  ) {
    // A server that has lost its ensemble refuses, and lets go of a session without a word.
    if client.isReadOnly {
      let isRefused = reply.result == .failure(.notReadOnly)
      if !isRefused, asked.request != .closeSession { broken.insert(.durability) }
      return
    }
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

  /// A read shows what had been made up to its zxid.
  private mutating func judgeRead(
    _ asked: SeenClient.Asked, _ reply: Reply, at id: NodeID
  ) {
    let zxid = reply.zxid.rawValue
    if asked.request.isJudgedSync, clients[id]?.isReadOnly == true,
      reply.result == .failure(.notReadOnly)
    {
      return
    }
    let isKnown = zxid == 0 || entry(at: zxid) != nil
    if !isKnown || tree.expected(of: asked.request, at: zxid) != reply.result {
      broken.insert(.reads)
    }
    if zxid < asked.acknowledged, asked.request.isShowing { witness(.stale, at: id) }
    guard asked.request.isJudgedSync else { return }
    if zxid < asked.acknowledged { witness(.staleBehindSync, at: id) }
    // What an earlier leader proposed, a later one need not have.
    guard zxid >> 32 == epoch else { return }
    if let proposed = asked.proposed[zxid >> 32], zxid < proposed { broken.insert(.syncs) }
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
  fileprivate var isJudgedWrite: Bool {
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
