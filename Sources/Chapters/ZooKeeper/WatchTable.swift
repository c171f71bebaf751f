/// Which watchers wait at which path, and for how long.
struct WatchTable: Hashable, Sendable {
  /// The kinds of watch that a watcher has on a path.
  struct Kinds: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// One that is gone when it has fired.
    static let once = Kinds(rawValue: 1)
    /// One that stays.
    static let persistent = Kinds(rawValue: 2)
    /// One that stays and stands for all nodes below too.
    static let recursive = Kinds(rawValue: 4)
    static let all: Kinds = [.once, .persistent, .recursive]
  }

  /// Whether a watch takes the place of another kind on the same path.
  let keepsOneKind: Bool
  private var watchers: [Verbatim: [WatcherID: Kinds]] = [:]
  private var paths: [WatcherID: Set<Verbatim>] = [:]
  /// How many of them are recursive: without any, nobody looks at the nodes above.
  private var recursive = 0
  /// Whether one of them is recursive.
  var hasRecursive: Bool { recursive > 0 }

  init(keepsOneKind: Bool) { self.keepsOneKind = keepsOneKind }

  var everybody: Set<WatcherID> { Set(paths.keys) }

  var count: Int { watchers.values.reduce(0) { $0 + $1.count } }

  func watchers(at path: String) -> Set<WatcherID> {
    Set(watchers[Verbatim(path), default: [:]].keys)
  }

  func kinds(of watcher: WatcherID, at path: String) -> Kinds {
    watchers[Verbatim(path)]?[watcher] ?? []
  }

  var entries: [(path: String, watchers: [WatcherID])] {
    watchers.sorted { $0.key < $1.key }.map { ($0.key.string, $0.value.keys.sorted()) }
  }

  mutating func add(_ watcher: WatcherID, at path: String, _ kind: Kinds = .once) {
    let key = Verbatim(path)
    let old = watchers[key]?[watcher] ?? []
    set(watcher, at: key, keepsOneKind ? kind : old.union(kind))
  }

  /// Takes these kinds away.
  ///
  /// - Returns: Whether there was one.
  mutating func remove(_ watcher: WatcherID, at path: String, _ kinds: Kinds) -> Bool {
    let key = Verbatim(path)
    let old = watchers[key]?[watcher] ?? []
    guard !old.isDisjoint(with: kinds) else { return false }
    set(watcher, at: key, old.subtracting(kinds))
    return true
  }

  // begin fire
  /// Those whom a change of the node concerns; the watches of one shot on it are gone then.
  ///
  /// - Parameter ofChildren: Whether it is its children that changed, of which no recursive watch
  ///   is told.
  mutating func fire(_ path: String, ofChildren: Bool = false) -> Set<WatcherID> {
    guard !watchers.isEmpty else { return [] }
    let key = Verbatim(path)
    var told: Set<WatcherID> = []
    for (watcher, kinds) in watchers[key] ?? [:] where !ofChildren || kinds != .recursive {
      told.insert(watcher)
      if kinds.contains(.once) { set(watcher, at: key, kinds.subtracting(.once)) }
    }
    guard recursive > 0, !ofChildren else { return told }
    var above = path
    while above != "/", let (parent, _) = Path.split(above) {
      for (watcher, kinds) in watchers[parent] ?? [:] where kinds.contains(.recursive) {
        told.insert(watcher)
      }
      above = parent.string
    }
    return told
  }
  // end fire

  mutating func hand(from old: WatcherID, to new: WatcherID) {
    for path in paths[old] ?? [] {
      let kinds = watchers[path]?[old] ?? []
      set(old, at: path, [])
      set(new, at: path, kinds.union(watchers[path]?[new] ?? []))
    }
  }

  mutating func forget(_ watcher: WatcherID) {
    for path in paths[watcher] ?? [] { set(watcher, at: path, []) }
  }

  private mutating func set(_ watcher: WatcherID, at key: Verbatim, _ kinds: Kinds) {
    let old = watchers[key]?[watcher] ?? []
    recursive += (kinds.contains(.recursive) ? 1 : 0) - (old.contains(.recursive) ? 1 : 0)
    if kinds.isEmpty {
      watchers[key]?[watcher] = nil
      if watchers[key]?.isEmpty == true { watchers[key] = nil }
      paths[watcher]?.remove(key)
      if paths[watcher]?.isEmpty == true { paths[watcher] = nil }
    } else {
      watchers[key, default: [:]][watcher] = kinds
      paths[watcher, default: []].insert(key)
    }
  }
}
