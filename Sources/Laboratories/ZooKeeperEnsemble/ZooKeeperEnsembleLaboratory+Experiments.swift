public import Lab
import ProtocolCore
public import ZooKeeperEnsemble

extension ZooKeeperEnsembleLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutOrder + withoutSessions + withoutWatches + withoutProgress + withFlaws + withoutEnd

  private static let withoutOrder: [Experiment<Subject>] = [
    Experiment(
      .without(.outstandingCounted),
      violates: [.linearizable, .atomicity, .reads, .watches, .ephemerals, .snapshots],
      in: [
        explored(asking: ["x create /a 1", "x create -s /s- x"]),
        explored(asking: ["x create -e /e x", "x close"]),
      ], simulating: [simulated()]),
    Experiment(
      .without(.readsAwaitWrites), violates: [.clientOrder],
      in: [explored(asking: ["x create /a 1", "x get /a"])], simulating: [simulated()]),
    Experiment(
      .without(.eventsBeforeReplies), violates: [.watches],
      in: [explored(asking: ["y set /a 2"], after: Moments.watching)], simulating: [simulated()]),
    Experiment(
      .without(.syncAwaitsOutstanding), violates: [.syncs, .singleSystemImage],
      in: [explored(asking: ["x create /a 1", "x sync /"])], simulating: [simulated()]),
    Experiment(
      .without(.readOnlyShowsDelivered), violates: [.reads],
      in: [explored(.readOnly, dials: 2, asking: ["x get /a"], after: Moments.apart)],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
  ]

  private static let withoutSessions: [Experiment<Subject>] = [
    Experiment(
      .without(.newerClientsRefused), violates: [.singleSystemImage, .watches, .sessions],
      in: [explored(dials: 1, asking: ["y stat /a"], after: Moments.deposed)],
      simulating: [simulated(after: Moments.deposed)]),
    Experiment(
      .without(.leaderValidates), violates: [.sessions],
      in: [explored(dials: 1, after: Moments.over)], simulating: [simulated(after: Moments.over)]),
    Experiment(
      .without(.ownerOnly), violates: [.clientOrder],
      in: [explored(asking: ["y create /b 2"], after: Moments.underWay)],
      simulating: [simulated(after: Moments.underWay)]),
    Experiment(
      .without(.closedOnce), violates: [.closedOnce], in: [explored(after: Moments.ending)],
      simulating: [simulated(after: Moments.ending)]),
  ]

  private static let withoutWatches: [Experiment<Subject>] = [
    Experiment(
      .without(.watchesSetAgain), violates: [.watches],
      in: [explored(dials: 1, asking: ["x set /a 2", "y get /a"], after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .without(.missedEventsTold), violates: [.watches],
      in: [explored(dials: 1, asking: ["x set /a 2", "y get /a"], after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .without(.seenByReplies), violates: [.watches],
      in: [explored(dials: 1, after: Moments.halfTold)],
      simulating: [simulated(after: Moments.halfTold)]),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    Experiment(
      .without(.sessionsInherited), violates: [.sessions, .cleanup],
      in: [explored(dials: 1, after: Moments.succeeded)], simulating: [simulated()]),
    Experiment(
      costly: .without(.touchesPassedOn), refuting: ["SESS-5"],
      isCostly: { try expiries(without: [.touchesPassedOn]) > expiries() }),
    Experiment(
      .without(.clientsDropped), violates: [.watches],
      in: [explored(asking: ["y get /a"], after: Moments.missed)],
      simulating: [simulated(after: Moments.missed)]),
  ]

  /// How many sessions expire in a run in which nothing fails and clients are there.
  static func expiries(without rules: Set<ZooKeeperEnsemble.Rule> = []) throws -> Int {
    let cluster = try Cluster<Subject>(Subject.topology(3), without: rules)
    let simulator = Simulator(cluster, length: 1_500...1_500)
    let tally = simulator.run(seed: 1, profile: FaultProfile()).tally
    return tally.notes["expired", default: 0]
  }

  private static let withFlaws: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.answeredUncommitted),
      violates: [
        .durability, .linearizable, .clientOrder, .singleSystemImage, .atomicity, .watches,
      ],
      in: [explored(asking: ["y create /a 1"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.readOnlyAccepts), violates: [.durability, .singleSystemImage, .watches],
      in: [explored(.readOnly, dials: 2, asking: ["x create /b 1"], after: Moments.apart)],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
    Experiment(
      .flaw(Flaws.snapshotNewer), violates: [.snapshots, .convergence],
      in: [explored(after: Moments.behind)],
      simulating: [simulated(after: Moments.behind)]),
    Experiment(
      .flaw(Flaws.syncAnsweredHere), violates: [.syncs, .clientOrder],
      in: [explored(asking: ["x create /a 1", "y sync /"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.eventsTwice), violates: [.watches],
      in: [explored(asking: ["x set /a 2"], after: Moments.watching)], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.multiTorn),
      violates: [.sameOrder, .atomicity, .reads, .watches, .convergence],
      in: [explored(asking: ["x multi create /a 1 + create /b 2"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.ephemeralsStay), violates: [.sameOrder, .convergence],
      in: [explored(asking: ["y close"], after: Moments.owning)], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.partOfFailureAnswered), violates: [.atomicity],
      in: [explored(after: Moments.bothThere)], simulating: [simulated(after: Moments.bothThere)]),
  ]

  /// What never comes, and so cannot be gone through whole.
  private static let withoutEnd: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.sessionsUntold), violates: [.termination],
      simulating: [simulated(.usual, after: [])]),
    Experiment(
      .flaw(Flaws.expiryForgotten), violates: [.cleanup],
      simulating: [simulated(.usual, after: Moments.settled)]),
    Experiment(
      .flaw(Flaws.commitsIgnored), violates: [.convergence, .syncs],
      simulating: [simulated(.usual, after: Moments.settled)]),
  ]
}
