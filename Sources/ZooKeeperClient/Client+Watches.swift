public import ZooKeeper

/// Watches that stay, and watches that are taken back.
extension Client {
  /// Leaves a watch that stays when it has fired, and gives its events.
  ///
  /// Servers know it since 3.6. There need be no node at `path`.
  ///
  /// ```swift
  /// let changes = try await client.addWatch("/members")
  /// for await event in changes where event.type == .nodeChildrenChanged {
  ///   print(try await client.getChildren("/members"))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - path: The node, below the client's root.
  ///   - mode: Tell of the node and its children, or of the node and all nodes below it.
  public func addWatch(
    _ path: String, mode: AddWatchMode = .persistent
  ) async throws(ClientError) -> WatchEvents {
    let (stream, continuation) = AsyncStream.makeStream(of: WatchEvent.self)
    let number = part.listen(.watch(WatchedPath(path: path, mode: mode), continuation))
    continuation.onTermination = { [weak part] _ in part?.unlisten(number) }
    do throws(ClientError) {
      try await ask(.addWatch(path: path, mode: mode)).answer()
    } catch {
      continuation.finish()
      throw error
    }
    return WatchEvents(stream: stream)
  }

  /// Takes back watches of this session on a path; each is told to whoever listens, as an event of
  /// type DataWatchRemoved, ChildWatchRemoved or PersistentWatchRemoved.
  ///
  /// Servers know it since 3.5, and since 3.9 how to take back persistent watches alone.
  ///
  /// ```swift
  /// try await client.removeWatches("/members")                       // all of them
  /// try await client.removeWatches("/config", type: .data, local: true)
  /// ```
  ///
  /// - Parameters:
  ///   - path: The very path that the watches were left on.
  ///   - type: Which of them.
  ///   - local: Forget them also when the server cannot be asked: it forgets them by itself, and
  ///     they are not set again.
  /// - Throws: ``ClientError`` with the code `.noWatcher` if there is none.
  public func removeWatches(
    _ path: String, type: WatcherType = .any, local: Bool = false
  ) async throws(ClientError) {
    do throws(ClientError) {
      try await ask(.removeWatches(path: path, type: type)).answer()
    } catch {
      switch error.reason {
      case .connectionLost where local, .timedOut where local:
        part.step(.forgetWatches(path, type))
      default: throw error
      }
    }
  }

  /// Asks the server whether it holds such a watch of this session on a path.
  ///
  /// Servers know it since 3.5; from 3.6 to 3.8 another session's watch is taken for one's own.
  ///
  /// ```swift
  /// if try await !client.checkWatches("/config", type: .data) { … }
  /// ```
  public func checkWatches(
    _ path: String, type: WatcherType = .any
  ) async throws(ClientError) -> Bool {
    do throws(ClientError) {
      try await ask(.checkWatches(path: path, type: type)).answer()
      return true
    } catch {
      if error.reason == .refused(.noWatcher) { return false }
      throw error
    }
  }
}
