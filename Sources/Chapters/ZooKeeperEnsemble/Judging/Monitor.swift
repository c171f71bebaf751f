public import ProtocolCore
import ZAB
import ZooKeeper

extension ZooKeeperEnsemble {
  /// Judges a run from outside: by what clients say that they saw, and by the transactions that
  /// servers deliver, by which what no client saw is made up.
  ///
  /// Every answer carries a zxid, so what it must say is looked up: the judge does what was asked,
  /// in the order of the zxids, in a tree of its own (`JudgedTree`). That takes as long as the
  /// run is.
  public struct Monitor: Hashable, Sendable {
    var broken: Set<Property> = []
    var witnessed: Set<Witnessed> = []
    /// What was delivered, in order.
    var log: [Entry] = []
    /// What that has made.
    var tree = JudgedTree()
    /// What each client that is up has seen.
    var clients: [NodeID: SeenClient] = [:]
    /// What clients have asked to be written, by session, and nobody has delivered.
    var writes: [SessionID: [Write]] = [:]
    /// By which connection of its client a write of each session was refused.
    var refusedOn: [SessionID: Int] = [:]
    /// To which servers a client has gone with a session and has not had it there since: each may
    /// have its leader take the session to it yet.
    var strayed: [SessionID: Set<NodeID>] = [:]
    /// For which client each session was begun.
    var openers: [SessionID: NodeID] = [:]
    /// The clients that do not put up with a server that only serves reads.
    let demanding: Set<NodeID>
    /// The processes that wait for an answer.
    var waiting: Set<ClientID> = []
    /// The last write that was answered to anybody.
    var acknowledged: Int64 = 0
    /// Which client was given each session first.
    var holders: [SessionID: NodeID] = [:]
    /// The last request of each session that was delivered.
    var lastRequests: [SessionID: LastRequest] = [:]
    /// How many ticks the session of each client must live unheard: what it asks for, or the
    /// nearest that servers allow.
    let timeouts: [NodeID: Int32]
    /// How many ticks later than that a session may expire.
    let delay: Int
    /// What the transactions are stamped by that were proposed in the act that is looked at.
    var stamps: [Int64] = []
    /// The session whose time has run out at a server, in the act that is looked at.
    var lapsed: Ending?

    // What leaders do.
    /// Those that a quorum has acknowledged and that lead still, each in its epoch.
    var leaders: [NodeID: Int] = [:]
    /// The last epoch that has begun with a leader.
    var epoch = 0
    /// The last transaction that each epoch began with.
    var beginnings: [Int: Int64] = [0: 0]
    /// The last that the leader of the last epoch has proposed, or began with.
    var lastProposed: Int64 = 0
    /// What was proposed and nobody has delivered, by zxid.
    var proposals: [Int64: ReplicatedTree.Transaction] = [:]
    /// The ends of sessions that were proposed by one that leads still.
    var endings: [Ending] = []

    // What servers deliver.
    /// Up to which zxid each server has delivered, or has taken over a snapshot.
    var places: [NodeID: Int64] = [:]
    /// Up to which zxid each has ever delivered.
    var reached: [NodeID: Int64] = [:]
    /// The servers that have taken over a snapshot, and those that have delivered something, and
    /// were not looked at since.
    var restored: Set<NodeID> = []
    var changed: Set<NodeID> = []

    /// A monitor of some servers and clients.
    ///
    /// - Parameters:
    ///   - demanding: the clients that do not put up with a server that only serves reads.
    ///   - wanted: which time-out each client asks for, in ticks.
    ///   - settings: how the servers are set.
    public init(
      demanding: Set<NodeID> = [], wanted: [NodeID: Int32] = [:],
      settings: ZooKeeperEnsemble.Settings = ZooKeeperEnsemble.Settings()
    ) {
      self.demanding = demanding
      let allowed = settings.timeouts
      timeouts = wanted.mapValues { max(allowed.lowerBound, min(allowed.upperBound, $0)) }
      delay = settings.tick
    }

    /// A transaction, and what its client must see.
    struct Entry: Hashable {
      let zxid: Int64
      let transaction: ReplicatedTree.Transaction
      let expected: Result<Answer, ErrorCode>?
    }

