import Foundation
import Synchronization
import ZooKeeper
import ZooKeeperClient

/// A recipe that somebody else wrote, in whatever language, judged as ours are.
///
/// The command is started once for each process, as `COMMAND NAME` with `QUORATE_ZOOKEEPER` in its
/// environment: the address of a server of its own port, `QUORATE_PATH`, the node below which it
/// works, and `QUORATE_RECIPE`. It says what it does, a line each, and ends when it has done it:
///
///     session 72057594037927937      the session that it goes on with
///     asks                           it begins to wait
///     holds                          it has what it asked for
///     releases                       from now on it has it no more
///     fails WORDS                    what it asked for failed
///
/// Any other line is an error, and so is to hold what was not asked for, or to ask in no session.
/// It ends with exit code 0, within a minute and a half. Meanwhile connections break, with and
/// without what was asked being done, and processes are stopped for longer than their sessions
/// last.
package struct ForeignRun: Sendable {
  /// What is judged.
  package var recipe: ForeignRecipe
  /// The command and its arguments.
  package var command: [String]
  /// How many faults there are, and the seed of what and when.
  package var faults = 6
  /// See ``faults``.
  package var seed: UInt64 = 0
  /// How long the programs have to come to their end.
  package var patience = Duration.seconds(90)

  package init(_ recipe: ForeignRecipe, by command: [String]) {
    (self.recipe, self.command) = (recipe, command)
  }

  /// What is wrong with a command.
  package struct Mistake: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let description: String
  }

  /// Plays it.
  ///
  /// - Throws: ``Mistake`` when the command cannot be started.
  package func run() async throws -> Simulation.Outcome {
    guard isThere(command[0]) else {
      throw Mistake(description: "exec: there is no command \(command[0])")
    }
    let server = SocketServer()
    let ports = try await server.start(recipe.processes)
    let stage = ForeignStage(self, server)
    let outcome: Result<Simulation.Outcome, any Error>
    do {
      outcome = .success(try await stage.play(ports))
    } catch {
      outcome = .failure(error)
    }
    await server.stop()
    return try outcome.get()
  }
}

extension ForeignRun {
  /// Whether a command of this name can be run, as a shell looks for it.
  private func isThere(_ name: String) -> Bool {
    let files = FileManager.default
    if name.contains("/") { return files.isExecutableFile(atPath: name) }
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { files.isExecutableFile(atPath: "\($0)/\(name)") }
  }
}

private final class ForeignStage: Sendable {
  private struct Progress {
    var judge: any Judge
    var notes: [Note] = []
    var sessions: [Int: SessionID] = [:]
    var ended: Set<Int> = []
    var faults: [Fault] = []
    var mistakes: [String] = []
    var log: [String] = []
    /// Who waits, and who has ever held.
    var asking: Set<Int> = []
    var hasHeld: Set<Int> = []
    var pieces: [Int: String] = [:]
  }

  private let run: ForeignRun
  private let server: SocketServer
  private let progress: Mutex<Progress>
  private let began = ContinuousClock.now

  init(_ run: ForeignRun, _ server: SocketServer) {
    (self.run, self.server) = (run, server)
    progress = Mutex(Progress(judge: run.recipe.judge()))
  }

  func play(_ ports: [Int]) async throws -> Simulation.Outcome {
    let started = try ports.enumerated().map { index, port in try start(index, port) }
    let trouble = Task { await strike(started) }
    let deadline = began + run.patience
    while ContinuousClock.now < deadline, started.contains(where: \.isRunning) {
      try? await Task.sleep(for: .milliseconds(50))
    }
    trouble.cancel()
    await trouble.value
    for (index, process) in started.enumerated() { finish(index, process) }
    // What dying sessions have left goes with them.
    if !progress.withLock(\.sessions.isEmpty) { try? await Task.sleep(for: .seconds(6)) }
    let truth = truth
    return progress.withLock { progress in
      progress.judge.end(truth)
      let mistakes = progress.mistakes.map { Violation("protocol", $0) }
      return Simulation.Outcome(
        violations: mistakes + progress.judge.violations, notes: progress.notes, log: progress.log)
    }
  }

