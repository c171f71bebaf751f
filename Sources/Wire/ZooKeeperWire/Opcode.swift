public import ZooKeeper

/// The number of an operation on the wire.
///
/// A client may send a number that stands here nowhere; it is kept.
///
/// Source: Apache ZooKeeper, `ZooDefs.OpCode`.
public struct Opcode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The opcode of this number, named or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Create a node.
  public static let create = Opcode(rawValue: 1)
  /// Delete a node.
  public static let delete = Opcode(rawValue: 2)
  /// Ask whether a node exists.
  public static let exists = Opcode(rawValue: 3)
  /// Read a node's data.
  public static let getData = Opcode(rawValue: 4)
  /// Replace a node's data.
  public static let setData = Opcode(rawValue: 5)
  /// Read a node's ACL.
  public static let getACL = Opcode(rawValue: 6)
  /// Replace a node's ACL.
  public static let setACL = Opcode(rawValue: 7)
  /// List a node's children.
  public static let getChildren = Opcode(rawValue: 8)
  /// Wait for the leader.
  public static let sync = Opcode(rawValue: 9)
  /// Keep the session alive.
  public static let ping = Opcode(rawValue: 11)
  /// List a node's children, with its Stat.
  public static let getChildren2 = Opcode(rawValue: 12)
  /// Check a node's version.
  public static let check = Opcode(rawValue: 13)
  /// Several writes as one.
  public static let multi = Opcode(rawValue: 14)
  /// Create a node, with its Stat in the reply.
  public static let create2 = Opcode(rawValue: 15)
  /// Change who belongs to the ensemble.
  public static let reconfig = Opcode(rawValue: 16)
  /// Look for a watch of this connection.
  public static let checkWatches = Opcode(rawValue: 17)
  /// Take watches of this connection back.
  public static let removeWatches = Opcode(rawValue: 18)
  /// Create a container.
  public static let createContainer = Opcode(rawValue: 19)
  /// Create a node that goes after a time.
  public static let createTTL = Opcode(rawValue: 21)
  /// Several reads as one.
  public static let multiRead = Opcode(rawValue: 22)
  /// Add an identity to the connection.
  public static let auth = Opcode(rawValue: 100)
  /// Set again the watches of an earlier connection.
  public static let setWatches = Opcode(rawValue: 101)
  /// A step of authentication by SASL.
  public static let sasl = Opcode(rawValue: 102)
  /// List the session's ephemeral nodes.
  public static let getEphemerals = Opcode(rawValue: 103)
  /// Count the nodes below a node.
  public static let getAllChildrenNumber = Opcode(rawValue: 104)
  /// Set again the watches of an earlier connection, those that stay too.
  public static let setWatches2 = Opcode(rawValue: 105)
  /// Leave a watch that stays.
  public static let addWatch = Opcode(rawValue: 106)
  /// Tell the connection's identities.
  public static let whoAmI = Opcode(rawValue: 107)
  /// End the session.
  public static let closeSession = Opcode(rawValue: -11)

  /// In a multi's reply: a failed operation; in its terminator: no operation.
  public static let error = Opcode(rawValue: -1)

  static let names: [Opcode: String] = [
    .create: "create", .delete: "delete", .exists: "exists", .getData: "getData",
    .setData: "setData", .getACL: "getACL", .setACL: "setACL", .getChildren: "getChildren",
    .sync: "sync", .ping: "ping", .getChildren2: "getChildren2", .check: "check",
    .multi: "multi", .create2: "create2", .reconfig: "reconfig", .checkWatches: "checkWatches",
    .removeWatches: "removeWatches", .createContainer: "createContainer",
    .createTTL: "createTTL", .multiRead: "multiRead", .auth: "auth", .setWatches: "setWatches",
    .sasl: "sasl", .getEphemerals: "getEphemerals",
    .getAllChildrenNumber: "getAllChildrenNumber", .setWatches2: "setWatches2",
    .addWatch: "addWatch", .whoAmI: "whoAmI", .closeSession: "closeSession", .error: "error",
  ]

  /// Every opcode that a client may send and this module decodes, in ascending order.
  public static var known: [Opcode] {
    names.keys.filter { $0 != .error }.sorted { $0.rawValue < $1.rawValue }
  }
}

extension Opcode: CustomStringConvertible {
  /// The documented name (`getData`), or `opcode 108` for a number without one.
  public var description: String { Opcode.names[self] ?? "opcode \(rawValue)" }
}

extension Request {
  /// The number of this request's operation.
  public var opcode: Opcode {
    switch self {
    case .create(let create): create.opcode
    case .delete: .delete
    case .exists: .exists
    case .getData: .getData
    case .setData: .setData
    case .getACL: .getACL
    case .setACL: .setACL
    case .getChildren(_, _, let withStat): withStat ? .getChildren2 : .getChildren
    case .sync: .sync
    case .check: .check
    case .multi: .multi
    case .ping: .ping
    case .auth: .auth
    case .setWatches(let watches): watches.lasting == nil ? .setWatches : .setWatches2
    case .addWatch: .addWatch
    case .checkWatches: .checkWatches
    case .removeWatches: .removeWatches
    case .multiRead: .multiRead
    case .getEphemerals: .getEphemerals
    case .getAllChildrenNumber: .getAllChildrenNumber
    case .whoAmI: .whoAmI
    case .reconfig: .reconfig
    case .sasl: .sasl
    case .closeSession: .closeSession
    }
  }
}

/// The transaction-id field of a header: which request a reply answers.
///
/// A client counts up from 1; what is below zero is special.
public typealias Xid = Int32

extension Xid {
  /// The server tells of a watch; nothing asked for it.
  public static var notification: Xid { -1 }
  /// A ping, and its reply whatever the ping carried.
  public static var ping: Xid { -2 }
  /// Authentication.
  public static var auth: Xid { -4 }
  /// setWatches.
  public static var setWatches: Xid { -8 }
}
