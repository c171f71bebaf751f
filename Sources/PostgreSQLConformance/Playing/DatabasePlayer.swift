package import Conformance
import PostgreSQLClient

/// Plays a database's fixture: takes its steps one after another, and stops at the first that does
/// not come out as written.
///
/// Nothing waits for a time. That a statement waits for a lock is told by the server's own view of
/// its locks; how long it has waited, by the server's clock.
package struct DatabasePlayer: Performance {
  let fixture: DatabaseFixture
  let premises: Premises
  var sessions: [String: any DatabaseSession] = [:]
  var pending: [String: Pending] = [:]
  var kept: [String: (value: Value, words: String)] = [:]
  private var lookout: (any DatabaseSession)?
  /// All processes of the server that have served clients of this case.
  private var backends: [Int32] = []
  private var isStopped = false
  private var begin: ContinuousClock.Instant?
  private var end: ContinuousClock.Instant?

  package init(_ fixture: DatabaseFixture, in premises: Premises) {
    self.fixture = fixture
    self.premises = premises
  }

  /// Locks are waited for, and servers started.
  package var longestWait: Int64 { 30_000 }
  /// Nobody listens between answers.
  package var silence: Double { 0 }
  /// Since it was begun.
  package var elapsed: Double {
    begin.map { $0.duration(to: end ?? .now).inSeconds } ?? 0
  }

  /// Has the conversation, and leaves nothing of it but its schema.
  package mutating func play() async -> CaseResult {
    begin = .now
    var result = await steps()
    if let trouble = await tidy(), result.verdict.isPass {
      result.verdict = .error
      result.message = trouble
    }
    end = .now
    return result
  }

  private mutating func steps() async -> CaseResult {
    var result = CaseResult(.pass)
    for step in fixture.steps {
      if Task.isCancelled {
        result.verdict = .inconclusive
        result.message = "broken off"
        return result
      }
      let outcome = await take(step)
      result.narrative.append(
        CaseResult.Line(step.place.line, step.description, outcome.told.shortened))
      if let because = outcome.because {
        result.verdict = .passNonStrict
        result.remarks.append("line \(step.place.line): \(because)")
      }
      if let message = outcome.message {
        result.verdict = outcome.isTrouble ? .error : .fail
        result.message = "line \(step.place.line): \(message)"
        result.differences = outcome.differences
        return result
      }
    }
    return result
  }

  private mutating func take(_ step: DatabaseStep) async -> StepOutcome {
    switch step.verb {
    case .kill, .stop, .start: await command(step.verb)
    case .waits: await keepsWaiting(step)
    case .answers: await takeAnswer(step)
    case .drops: await drop(step.client)
    case .fills: await fill(step)
    case .races: await race(step)
    case .begin, .exec, .query, .commit, .rollback, .prepare, .commitPrepared, .rollbackPrepared,
      .prepared:
      await say(step)
    }
  }

  // MARK: Clients

  mutating func session(
    of client: String
  ) async throws(DatabaseError) -> any DatabaseSession {
    if let session = sessions[client] { return session }
    let who = fixture.clients.first { $0.name == client }
    let session = try await premises.client(
      isAnother: who?.isAnother ?? false, isElsewhere: who?.isElsewhere ?? false)
    sessions[client] = session
    backends.append(session.backend)
    return session
  }

  mutating func say(_ step: DatabaseStep) async -> StepOutcome {
    let session: any DatabaseSession
    do throws(DatabaseError) {
      session = try await self.session(of: step.client)
    } catch {
      return judge(step, .failure(error))
    }
    let statement = premises.statement(step)
    let patience = premises.patience
    guard step.mustWait else {
      return judge(step, await Pending.run(statement, on: session, patience))
    }
    // Whoever waits does so for as long as the case goes on.
    let waiting = Pending(statement, on: session, patience: 30_000 + patience)
    pending[step.client] = waiting
    return await waits(waiting, session.backend, beyond: -1)
  }

  private mutating func takeAnswer(_ step: DatabaseStep) async -> StepOutcome {
    guard let waiting = pending.removeValue(forKey: step.client) else {
      return StepOutcome(told: "", message: "\(step.client) waits for nothing")
    }
    return judge(step, await waiting.answer(within: premises.patience))
  }

  private mutating func drop(_ client: String) async -> StepOutcome {
    guard let session = sessions.removeValue(forKey: client) else { return .done }
    pending.removeValue(forKey: client)?.stop()
    await session.close()
    return await hasEnded(session.backend)
  }

  // MARK: The server

  private mutating func command(_ verb: DatabaseStep.Verb) async -> StepOutcome {
    guard let control = premises.control else {
      return .trouble("the server was not started for this")
    }
    isStopped = verb != .start
    lookout = nil
    if isStopped { sessions = [:] }
    return await control.run(verb.rawValue).map { .trouble($0) } ?? .done
  }

  /// Ends whatever of the case is still there, but for its schema.
  ///
  /// - Returns: What went wrong; nil if nothing did.
  private mutating func tidy() async -> String? {
    if isStopped, let control = premises.control, let trouble = await control.run("start") {
      return trouble
    }
    pending.values.forEach { $0.stop() }
    pending = [:]
    for session in sessions.values { await session.close() }
    sessions = [:]
    await lookout?.close()
    lookout = nil
    do throws(DatabaseError) {
      try await premises.tidy(backends)
      return nil
    } catch {
      return "the case cannot be tidied up: \(error)"
    }
  }

  /// A session that only looks on.
  mutating func looker() async throws(DatabaseError) -> any DatabaseSession {
    if let lookout { return lookout }
    let session = try await premises.plain.session(
      in: premises.database, patience: premises.patience)
    lookout = session
    return session
  }

  // MARK: Leaving

  /// Nothing comes late: what clients were answered is all that they see.
  package mutating func leave() async -> CaseResult? { nil }

  /// It has left.
  package mutating func hangUp() async {}
}
