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

/// ZooKeeper: a small tree of nodes that many processes can trust, as every server keeps it.
///
/// Processes that work together have to agree on small things: who leads, who is alive, which
/// configuration holds, whose turn it is. ZooKeeper keeps such things for them in a tree of nodes,
/// each with a little data, and gives four means to deal with it: writes that name the version
/// they expect, nodes that vanish with whoever made them, numbers that no name gets twice, and
/// watches that tell once that something has changed. Locks, queues and elections are made of
/// these by the clients themselves; the service knows nothing of them.
///
/// This chapter is the service: what one server, or all servers of an ensemble alike, do with
/// requests, with transactions and with time. It does no input and no output. How a transaction
/// reaches all servers in one order is the business of another chapter (ZAB); bytes and
/// connections are the business of the wire and the server.
///
/// The leader *prepares* a request against the tree as it is `proposed`, which is ahead of the
/// tree as it is `applied` by the transactions in flight; every server, the leader too, *commits*
/// transactions in the order of their zxids. Reads are answered from what is applied.
///
/// Time and zxids come in from outside.
///
///     request ──→ prepare ──→ transaction ──→ commit ──→ result = reply + changes
///                 against        takes a      on every     │
///                 proposed       zxid         server       └─→ Watches.trigger ──→ events
///
///     read ─────→ answer, from what is applied ──→ Watches.leave
///
///     time ─────→ Sessions.expire ──→ a transaction that closes the session
///
/// Read the files in this order:
///
///     Request, Create, WatchWords, Reconfiguration, Reply, Stat, ErrorCode, WatchEvent,
///     AccessControl, Identifiers    the words
///     Path                      what a name may be, and sequence numbers
///     Node, Tree                what is stored, and what a client sees of it
///     Tree+Preparing            what is checked, in which order; conditions end here
///     Transaction               what is left of a request: an effect
///     Tree+Applying             the effect
///     Quota, Tree+Quotas        what is counted beside
///     Service, Service+Reading  what is proposed, in flight, applied
///     AccessControl+Checking, AddressRange, Digest, Authentication, DigestMD5    who may do what
///     Watches, WatchTable       who is told, once or for good
///     Sessions                  who is alive
///     Dialect, Dialect+Editions where editions of Apache's server differ
///     Node+StoredOwner, Tree+Restoring    the tree as it is stored, and made again
///
/// What moves in the Stat (n the node, p its parent, z the transaction's zxid, t its time):
///
///                    n                                     p
///     create         czxid = mzxid = pzxid = z             pzxid = z, cversion + 1
///                    ctime = mtime = t, versions 0         numChildren + 1
///     delete         gone                                  pzxid = z, cversion + 1
///                                                          numChildren - 1
///     setData        mzxid = z, mtime = t, version + 1     nothing
///     setACL         aversion + 1                          nothing
///     close session  each of its ephemerals as by delete, all at one z
///     reaping        as by delete, each node at a z of its own
///     failed write   nothing, but z is used up             nothing
///
/// What is checked, in this order; the first that is wrong is the answer:
///
///     create   flags · session · a slash and no null · ACL · parent there · CREATE on parent
///              · whole path, number included · not there yet · parent not ephemeral · quota
///     delete   session · a slash, no null, not the server's own · parent there · DELETE on parent
///              · node there · version · no children
///     setData  session · whole path · node there · WRITE · quota · version
///     setACL   session · whole path · ACL · node there · ADMIN · aversion
///     check    session · whole path · node there · READ · version
///     reads    node there · READ (getACL: READ or ADMIN)
///
/// Which watch fires:
///
///                a data watch on n        a child watch on n    a child watch on p
///     create     NodeCreated (exists)     -                     NodeChildrenChanged p
///     delete     NodeDeleted, one for both kinds                NodeChildrenChanged p
///     setData    NodeDataChanged          -                     -
///
/// A persistent watch is told what a data watch and a child watch are, and stays. A recursive one
/// is told what a data watch on its node and on every node below would be, nothing of children.
///
/// What this chapter leaves out: what a reconfiguration does, sessions that only one server knows.
/// Of Apache's habits it leaves three out on purpose: a setACL in flight counts at once for the
/// requests behind it (there, the old ACL does until the new one is applied); the counter of
/// sequence numbers stops at its end also for requests in flight (there, a create behind one that
/// is in flight gets a negative number); and a hard quota holds within a multi and for what is in
/// flight too (there, each operation is held against what is applied).
///
/// Sources: ZooKeeper Programmer's Guide; Hunt, Konar, Junqueira, Reed, "ZooKeeper: Wait-free
/// coordination for Internet-scale systems", USENIX ATC 2010; the behaviour of Apache's editions
/// 3.4.14 to 3.9.5, observed.
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

  /// Turns the end of a node's time into a transaction: of those that ``Tree/reapable(at:)`` names,
  /// on the leader.
  public mutating func prepareReaping(_ path: String, zxid: Zxid, time: Int64) -> Transaction {
    if ahead == nil && !inFlight.isEmpty { ahead = proposed }
    let body: Transaction.Body
    do {
      body = try (ahead ?? applied).body(ofReaping: path)
    } catch {
      body = .error(error)
    }
    return propose(Transaction(session: .none, cxid: 0, zxid: zxid, time: time, body: body))
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
