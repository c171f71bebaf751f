/// One of the runner's hands: judges one case after another.
struct Worker {
  private let runner: Runner
  private var session: (any TargetSession)?
  /// Cases that are over and whose connections are still open.
  private var lingering: [Played] = []

  /// How many cases linger at a time: servers limit how many connections one address may have, and
  /// 60 is a usual limit.
  private let lingerers: Int

  /// A case that was played, and what is needed to close it.
  private struct Played {
    let label: CaseLabel
    var performance: any Performance
    var result: CaseResult
    /// Whether the user wanted it stopped before it was over.
    let isBrokenOff: Bool
    let seconds: Double
    let session: any TargetSession
  }

  init(_ runner: Runner) {
    self.runner = runner
    lingerers = max(1, 12 / max(1, runner.options.jobs))
  }

  // MARK: Judging

  mutating func judge(_ each: Case) async {
    let begin = ContinuousClock.now
    switch each.judge {
    case .model(let run):
      let result = await run(runner.options.seed)
      runner.judged(each.label, result, begin.duration(to: .now).inSeconds)
    case .conversation(let conversation):
      do {
        try await take(try await play(conversation, each.label, begin), conversation, begin)
      } catch let error as TargetError {
        let seconds = begin.duration(to: .now).inSeconds
        runner.missed(each.label, silence: seconds)
        runner.judged(
          each.label, CaseResult(.error, "the target cannot be judged: \(error)"), seconds)
        await lookForTarget()
      } catch {
        runner.judged(each.label, CaseResult(.error, "\(error)"), 0)
      }
    }
  }

  private mutating func play(
    _ conversation: any Conversation, _ label: CaseLabel, _ begin: ContinuousClock.Instant
  ) async throws -> Played {
    let session = try await openSession()
    let performance: any Performance
    do {
      performance = try await session.prepare(conversation, of: label)
    } catch {
      if !runner.target.isShared { await session.leave() }
      throw error
    }
    let (played, result, isBrokenOff) = await watched(performance)
    return Played(
      label: label, performance: played, result: result, isBrokenOff: isBrokenOff,
      seconds: begin.duration(to: .now).inSeconds, session: session)
  }

  /// Plays a case again that waits, or was held up, and has failed.
  ///
  /// A server that was stopped for some seconds, with its machine or to collect garbage, has let
  /// sessions end that it would have kept: one failure says nothing of it, two do.
  private mutating func confirm(
    _ played: Played, _ conversation: any Conversation, _ begin: ContinuousClock.Instant
  ) async throws {
    await close(played)
    var again = try await play(conversation, played.label, begin)
    if again.result.verdict.isPass {
      again.result = played.result
      again.result.verdict = .inconclusive
      again.result.remarks.append(
        "played again it held: the server stalled, or has a fault that comes and goes")
    }
    try await take(again, nil, begin)
  }

  /// As long as a case that does not wait should never take, in seconds; no session ends sooner.
  private static let delay = 2.0

  /// Tells the verdict, once it is sure that the target has not gone meanwhile.
  ///
  /// - Parameter conversation: What to play again if one failure says nothing; nil if it was.
  private mutating func take(
    _ played: Played, _ conversation: (any Conversation)?, _ begin: ContinuousClock.Instant
  ) async throws {
    var played = played
    let takesTime = played.performance.longestWait > 0 || played.performance.elapsed >= Self.delay
    let mayBeGone = !played.result.verdict.isPass && runner.target.isShared
    if played.isBrokenOff {
      runner.brokeOff(played.label)
    } else if mayBeGone, await !played.session.isAnswered() {
      played.result.verdict = .error
      played.result.remarks.append(
        "the target has closed its connections, or does not answer any more")
      let silence = min(played.session.silence, played.performance.silence)
      runner.missed(played.label, silence: silence)
      runner.judged(played.label, played.result, played.seconds)
      await lookForTarget()
    } else if played.result.verdict == .fail, takesTime, runner.target.isShared, let conversation {
      return try await confirm(played, conversation, begin)
    } else {
      runner.judged(played.label, played.result, played.seconds)
    }
    await keep(played)
  }

  /// Plays, and breaks off what takes too long or what the user wants stopped.
  private func watched(
    _ performance: any Performance
  ) async -> (any Performance, CaseResult, isBrokenOff: Bool) {
    let task = Task {
      var performance = performance
      let result = await performance.play()
      return (performance, result)
    }
    let limit = runner.options.limit + Double(performance.longestWait) / 1000
    let watchdog = Task { [runner] in
      let begin = ContinuousClock.now
      while !Task.isCancelled, !runner.isStopped {
        if begin.duration(to: .now).inSeconds > limit { break }
        try? await Task.sleep(for: .milliseconds(50))
      }
      if Task.isCancelled { return false }
      task.cancel()
      return true
    }
    var (played, result) = await task.value
    watchdog.cancel()
    var isBrokenOff = false
    if await watchdog.value, result.verdict != .pass {
      isBrokenOff = runner.isStopped
      result.verdict = isBrokenOff ? .inconclusive : .fail
      result.message = isBrokenOff ? "the run was stopped" : "not over after \(Int(limit)) s"
    }
    return (played, result, isBrokenOff)
  }

  // MARK: Sessions

  private mutating func openSession(
    patience: Int64 = 5000
  ) async throws(TargetError) -> any TargetSession {
    if runner.target.isShared, let session, !session.hasEnded { return session }
    let session = try await runner.part.session(patience: patience)
    self.session = session
    return session
  }

  /// How long is waited before each attempt to reach a target that has gone, in milliseconds: a
  /// server that is started again takes some seconds.
  private static let pauses: [Int64] = [1000, 2000, 4000]

  /// The target did not answer: it may come again, or be dead for good.
  private mutating func lookForTarget() async {
    let gone = session
    gone?.abandon()
    session = nil
    guard runner.target.isShared else { return }
    for pause in Self.pauses {
      await wait(pause, by: gone)
      if runner.isStopped || runner.hasGivenUp { return }
      do throws(TargetError) {
        _ = try await openSession(patience: 3000)
        return runner.found()
      } catch {
        continue
      }
    }
    runner.giveUp()
  }

  /// Waits by the clock of a session that is over.
  private func wait(_ milliseconds: Int64, by session: (any TargetSession)?) async {
    for _ in 0..<(milliseconds / 100) where !runner.isStopped && !runner.hasGivenUp {
      guard let session else {
        try? await Task.sleep(for: .milliseconds(100))
        continue
      }
      await session.pause(100)
    }
  }

  // MARK: Closing

  private mutating func keep(_ played: Played) async {
    lingering.append(played)
    guard lingering.count > lingerers || !runner.target.isShared else { return }
    await close(lingering.removeFirst())
  }

  /// Closes all cases, and takes away what they have made.
  mutating func leave() async {
    while !lingering.isEmpty { await close(lingering.removeFirst()) }
    if !runner.hasGivenUp { await session?.leave() }
    session = nil
  }

  private mutating func close(_ played: Played) async {
    var performance = played.performance
    let isGone = runner.hasGivenUp || played.session.hasEnded
    if isGone {
      await performance.hangUp()
    } else if let late = await performance.leave(), played.result.verdict.isPass {
      runner.judged(played.label, late, played.seconds)
    }
    guard runner.target.isShared else { return await played.session.leave() }
    let session = runner.hasGivenUp ? nil : try? await openSession()
    await runner.part.clear(after: performance, with: session)
  }
}
