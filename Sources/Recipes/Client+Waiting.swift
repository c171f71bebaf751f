import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Leaves a watch and waits until something happens at its path, or there is news of the
  /// connection; then it is time to look again.
  ///
  /// - Parameters:
  ///   - path: Where the watch is left.
  ///   - orBelow: Whether what happens below `path` counts too.
  ///   - deadline: When to stop waiting, by ``Client/now``; nil for never.
  ///   - leave: Leaves the watch.
  ///     Answers whether there is anything to wait for.
  /// - Throws: What `leave` throws; the end of the session; `.timedOut` at the deadline;
  ///   `.cancelled` when the task is.
  func wait(
    at path: String, orBelow: Bool = false, until deadline: Milliseconds? = nil,
    without: Set<Rule> = [],
    leave: () async throws(ClientError) -> Bool
  ) async throws(ClientError) {
    // It listens before it leaves the watch: what happens at once is not missed.
    let events = arrivedEvents
    guard try await insist(without: without, leave) else { return }
    let pause = deadline.map { Duration.milliseconds(max($0 - now, 0)) }
    let end = await withTaskGroup(of: WaitEnd.self) { group in
      group.addTask { await self.next(in: events, at: path, orBelow: orBelow) }
      if let pause {
        group.addTask {
          do {
            try await self.pause(for: pause)
            return .late
          } catch {
            return .ended
          }
        }
      }
      let first = await group.next() ?? .ended
      group.cancelAll()
      return first
    }
    switch end {
    case .event: return
    case .late: throw ClientError(.timedOut(sent: true))
    case .ended: throw ClientError(self.end ?? .cancelled(sent: true))
    }
  }

  /// Waits for the event that makes it worth to look again.
  private func next(
    in events: AsyncStream<ArrivedEvent>, at path: String, orBelow: Bool
  ) async -> WaitEnd {
    for await arrived in events {
      let event = arrived.event
      if event.type == .none {
        if event.state == .syncConnected || event.state == .connectedReadOnly { return .event }
      } else if event.path == path || (orBelow && event.path.hasPrefix(path + "/")) {
        return .event
      }
    }
    return .ended
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

private enum WaitEnd: Sendable {
  case event
  case late
  case ended
}
