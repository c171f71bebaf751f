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
/// A server refuses what it does not know, so any number can be asked.
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
  /// Goes, some time, when it has had children and has none any more.
  public static let container = CreateMode(rawValue: 4)
  /// Goes, some time, when it has no children and its data was not set for as long as it says.
  public static let persistentWithTTL = CreateMode(rawValue: 5)
  /// Likewise, its name ended by the parent's counter.
  public static let persistentSequentialWithTTL = CreateMode(rawValue: 6)

  /// Whether the node goes with its session.
  public var isEphemeral: Bool { self == .ephemeral || self == .ephemeralSequential }
  /// Whether the parent's counter ends the name.
  public var isSequential: Bool {
    self == .persistentSequential || self == .ephemeralSequential
      || self == .persistentSequentialWithTTL
  }
  /// Whether the node goes after a time.
  public var hasTTL: Bool { self == .persistentWithTTL || self == .persistentSequentialWithTTL }
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

/// What may stand in a multiRead.
///
/// The `watch` that both records have is written as false and never read.
public enum ReadOperation: Hashable, Sendable {
  /// Read a node's data and Stat.
  case getData(path: String)
  /// List a node's children.
  case getChildren(path: String)

  /// The path that it is about.
  public var path: String {
    switch self {
    case .getData(let path), .getChildren(let path): path
    }
  }
}

/// What a client asks of a session, once it has one.
///
/// Source: ZooKeeper Programmer's Guide, "Operations"; `zookeeper.jute` for the fields.
public enum Request: Hashable, Sendable {
  /// Create a node (`create`, `create2`, `createContainer`, `createTTL`).
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
  /// Several reads as one; each succeeds or fails by itself.
  case multiRead([ReadOperation])
  /// List the ephemeral nodes of this session whose paths begin so; null and `/` are all.
  case getEphemerals(prefix: String?)
  /// Count the nodes below a node, at all depths (`getAllChildrenNumber`).
  case getAllChildrenNumber(path: String)
  /// Tell whom this connection has shown to be.
  case whoAmI
  /// Set again the watches of an earlier connection (`setWatches`, `setWatches2`).
  case setWatches(SetWatches)
  /// Leave a watch that stays when it has fired, on a node or on all below it too.
  case addWatch(path: String, mode: AddWatchMode)
  /// Fail unless this connection has left such a watch.
  case checkWatches(path: String, type: WatcherType)
  /// Take back such watches of this connection.
  case removeWatches(path: String, type: WatcherType)
  /// Change who belongs to the ensemble.
  case reconfig(Reconfiguration)
  /// A step of authentication by SASL: what the mechanism says.
  case sasl(token: Payload)
  /// End the session.
  case closeSession
}
