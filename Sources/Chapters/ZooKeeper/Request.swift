/// A node's data.
///
/// Null and empty are different values, and both are stored and given back.
public typealias Payload = [UInt8]?

/// The version argument of a conditional write.
public typealias Version = Int32

extension Version {
  /// Matches every version.
  public static var any: Version { -1 }
}

/// How a node is created: the `flags` field.
///
/// A server knows more (container and TTL nodes) and refuses what it does not know, so any number
/// can be asked.
public struct CreateMode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The mode of this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Stays until it is deleted.
  public static let persistent = CreateMode(rawValue: 0)
  /// Goes with the session that created it.
  public static let ephemeral = CreateMode(rawValue: 1)
  /// Persistent, its name ended by the parent's counter.
  public static let persistentSequential = CreateMode(rawValue: 2)
  /// Ephemeral, its name ended by the parent's counter.
  public static let ephemeralSequential = CreateMode(rawValue: 3)

  /// Whether the node goes with its session.
  public var isEphemeral: Bool { self == .ephemeral || self == .ephemeralSequential }
  /// Whether the parent's counter ends the name.
  public var isSequential: Bool { self == .persistentSequential || self == .ephemeralSequential }
}

/// What a create asks for.
public struct Create: Hashable, Sendable {
  /// The node's path; for a sequential mode, its beginning.
  public var path: String
  /// Its data.
  public var data: Payload
  /// Its ACL; empty (or null on the wire) is refused.
  public var acl: [ACL]
  /// Its kind.
  public var mode: CreateMode
  /// Whether the reply brings the Stat too: `create2`.
  public var withStat: Bool

  /// A create of these fields.
  public init(
    _ path: String, data: Payload = [], acl: [ACL] = .open, mode: CreateMode = .persistent,
    withStat: Bool = false
  ) {
    self.path = path
    self.data = data
    self.acl = acl
    self.mode = mode
    self.withStat = withStat
  }
}

/// What may stand in a multi.
public enum Operation: Hashable, Sendable {
  /// Create a node.
  case create(Create)
  /// Delete a node without children.
  case delete(path: String, version: Version = .any)
  /// Replace a node's data.
  case setData(path: String, data: Payload, version: Version = .any)
  /// Fail unless the node has this version.
  case check(path: String, version: Version)
}

/// The watches that a client had, sent when it has reconnected.
public struct SetWatches: Hashable, Sendable {
  /// The last zxid that the client saw: what changed after it fires at once.
  public var relativeZxid: Zxid
  /// Paths with a watch left by getData, or by exists on a node that existed.
  public var data: [String]
  /// Paths with a watch left by exists on a node that did not exist.
  public var exist: [String]
  /// Paths with a watch left by getChildren.
  public var child: [String]

  /// These watches, relative to `relativeZxid`.
  public init(
    relativeZxid: Zxid, data: [String] = [], exist: [String] = [], child: [String] = []
  ) {
    self.relativeZxid = relativeZxid
    self.data = data
    self.exist = exist
    self.child = child
  }
}

/// What a client asks of a session, once it has one.
///
/// Source: ZooKeeper Programmer's Guide, "Operations"; `zookeeper.jute` for the fields.
public enum Request: Hashable, Sendable {
  /// Create a node (`create`, `create2`).
  case create(Create)
  /// Delete a node that has no children.
  case delete(path: String, version: Version = .any)
  /// Ask for a node's Stat, and perhaps leave a watch, whether the node exists or not.
  case exists(path: String, watch: Bool = false)
  /// Read a node's data and Stat, and perhaps leave a watch.
  case getData(path: String, watch: Bool = false)
  /// Replace a node's data.
  case setData(path: String, data: Payload, version: Version = .any)
  /// Read a node's ACL and Stat.
  case getACL(path: String)
  /// Replace a node's ACL; the version is its `aversion`.
  case setACL(path: String, acl: [ACL], version: Version = .any)
  /// List a node's children, and perhaps leave a watch (`getChildren`, `getChildren2`).
  case getChildren(path: String, watch: Bool = false, withStat: Bool = false)
  /// Wait until this server has applied what the leader had committed; the path comes back.
  case sync(path: String?)
  /// Fail unless the node has this version. Outside a multi it destroys Apache's servers up to
  /// 3.8 when it holds: never sent to a server that is not ours.
  case check(path: String, version: Version)
  /// All of these or none, under one zxid.
  case multi([Operation])
  /// Keep the session alive.
  case ping
  /// Add an identity to this connection.
  case auth(scheme: String, credentials: Payload)
  /// Set again the watches of an earlier connection.
  case setWatches(SetWatches)
  /// End the session.
  case closeSession
}
