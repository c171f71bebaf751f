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
    var outcome: Outcome
    /// Whether the user wanted it stopped before it was over.
    let isBrokenOff: Bool
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
      runner.judged(each.label, outcome, begin.duration(to: .now).inSeconds)
    case .service(let service):
      let fixture: ServiceFixture
      do throws(FixtureError) {
        fixture = try service.fixture(for: runner.profile.dialect, called: each.label.id)
      } catch {
        return runner.judged(each.label, Outcome(.error, "\(error)"), 0)
      }
      do throws(TargetError) {
        await take(try await play(each, fixture, begin))
      } catch {
        runner.missed(each.label, silence: begin.duration(to: .now).inSeconds)
        runner.judged(
          each.label, Outcome(.error, "the target cannot be judged: \(error)"),
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
    try await office.steward.make(folder.path, address: runner.target.url)
    var pace = runner.profile.pace
    pace.patience = runner.options.patience
    var player = Player(fixture, in: office.world, below: folder, pace: pace)
    player.isAmongOthers = runner.target.isShared
    player.keepsWire = runner.options.keepsWire
    let (played, outcome, isBrokenOff) = await watched(player)
    return Played(
      each: each, player: played, outcome: outcome, isBrokenOff: isBrokenOff,
      seconds: begin.duration(to: .now).inSeconds, office: office)
  }

  /// Tells the verdict, once it is sure that the target has not gone meanwhile.
  private mutating func take(_ played: Played) async {
    var played = played
    let label = played.each.label
    let mayBeGone = !played.outcome.verdict.isPass && runner.target.isShared
    if played.isBrokenOff {
      runner.brokeOff(label)
    } else if mayBeGone, await !answers(played.office) {
      played.outcome.verdict = .error
      played.outcome.remarks.append(
        "the target has closed its connections, or does not answer any more")
      let heard = max(played.office.steward.lastHeard, played.player.lastHeard)
      runner.missed(label, silence: Double(played.office.world.now - heard) / 1000)
      runner.judged(label, played.outcome, played.seconds)
      await lookForTarget()
    } else {
      runner.judged(label, played.outcome, played.seconds)
    }
    await keep(played)
  }

  /// Whether the target still answers the steward.
  private func answers(_ office: Office) async -> Bool {
    await office.steward.ask(.exists(path: runner.folder), patience: 5000) != nil
  }

  /// Plays, and breaks off what takes too long or what the user wants stopped.
  private func watched(_ player: Player) async -> (Player, Outcome, isBrokenOff: Bool) {
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
    var isBrokenOff = false
    if await watchdog.value, outcome.verdict != .pass {
      isBrokenOff = runner.isStopped
      outcome.verdict = isBrokenOff ? .inconclusive : .fail
      outcome.message = isBrokenOff ? "the run was stopped" : "not over after \(Int(limit)) s"
    }
    played.outcome = outcome
    return (played, outcome, isBrokenOff)
  }

  // MARK: Offices

  private mutating func moveIn(
    patience: Int64 = 5000
  ) async throws(TargetError) -> Office {
    if runner.target.isShared, let office, !office.steward.hasLeft { return office }
    let address = runner.target.url
    let world = try await runner.target.world()
    let steward = try await Steward.hired(in: world, address: address, patience: patience)
    try await steward.make(runner.folder, address: address)
    if runner.target.isShared { await steward.occupy(runner.folder) }
    let office = Office(world: world, steward: steward)
    self.office = office
    return office
  }

  /// How long is waited before each attempt to reach a target that has gone, in milliseconds: a
  /// server that is started again takes some seconds.
  private static let pauses: [Int64] = [1000, 2000, 4000]

  /// The target did not answer: it may come again, or be dead for good.
  private mutating func lookForTarget() async {
    let world = office?.world
    office?.steward.hangUp()
    office = nil
    guard runner.target.isShared else { return }
    for pause in Self.pauses {
      await wait(pause, in: world)
      if runner.isStopped || runner.hasGivenUp { return }
      do throws(TargetError) {
        _ = try await moveIn(patience: 3000)
        return runner.found()
      } catch {
        continue
      }
    }
    runner.giveUp()
  }

  private func wait(_ milliseconds: Int64, in world: (any ServiceWorld)?) async {
    guard let world else {
      try? await Task.sleep(for: .milliseconds(milliseconds))
      return
    }
    let end = world.now + milliseconds
    while world.now < end, !runner.isStopped, !runner.hasGivenUp {
      await world.pass(min(100, end - world.now))
    }
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
    if !runner.hasGivenUp { await office?.steward.leave() }
    office = nil
  }

  private mutating func close(_ played: Played) async {
    var player = played.player
    let label = played.each.label
    let isGone = runner.hasGivenUp || played.office.steward.hasLeft
    if isGone {
      await player.hangUp()
    } else if let late = await player.leave(), played.outcome.verdict.isPass {
      runner.judged(label, late, played.seconds)
    }
    guard runner.target.isShared else { return await played.office.steward.leave() }
    let identities = player.identities
    let folder = player.folder.path
    guard !runner.hasGivenUp, let steward = try? await moveIn().steward else {
      return runner.cleaned([Leftover(path: folder, why: "no answer")], of: label, identities)
    }
    await steward.show(identities)
    runner.cleaned(await steward.clear(folder), of: label, identities)
  }
}
