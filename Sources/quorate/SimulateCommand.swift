import ArgumentParser
import Catalogue
import Lab
import ProtocolCore

/// Plays a chapter in profile drawn from seeds.
struct SimulateCommand: ParsableCommand, LaboratoryVisitor {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Model a protocol while messages are lost, nodes crash and clocks drift.",
    discussion: """
      Each run follows from its seed. Faults end after a while, everything is repaired, and what \
      should come to pass must. The first run that violates a property is made small and shown.

      quorate simulate 2pc
      quorate simulate 2pc --size 4 --variant "presumed commit" --seconds 60
      quorate simulate 2pc --without voteStoredFirst
      """)

  @Argument(help: "The chapter: \(Catalogue.names.joined(separator: ", ")).")
  var chapter: String

  @Option(
    name: [.long, .customLong("participants", withSingleDash: false)],
    help: "How many participants, servers, acceptors… (default: 2, 3 and 4 in turn)")
  var size: Int?

  @Option(help: "The form of the protocol. (default: all in turn)")
  var variant: String?

  @Option(help: "How many runs at most. (default: 10000, or without end if seconds are given)")
  var runs: Int?

  @Option(help: "How many seconds at most.")
  var seconds: Double?

  @Option(help: "The first run's seed.")
  var seed: UInt64 = 0

  @Option(help: "A rule to leave out.")
  var without: [String] = []

  @Option(help: "A bug to plant.")
  var flaw: String?

  @Flag(help: "Several clients ask beside each other, where the chapter has such.")
  var concurrent = false

  @Flag(help: "Judge only what must always hold, so that no run goes on behind its faults.")
  var safety = false

  @Flag(help: ArgumentHelp("Judge nothing, to measure what playing costs.", visibility: .hidden))
  var unjudged = false

  @Option(help: "Begin each run with the acts of this run file, in its setting.")
  var from: String?

  @Option(help: "Write the run that goes wrong to this file.")
  var write: String?

  @Option(help: "Write what clients saw in the run that goes wrong, or the first, to this file.")
  var history: String?

  func run() throws {
    try LaboratoryOptions.checkWriting(write)
    if let history { _ = try Outlet("--history", history) }
    try LaboratoryOptions.visit(chapter, self)
  }

  func validate() throws {
    if from != nil, variant != nil || !without.isEmpty || flaw != nil || concurrent || size != nil {
      throw ValidationError("--from takes nodes, variant, rules, flaw and asks from the run")
    }
    guard runs ?? 1 > 0, seconds ?? 1 > 0 else {
      throw ValidationError("--runs and --seconds are more than 0")
    }
  }

  func visit<S: Laboratory>(_ laboratory: S.Type) throws {
    let simulators = try clusters(laboratory).map { cluster in
      var simulator = Simulator(cluster)
      simulator.isJudging = !unjudged
      if safety { simulator.judged.removeAll { $0.form != .always } }
      return simulator
    }
    var campaign = Campaign(simulators, from: seed)
    let stopwatch = Stopwatch()
    let most = seconds ?? (runs == nil ? 60 : .infinity)
    campaign.run(runs ?? (seconds == nil ? 10_000 : .max)) { runs in
      showProgress(runs, stopwatch)
      return stopwatch.seconds < most
    }
    Terminal.progress("")
    S.lines(of: campaign, seconds: stopwatch.seconds).forEach { print($0) }
    if let history {
      let first = simulators[Int(seed % UInt64(simulators.count))].run(seed: seed)
      try write(laboratory, history: campaign.failure ?? first, to: history)
    }
    guard let failure = campaign.failure, let violated = failure.violated else {
      if !unjudged, !campaign.missing.isEmpty, campaign.runs >= 1_000 { throw ExitCode(2) }
      return
    }
    var found = Counterexample(
      cluster: failure.system.cluster, violated: violated, acts: failure.acts,
      foundWith: failure.acts.count)
    found.minimize()
    print("")
    S.lines(of: found, after: "seed \(failure.seed)", seconds: stopwatch.seconds).forEach {
      print($0)
    }
    if let write { try LaboratoryOptions.write(S.text(of: found), to: write) }
    throw ExitCode(1)
  }

  /// Writes what the clients of a run saw.
  private func write<S: Laboratory>(
    _ laboratory: S.Type, history run: SimulatedRun<S.Subject>, to path: String
  ) throws {
    let history = ClientHistory<S.Subject>(
      of: run.acts, in: run.system.cluster, at: run.times)
    guard history.count > 0 else {
      throw ValidationError(
        "no client has asked anything that a history tells of \(S.title) in seed \(run.seed)")
    }
    try Outlet("--history", path).write(history.text)
    print("  history of seed \(run.seed): \(history.count) events, in \(path)")
  }

  /// Every form of the protocol, in small topologies, where nothing else is said.
  private func clusters<S: Laboratory>(_ laboratory: S.Type) throws -> [Cluster<S.Subject>] {
    if let from { return [try LaboratoryOptions.cluster(laboratory, from: from, asks: nil)] }
    var clusters: [Cluster<S.Subject>] = []
    for size in size.map({ [$0] }) ?? [2, 3, 4] {
      for name in variant.map({ [$0] }) ?? S.Subject.Variant.allCases.map(\.rawValue) {
        var cluster = try LaboratoryOptions.cluster(
          laboratory, size: size, variant: name, without: without, flaw: flaw)
        // All can be down at once.
        cluster.bounds.crashes = max(cluster.bounds.crashes, cluster.topology.count)
        if concurrent { cluster.asks = try LaboratoryOptions.concurrentAsks(laboratory, cluster) }
        clusters.append(cluster)
      }
      guard variant == nil, !concurrent, without.isEmpty, flaw == nil else { continue }
      for topology in S.topologies(size).dropFirst() { clusters.append(try Cluster(topology)) }
    }
    return clusters
  }

  private func showProgress(_ runs: Int, _ stopwatch: Stopwatch) {
    guard Terminal.showsProgress, runs.isMultiple(of: 512) else { return }
    let rate = Int(Double(runs) / max(0.001, stopwatch.seconds))
    Terminal.progress("\(runs.grouped) runs, \(rate.grouped) a second")
  }
}
