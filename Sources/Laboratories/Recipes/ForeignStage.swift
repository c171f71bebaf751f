import EmbeddedServers
import Foundation
import Synchronization
import ZooKeeper
import ZooKeeperClient
import ZooKeeperWire

/// A run of a program of somebody else's that is being played.
final class ForeignStage: Sendable {
  struct Progress {
    var judge: any Judge
    var outcome = ForeignRun.Outcome()
    var ended: Set<Int> = []
    /// When each process last asked its server, was asked or said something.
    var signs: [Int: Milliseconds] = [:]
    var changes = ForeignChanges()
    /// Those that have asked their server or said something.
    var begun: Set<Int> = []
    var programs: [ForeignProgram] = []
    var values: [String] = []
    /// Whether a process has not done what it should, so that the others need do nothing more.
    var isOver = false
    /// How often each process has asked for what.
    var operations: [Int: [String: Int]] = [:]
    var holdings = ForeignHoldings()
    var killed: Set<Int> = []
  }

  let run: ForeignRun
  let progress: Mutex<Progress>
  private let made = Mutex<SocketServer?>(nil)

  init(_ run: ForeignRun) {
    self.run = run
    var progress = Progress(judge: run.recipe.judge())
    let none = Array(repeating: 0, count: run.recipe.processes)
    (progress.outcome.requests, progress.outcome.rests, progress.outcome.waits) = (none, none, none)
    self.progress = Mutex(progress)
  }

  /// The server, which tells this stage what passes.
  var server: SocketServer {
    made.withLock { made in
      if let made { return made }
      let server = SocketServer(
        SocketServer.Witness(
          heard: { [unowned self] in heard($1, from: $0) },
          told: { [unowned self] in log("  \(Fault.name($0)) ← \($1)") }))
      made = server
      return server
    }
  }

  func program(_ index: Int) -> ForeignProgram { progress.withLock { $0.programs[index] } }

  func endAll() {
    let programs = progress.withLock { progress in
      progress.isOver = true
      return progress.programs
    }
    for program in programs { program.kill() }
  }

  func log(_ line: String) {
    let now = server.now
    progress.withLock { $0.outcome.log.append("\(now) ms  \(line)") }
  }

  // MARK: Playing

  func play(_ ports: [Int]) async throws -> ForeignRun.Outcome {
    for (index, port) in ports.enumerated() {
      let program = try ForeignProgram(
        run.command,
        [
          "QUORATE_ZOOKEEPER": "127.0.0.1:\(port)", "QUORATE_PATH": run.recipe.path,
          "QUORATE_RECIPE": run.recipe.name, "QUORATE_NAME": Fault.name(index),
        ])
      progress.withLock { $0.programs.append(program) }
    }
    let end = await withTaskGroup(of: ForeignPlayer.End?.self) { group in
      for index in ports.indices {
        let player = ForeignPlayer(index, on: self)
        group.addTask { [self] in await play(player) }
        await settled(index)
      }
      var first: ForeignPlayer.End?
      while let end = await group.next() {
        guard let end else { continue }
        if case .cancelled = end, first != nil { continue }
        if case .cancelled? = first { first = nil }
        first = first ?? end
        group.cancelAll()
      }
      return first
    }
    if end == nil, run.recipe.leavesMarks {
      for index in ports.indices { await server.expire(index) }
    }
    return judged(end)
  }

  private func play(_ player: ForeignPlayer) async -> ForeignPlayer.End? {
    do throws(ForeignPlayer.End) {
      try await run.recipe.play(player)
      progress.withLock { _ = $0.ended.insert(player.index) }
      return nil
    } catch {
      if case .killed = error { return nil }
      progress.withLock { $0.isOver = true }
      return error
    }
  }

  private func judged(_ end: ForeignPlayer.End?) -> ForeignRun.Outcome {
    let truth = truth
    return progress.withLock { progress in
      switch end {
      case .mistake(let words): progress.outcome.mistake = ForeignRun.Mistake(words)
      case .dead(let words): progress.judge.report("termination", words)
      case .failing(let words): progress.judge.report("endurance", words)
      case .stuck(let index, let words, let why):
        progress.outcome.log.append("\(server.now) ms  \(why)")
        progress.judge.report(
          "termination", "\(Fault.name(index)) does not answer '\(words)': \(why)")
      case .cancelled where !progress.judge.violations.isEmpty: break
      case .cancelled, .killed, nil: progress.judge.end(truth)
      }
      progress.outcome.violations = progress.judge.violations
      return progress.outcome
    }
  }

