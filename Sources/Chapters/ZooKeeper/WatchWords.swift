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
  /// The watches that stay; nil for `setWatches`, which knows none.
  public var lasting: Lasting?

  /// What only `setWatches2` carries.
  public struct Lasting: Hashable, Sendable {
    /// Paths with a persistent watch.
    public var persistent: [String]
    /// Paths with a persistent recursive watch.
    public var recursive: [String]

    /// These watches.
    public init(persistent: [String] = [], recursive: [String] = []) {
      self.persistent = persistent
      self.recursive = recursive
    }
  }

  /// These watches, relative to `relativeZxid`.
  public init(
    relativeZxid: Zxid, data: [String] = [], exist: [String] = [], child: [String] = [],
    lasting: Lasting? = nil
  ) {
    self.relativeZxid = relativeZxid
    self.data = data
    self.exist = exist
    self.child = child
    self.lasting = lasting
  }

  /// All paths, list by list.
  public var paths: [String] {
    data + exist + child + (lasting?.persistent ?? []) + (lasting?.recursive ?? [])
  }

  /// The same with every path changed.
  public func mappingPaths(_ change: (String) -> String) -> SetWatches {
    SetWatches(
      relativeZxid: relativeZxid, data: data.map(change), exist: exist.map(change),
      child: child.map(change),
      lasting: lasting.map {
        Lasting(persistent: $0.persistent.map(change), recursive: $0.recursive.map(change))
      })
  }
}

/// What a watch that stays is told of.
///
/// Source: Apache ZooKeeper, `ZooDefs.AddWatchModes`.
public struct AddWatchMode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The mode of this number, known to servers or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Of all that happens to the node, and of its children that come and go.
  public static let persistent = AddWatchMode(rawValue: 0)
  /// Of all that happens to the node and to every node below it, each under its own path.
  public static let persistentRecursive = AddWatchMode(rawValue: 1)
}

extension AddWatchMode: CustomStringConvertible {
  /// The documented name, or `mode 9` for a number without one.
  public var description: String {
    switch self {
    case .persistent: "persistent"
    case .persistentRecursive: "persistentRecursive"
    default: "mode \(rawValue)"
    }
  }
}

/// Which watches are meant.
///
/// Source: Apache ZooKeeper, `Watcher.WatcherType`.
public struct WatcherType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public let rawValue: Int32

  /// The type of this number, known to servers or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Those of children.
  public static let children = WatcherType(rawValue: 1)
  /// Those of data and existence.
  public static let data = WatcherType(rawValue: 2)
  /// All.
  public static let any = WatcherType(rawValue: 3)
  /// Persistent ones; servers know it since 3.9.
  public static let persistent = WatcherType(rawValue: 4)
  /// Persistent recursive ones; servers know it since 3.9.
  public static let persistentRecursive = WatcherType(rawValue: 5)

  /// The types that have a name, in the order of their numbers.
  public static let named: [WatcherType] = [
    .children, .data, .any, .persistent, .persistentRecursive,
  ]
}

extension WatcherType: CustomStringConvertible {
  /// The documented name, or `type 9` for a number without one.
  public var description: String {
    switch self {
    case .children: "children"
    case .data: "data"
    case .any: "any"
    case .persistent: "persistent"
    case .persistentRecursive: "persistentRecursive"
    default: "type \(rawValue)"
    }
  }
}
