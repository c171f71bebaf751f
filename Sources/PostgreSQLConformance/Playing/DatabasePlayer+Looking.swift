import Conformance
import PostgreSQLClient

// What the server's own views tell of clients that wait.

extension DatabasePlayer {
  /// How long there is between two looks, in milliseconds.
  private static let pause: Int64 = 4

  /// Waits until a statement waits for a lock, and has done so for longer than `age` milliseconds
  /// by the server's clock.
  mutating func waits(_ pending: Pending, _ backend: Int32, beyond age: Int64) async -> StepOutcome
  {
    let begin = ContinuousClock.now
    while begin.duration(to: .now).inSeconds * 1000 < Double(premises.patience + age) {
      do throws(DatabaseError) {
        if let waited = try await waitingTime(of: backend), waited > age { return .done }
      } catch {
        return .trouble("the server's views cannot be read: \(error)")
      }
      if let answer = pending.seen {
        let told = told(answer)
        return StepOutcome(
          told: told, message: "it does not wait for a lock",
          differences: [
            CaseResult.Difference("the statement", expected: "waits for a lock", got: told)
          ])
      }
      if Task.isCancelled { break }
      try? await Task.sleep(for: .milliseconds(Self.pause))
    }
    return StepOutcome(told: "", message: "it neither waits for a lock nor is answered")
  }

  /// For how many milliseconds a process of the server has waited for a lock; nil if it does not.
  private mutating func waitingTime(of backend: Int32) async throws(DatabaseError) -> Int64? {
    let answer = try await looker().run(
      """
      SELECT (extract(epoch FROM clock_timestamp() - waitstart) * 1000)::int8 FROM pg_locks
      WHERE pid = $1::int AND NOT granted AND waitstart IS NOT NULL
      """, ["\(backend)"], patience: premises.patience)
    return answer.rows.first?.first.flatMap { $0 }.flatMap { Int64($0) }
  }

  /// The statement of a client still waits, and perhaps has for some of the server's time-outs.
  mutating func keepsWaiting(_ step: DatabaseStep) async -> StepOutcome {
    guard let waiting = pending[step.client], let session = sessions[step.client] else {
      return StepOutcome(told: "", message: "\(step.client) waits for nothing")
    }
    guard let count = step.arguments["timeouts"]?.integer else {
      return await waits(waiting, session.backend, beyond: -1)
    }
    do throws(DatabaseError) {
      let answer = try await looker().run(
        "SELECT setting::int8 FROM pg_settings WHERE name = 'deadlock_timeout'")
      let timeout = answer.rows.first?.first.flatMap { $0 }.flatMap { Int64($0) } ?? 1000
      return await waits(waiting, session.backend, beyond: min(count * timeout, 20_000))
    } catch {
      return .trouble("the server's settings cannot be read: \(error)")
    }
  }

  /// Waits until a process of the server is no more.
  mutating func hasEnded(_ backend: Int32) async -> StepOutcome {
    let begin = ContinuousClock.now
    while begin.duration(to: .now).inSeconds * 1000 < Double(premises.patience) {
      do throws(DatabaseError) {
        let answer = try await looker().run(
          "SELECT 1 FROM pg_stat_activity WHERE pid = $1::int", ["\(backend)"],
          patience: premises.patience)
        if answer.rows.isEmpty { return .done }
      } catch {
        return .trouble("the server's views cannot be read: \(error)")
      }
      if Task.isCancelled { break }
      try? await Task.sleep(for: .milliseconds(Self.pause))
    }
    return StepOutcome(told: "", message: "the server keeps a connection whose client is gone")
  }
}
