public import ZooKeeper

/// What a watch that stays is left on.
struct WatchedPath: Hashable, Sendable {
  let path: String
  let mode: AddWatchMode

  /// Whether an event is told to it: one of its node, with recursion also one of a node below but
  /// for changed children, and every change of the connection.
  func concerns(_ event: WatchEvent) -> Bool {
    switch event.type {
    case .dataWatchRemoved, .childWatchRemoved: return false
    case .persistentWatchRemoved: return PathKey(event.path) == PathKey(path)
    default: break
    }
    if event.type == .none || PathKey(event.path) == PathKey(path) {
      return mode == .persistent || event.type != .nodeChildrenChanged
    }
    guard mode == .persistentRecursive, event.type != .nodeChildrenChanged else { return false }
    let prefix = path == "/" ? "/" : path + "/"
    return event.path.utf8.starts(with: prefix.utf8)
  }
}

/// The events of a persistent watch, in order, for as long as it is there.
///
/// ```swift
/// for await event in try await client.addWatch("/config", mode: .persistentRecursive) {
///   print(event.type, event.path)
/// }
/// ```
///
/// The watch is set again on every new connection. What happened while there was none is not told:
/// no server can. So the sequence also has the changes of the connection, as events of type None:
/// after one with the state SyncConnected, read what you have to know.
///
/// It ends when the watch is taken back by ``Client/removeWatches(_:type:local:)``, or when a
/// server refuses to set it again, with an event of type PersistentWatchRemoved; and when the
/// client ends.
/// Whoever stops listening does not take the watch back: others may listen to it. What a listener
/// does not take is kept for it.
public struct WatchEvents: AsyncSequence, Sendable {
  /// What happened.
  public typealias Element = WatchEvent
  /// It fails never.
  public typealias Failure = Never

  let stream: AsyncStream<WatchEvent>

  /// An iterator; as of any stream, only one takes each event.
  public func makeAsyncIterator() -> AsyncStream<WatchEvent>.Iterator { stream.makeAsyncIterator() }
}