    /// A write, as its client has asked for it.
    struct Write: Hashable {
      let xid: Int32
      let request: ZooKeeper.Request
      /// The how manieth connection of its session it went by, and to which server.
      let connection: Int
      let server: NodeID?
      /// Whether the session may have been taken to another server before it is prepared.
      var mayBeLate = false
      /// Whether a later read of its client was answered before it was done.
      var isOvertaken = false
    }

    /// A request of a session that was delivered.
    struct LastRequest: Hashable {
      let xid: Int32
      let zxid: Int64
    }

    /// The end of a session, as its leader has proposed it.
    struct Ending: Hashable {
      let session: SessionID
      let leader: NodeID
    }

    /// Something that was seen of a node.
    struct Witnessed: Hashable {
      let node: NodeID
      let condition: Condition
    }
  }
}

extension ZooKeeperEnsemble.Monitor: ProtocolCore.Monitor {
  /// The servers and clients.
  public typealias Node = ZooKeeperEnsemble.Node

  /// Something happened at a node.
  public mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID) {
    switch observation {
    case .noted(.peer(.delivered(let proposal, _))): deliver(proposal, at: id)
    case .noted(.peer(.restored(let zxid))): restore(zxid.value, at: id)
    case .noted(.peer(.broadcast(let proposal))): propose(proposal, by: id)
    case .noted(.peer(.leads(let epoch))): lead(epoch, id)
    case .noted(.refusesNewer): witness(.refused, at: id)
    // An answer that nobody has asked for.
    case .noted(.unexpected(.reply, _)): broken.insert(.clientOrder)
    case .asked(let call, let caller):
      clients[id, default: SeenClient()].callers.append(SeenClient.Caller(call, caller))
    case .replied(let outcome, let caller), .refused(let outcome, let caller):
      reply(outcome, to: caller, at: id)
    case .repliedAgain: broken.insert(.answers)
    case .noted(.asks), .noted(.answered), .noted(.told), .noted(.dials), .noted(.connected),
      .noted(.disconnected), .noted(.expired), .noted(.closed), .noted(.abandoned):
      if case .noted(let note) = observation { see(note, at: id) }
    case .crashed:
      (places[id], clients[id]) = (nil, nil)
      resign(id)
    case .expired(.session(let session)): lapsed = Ending(session: session, leader: id)
    case .noted(.peer(.elected)), .noted(.peer(.synchronizes)), .noted(.peer(.unexpected)),
      .noted(.peer(.handsOver)),
      .noted(.unexpected), .noted(.servesReadOnly), .expired, .lost, .doubled, .restarted,
      .forgot:
      break
    }
  }

  /// A process has asked its client library, and waits until it knows what came of that.
  public mutating func observe(_ event: ClientEvent<Node.Words>, of client: ClientID) {
    switch event {
    case .invoked: waiting.insert(client)
    case .returned, .gaveUp: waiting.remove(client)
    case .refused, .unknown: break
    }
  }

  /// A server acted: what it has proposed is stamped by what its clock read.
  public mutating func look(at node: Node, _ id: NodeID, reading: Ticks) {
    if stamps.contains(where: { $0 != Int64(reading.count) }) { broken.insert(.stamps) }
    stamps = []
    look(at: node, id)
  }

  /// A server acted: what it has must be what was delivered.
  public mutating func look(at node: Node, _ id: NodeID) {
    lapsed = nil
    guard case .server(let server) = node else { return }
    if leaders[id] != nil, !server.zab.isEstablished { resign(id) }
    guard let place = places[id], let shown = server.delivered else { return }
    if restored.remove(id) != nil {
      if !isRight(shown, at: place) { broken.insert(.snapshots) }
    } else if changed.contains(id), !isRight(shown, at: place) {
      broken.insert(.trees)
    }
    changed.remove(id)
  }

  mutating func witness(_ condition: ZooKeeperEnsemble.Condition, at id: NodeID) {
    witnessed.insert(Witnessed(node: id, condition: condition))
  }
}
