/// Who asks: a session, and whom its connection has shown to be.
public struct Author: Hashable, Sendable {
  /// The session.
  public var session: SessionID
  /// The connection's identities at the time of the request.
  public var identities: [Identity]

  /// The author of these fields.
  public init(_ session: SessionID, identities: [Identity] = []) {
    self.session = session
    self.identities = identities
  }
}

/// The service that is replicated: what every server does with requests and transactions.
///
/// The leader *prepares* a request against the tree as it is `proposed`, which is ahead of the
/// tree as it is `applied` by the transactions in flight; every server, the leader too, *commits*
/// transactions in the order of their zxids. Reads are answered from what is applied.
///
/// Time and zxids come in from outside.
public struct Service: Sendable {
  /// How it answers where editions differ.
  public let dialect: Dialect
  /// The tree as of the last transaction committed: what readers see.
  public private(set) var applied: Tree
  /// Prepared, not committed yet, in order.
  public private(set) var inFlight: [Transaction] = []
  /// What is proposed, where it had to be known: while a second request meets a first in flight.
  private var ahead: Tree?

  /// A service over `tree`, by default that of a server that has just been set up.
  public init(_ tree: Tree? = nil, dialect: Dialect = .reference) {
    self.dialect = dialect
    applied = tree ?? Tree(dialect)
  }

  /// The tree as it will be once all that is in flight is committed: what writes are checked by.
  public var proposed: Tree {
    if let ahead { return ahead }
    var tree = applied
    for transaction in inFlight { tree.apply(transaction) }
    return tree
  }

  /// The zxid of the last transaction that was proposed; the next one's is greater.
  public var lastProposed: Zxid { inFlight.last?.zxid ?? applied.zxid }

  // begin prepare
  /// Turns a request into a transaction: on the leader, once, in the order of the zxids.
  ///
  /// A request that fails becomes an ``Transaction/Body/error(_:)``. So does one that changes
  /// nothing and takes no zxid where it belongs: ``answer(_:by:)`` is for those.
  public mutating func prepare(
    _ request: Request, by author: Author, cxid: Int32, zxid: Zxid, time: Int64
  ) -> Transaction {
    if ahead == nil && !inFlight.isEmpty { ahead = proposed }
    let body: Transaction.Body
    do {
      body = try (ahead ?? applied).body(of: request, by: author, dialect)
    } catch {
      body = .error(error)
    }
    return propose(
      Transaction(session: author.session, cxid: cxid, zxid: zxid, time: time, body: body))
  }

  /// Turns the beginning of a session into a transaction.
  public mutating func prepareSession(
    _ session: SessionID, timeout: Int32, zxid: Zxid, time: Int64
  ) -> Transaction {
    propose(
      Transaction(
        session: session, cxid: 0, zxid: zxid, time: time,
        body: .createSession(timeout: timeout)))
  }

  private mutating func propose(_ transaction: Transaction) -> Transaction {
    inFlight.append(transaction)
    ahead?.apply(transaction)
    return transaction
  }
  // end prepare

  // begin commit
  /// Applies a transaction: on every server, in the order of the zxids.
  ///
  /// It need not be one that was prepared here; what is proposed is then computed anew, from what
  /// is applied and what is still in flight after it.
  public mutating func commit(_ transaction: Transaction) -> TransactionResult {
    let result = applied.apply(transaction)
    if inFlight.first == transaction {
      inFlight.removeFirst()
    } else {
      inFlight.removeAll { $0.zxid <= transaction.zxid }
      ahead = nil
    }
    if inFlight.isEmpty { ahead = nil }
    return result
  }
  // end commit

  /// Forgets what is in flight, as a leader does that is none any more.
  public mutating func abandonProposals() {
    inFlight = []
    ahead = nil
  }

  /// Changes a node in both trees where no transaction could; see ``Tree/amend(_:_:)``.
  package mutating func amend(_ path: String, _ change: (inout Node) -> Void) {
    applied.amend(path, change)
    ahead?.amend(path, change)
  }
}

extension Service: Hashable {
  /// Whether both have applied the same and have the same in flight; all else follows.
  public static func == (a: Service, b: Service) -> Bool {
    a.dialect == b.dialect && a.inFlight == b.inFlight && a.applied == b.applied
  }

  /// What ``==(_:_:)`` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(dialect)
    hasher.combine(inFlight)
    hasher.combine(applied)
  }
}
