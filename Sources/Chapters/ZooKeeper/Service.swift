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
/// It holds two values of the tree. The leader *prepares* a request against what is `proposed`,
/// which is ahead of what is `applied` by the transactions in flight; every server, the leader
/// too, *commits* transactions in the order of their zxids. Reads are answered from what is
/// applied.
///
/// Time and zxids come in from outside.
public struct Service: Hashable, Sendable {
  /// How it answers where editions differ.
  public let dialect: Dialect
  /// The tree as of the last transaction committed: what readers see.
  public private(set) var applied: Tree
  /// The tree as it will be once all that is in flight is committed: what writes are checked by.
  public private(set) var proposed: Tree
  /// Prepared, not committed yet, in order.
  public private(set) var inFlight: [Transaction] = []

  /// A service over `tree`, by default that of a server that has just been set up.
  public init(_ tree: Tree? = nil, dialect: Dialect = .reference) {
    self.dialect = dialect
    applied = tree ?? Tree(dialect)
    proposed = applied
  }

  /// Turns a request into a transaction: on the leader, once, in the order of the zxids.
  ///
  /// A request that fails becomes an ``Transaction/Body/error(_:)``. So does one that changes
  /// nothing and takes no zxid where it belongs: ``answer(_:by:)`` is for those.
  public mutating func prepare(
    _ request: Request, by author: Author, cxid: Int32, zxid: Zxid, time: Int64
  ) -> Transaction {
    let body: Transaction.Body
    do {
      body = try proposed.body(of: request, by: author, dialect)
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
    proposed.apply(transaction)
    inFlight.append(transaction)
    return transaction
  }

  /// Applies a transaction: on every server, in the order of the zxids.
  ///
  /// It need not be one that was prepared here. If it is not, what is proposed is computed anew,
  /// from what is applied and what is still in flight after it.
  public mutating func commit(_ transaction: Transaction) -> Outcome {
    let outcome = applied.apply(transaction)
    if inFlight.first == transaction {
      inFlight.removeFirst()
    } else {
      inFlight.removeAll { $0.zxid <= transaction.zxid }
      proposed = applied
      for later in inFlight { proposed.apply(later) }
    }
    return outcome
  }

  /// Forgets what is in flight, as a leader does that is none any more.
  public mutating func abandonProposals() {
    inFlight = []
    proposed = applied
  }

  /// Changes a node in both trees where no transaction could; see ``Tree/amend(_:_:)``.
  package mutating func amend(_ path: String, _ change: (inout Node) -> Void) {
    applied.amend(path, change)
    proposed.amend(path, change)
  }
}
