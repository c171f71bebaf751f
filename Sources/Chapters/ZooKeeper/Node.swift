internal import HashTreeCollections

/// A znode as it is stored: what a client sees as its ``Stat`` is computed from it.
public struct Node: Hashable, Sendable {
  /// Its data; null and empty are different.
  public var data: Payload
  /// Its ACL; an empty one is open to everybody.
  public var acl: [ACL]
  /// The transaction that created it.
  public var czxid: Zxid
  /// The transaction that last changed its data.
  public var mzxid: Zxid
  /// The transaction that last created or deleted one of its children, or created it.
  public var pzxid: Zxid
  /// When it was created, by the leader's clock.
  public var ctime: Int64
  /// When its data was last changed.
  public var mtime: Int64
  /// How often its data was changed.
  public var version: Int32
  /// How often its ACL was changed.
  public var aversion: Int32
  /// How many children were ever created: the stored `cversion`, and the next sequence number.
  public var childrenCreated: Int32
  /// The session that owns an ephemeral node, ``SessionID/none`` for others.
  public var ephemeralOwner: SessionID
  /// Whether the server takes it away by itself, and when.
  public var reaping = Reaping.never
  /// The names of its children.
  var children: TreeSet<Verbatim> = []

  /// A node as a create leaves it: all three zxids that of the create, all versions 0.
  public init(
    data: Payload, acl: [ACL], ephemeralOwner: SessionID = .none, zxid: Zxid, time: Int64
  ) {
    self.data = data
    self.acl = acl
    czxid = zxid
    mzxid = zxid
    pzxid = zxid
    ctime = time
    mtime = time
    version = 0
    aversion = 0
    childrenCreated = 0
    self.ephemeralOwner = ephemeralOwner
  }

  /// Whether it goes with its session.
  public var isEphemeral: Bool { ephemeralOwner != .none }

  /// When a server takes away a node that belongs to no session.
  public enum Reaping: Hashable, Sendable {
    /// Never.
    case never
    /// When it has had children and has none any more: a container.
    case emptied
    /// When it has no children and its data was not set for so many milliseconds: a TTL node.
    case after(Int64)
  }

  /// Whether it is to be taken away at this time, in milliseconds since 1970.
  ///
  /// A container that never had a child is kept: its maker may be about to create one.
  func isReapable(at time: Int64) -> Bool {
    guard children.isEmpty else { return false }
    switch reaping {
    case .never: return false
    case .emptied: return childrenCreated > 0
    case .after(let ttl): return time - mtime > ttl
    }
  }

  /// The number of its children.
  public var childCount: Int { children.count }

  /// The names of its children, in the order of their bytes.
  ///
  /// A real server's order is that of a hash table; a client may rely on none.
  public var childNames: [String] { children.sorted().map(\.string) }

  // begin visible-stat
  /// What a client sees.
  ///
  /// The stored counter counts creates alone. A create raises it and the number of children, a
  /// delete lowers that number: so twice the counter less the number of children counts both.
  public var stat: Stat {
    let children = Int32(truncatingIfNeeded: childCount)
    return Stat(
      czxid: czxid, mzxid: mzxid, ctime: ctime, mtime: mtime,
      version: version, cversion: 2 &* childrenCreated &- children, aversion: aversion,
      ephemeralOwner: ephemeralOwner, dataLength: Int32(truncatingIfNeeded: data?.count ?? 0),
      numChildren: children, pzxid: pzxid)
  }
  // end visible-stat
}
