package import Recipes
import Synchronization
import ZooKeeper
import ZooKeeperClient

/// A program on a real server, in real time: the same source, over TCP.
///
/// The processes are tasks of this process, each with its own sessions. Connections are broken now
/// and then, at moments that a seed draws; nothing else is done to the server.
package struct LiveRun: Sendable {
  /// What the processes do.
  package var program: Program
  /// The servers: `host:port,host:port`.
  package var servers: String
  /// The rules that the recipe leaves out.
  package var without: Set<Rule> = []
  /// How many connections are broken, and the seed of the moments.
  package var cuts = 0
  /// See ``cuts``.
  package var seed: UInt64 = 0
  /// How long the programs have to come to their end.
  package var patience = Duration.seconds(120)

  package init(_ program: Program, on servers: String) {
    (self.program, self.servers) = (program, servers)
  }

  /// Plays it below a node of its own, which is removed afterwards.
  ///
  /// - Throws: ``ClientError`` if the servers cannot be used.
  package func run() async throws -> Simulation.Outcome {
    let observer = try await Client.connect(to: servers)
    let root = "/quorate-recipes-" + String(UInt64.random(in: 0 ... .max), radix: 16)
    try await observer.create(root)
    let stage = LiveStage(self, root: root)
    await stage.play()
    // What dying sessions have left goes with them; the programs' own are closed by now.
    let outcome = try await stage.judged(by: observer)
    try await removeAll(root, observer)
    await observer.close()
    return outcome
  }

  private func removeAll(_ path: String, _ client: Client) async throws(ClientError) {
    for child in try await client.getChildren(path) {
      try await removeAll("\(path)/\(child)", client)
    }
    try await client.delete(path)
  }
}

/// What a judge is told of a real server: only what its own clients have heard.
private struct HeardServer: JudgedServer {
  /// The sessions that clients know to be over.
  var ended: Set<SessionID> = []
  /// What was read in the end.
  var nodes: [String: [String]] = [:]

  func isAlive(_ session: SessionID) -> Bool { !ended.contains(session) }
  func children(_ path: String) -> [String] { nodes[path] ?? [] }
  func node(_ path: String) -> Node? { nil }
  var isTransparent: Bool { false }
}

private final class LiveStage: Sendable {
  private struct Progress {
    var judge: any Judge
    var notes: [Note] = []
    var ended: Set<Int> = []
    var server = HeardServer()
  }

  private let run: LiveRun
  private let root: String
  private let progress: Mutex<Progress>
  private let processes = Mutex<[Process]>([])
  private let began = NIOLink().now

  init(_ run: LiveRun, root: String) {
    (self.run, self.root) = (run, root)
    progress = Mutex(Progress(judge: run.program.judge()))
  }

  func play() async {
    let resource = FencedResource()
    let made = (0..<run.program.processes).map { index in
      Process(
        index, over: NIOLink(), to: run.servers + root, guarding: resource,
        sessionTimeout: .seconds(12)
      ) { [self] note in
        take(note)
      }
    }
    processes.withLock { $0 = made }
    await withTaskGroup(of: Bool.self) { group in
      for process in made {
        group.addTask { [self] in
          _ = try? await run.program.run(process, run.without)
          progress.withLock { _ = $0.ended.insert(process.index) }
          return true
        }
      }
      group.addTask { [self] in
        await breakConnections(of: made)
        try? await Task.sleep(for: run.patience)
        return false
      }
      var left = made.count
      while left > 0, await group.next() == true { left -= 1 }
      group.cancelAll()
    }
  }

  private func breakConnections(of processes: [Process]) async {
    var chance = SeededChoices(run.seed)
    for _ in 0..<run.cuts {
      let wait = Int.random(in: 20...700, using: &chance)
      guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
      processes.randomElement(using: &chance)?.all.last?.drop(reconnecting: true)
    }
  }

  private var truth: Truth {
    let all = processes.withLock { $0 }
    let over = all.flatMap(\.all).filter { $0.end != nil }.map(\.session.id)
    let cut = Fault(step: 0, process: 0, .cut)
    return progress.withLock { progress in
      progress.server.ended.formUnion(over)
      return Truth(
        server: progress.server, faults: run.cuts > 0 ? [cut] : [], crashed: [],
        ended: progress.ended, processes: run.program.processes,
        events: { all.flatMap { process in process.events().map { (process.index, $0) } } },
        isConnected: { process in all.indices.contains(process) && all[process].isConnected })
    }
  }

  private func take(_ note: Note) {
    let truth = truth
    var note = note
    note.time -= began
    let said = note
    progress.withLock { progress in
      progress.notes.append(said)
      progress.judge.take(said, truth)
    }
  }

  /// What the judge says, who is shown what is left at the server.
  func judged(by observer: Client) async throws(ClientError) -> Simulation.Outcome {
    try await observer.sync()
    var nodes: [String: [String]] = [:]
    var open = [""]
    while let path = open.popLast() {
      let children = try await observer.getChildren(root + path)
      nodes[path.isEmpty ? "/" : path] = children
      open += children.map { "\(path)/\($0)" }
    }
    let seen = nodes
    progress.withLock { $0.server.nodes = seen }
    let truth = truth
    let outcome = progress.withLock { progress in
      progress.judge.end(truth)
      return Simulation.Outcome(violations: progress.judge.violations, notes: progress.notes)
    }
    for process in processes.withLock({ $0 }) {
      for client in process.all { await client.close() }
      process.forgetClients()
    }
    return outcome
  }
}
