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
    /// The last write that was answered to anybody.
    var acknowledged: Int64 = 0
    /// The last epoch that has begun with a leader.
    private(set) var epoch = 0
    /// The last that was proposed in each epoch.
    private(set) var proposed: [Int64: Int64] = [:]
    /// The sessions whose end was proposed.
    private(set) var closing: Set<SessionID> = []
    /// Behind how many transactions each session was closed.
    private(set) var closed: [SessionID: Int] = [:]
    /// The last request of each session that was delivered.
    private var lastRequests: [SessionID: Int32] = [:]
    /// Up to which zxid each server has delivered, or has taken over a snapshot: one in which there
    /// may be what nobody has delivered yet.
    private var places: [NodeID: Int64] = [:]
    /// The servers that have taken over a snapshot, and were not looked at since.
    private var restored: Set<NodeID> = []

    /// A monitor of some servers and clients.
    public init() {}

    /// A transaction, and what its client must see.
    struct Entry: Hashable {
      let zxid: Int64
      let transaction: ReplicatedTree.Transaction
      let expected: Result<Answer, ErrorCode>?
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
    case .noted(.peer(.restored(let zxid))):
      places[id] = zxid.value
      restored.insert(id)
    case .noted(.peer(.broadcast(let proposal))):
      proposed[proposal.number >> 32] = proposal.number
      if proposal.transaction.request.closes {
        closing.insert(proposal.transaction.request.author.session)
      }
    case .noted(.peer(.leads(let epoch))): self.epoch = max(self.epoch, epoch)
    case .noted(.refusesNewer): witness(.refused, at: id)
    case .noted(.asks), .noted(.answered), .noted(.told), .noted(.dials), .noted(.connected),
      .noted(.disconnected), .noted(.expired), .noted(.closed):
      if case .noted(let note) = observation { see(note, at: id) }
    case .crashed: (places[id], clients[id]) = (nil, nil)
    case .noted(.peer(.elected)), .noted(.peer(.synchronizes)), .noted(.peer(.unexpected)),
      .noted(.unexpected), .noted(.servesReadOnly), .asked, .replied,
      .refused, .repliedAgain, .expired, .lost, .doubled, .restarted, .forgot:
      break
    }
  }

  /// A server acted: if it has taken over a snapshot, that must hold what was delivered.
  public mutating func look(at node: Node, _ id: NodeID) {
    guard restored.contains(id), case .server(let server) = node, let shown = server.delivered
    else { return }
    restored.remove(id)
    let paths = shown.paths.filter { !$0.hasPrefix("/zookeeper") }
    let zxid = shown.zxid.rawValue
    let isSame = paths.allSatisfy { path in
      guard let node = tree.node(path, at: zxid), let other = shown[path] else { return false }
      return node.stat == other.stat && node.data == other.data
    }
    if !isSame || paths.count != tree.count(at: zxid) { broken.insert(.snapshots) }
  }

  mutating func witness(_ condition: ZooKeeperEnsemble.Condition, at id: NodeID) {
    witnessed.insert(Witnessed(node: id, condition: condition))
  }

  // MARK: What is delivered

  private mutating func deliver(_ proposal: Proposal<ReplicatedTree>, at id: NodeID) {
    let before = places[id] ?? 0
    let place: Int
    if let last = log.last, proposal.number <= last.zxid {
      guard let known = entry(at: proposal.number), log[known].transaction == proposal.transaction
      else {
        broken.insert(.sameOrder)
        return
      }
      place = known
    } else {
      place = log.count
      append(proposal)
    }
    // It is the first of all that lie behind what the server has.
    let isNext = log[place].zxid > before && (place == 0 || log[place - 1].zxid <= before)
    if !isNext { broken.insert(.sameOrder) }
    places[id] = proposal.number
  }

  /// The place of a zxid in the log.
  func entry(at zxid: Int64) -> Int? {
    var (low, high) = (0, log.count)
    while low < high {
      let middle = (low + high) / 2
      if log[middle].zxid < zxid { low = middle + 1 } else { high = middle }
    }
    return low < log.count && log[low].zxid == zxid ? low : nil
  }

  /// A transaction is delivered for the first time: what was asked is done.
  private mutating func append(_ proposal: Proposal<ReplicatedTree>) {
    let (transaction, zxid) = (proposal.transaction, proposal.number)
    let (request, change) = (transaction.request, transaction.change)
    var expected: Result<Answer, ErrorCode>?
    switch request.ask {
    case .open: tree.openSession(change.session)
    case .reap(let path): _ = tree.delete(path, .any, at: zxid)
    case .refuse(let code): expected = .failure(code)
    case .expire: expected = close(transaction, at: zxid)
    case .request(.closeSession):
      order(request)
      expected = close(transaction, at: zxid)
    case .request(let asked):
      order(request)
      expected = tree.perform(asked, by: change.session, at: zxid, time: change.time)
    }
    log.append(Entry(zxid: zxid, transaction: transaction, expected: expected))
  }

  /// What one session asks is delivered in the order of its numbers.
  private mutating func order(_ request: ReplicatedTree.Request) {
    let session = request.author.session
    if let last = lastRequests[session], request.cxid <= last { broken.insert(.clientOrder) }
    lastRequests[session] = request.cxid
  }

  /// A session ends, and what it owned goes.
  private mutating func close(
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
    closed[session] = log.count
    if case .closeSession(let paths) = transaction.change.body, Set(paths) == Set(owned) {
      return .success(.done)
    }
    broken.insert(.ephemerals)
    return .success(.done)
  }
}
