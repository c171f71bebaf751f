/// What a watch tells: that something happened, of which kind, and where.
///
/// Never the data.
///
/// Source: ZooKeeper Programmer's Guide, "ZooKeeper Watches".
public struct WatchEvent: Hashable, Sendable {
  /// What happened.
  public var type: EventType
  /// The connection's state, ``KeeperState/syncConnected`` in all that a server sends.
  public var state: KeeperState
  /// The node that the watch was left on.
  public var path: String

  /// The event of this type at `path`.
  public init(_ type: EventType, _ path: String, state: KeeperState = .syncConnected) {
    self.type = type
    self.state = state
    self.path = path
  }
}

/// The kinds of event.
///
/// A server may send a number that stands here nowhere; it is kept.
public struct EventType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The kind with this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Nothing happened to a node: the event tells of the connection.
  ///
  /// Made by clients only.
  public static let none = EventType(rawValue: -1)
  /// A node was created that an exists had looked for.
  public static let nodeCreated = EventType(rawValue: 1)
  /// The node was deleted.
  public static let nodeDeleted = EventType(rawValue: 2)
  /// The node's data was set, perhaps to the same bytes.
  public static let nodeDataChanged = EventType(rawValue: 3)
  /// A child of the node was created or deleted.
  public static let nodeChildrenChanged = EventType(rawValue: 4)
  /// A watch of data was taken back.
  ///
  /// Made by clients only, as the two that follow.
  public static let dataWatchRemoved = EventType(rawValue: 5)
  /// A watch of children was taken back.
  public static let childWatchRemoved = EventType(rawValue: 6)
  /// A persistent watch was taken back.
  public static let persistentWatchRemoved = EventType(rawValue: 7)
}

extension EventType: CustomStringConvertible {
  static let names: [EventType: String] = [
    .none: "None", .nodeCreated: "NodeCreated", .nodeDeleted: "NodeDeleted",
    .nodeDataChanged: "NodeDataChanged", .nodeChildrenChanged: "NodeChildrenChanged",
    .dataWatchRemoved: "DataWatchRemoved", .childWatchRemoved: "ChildWatchRemoved",
    .persistentWatchRemoved: "PersistentWatchRemoved",
  ]

  /// The documented name (`NodeDeleted`), or `event 9` for a number without one.
  public var description: String { EventType.names[self] ?? "event \(rawValue)" }

  /// The kind with this documented name, if there is one.
  public init?(named name: String) {
    guard let type = EventType.names.first(where: { $0.value == name })?.key else { return nil }
    self = type
  }
}

/// What a client knows of its connection.
public struct KeeperState: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The state with this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Not connected to any server.
  public static let disconnected = KeeperState(rawValue: 0)
  /// Connected to a server that is part of the ensemble.
  public static let syncConnected = KeeperState(rawValue: 3)
  /// Authentication was refused.
  public static let authFailed = KeeperState(rawValue: 4)
  /// Connected to a server that has lost its ensemble and serves reads only.
  public static let connectedReadOnly = KeeperState(rawValue: 5)
  /// The client has shown by SASL who it is.
  public static let saslAuthenticated = KeeperState(rawValue: 6)
  /// The client closed the session.
  public static let closed = KeeperState(rawValue: 7)
  /// The ensemble ended the session.
  public static let expired = KeeperState(rawValue: -112)
}

extension KeeperState: CustomStringConvertible {
  /// The documented name (`SyncConnected`), or `state 9` for a number without one.
  public var description: String {
    switch self {
    case .disconnected: "Disconnected"
    case .syncConnected: "SyncConnected"
    case .authFailed: "AuthFailed"
    case .connectedReadOnly: "ConnectedReadOnly"
    case .saslAuthenticated: "SaslAuthenticated"
    case .closed: "Closed"
    case .expired: "Expired"
    default: "state \(rawValue)"
    }
  }
}
