import PostgreSQLClient
import Synchronization

/// A statement that was sent and whose answer is taken later.
final class Pending: Sendable {
  private let task: Task<Void, Never>
  private let result: Results

  private final class Results: Sendable {
    let value = Mutex<Result<Answer, DatabaseError>?>(nil)
  }

  /// Sends it.
  init(_ statement: String, on session: any DatabaseSession, patience: Int64) {
    let result = Results()
    self.result = result
    task = Task {
      let answer = await Pending.run(statement, on: session, patience)
      result.value.withLock { $0 = answer }
    }
  }

  /// The answer, if it has come.
  var seen: Result<Answer, DatabaseError>? { result.value.withLock(\.self) }

  /// The answer, when it comes.
  ///
  /// - Parameter patience: How long that may take, in milliseconds.
  func answer(within patience: Int64) async -> Result<Answer, DatabaseError> {
    let watchdog = Task { [task] in
      try? await Task.sleep(for: .milliseconds(patience))
      if !Task.isCancelled { task.cancel() }
    }
    await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    watchdog.cancel()
    switch seen {
    case .failure(.cancelled), nil: return .failure(.noAnswer(after: patience))
    case let answer?: return answer
    }
  }

  /// Waits no more for it.
  func stop() { task.cancel() }

  /// Runs a statement; its error is a value.
  static func run(
    _ statement: String, on session: any DatabaseSession, _ patience: Int64
  ) async -> Result<Answer, DatabaseError> {
    do throws(DatabaseError) {
      return .success(try await session.run(statement, [], patience: patience))
    } catch {
      return .failure(error)
    }
  }
}
