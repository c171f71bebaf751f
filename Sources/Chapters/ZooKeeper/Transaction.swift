/// What a request became when it was prepared: a change without conditions, that every server
/// applies in the order of the zxids and with the same effect.
///
/// All that could go wrong was looked at before; what a new version or a new node's name is has
/// been worked out. A request that failed is a transaction too: it takes a zxid and changes
/// nothing.
///
/// Source: `zookeeper.jute`, `TxnHeader` and the `…Txn` records.
public struct Transaction: Hashable, Sendable {
  /// Whose request it was.
  public var session: SessionID
  /// The request's number in its connection, 0 for a session that expired.
  public var cxid: Int32
  /// Its place in the order of all transactions.
  public var zxid: Zxid
  /// The leader's clock, in milliseconds since 1970.
  public var time: Int64
  /// The change.
  public var body: Body

  /// The transaction of these fields.
  public init(session: SessionID, cxid: Int32, zxid: Zxid, time: Int64, body: Body) {
    self.session = session
    self.cxid = cxid
    self.zxid = zxid
    self.time = time
    self.body = body
  }

  /// The kinds of change.
  public indirect enum Body: Hashable, Sendable {
    /// A session begins.
    case createSession(timeout: Int32)
    /// A session ends, and these nodes, which it owned, go with it.
    case closeSession(paths: [String])
    /// A node appears.
    case create(Creation)
    /// A node goes.
    case delete(path: String)
    /// A node has new data, and this version.
    case setData(path: String, data: Payload, version: Version)
    /// A node has a new ACL, and this aversion.
    case setACL(path: String, acl: [ACL], version: Version)
    /// Nothing; the version is the one that a write would have given.
    case check(path: String, version: Version)
    /// These, one after the other, at one zxid; or, of a multi that failed, each one's error.
    case multi([Body])
    /// Nothing: the request failed.
    case error(ErrorCode)
  }

  /// A node that appears.
  public struct Creation: Hashable, Sendable {
    /// Its full path, sequence number included.
    public var path: String
    /// Its data.
    public var data: Payload
    /// Its ACL, `auth` replaced by who that was.
    public var acl: [ACL]
    /// Whether it belongs to the transaction's session.
    public var isEphemeral: Bool
    /// Whether the server takes it away by itself, and when.
    public var reaping: Node.Reaping
    /// How many children its parent will then have had; -1 for one more than it had.
    public var parentCVersion: Int32
    /// Whether the answer brings the Stat (`create2`).
    public var withStat: Bool

    /// The creation of these fields.
    public init(
      path: String, data: Payload, acl: [ACL], isEphemeral: Bool,
      reaping: Node.Reaping = .never, parentCVersion: Int32, withStat: Bool = false
    ) {
      self.path = path
      self.data = data
      self.acl = acl
      self.isEphemeral = isEphemeral
      self.reaping = reaping
      self.parentCVersion = parentCVersion
      self.withStat = withStat
    }
  }
}

/// What a committed transaction did: the reply to whoever asked, and what watches may tell.
public struct TransactionResult: Hashable, Sendable {
  /// For the session that asked.
  public var reply: Reply
  /// What happened to nodes, in the order in which their watches fire.
  public var changes: [Change]

  /// The result of these parts.
  public init(reply: Reply, changes: [Change] = []) {
    self.reply = reply
    self.changes = changes
  }
}

/// Something that happened to a node, and who might read it then.
public struct Change: Hashable, Sendable {
  /// The kinds of change that watches tell of; a new ACL is none.
  public enum Kind: Hashable, Sendable {
    /// The node was created.
    case created
    /// The node was deleted.
    case deleted
    /// The node's data was set, perhaps to the same bytes.
    case dataChanged
  }

  /// What happened.
  public var kind: Kind
  /// To which node.
  public var path: String
  /// The node's ACL; of a deleted node, the one that it had.
  public var acl: [ACL]
  /// Its parent's ACL; empty for ``Kind/dataChanged``, which no watch on a parent tells.
  public var parentACL: [ACL]

  /// The change of these fields.
  public init(_ kind: Kind, _ path: String, acl: [ACL], parentACL: [ACL] = []) {
    self.kind = kind
    self.path = path
    self.acl = acl
    self.parentACL = parentACL
  }
}
