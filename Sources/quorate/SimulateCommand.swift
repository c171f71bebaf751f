import ArgumentParser
import Lab
import ProtocolCore
import Studies

/// Plays a chapter in weather drawn from seeds.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Play a protocol while messages are lost, nodes crash and clocks drift.",
    discussion: """
      Each run follows from its seed. Faults end after a while, everything is repaired, and what \
      should come to pass must. The first run that violates a property is made small and shown.

      quorate simulate 2pc
      quorate simulate 2pc --participants 4 --variant "presumed commit" --seconds 60
      quorate simulate 2pc --without voteStoredFirst
      """)

  @Argument(help: "The chapter: \(Studies.names.joined(separator: ", ")).")
  var chapter: String

  @Option(help: "How many participants, servers, acceptors…")
  var participants = 3

  @Option(help: "The form of the protocol.")
  var variant: String?

  @Option(help: "How many runs at most.")
  var runs = 10_000

  @Option(help: "How many seconds at most.")
  var seconds = 60.0

  @Option(help: "The first run's seed.")
  var seed: UInt64 = 0

  @Option(help: "A rule to leave out.")
  var without: [String] = []

  @Option(help: "A bug to plant.")
  var flaw: String?

  func run() throws {
    try simulate(try Laboratory.study(chapter))
  }

  private func simulate<S: Study>(_ study: S.Type) throws {
    let cluster = try Laboratory.cluster(
      study, participants: participants, variant: variant, without: without, flaw: flaw)
    var campaign = Campaign(Simulator(cluster), from: seed)
    let watch = Stopwatch()
    campaign.run(runs) { watch.seconds < seconds }
    S.lines(of: campaign, seconds: watch.seconds).forEach { print($0) }
    guard let failure = campaign.failure, let violated = failure.violated else {
      if !campaign.missing.isEmpty, campaign.runs >= 1_000 { throw ExitCode(2) }
      return
    }
    var found = Counterexample(
      cluster: cluster, violated: violated, acts: failure.acts, foundWith: failure.acts.count)
    found.minimize()
    print("")
    S.lines(of: found, after: "seed \(failure.seed)", seconds: watch.seconds).forEach { print($0) }
    throw ExitCode(1)
  }
}
