/// Watches that stay, and watches that are looked for and taken back.
extension Watches {
  // begin lasting
  /// Leaves a watch that stays, on whatever path; nobody asks whether there is a node.
  ///
  /// - Throws: ``ErrorCode/marshallingError`` for a mode that the server does not know.
  public mutating func add(
    _ mode: AddWatchMode, at path: String, by watcher: WatcherID
  ) throws(ErrorCode) {
    switch mode {
    case .persistent: leave(.persistent, at: path, by: watcher)
    case .persistentRecursive: leave(.recursive, at: path, by: watcher)
    default: throw .marshallingError
    }
  }

  mutating func leave(_ kind: WatchTable.Kinds, at path: String, by watcher: WatcherID) {
    data.add(watcher, at: path, kind)
    if kind == .persistent || !dialect.watchModesAreIndependent {
      child.add(watcher, at: path, kind)
    }
  }

  /// Fails unless the watcher has left such a watch on this very path.
  ///
  /// - Throws: ``ErrorCode/noWatcher`` without one, ``ErrorCode/marshallingError`` for a type that
  ///   the server does not know.
  public func check(
    _ type: WatcherType, at path: String, by watcher: WatcherID
  ) throws(ErrorCode) {
    let meant = try kinds(of: type)
    if !dialect.checksOwnWatches, stumbles(over: path) { throw .marshallingError }
    let isThere = [(data, meant.data), (child, meant.child)].contains { table, kinds in
      dialect.checksOwnWatches
        ? !table.kinds(of: watcher, at: path).isDisjoint(with: kinds)
        : !kinds.isEmpty && !table.watchers(at: path).isEmpty
    }
    guard isThere else { throw .noWatcher }
  }

  /// Whether a server that looks for the parents of a path finds that it has none.
  ///
  /// It looks further than for the first only where somebody has a recursive watch.
  ///
  /// Source: Apache ZooKeeper 3.6 to 3.8, `PathParentIterator`.
  private func stumbles(over path: String) -> Bool {
    guard !path.isEmpty, path.utf8.first != Path.slash else { return false }
    return !path.utf8.contains(Path.slash) || data.hasRecursive
  }

  /// Takes such watches of the watcher on this very path back; no event tells of it.
  ///
  /// - Throws: As ``check(_:at:by:)``.
  public mutating func remove(
    _ type: WatcherType, at path: String, by watcher: WatcherID
  ) throws(ErrorCode) {
    let meant = try kinds(of: type)
    let ofData = data.remove(watcher, at: path, meant.data)
    let ofChildren = child.remove(watcher, at: path, meant.child)
    guard ofData || ofChildren else { throw .noWatcher }
  }

  /// Answers addWatch, checkWatches and removeWatches; every other request is refused as unknown.
  public mutating func answer(
    _ request: Request, by watcher: WatcherID
  ) -> Result<Answer, ErrorCode> {
    do throws(ErrorCode) {
      switch request {
      case .addWatch(let path, let mode):
        try add(mode, at: path, by: watcher)
        return .success(.watchAdded)
      case .checkWatches(let path, let type): try check(type, at: path, by: watcher)
      case .removeWatches(let path, let type): try remove(type, at: path, by: watcher)
      default: throw .unimplemented
      }
      return .success(.done)
    } catch {
      return .failure(error)
    }
  }

  /// Gives a watcher's watches to another: only a server with a fault keeps any so long.
  package mutating func hand(from old: WatcherID, to new: WatcherID) {
    data.hand(from: old, to: new)
    child.hand(from: old, to: new)
  }

  /// Whoever watches something.
  package var watchers: Set<WatcherID> { data.everybody.union(child.everybody) }

  /// Whether a watcher has a watch that stays on this very path.
  package func holds(_ mode: AddWatchMode, at path: String, by watcher: WatcherID) -> Bool {
    data.kinds(of: watcher, at: path).contains(mode == .persistent ? .persistent : .recursive)
  }

  /// What a type means in each table.
  private func kinds(
    of type: WatcherType
  ) throws(ErrorCode) -> (data: WatchTable.Kinds, child: WatchTable.Kinds) {
    let each: WatchTable.Kinds = dialect.watchModesAreIndependent ? .once : .all
    switch type {
    case .children: return ([], each)
    case .data: return (each, [])
    case .any: return (.all, .all)
    case .persistent where dialect.watchModesAreIndependent: return (.persistent, .persistent)
    case .persistentRecursive where dialect.watchModesAreIndependent: return (.recursive, [])
    default: throw .marshallingError
    }
  }
  // end lasting
}
