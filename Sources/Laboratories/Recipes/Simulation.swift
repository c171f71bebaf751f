package import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

/// One run of a program, determined by its faults.
package struct Simulation: Sendable {
  /// What the processes do.
  package var program: Program
  /// The rules that the recipe leaves out.
  package var without: Set<Rule> = []
  /// The server.
  package var server: any SimulatedServer
  /// Whether what happens is written down.
  package var isLogging = false
  /// Faults that strike when something is said.
  package var cues: [Cue] = []

  /// How long processes have to come to their end, in milliseconds.
  static let patience: Milliseconds = 600_000
  /// How many steps a run may have.
  static let stepLimit = 200_000
  /// How long it is waited until what is left has expired.
  static let expiry: Milliseconds = 15_000

  package init(_ program: Program, on server: any SimulatedServer, without: Set<Rule> = []) {
    (self.program, self.server, self.without) = (program, server, without)
  }

  /// What came of a run.
  package struct Outcome: Sendable {
    /// What was violated, in order; empty when nothing was.
    package var violations: [Violation] = []
    /// How many steps it had.
    package var steps = 0
    /// The faults that struck; one whose step did not come does not.
    package var struck: [Fault] = []
    /// How often watches woke clients.
    package var wakes = 0
    /// What programs said.
    package var notes: [Note] = []
    /// What happened, where that was to be written down.
    package var log: [String] = []
    /// What was said and done, in order.
    package var moments: [Moment] = []
  }

  /// Plays it.
  package func run(_ faults: [Fault] = []) -> Outcome {
    let stage = Stage(self, faults)
    return stage.play()
  }
}

/// A run that is being played.
private final class Stage: Sendable {
  private struct Progress {
    var judge: any Judge
    var notes: [Note] = []
    var ended: Set<Int> = []
    var struck: [Fault] = []
    /// The sessions whose end at the server is written down.
    var over: Set<SessionID> = []
    var isOver = false
    var scene: SceneBook
    /// Faults that cues have called for.
    var due: [Cue] = []
    /// How many violations are written down.
    var told = 0
    /// What failed that must not fail, in whatever recipe.
    var broken: Violation?

    mutating func takeDue() -> [Cue] {
      defer { due = [] }
      return due
    }
  }

  private let simulation: Simulation
  private let faults: [Fault]
  private let network: SimulatedNetwork
  private let progress: Mutex<Progress>
  private let processes = Mutex<[Process]>([])

  init(_ simulation: Simulation, _ faults: [Fault]) {
    self.simulation = simulation
    self.faults = faults.sorted { $0.step < $1.step }
    network = SimulatedNetwork(simulation.server, isLogging: simulation.isLogging)
    progress = Mutex(
      Progress(judge: simulation.program.judge(), scene: SceneBook(simulation.cues)))
  }

  func play() -> Simulation.Outcome {
    let program = simulation.program
    let executors = (0..<program.processes).map { index in
      StepExecutor { [network] job in network.put(.job(job), in: .jobs(index)) }
    }
    let resource = FencedResource()
    let made = (0..<program.processes).map { index in
      Process(
        index, over: SimulatedLink(network: network, process: index), to: "simulated",
        guarding: resource
      ) { [self] note in take(note)
      }
    }
    processes.withLock { $0 = made }
    let rules = simulation.without
    let tasks = made.map { process in
      Task(executorPreference: executors[process.index]) { [self] in
        await Owner.$isFixed.withValue(true) { _ = try? await program.run(process, rules) }
        ended(process.index)
      }
    }
    drive(executors, tasks)
    let steps = network.step
    judgeEnd(executors)
    let wakes = truth.events().count { $0.event.type != .none }
    clear(executors, tasks)
    return progress.withLock { progress in
      Simulation.Outcome(
        violations: progress.judge.violations + [progress.broken].compactMap(\.self), steps: steps,
        struck: progress.struck, wakes: wakes, notes: progress.notes,
        log: network.state.withLock { $0.log ?? [] }, moments: progress.scene.moments)
    }
  }

  /// Until all programs have ended, or nothing happens any more.
  private func drive(_ executors: [StepExecutor], _ tasks: [Task<Void, Never>]) {
    var pending = faults[...]
    while network.step < Simulation.stepLimit {
      while let fault = pending.first, fault.step <= network.step {
        strike(fault, tasks)
        pending = pending.dropFirst()
      }
      for cue in progress.withLock({ $0.takeDue() }) {
        strike(Fault(step: network.step, process: cue.process, cue.fault), tasks)
        let now = network.now
        progress.withLock { $0.scene.strike(cue, at: now) }
      }
      if isOver { return }
      if network.happen(executors) { continue }
      rest()
      if !network.pass(until: Simulation.patience) { return }
      lookAtSessions()
    }
  }