  private func start(_ index: Int, _ port: Int) throws -> Foundation.Process {
    let process = Foundation.Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = run.command + [Fault.name(index)]
    var environment = ProcessInfo.processInfo.environment
    environment["QUORATE_ZOOKEEPER"] = "127.0.0.1:\(port)"
    environment["QUORATE_PATH"] = run.recipe.path
    environment["QUORATE_RECIPE"] = run.recipe.name
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw ForeignRun.Mistake(description: "\(run.command.joined(separator: " ")): \(error)")
    }
    let reading = output.fileHandleForReading
    Thread.detachNewThread { [self] in
      while case let data = reading.availableData, !data.isEmpty {
        hear(String(decoding: data, as: UTF8.self), from: index)
      }
    }
    return process
  }

  /// Takes note of how a process has ended; one that has not is killed.
  private func finish(_ index: Int, _ process: Foundation.Process) {
    let hasEnded = !process.isRunning
    if !hasEnded { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    // Its last line may lack its end.
    hear("\n", from: index)
    let name = Fault.name(index)
    progress.withLock { progress in
      guard hasEnded else { return }
      progress.ended.insert(index)
      if process.terminationReason != .exit || process.terminationStatus != 0 {
        progress.mistakes.append("\(name) ends with code \(process.terminationStatus)")
      } else if !progress.hasHeld.contains(index) {
        progress.mistakes.append("\(name) has never held anything")
      }
    }
  }

  // MARK: Trouble

  private func strike(_ started: [Foundation.Process]) async {
    var chance = SeededChoices(run.seed)
    for _ in 0..<run.faults {
      let wait = Int.random(in: 200...1500, using: &chance)
      guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
      let index = Int.random(in: started.indices, using: &chance)
      let kind = [Fault.Kind.cut, .loseReplies, .stop(7000)].randomElement(using: &chance) ?? .cut
      guard started[index].isRunning else { continue }
      let fault = Fault(step: 0, process: index, kind)
      let time = Milliseconds(ContinuousClock.now - began)
      progress.withLock { progress in
        progress.faults.append(fault)
        progress.log.append("\(time) ms  --- \(fault.words)")
      }
      switch kind {
      case .stop(let time):
        kill(started[index].processIdentifier, SIGSTOP)
        try? await Task.sleep(for: .milliseconds(time))
        kill(started[index].processIdentifier, SIGCONT)
      case .loseReplies: server.cut(index, losingReplies: true)
      default: server.cut(index, losingReplies: false)
      }
    }
  }

  // MARK: Hearing

  private var truth: Truth {
    let judged = server.judged
    return progress.withLock { progress in
      Truth(
        server: judged, faults: progress.faults, crashed: [], ended: progress.ended,
        processes: run.recipe.processes, events: { [] }, isConnected: { _ in true })
    }
  }

  /// Takes what a process has printed, whole lines only.
  private func hear(_ text: String, from index: Int) {
    let lines = progress.withLock { progress -> [String] in
      var parts = (progress.pieces[index, default: ""] + text)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      progress.pieces[index] = parts.removeLast()
      return parts
    }
    for line in lines where !line.isEmpty { take(line, from: index) }
  }

  private func take(_ line: String, from index: Int) {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let what: Note.What
    switch (words[0], words.count) {
    case ("session", 2):
      guard let id = Int64(words[1]) else { return mistake("no session: \(line)", index) }
      progress.withLock { $0.sessions[index] = SessionID(id) }
      return
    case ("asks", 1): what = .asks(run.recipe.name)
    case ("holds", 1): what = .holds(run.recipe.name, token: .zero)
    case ("releases", 1): what = .releases(run.recipe.name)
    case ("fails", _): what = .fails(.closed)
    default: return mistake("an unknown line: \(line.prefix(80))", index)
    }
    if let words = misplaced(what, index) { return mistake(words, index) }
    let truth = truth
    let time = Milliseconds(ContinuousClock.now - began)
    progress.withLock { progress in
      let note = Note(
        process: index, session: progress.sessions[index] ?? .none, knowsEnd: false, time: time,
        what: what)
      progress.notes.append(note)
      progress.log.append("\(time) ms  \(note)")
      progress.judge.take(note, truth)
    }
  }

  /// What is wrong with saying this now; nil if nothing is.
  private func misplaced(_ what: Note.What, _ index: Int) -> String? {
    progress.withLock { progress in
      guard progress.sessions[index] != nil else { return "something before it says its session" }
      switch what {
      case .asks: progress.asking.insert(index)
      case .holds:
        guard progress.asking.remove(index) != nil else { return "holds, and has not asked" }
        progress.hasHeld.insert(index)
      default: progress.asking.remove(index)
      }
      return nil
    }
  }

  private func mistake(_ words: String, _ index: Int) {
    progress.withLock { $0.mistakes.append("\(Fault.name(index)) says \(words)") }
  }
}