  /// Waits until a process has something or waits for something: it says so, or asks nothing more.
  private func settled(_ index: Int) async {
    // The others begin before it is given up.
    let limit = server.now + run.startLimit / 2
    while server.now < limit, !isDecided {
      let (sign, hasEnded) = progress.withLock {
        (
          $0.begun.contains(index) ? $0.signs[index] : nil,
          $0.ended.contains(index) || $0.programs[index].end != nil
        )
      }
      if hasEnded || sign.map({ server.now - $0 > Self.calm }) ?? false { return }
      await OwnThreads.pause(2)
    }
  }

  /// Waits until all have begun, and nobody asks or says anything; or only asks what changes
  /// nothing, again and again.
  func quiet(within limit: Milliseconds = .max) async {
    let begin = server.now
    while !isDecided, stuck == nil, server.now - begin < limit {
      let changed = lastChange
      let (last, hasBegun) = progress.withLock { progress in
        (progress.signs.values.max() ?? 0, progress.begun.count == progress.programs.count)
      }
      let now = server.now
      let isCalm = now - max(last, begin) > 2 * Self.calm
      if hasBegun, isCalm || now - max(changed, begin) > Self.polling { return }
      await OwnThreads.pause(2)
    }
  }

  /// How long nothing happens when nothing will before something else does, in milliseconds.
  private static let calm = Milliseconds(100)
  /// How long nothing changes when whoever asks only looks again and again.
  private static let polling = Milliseconds(1500)
  /// How long a run may take.
  private static let patience = Milliseconds(120_000)

  /// Why nothing happens any more, nor will; nil while something may.
  var stuck: String? {
    let (now, changed) = (server.now, lastChange)
    return progress.withLock { progress in
      guard now < Self.patience else { return "the run takes more than \(Self.patience / 1000) s" }
      let begun = progress.begun.count == progress.programs.count
      let limit = begun ? run.silenceLimit : run.startLimit
      if now - (progress.signs.values.max() ?? 0) > limit { return "nothing happens any more" }
      return begun && now - changed > 4 * limit
        ? "nothing changes any more, though it is looked again and again" : nil
    }
  }

  /// When the tree, a session, or what a process was asked or said has changed last.
  private var lastChange: Milliseconds {
    let (latest, known) = progress.withLock { ($0.signs.values.max() ?? 0, $0.changes) }
    guard latest > known.looked else { return known.last }
    let (now, judged) = (server.now, server.judged)
    let sessions = (0..<run.recipe.processes).map { server.session(of: $0) }
    let state = judged.fingerprint(below: run.recipe.path, sessions)
    return progress.withLock { progress in
      progress.changes.look(state, at: latest, now)
      return progress.changes.last
    }
  }

  /// A process is asked something, or does something.
  ///
  /// - Parameters:
  ///   - does: Whether it does it by itself.
  ///   - changes: Whether something is said by it that changes what it is at.
  func sign(of index: Int, does: Bool = true, changes: Bool = true) {
    let now = server.now
    progress.withLock { progress in
      progress.signs[index] = now
      if does { progress.begun.insert(index) }
      if changes { progress.changes.last = now }
    }
  }

  /// Whether anything has gone wrong so far.
  var isTroubled: Bool { progress.withLock { !$0.outcome.struck.isEmpty } }

  /// Whether there is nothing more to be seen: something must not be and is.
  var isDecided: Bool { progress.withLock { $0.isOver || !$0.judge.violations.isEmpty } }

  // MARK: Trouble

  private func heard(_ heard: SocketServer.Heard, from index: Int) -> SocketServer.Treatment {
    guard case .request(let frame, let words) = heard else {
      if case .greeting(let greeting) = heard {
        let session = greeting.session == .none ? "a new session" : "its session"
        log("  \(Fault.name(index)) → connects, asks for \(session)")
      }
      return .serve
    }
    guard frame.header.opcode != .ping, frame.header.opcode != .closeSession else { return .serve }
    sign(of: index, changes: false)
    let what = words.isEmpty ? "\(frame.header.opcode)" : words
    let operation = String(what.prefix { $0 != " " && $0 != "," })
    let (number, ofItsKind) = progress.withLock { progress in
      progress.outcome.requests[index] += 1
      progress.operations[index, default: [:]][operation, default: 0] += 1
      return (progress.outcome.requests[index], progress.operations[index]?[operation] ?? 0)
    }
    log("  \(Fault.name(index)) → \(what)")
    let fault = struck(index, .request(number)) ?? struck(index, .operation(operation, ofItsKind))
    if let fault { strikeHolder(index, by: fault) }
    return fault?.treatment ?? .serve
  }

