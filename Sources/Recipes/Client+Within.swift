import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Does something, and gives it up when it has taken so long by the client's time.
  ///
  /// What is done all the same when the time is over counts. What clears away behind a cancelled
  /// task waits for no server longer than the session's timeout, see
  /// ``shielded(_:)``.
  ///
  /// - Throws: What `body` throws; `.timedOut` where it was cancelled because the time was over.
  func within<T: Sendable>(
    _ timeout: Duration?, _ body: @escaping @Sendable () async throws(ClientError) -> T
  ) async throws(ClientError) -> T {
    guard let timeout else { return try await body() }
    let (result, isLate) = await race(body, timeout)
    do throws(ClientError) {
      return try result.get()
    } catch {
      guard isLate, error.isCancellation, !Task.isCancelled else { throw error }
      throw ClientError(.timedOut(sent: error.isOutcomeUnknown))
    }
  }

  /// Waits for what comes of `body`, which is cancelled when the time is over.
  private func race<T: Sendable>(
    _ body: @escaping @Sendable () async throws(ClientError) -> T, _ timeout: Duration
  ) async -> (Result<T, ClientError>, isLate: Bool) {
    await withTaskGroup(of: Result<T, ClientError>?.self) { group in
      group.addTask {
        do throws(ClientError) {
          return .success(try await body())
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        try? await self.pause(for: timeout)
        return nil
      }
      var isLate = false
      while let end = await group.next() {
        group.cancelAll()
        if let end { return (end, isLate) }
        isLate = true
      }
      return (.failure(ClientError(.cancelled(sent: false))), isLate)
    }
  }
}
