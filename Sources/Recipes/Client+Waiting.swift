import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Leaves a watch and waits until something happens at its path, or there is news of the
  /// connection; then it is time to look again.
  ///
  /// - Parameters:
  ///   - path: Where the watch is left.
  ///   - orBelow: Whether what happens below `path` counts too.
  ///   - leave: Leaves the watch.
  ///     Answers whether there is anything to wait for.
  /// - Throws: What `leave` throws; the end of the session; `.cancelled` when the task is.
  func wait(
    at path: String, orBelow: Bool = false, without: Set<Rule> = [],
    leave: () async throws(ClientError) -> Bool
  ) async throws(ClientError) {
    // It listens before it leaves the watch: what happens at once is not missed.
    let events = arrivedEvents
    guard try await insist(without: without, leave) else { return }
    for await arrived in events where arrived.isNews(at: path, orBelow: orBelow) { return }
    throw ClientError(end ?? .cancelled(sent: false))
  }
}

extension ArrivedEvent {
  /// Whether it makes it worth to look again.
  fileprivate func isNews(at path: String, orBelow: Bool) -> Bool {
    if event.type == .none {
      return event.state == .syncConnected || event.state == .connectedReadOnly
    }
    return event.path == path || (orBelow && event.path.hasPrefix(path + "/"))
  }
}

extension Client {
  /// Leaves a watch on a node, if it is there.
  ///
  /// `exists` would leave one on a name that nobody gives again, and the servers would keep it.
  ///
  /// - Returns: Whether it is there.
  func watchIfThere(_ path: String) async throws(ClientError) -> Bool {
    do throws(ClientError) {
      _ = try await getData(path, watch: true)
      return true
    } catch {
      guard error.code == .noNode else { throw error }
      return false
    }
  }
}
