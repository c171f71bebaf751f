import ArgumentParser
import Lab
import Paxos
import ProtocolCore
import ReferenceModels
import TwoPhaseCommit

/// Measures how fast, and in how little room, the explorer goes through all states of two models.
struct ExploreBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "All states of three models, beside SPIN on the same models.",
    discussion: """
      The models are Lamport's TwoPhase with 7 resource managers, two-phase commit with 4 \
      participants and one crash, and Paxos with two proposers and three acceptors. SPIN \
      (Debian: spin, gcc) explores the same ones, written in Promela, in the same run: spin -a, \
      gcc -O2, nothing else set. Both judge safety only. Times are of the processor; of several \
      rounds the least counts. Build with -c release.

      Exit: 1 when the two do not find the same number of states.
      """)

  @Option(help: "How many resource managers Lamport's TwoPhase has.")
  var managers = 7
  @Option(help: "How many participants two-phase commit has, 1 to 5.")
  var participants = 4
  @Option(help: "How many acceptors Paxos has, 1 to 3.")
  var acceptors = 3
  @Option(help: "How often each is measured, in turn.")
  var rounds = 3
  @Option(help: "Where the Promela models are.")
  var models = "Fixtures/Promela"

  func validate() throws {
    guard (1...8).contains(managers), (1...5).contains(participants),
      (1...3).contains(acceptors), (1...100).contains(rounds)
    else {
      throw ValidationError(
        "--managers is 1 to 8, --participants 1 to 5, --acceptors 1 to 3, --rounds 1 to 100")
    }
  }

  func run() throws {
    print("model                                  states   seconds  states/s  bytes/state")
    let lamport = try lamport()
    var isEqual = try measure(
      "Lamport's TwoPhase, \(managers)", "LamportTwoPhase", size: managers
    ) { Self.counts(of: lamport.explore()) }
    let chapter = try chapter()
    let title = "two-phase commit, \(participants), 1 crash"
    isEqual =
      try measure(title, "TwoPhaseCommit", size: participants) {
        Self.counts(of: chapter.explore())
      } && isEqual
    let synod = try synod()
    isEqual =
      try measure("Paxos, \(acceptors) acceptors", "Paxos", size: acceptors) {
        Self.counts(of: synod.explore())
      } && isEqual
    guard isEqual else { throw ExitCode(1) }
  }

  /// What both count.
  struct Counts {
    var states: Int
    var seconds: Double
    var bytes: Int
  }

  private func lamport() throws -> Explorer<TwoPhase> {
    let bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max)
    var explorer = Explorer(try Cluster<TwoPhase>(TwoPhase.topology(managers), bounds: bounds))
    explorer.isLasting = true
    explorer.judged = explorer.judged.filter { $0.form == .always }
    return explorer
  }

  private func chapter() throws -> Explorer<TwoPhaseCommitModel> {
    let bounds = Bounds(crashes: 1, losses: 0, duplicates: 0, expiries: 0)
    var cluster = try Cluster<TwoPhaseCommitModel>(
      TwoPhaseCommitModel.topology(participants), bounds: bounds)
    cluster.asks = cluster.asks.map { Ask($0.node, oneOf: Array($0.requests.prefix(1))) }
    var explorer = Explorer(cluster)
    explorer.judged = explorer.judged.filter { $0.form == .always }
    return explorer
  }

  private func synod() throws -> Explorer<PaxosModel> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = ["ballot": 0, "inquiry": 0]
    var cluster = try Cluster<PaxosModel>(PaxosModel.topology(acceptors), bounds: bounds)
    cluster.asks = cluster.asks.map { Ask($0.node, oneOf: Array($0.requests.prefix(1))) }
    var explorer = Explorer(cluster)
    explorer.judged = explorer.judged.filter { $0.form == .always }
    return explorer
  }

  private static func counts<C>(of found: Exploration<C>) -> Counts {
    Counts(states: found.states, seconds: 0, bytes: found.bytes)
  }

  /// Measures both in turn and prints a line each.
  ///
  /// - Returns: whether they found the same number of states, as far as both were there.
  private func measure(
    _ title: String, _ model: String, size: Int, explore: () -> Counts
  ) throws -> Bool {
    let spin = Spin(model: "\(models)/\(model).pml", size: size)
    var best: Counts?
    var peer: Counts?
    for _ in 0..<rounds {
      let begin = ProcessorTime.own
      var counts = explore()
      counts.seconds = ProcessorTime.own - begin
      if counts.seconds < best?.seconds ?? .infinity { best = counts }
      guard let counts = try spin?.run() else { continue }
      if counts.seconds < peer?.seconds ?? .infinity { peer = counts }
    }
    guard let best else { return false }
    row(title, best)
    guard let peer else {
      print("  SPIN                             not measured: spin, gcc or \(model).pml is missing")
      return true
    }
    row("  SPIN", peer)
    let time = best.seconds / peer.seconds
    let room = Double(best.bytes) / Double(best.states) * Double(peer.states) / Double(peer.bytes)
    print("  ratio".padded(to: 42) + "   \(time.fixed(2))".padded(to: 22) + room.fixed(2))
    if best.states != peer.states { print("  the numbers of states differ") }
    return best.states == peer.states
  }

  private func row(_ title: String, _ counts: Counts) {
    let rate = Double(counts.states) / counts.seconds
    let room = Double(counts.bytes) / Double(counts.states)
    print(
      title.padded(to: 36) + "\(counts.states)".leftPadded(to: 9)
        + counts.seconds.fixed(2).leftPadded(to: 10)
        + "\(Int(rate))".leftPadded(to: 10) + room.fixed(1).leftPadded(to: 13))
  }
}
