/// What every node tells about itself, as a client sees it.
///
/// Zxids say *which transaction*, times are milliseconds since 1970 by the leader's clock, versions
/// count changes and wrap from 2,147,483,647 to -2,147,483,648.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure"; field order as in
/// `zookeeper.jute`.
public struct Stat: Hashable, Sendable {
  /// The transaction that created the node.
  public var czxid: Zxid
  /// The transaction that last changed its data.
  public var mzxid: Zxid
  /// When the node was created.
  public var ctime: Int64
  /// When its data was last changed.
  public var mtime: Int64
  /// How often its data was changed.
  public var version: Int32
  /// How often a child was created or deleted.
  public var cversion: Int32
  /// How often its ACL was changed.
  public var aversion: Int32
  /// The session that owns an ephemeral node, ``SessionID/none`` for others.
  public var ephemeralOwner: SessionID
  /// The length of its data in bytes, 0 for null.
  public var dataLength: Int32
  /// The number of its children.
  public var numChildren: Int32
  /// The transaction that last created or deleted one of its children, or created the node.
  public var pzxid: Zxid

  /// A Stat of these fields; each is zero where it is not given.
  public init(
    czxid: Zxid = .zero, mzxid: Zxid = .zero, ctime: Int64 = 0, mtime: Int64 = 0,
    version: Int32 = 0, cversion: Int32 = 0, aversion: Int32 = 0,
    ephemeralOwner: SessionID = .none, dataLength: Int32 = 0, numChildren: Int32 = 0,
    pzxid: Zxid = .zero
  ) {
    self.czxid = czxid
    self.mzxid = mzxid
    self.ctime = ctime
    self.mtime = mtime
    self.version = version
    self.cversion = cversion
    self.aversion = aversion
    self.ephemeralOwner = ephemeralOwner
    self.dataLength = dataLength
    self.numChildren = numChildren
    self.pzxid = pzxid
  }
}
