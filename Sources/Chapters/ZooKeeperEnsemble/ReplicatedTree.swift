public import ProtocolCore
public import ZAB
public import ZooKeeper

/// The tree as an ensemble replicates it: the leader prepares requests, every server applies what
/// came of them.
public struct ReplicatedTree: ReplicatedService {
  /// All that is replicated: the nodes, and the sessions that are open.
  public internal(set) var tree = Tree()

  /// The tree of servers that have just been set up.
  public init() {}

  /// What a server has its leader do: a client's request, or what it asks for a session.
  public struct Request: Hashable, Sendable {
    /// The server that the client is connected to.
    public let server: NodeID
    /// Who asks; without a session, where one is to begin.
    public let author: Author
    /// The client's number for it, its xid; of a session that begins, the server's.
    public let cxid: Int32
    /// Of a session that begins, the client for which it does: servers that start again count from
    /// one again.
    public let client: NodeID?
    /// What is asked.
    public let ask: Ask
    /// What the leader's clock showed when it took it, in milliseconds.
    public var time: Int64 = 0
    /// Whether it is prepared against what is outstanding, too.
    var countsOutstanding = true
    /// Whether the session that it begins is called by the transaction's number.
    var callsByZxid = true

    /// A request that a server has taken.
    public init(
      _ ask: Ask, by author: Author, cxid: Int32, at server: NodeID, for client: NodeID? = nil
    ) {
      (self.ask, self.author, self.cxid, self.server) = (ask, author, cxid, server)
      self.client = client
    }
  }

  /// What is asked of the leader.
  public enum Ask: Hashable, Sendable {
    /// Begin a session with this timeout; the number is that of the server, the high byte of the
    /// session's id.
    case open(timeout: Int32, number: UInt8)
    /// End the session, of which nothing was heard for too long.
    case expire
    /// What a client asks.
    case request(ZooKeeper.Request)
    /// Take away a node whose time has come. (ContainerManager)
    case reap(String)
    /// Nothing: the leader refuses it, by this code.
    case refuse(ErrorCode)
  }

  /// A change under its zxid, and the request that it was made of.
  public struct Transaction: Hashable, Sendable {
    /// What it was made of.
    public let request: Request
    /// What every server applies.
    public private(set) var change: ZooKeeper.Transaction

    /// The same transaction with another change in it, as only a faulty server has it.
    package func doing(_ body: ZooKeeper.Transaction.Body) -> Transaction {
      var transaction = self
      transaction.change.body = body
      return transaction
    }
  }

  /// What comes of a request.
  public enum Reply: Hashable, Sendable {
    /// It was applied.
    case applied(TransactionResult)
    /// It was not taken up.
    case refused
  }

  /// Not here, or not now.
  public static var refusal: Reply { .refused }

  // begin preparing
  /// What the leader makes of a request: prepared against the tree as it will be when all that is
  /// outstanding is applied. (Apache: PrepRequestProcessor, outstandingChanges)
  public func transaction(
    for request: Request, at zxid: PeerZxid, after outstanding: [Proposal<Self>]
  ) -> Transaction? {
    var proposed = tree
    if request.countsOutstanding {
      for proposal in outstanding { proposed.apply(proposal.transaction.change) }
    }
    let number = ZooKeeper.Zxid(zxid.value)
    var service = Service(proposed)
    let change: ZooKeeper.Transaction
    switch request.ask {
    case .open(let timeout, let server):
      // No two transactions have one zxid, so no two sessions have one id.
      let count = request.callsByZxid ? number.rawValue : Int64(request.cxid)
      let session = Int64(server) << 56 | count & 0xff_ffff_ffff_ffff
      change = service.prepareSession(
        SessionID(session), timeout: timeout, zxid: number, time: request.time)
    case .expire:
      change = service.prepare(
        .closeSession, by: request.author, cxid: 0, zxid: number, time: request.time)
    case .request(let asked):
      change = service.prepare(
        asked, by: request.author, cxid: request.cxid, zxid: number, time: request.time)
    case .reap(let path):
      change = service.prepareReaping(path, zxid: number, time: request.time)
    case .refuse(let code):
      change = ZooKeeper.Transaction(
        session: request.author.session, cxid: request.cxid, zxid: number, time: request.time,
        body: .error(code))
    }
    return Transaction(request: request, change: change)
  }
  // end preparing

  /// Applies a transaction.
  public mutating func apply(_ proposal: Proposal<Self>) -> Reply {
    .applied(tree.apply(proposal.transaction.change))
  }
}

// Servers answer their clients by themselves, by what they deliver; and what they tell each other
// of sessions goes beside the replication, which knows of none.
extension ReplicatedTree {
  /// A request is its own origin.
  public typealias Origin = Request

  /// The whole request.
  public static func origin(of request: Request) -> Request { request }

  /// The request that a transaction was made of.
  public static func origin(of transaction: Transaction) -> Request { transaction.request }

  /// Nobody asks the replication for a read: whatever goes to the leader becomes a transaction.
  public static func isRead(_ request: Request) -> Bool { false }

  /// Nobody asks the replication for a read.
  public func answer(to request: Request) -> Reply { .refused }
}
