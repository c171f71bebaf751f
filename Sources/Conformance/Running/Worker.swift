import ZooKeeper

/// One of the runner's hands: judges one case after another.
struct Worker {
  private let runner: Runner
  private var office: Office?
  /// Cases that are over and whose connections are still open.
  private var lingering: [Played] = []

  /// How many cases linger at a time: servers limit how many connections one address may have, and
  /// 60 is a usual limit.
  private let lingerers: Int

  /// Where cases are played: a service, and a steward with a session there.
  private struct Office {
    let world: any ServiceWorld
    let steward: Steward
  }

  /// A case that was played, and what is needed to close it.
  private struct Played {
    let each: Case
    var player: Player
    let outcome: Outcome
    let seconds: Double
    let office: Office
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
      let outcome = await run(runner.options.seed)
      runner.judged(each, outcome, begin.duration(to: .now).inSeconds)
    case .service(let service):
      let fixture: ServiceFixture
      do throws(FixtureError) {
        fixture = try service.fixture(for: runner.profile.dialect, called: each.label.id)
      } catch {
        return runner.judged(each, Outcome(.error, "\(error)"), 0)
      }
      do throws(TargetError) {
        let played = try await play(each, fixture, begin)
        runner.judged(each, played.outcome, played.seconds)
        await keep(played)
      } catch {
        runner.judged(
          each, Outcome(.error, "the target cannot be judged: \(error)"),
          begin.duration(to: .now).inSeconds)
        await lookForTarget()
      }
    }
  }

  private mutating func play(
    _ each: Case, _ fixture: ServiceFixture, _ begin: ContinuousClock.Instant
  ) async throws(TargetError) -> Played {
    let office = try await moveIn()
    let folder = Folder("\(runner.folder)/\(each.label.id)")
    try await office.steward.make(runner.folder, address: runner.target.url)
    try await office.steward.make(folder.path, address: runner.target.url)
    var pace = runner.profile.pace
    pace.patience = runner.options.patience
    var player = Player(fixture, in: office.world, below: folder, pace: pace)
    player.isAmongOthers = runner.target.isShared
    player.keepsWire = runner.options.keepsWire
    var outcome: Outcome
    (player, outcome) = await watched(player)
    if outcome.verdict != .pass, outcome.verdict != .passNonStrict, runner.target.isShared,
      await office.steward.ask(.exists(path: "/")) == nil
    {
      outcome.verdict = .error
      outcome.remarks.append("the target has closed its connections, or does not answer any more")
      await lookForTarget()
    }
    return Played(
      each: each, player: player, outcome: outcome, seconds: begin.duration(to: .now).inSeconds,
      office: office)
  }

  /// Plays, and breaks off what takes too long or what the user wants stopped.
  private func watched(_ player: Player) async -> (Player, Outcome) {
    let task = Task {
      var player = player
      let outcome = await player.play()
      return (player, outcome)
    }
    let limit = runner.options.limit + Double(player.longestWait) / 1000
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
    var (played, outcome) = await task.value
    watchdog.cancel()
    if await watchdog.value, outcome.verdict != .pass {
      outcome.verdict = runner.isStopped ? .inconclusive : .fail
      outcome.message =
        runner.isStopped ? "the run was stopped" : "not over after \(Int(limit)) s"
    }
    played.outcome = outcome
    return (played, outcome)
  }

  // MARK: Offices

  private mutating func moveIn() async throws(TargetError) -> Office {
    if runner.target.isShared, let office, !office.steward.hasLeft { return office }
    let world = try await runner.target.world()
    let steward = try await Steward.hired(in: world, address: runner.target.url)
    let office = Office(world: world, steward: steward)
    self.office = office
    return office
  }

  /// The target did not answer: it may come again, or be dead for good.
  private mutating func lookForTarget() async {
    office = nil
    guard runner.target.isShared else { return }
    var last = ""
    for attempt in 0..<5 where !runner.isStopped {
      if attempt > 0 { try? await Task.sleep(for: .seconds(1)) }
      do throws(TargetError) {
        _ = try await moveIn()
        return
      } catch {
        last = "\(error)"
      }
    }
    runner.giveUp(last)
  }

  // MARK: Closing

  private mutating func keep(_ played: Played) async {
    lingering.append(played)
    guard lingering.count > lingerers || !runner.target.isShared else { return }
    await close(lingering.removeFirst())
  }

  /// Closes all cases, and takes the folder away.
  mutating func leave() async {
    while !lingering.isEmpty { await close(lingering.removeFirst()) }
    await office?.steward.leave()
    office = nil
  }

  private mutating func close(_ played: Played) async {
    var player = played.player
    if let late = await player.leave(), played.outcome.verdict.isPass {
      runner.judged(played.each, late, played.seconds)
    }
    guard runner.target.isShared else { return await played.office.steward.leave() }
    do throws(TargetError) {
      let steward = try await moveIn().steward
      await steward.show(player.identities)
      runner.remark(await steward.clear(player.folder.path))
    } catch {
      runner.remark(["\(player.folder.path): \(error)"])
    }
  }
}

extension Verdict {
  fileprivate var isPass: Bool { self == .pass || self == .passNonStrict }
}
