import Conformance
import PostgreSQLClient

// Steps of more than one statement.

extension DatabasePlayer {
  /// Prepares until the server has no room for more, and holds that against what it says of its
  /// room.
  mutating func fill(_ step: DatabaseStep) async -> StepOutcome {
    let room: Int64
    do throws(DatabaseError) {
      let answer = try await looker().run(
        """
        SELECT current_setting('max_prepared_transactions')::int8 - count(*) FROM pg_prepared_xacts
        """)
      room = answer.rows.first?.first.flatMap { $0 }.flatMap { Int64($0) } ?? 0
    } catch {
      return .trouble("the server's settings cannot be read: \(error)")
    }
    var step = step
    for number in 1...max(room, 0) + 1 {
      for verb in [DatabaseStep.Verb.begin, .prepare] {
        step.verb = verb
        step.arguments = verb == .prepare ? .text("fill\(number)") : .record([])
        step.expected = .answer(.record([]))
        let isFull = DatabaseStep.Expected.error(.outOfMemory)
        step.alternatives = [DatabaseStep.Alternative(expected: isFull, because: "full")]
        let outcome = await say(step)
        guard outcome.message == nil else { return outcome }
        if outcome.because != nil {
          return StepOutcome(
            told: "\(number - 1) are prepared",
            message: number > room ? nil : "there is no room for as many as it says")
        }
      }
    }
    return StepOutcome(told: "", message: "there is no limit")
  }

  /// Two clients decide the same transaction at the same time: which is first is not said, but one
  /// succeeds, and the other is told that it is busy, or gone.
  mutating func race(_ step: DatabaseStep) async -> StepOutcome {
    let isCommit = step.arguments["to"] == .text(DatabaseStep.Verb.commitPrepared.rawValue)
    let tag = isCommit ? "COMMIT PREPARED" : "ROLLBACK PREPARED"
    let name = premises.name(of: step.arguments["of"] ?? .null).sqlLiteral
    var runners: [any DatabaseSession] = []
    do throws(DatabaseError) {
      for client in step.speakers { runners.append(try await session(of: client)) }
    } catch {
      return .trouble("there is no connection: \(error)")
    }
    let patience = premises.patience
    let pending = runners.map { Pending("\(tag) \(name)", on: $0, patience: patience) }
    var answers: [Result<Answer, DatabaseError>] = []
    for each in pending { answers.append(await each.answer(within: patience)) }
    let succeeded = answers.count { (try? $0.get())?.tag == tag }
    let behind = ["42704", "55000"]
    let refused = answers.count { answer in
      if case .failure(let error) = answer { behind.contains(error.sqlState ?? "") } else { false }
    }
    let told = answers.map { self.told($0) }.joined(separator: " | ")
    guard succeeded == 1, refused == 1 else {
      return StepOutcome(
        told: told, message: "not exactly one of two succeeds",
        differences: [
          CaseResult.Difference(
            "the answers", expected: "\(tag), and busy or gone", got: told.shortened)
        ])
    }
    // Which was first is different each time.
    return StepOutcome(told: "one succeeds, one is refused")
  }
}