  private var isOver: Bool {
    let crashed = network.state.withLock(\.crashed)
    return progress.withLock {
      $0.ended.union(crashed).count == simulation.program.processes
    }
  }

  private func strike(_ fault: Fault, _ tasks: [Task<Void, Never>]) {
    guard tasks.indices.contains(fault.process) else { return }
    progress.withLock { $0.struck.append(fault) }
    network.log("--- \(fault)")
    if fault.kind == .cancel {
      tasks[fault.process].cancel()
    } else {
      network.strike(fault)
    }
  }

  // MARK: Judging

  private var truth: Truth {
    let (server, crashed) = network.state.withLock { ($0.server, $0.crashed) }
    let (struck, ended) = progress.withLock { ($0.struck, $0.ended) }
    let all = processes.withLock { $0 }
    return Truth(
      server: server, faults: struck, crashed: crashed, ended: ended,
      processes: simulation.program.processes,
      events: { all.flatMap { process in process.events().map { (process.index, $0) } } },
      isConnected: { process in all.indices.contains(process) && all[process].isConnected })
  }

  private func take(_ note: Note) {
    guard !progress.withLock(\.isOver) else { return }
    let words = progress.withLock { note.words(after: $0.notes) }
    network.log("\(Fault.name(note.process)) \(words)")
    let truth = truth
    defer { tellViolations() }
    progress.withLock { progress in
      progress.notes.append(note)
      progress.due += progress.scene.hear(note)
      progress.judge.take(note, truth)
      if simulation.program.endures, progress.broken == nil {
        progress.broken = truth.unendured(
          note, givesTime: simulation.program.givesTime)
      }
    }
  }

  private func ended(_ process: Int) {
    guard !progress.withLock(\.isOver) else { return }
    network.log("\(Fault.name(process)) ends")
    let now = network.now
    progress.withLock { progress in
      progress.ended.insert(process)
      progress.scene.end(process, at: now)
    }
  }

  /// Whether sessions of processes that were struck have ended meanwhile.
  private func lookAtSessions() {
    let (server, now) = network.state.withLock { ($0.server, $0.now) }
    progress.withLock { $0.scene.look(at: server, now: now) }
    for process in processes.withLock({ $0 }) {
      guard let client = process.all.last, client.end == nil, client.session.id.rawValue != 0,
        !server.isAlive(client.session.id)
      else { continue }
      let isNews = progress.withLock {
        !$0.ended.contains(process.index) && $0.over.insert(client.session.id).inserted
      }
      if isNews { network.log("--- the session of \(process.name) is over") }
    }
  }

  /// Writes down what has come to be violated, where it is seen.
  private func tellViolations() {
    let news = progress.withLock { progress in
      defer { progress.told = progress.judge.violations.count }
      return progress.judge.violations.dropFirst(progress.told)
    }
    for violation in news { network.log("--- violates \(violation)") }
  }

  private func rest() {
    guard !network.state.withLock({ $0.isHeldUp }) else { return }
    let truth = truth
    progress.withLock { $0.judge.rest(truth) }
    tellViolations()
  }

  /// Lets expire what is left, and judges the end.
  private func judgeEnd(_ executors: [StepExecutor]) {
    let end = network.now + Simulation.expiry
    var steps = 0
    while steps < Simulation.stepLimit {
      if network.happen(executors) {
        steps += 1
      } else if network.pass(until: end) {
        lookAtSessions()
      } else {
        break
      }
    }
    let truth = truth
    progress.withLock { progress in
      progress.judge.end(truth)
      progress.isOver = true
    }
  }

  /// Ends every task, so that nothing is left of the run.
  private func clear(_ executors: [StepExecutor], _ tasks: [Task<Void, Never>]) {
    network.finish()
    for task in tasks { task.cancel() }
    let all = processes.withLock { $0 }
    for _ in 0..<100 {
      for client in all.flatMap(\.all) { _ = client.askToClose() }
      var count = 0
      while network.happen(executors), count < Simulation.stepLimit { count += 1 }
      if count == 0 { break }
    }
    for process in all { process.forgetClients() }
    processes.withLock { $0 = [] }
  }
}
