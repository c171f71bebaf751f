internal import NIOCore
internal import Synchronization

/// Time, as the client's link knows it.
extension Client {
  /// The time by the link's clock: over TCP one that never goes back, in memory a virtual one.
  ///
  /// ```swift
  /// let began = client.now
  /// try await client.getData("/config")
  /// print(client.now - began, "ms")
  /// ```
  public var now: Milliseconds { link.now }

  /// Waits so long by the link's clock, so that in virtual time nobody waits for real.
  ///
  /// ```swift
  /// while try await client.exists("/ready") == nil { try await client.pause(for: .seconds(1)) }
  /// ```
  ///
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  public func pause(for duration: Duration) async throws(CancellationError) {
    let due = Milliseconds(duration).after(link.now)
    repeat {
      let alarm = PauseAlarm()
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          alarm.await(continuation)
          link.wake(at: due, alarm)
        }
      } onCancel: {
        alarm.end()
      }
      if Task.isCancelled { throw CancellationError() }
      // A link may wake early, when the time is far away.
    } while link.now < due
  }
}

/// Resumes a task when it is time, or earlier when it is told to.
private final class PauseAlarm: LinkReceiver {
  private enum State {
    case fresh
    case awaited(CheckedContinuation<Void, Never>)
    case over
  }

  private let state = Mutex(State.fresh)

  func await(_ continuation: CheckedContinuation<Void, Never>) {
    let isOver = state.withLock { state in
      if case .over = state { return true }
      state = .awaited(continuation)
      return false
    }
    if isOver { continuation.resume() }
  }

  func end() {
    let before = state.withLock { state in
      defer { state = .over }
      return state
    }
    if case .awaited(let continuation) = before { continuation.resume() }
  }

  func woke(_ time: Milliseconds) { end() }

  func opened(_ number: Int) {}
  func received(_ bytes: ByteBuffer, _ number: Int) {}
  func ended(_ number: Int) {}
}
