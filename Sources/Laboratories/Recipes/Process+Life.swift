import ZooKeeper
import ZooKeeperClient

extension Process {
  /// Does something in one session after another, until it has been done or the task is cancelled.
  ///
  /// - Parameter body: What is done in a session; thrown out of it by the session's end, it begins
  ///   anew in another.
  func live(_ body: (Client) async throws -> Void) async throws {
    while true {
      let client = try await connect()
      do {
        try await body(client)
        return
      } catch let error as ClientError {
        note(.fails(error.reason), in: client)
        if Task.isCancelled || client.end == nil { throw error }
      }
    }
  }

  /// Does something for so long, by the client's time; then it is cancelled.
  func within(
    _ time: Duration, _ client: Client, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await body()
        return true
      }
      group.addTask {
        try await client.pause(for: time)
        return false
      }
      _ = try await group.next()
      group.cancelAll()
      while let _ = try? await group.next() {}
    }
  }
}
