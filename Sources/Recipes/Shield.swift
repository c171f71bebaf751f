import Synchronization
import ZooKeeper
import ZooKeeperClient

extension Client {
  /// Does something to its end even though the task is cancelled, and on the same executor.
  ///
  /// A recipe clears away what it has left at the servers, whatever becomes of who asked for it.
  /// While no server answers that may last: a cancelled task waits for it no longer than the
  /// session's timeout, in all that it clears away. It goes on all the same, until it is done or
  /// the session is known to be over.
  ///
  /// - Parameter grace: How long it is waited for; one for all that a task clears away.
  /// - Returns: Nil if it was not waited for any longer.
  func shielded<T: Sendable>(
    _ grace: Grace = Grace(), _ body: @escaping @Sendable () async -> T
  ) async -> T? {
    let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    let ending = Ending<T>()
    Task(executorPreference: executor) { ending.settle(await body()) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { ending.await($0) }
    } onCancel: {
      let patience = Task(executorPreference: executor) {
        let rest = grace.rest(of: self)
        if rest > .zero { try? await self.pause(for: rest) }
        ending.settle(nil)
      }
      ending.end(patience)
    }
  }

  /// Does something that may fail to its end even though the task is cancelled.
  ///
  /// - Throws: What `body` throws; `.cancelled` if it was not waited for any longer.
  func shielded<T: Sendable>(
    _ grace: Grace = Grace(), throwing body: @escaping @Sendable () async throws(ClientError) -> T
  ) async throws(ClientError) -> T {
    let result = await shielded(grace) { () async -> Result<T, ClientError> in
      do throws(ClientError) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw ClientError(.cancelled(sent: true)) }
    return try result.get()
  }
}

/// How long a cancelled task waits in all for what it clears away: a session's timeout, from when
/// it first waits as one that is cancelled.
final class Grace: Sendable {
  private let end = Mutex<Milliseconds?>(nil)
  private let isNone: Bool

  /// - Parameter isNone: Whether it is not waited for at all: somebody else does.
  init(isNone: Bool = false) { self.isNone = isNone }

  /// What is left of it.
  func rest(of client: Client) -> Duration {
    guard !isNone else { return .zero }
    let now = client.now
    let end = end.withLock { end in
      let known = end ?? now + Milliseconds(client.sessionTimeout)
      end = known
      return known
    }
    return .milliseconds(max(0, end - now))
  }
}

/// What came of something that one task does and another waits for, for a while.
private final class Ending<T: Sendable>: Sendable {
  private struct State {
    var result: T??
    var waiting: CheckedContinuation<T?, Never>?
    var patience: Task<Void, Never>?
  }

  private let state = Mutex(State())

  /// The task that ends the waiting, which is cancelled when there is nothing to wait for.
  func end(_ patience: Task<Void, Never>) {
    let isOver = state.withLock { state in
      state.patience = patience
      return state.result != nil
    }
    if isOver { patience.cancel() }
  }

  func await(_ continuation: CheckedContinuation<T?, Never>) {
    let result = state.withLock { state -> T?? in
      if state.result == nil { state.waiting = continuation }
      return state.result
    }
    if let result { continuation.resume(returning: result) }
  }

  /// What comes first counts.
  func settle(_ result: T?) {
    let (waiting, patience) = state.withLock { state in
      defer { state.waiting = nil }
      if state.result == nil { state.result = .some(result) }
      return (state.waiting, state.patience)
    }
    waiting?.resume(returning: result)
    patience?.cancel()
  }
}
