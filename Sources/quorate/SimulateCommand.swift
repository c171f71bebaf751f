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

  @Option(help: "Write the run that goes wrong to this file.")
  var write: String?

  func run() throws {
    try LaboratoryOptions.checkWriting(write)
    try LaboratoryOptions.visit(chapter, self)
  }

  func validate() throws {
    guard runs ?? 1 > 0, seconds ?? 1 > 0 else {
      throw ValidationError("--runs and --seconds are more than 0")
    }
  }

  func visit<S: Laboratory>(_ laboratory: S.Type) throws {
    var campaign = Campaign(try clusters(laboratory).map { Simulator($0) }, from: seed)
    let stopwatch = Stopwatch()
    let most = seconds ?? (runs == nil ? 60 : .infinity)
    campaign.run(runs ?? (seconds == nil ? 10_000 : .max)) { runs in
      showProgress(runs, stopwatch)
      return stopwatch.seconds < most
    }
    Terminal.progress("")
    S.lines(of: campaign, seconds: stopwatch.seconds).forEach { print($0) }
    guard let failure = campaign.failure, let violated = failure.violated else {
      if !campaign.missing.isEmpty, campaign.runs >= 1_000 { throw ExitCode(2) }
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

  /// Every form of the protocol, in small topologies, where nothing else is said.
  private func clusters<S: Laboratory>(_ laboratory: S.Type) throws -> [Cluster<S.Subject>] {
    var clusters: [Cluster<S.Subject>] = []
    for size in size.map({ [$0] }) ?? [2, 3, 4] {
      for name in variant.map({ [$0] }) ?? S.Subject.Variant.allCases.map(\.rawValue) {
        var cluster = try LaboratoryOptions.cluster(
          laboratory, size: size, variant: name, without: without, flaw: flaw)
        // All can be down at once.
        cluster.bounds.crashes = max(cluster.bounds.crashes, cluster.topology.count)
        clusters.append(cluster)
      }
      guard variant == nil, without.isEmpty, flaw == nil else { continue }
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