  private func struck(_ index: Int, _ place: ForeignFault.Place) -> ForeignFault? {
    guard let fault = run.faults.first(where: { $0.process == index && $0.place == place }) else {
      return nil
    }
    log("--- \(fault)")
    progress.withLock { $0.outcome.struck.append(fault) }
    return fault
  }

  /// A process has what it wanted, and is asked nothing for a moment.
  func rest(_ index: Int) async {
    let number = progress.withLock { progress in
      progress.outcome.rests[index] += 1
      return progress.outcome.rests[index]
    }
    if let fault = struck(index, .rest(number)) {
      await strike(fault)
    } else {
      await OwnThreads.pause(20)
    }
    let limit = server.now + Self.returning
    while progress.withLock({ $0.holdings.keeps(index) }), server.now < limit, !isDecided {
      await OwnThreads.pause(2)
    }
  }

  /// Whether a process has been asked something, and has done nothing for a while, or nothing but
  /// look.
  func isWaiting(_ index: Int) -> Bool {
    let (now, changed) = (server.now, lastChange)
    return progress.withLock { progress in
      progress.begun.contains(index)
        && (now - (progress.signs[index] ?? now) > Self.calm || now - changed > Self.polling)
    }
  }

  /// A process waits for others.
  func wait(_ index: Int) async {
    let number = progress.withLock { progress in
      progress.outcome.waits[index] += 1
      return progress.outcome.waits[index]
    }
    if let fault = struck(index, .wait(number)) { await strike(fault) }
  }

  /// What a process is told comes when others have done what they can without it.
  private func letThroughLater(_ index: Int) {
    Task(executorPreference: OwnThreads.shared) { [self] in
      // Others may look again and again for what it has not brought yet.
      await quiet(within: 1500)
      if !isDecided { await server.letThrough(index) }
    }
  }

  private func strike(_ fault: ForeignFault) async {
    let index = fault.process
    let onlyWaits = fault.kind != .kill && progress.withLock { $0.holdings.strikes(index) }
    switch fault.kind {
    case .cut, .loseReply: await server.cut(index)
    case .expire: await server.expire(index)
    case .delay:
      await server.delay(index)
      letThroughLater(index)
    case .restart: await server.restart(0..<run.recipe.processes)
    case .stop:
      program(index).stop()
      await server.expire(index)
    case .pause: program(index).stop()
    case .kill:
      kill(index)
      await server.expire(index)
      progress.withLock { $0.holdings.leaves(index) }
    }
    // Others do what they can meanwhile.
    await quiet()
    if fault.kind == .stop || fault.kind == .pause { program(index).goOn() }
    if onlyWaits { isBackLater(index) }
  }

  /// A request of a process is struck: when it has something, others wait until it gives it back.
  private func strikeHolder(_ index: Int, by fault: ForeignFault) {
    if fault.kind == .delay { letThroughLater(index) }
    guard fault.kind != .kill else {
      progress.withLock { progress in
        progress.killed.insert(index)
        progress.holdings.leaves(index)
      }
      // Here the server is at work: it does not wait for the process to end.
      Task(executorPreference: OwnThreads.shared) { [self] in kill(index) }
      return
    }
    progress.withLock { progress in
      if progress.holdings.holds(index) { _ = progress.holdings.strikes(index) }
    }
  }

  /// A process is no more.
  private func kill(_ index: Int) {
    progress.withLock { _ = $0.killed.insert(index) }
    program(index).kill()
  }

  /// Whether a process was killed.
  func isKilled(_ index: Int) -> Bool { progress.withLock { $0.killed.contains(index) } }

  // MARK: Judging

  func take(_ what: Note.What, from index: Int) {
    let truth = truth
    let note = Note(
      process: index, session: server.session(of: index), knowsEnd: false, time: server.now,
      what: what)
    progress.withLock { progress in
      if case .puts(let value) = what { progress.values.append(value) }
      progress.judge.take(note, truth)
    }
  }

  /// Whether a process has done all that it shall do, or is no more.
  func hasEnded(_ index: Int) -> Bool {
    progress.withLock { $0.ended.contains(index) || $0.killed.contains(index) }
  }

  /// Whether a value that was put stands below the node that is worked at.
  func stands(_ value: String) -> Bool {
    truth.server.children(run.recipe.path).contains { $0.hasPrefix(value + ".") }
  }

  private var truth: Truth {
    let server = server.judged
    return progress.withLock { progress in
      Truth(
        server: ForeignTree(server: server, values: progress.values),
        faults: progress.outcome.struck.flatMap { $0.known(of: run.recipe.processes) },
        crashed: progress.killed,
        ended: progress.ended,
        processes: run.recipe.processes, events: { [] }, isConnected: { _ in true })
    }
  }
}
