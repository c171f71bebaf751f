public import Lab
import ProtocolCore
public import ZooKeeperEnsemble

extension ZooKeeperEnsembleLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutOrder + withoutSessions + withoutWatches + withoutProgress + withFlaws + withOtherWords
    + withOtherSessions + withoutEnd

  private static let withoutOrder: [Experiment<Subject>] = [
    Experiment(
      .without(.outstandingCounted),
      violates: [.linearizable, .atomicity, .reads, .watches, .ephemerals, .snapshots, .trees],
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
      in: [explored(.readOnly, asking: ["x get /a"], after: Moments.apart)],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
  ]

  private static let withoutSessions: [Experiment<Subject>] = [
    Experiment(
      .without(.newerClientsRefused), violates: [.singleSystemImage],
      in: [explored(dials: 1, asking: ["y stat /a"], after: Moments.deposed)],
      simulating: [simulated(after: Moments.deposed), simulated(after: Moments.told)]),
    Experiment(
      .without(.leaderValidates), violates: [.sessions],
      in: [explored(dials: 1, after: Moments.over)], simulating: [simulated(after: Moments.over)]),
    Experiment(
      .without(.validationsNamed), violates: [.clientOrder],
      in: [
        explored(
          dials: 2, asking: ["y create /a 1", "y create /b 2"], inTurn: true,
          after: Moments.askedTwice)
      ], simulating: [simulated(after: Moments.askedTwice)]),
    Experiment(
      .without(.openingsNamed), violates: [.sessions],
      in: [explored(after: Moments.openedAgain)],
      simulating: [simulated(after: Moments.openedAgain)]),
    Experiment(
      .without(.idsNotReused), violates: [.sessions],
      in: [explored(after: Moments.countedAnew)],
      simulating: [simulated(after: Moments.countedAnew)]),
    Experiment(
      .without(.ownerOnly), violates: [.clientOrder],
      in: [explored(asking: ["y create /b 2"], after: Moments.underWay)],
      simulating: [simulated(after: Moments.underWay)]),
    Experiment(
      .without(.closedOnce), violates: [.closedOnce], in: [explored(after: Moments.ending)],
      simulating: [simulated(after: Moments.ending)]),
    Experiment(
      .without(.closingGivesUp), violates: [.clientOrder],
      in: [explored(asking: ["y create /b 2"], after: Moments.closing)],
      simulating: [simulated(after: Moments.closing)]),
    Experiment(
      .without(.endedDropped), violates: [.sessions, .atomicity],
      in: [explored(asking: ["x get /a"], after: Moments.expiring)],
      simulating: [simulated(after: Moments.expiring)]),
    Experiment(
      .without(.ensembleSessionsRefused), violates: [.sessions],
      in: [explored(.readOnly, after: Moments.overApart)],
      simulating: [simulated(.readOnly, after: Moments.overApart)]),
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
      costly: .without(.touchesPassedOn), counting: "sessions that expire", refuting: ["SESS-5"],
      isCostly: { try expiries(without: [.touchesPassedOn]) > expiries() }),
    Experiment(
      .without(.clientsDropped), violates: [.watches, .clientOrder, .durability],
      in: [explored(asking: ["y get /a"], after: Moments.missed)],
      simulating: [simulated(after: Moments.missed)]),
  ]

  /// How many sessions expire in a run in which nothing fails and clients are there: none, if all
  /// live as long as their clients were told.
  static func expiries(
    without rules: Set<ZooKeeperEnsemble.Rule> = [], flaw: Flaw<Subject.Node>? = nil
  ) throws -> Int {
    let cluster = try Cluster<Subject>(Subject.topology(3), without: rules, flaw: flaw)
    let simulator = Simulator(cluster, length: 1_500...1_500)
    let tally = simulator.run(seed: 1, profile: FaultProfile()).tally
    return tally.notes["expired", default: 0]
  }

  private static let withFlaws: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.answeredUncommitted),
      violates: [
        .durability, .linearizable, .clientOrder, .atomicity, .watches, .sessions,
      ],
      in: [explored(asking: ["y create /a 1"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.readOnlyAccepts),
      violates: [.durability, .singleSystemImage, .reads, .watches],
      in: [explored(.readOnly, asking: ["x create /b 1"], after: Moments.apart)],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
    Experiment(
      .flaw(Flaws.snapshotNewer), violates: [.snapshots, .trees],
      in: [explored(after: Moments.behind)],
      simulating: [simulated(after: Moments.behind)]),
    Experiment(
      .flaw(Flaws.syncAnsweredHere), violates: [.syncs, .clientOrder, .singleSystemImage],
      in: [explored(asking: ["x create /a 1", "y sync /"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.eventsTwice), violates: [.watches],
      in: [explored(asking: ["x set /a 2"], after: Moments.watching)], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.multiTorn),
      violates: [.sameOrder, .atomicity, .reads, .trees, .convergence],
      in: [explored(asking: ["x multi create /a 1 + create /b 2"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.ephemeralsStay), violates: [.sameOrder, .reads, .snapshots, .trees],
      in: [explored(asking: ["y close"], after: Moments.owning)], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.partOfFailureAnswered), violates: [.atomicity],
      in: [explored(after: Moments.bothThere)], simulating: [simulated(after: Moments.bothThere)]),
    Experiment(
      .flaw(Flaws.lastNotAwaited), violates: [.syncs],
      in: [explored(asking: ["x create /a 1", "y sync /"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.answersTwice),
      violates: [.clientOrder, .termination, .progress, .timeliness],
      in: [explored(asking: ["x get /a"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.sessionsMixedUp),
      violates: [.sessions, .clientOrder, .integrity, .durability, .timeouts, .cleanup],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.eventsAfterMove), violates: [.watches],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
  ]

  private static let withOtherWords: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.conditionsDropped), violates: [.integrity],
      in: [explored(asking: ["y set -v 0 /a 3"], after: Moments.changing)],
      simulating: [simulated(after: Moments.changing)]),
    Experiment(
      .flaw(Flaws.requestsDropped), violates: [.clientOrder],
      in: [explored(asking: ["y create /d 1"], after: Moments.busy)],
      simulating: [simulated(after: Moments.busy)]),
    Experiment(
      .flaw(Flaws.refusesUnmoved), violates: [.sessions],
      in: [explored(asking: ["y create /a 1"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.refusesOpen), violates: [.sessions, .durability],
      in: [explored(asking: ["y create /a 1"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.readOnlyForAll), violates: [.sessions],
      in: [explored(.readOnly, after: Moments.demanding)],
      simulating: [simulated(.readOnly, after: Moments.demanding)]),
    Experiment(
      .flaw(Flaws.timeoutsUntold), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.timeoutsForgotten), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.shortestForAll), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.lossTakenForExpiry), violates: [.answers],
      in: [explored(dials: 1, asking: ["y create /a 1"])], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.answersSwapped), violates: [.answers],
      in: [explored(asking: ["x get /a", "x get /b"])], simulating: [simulated()]),
  ]

  private static let withOtherSessions: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.endsWithConnection), violates: [.timeouts],
      in: [explored(after: Moments.parting)], simulating: [simulated(after: Moments.parting)]),
    Experiment(
      .flaw(Flaws.endsWhenMoved), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.halfTheTime), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.grantedShort), violates: [.timeouts],
      in: [explored(dials: 1, after: Moments.watched)],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .flaw(Flaws.refusesMoved), violates: [.sessions],
      in: [explored(asking: ["y create /b 2"], after: Moments.underWay)],
      simulating: [simulated(after: Moments.underWay), simulated(after: Moments.proposed)]),
    Experiment(
      .flaw(Flaws.overlooksMore), violates: [.durability],
      in: [explored(after: Moments.lacking)], simulating: [simulated(after: Moments.lacking)]),
    Experiment(
      .flaw(Flaws.stampsAhead), violates: [.stamps],
      in: [explored(asking: ["y create /a 1"])], simulating: [simulated()]),
  ]

  /// What never comes, and so cannot be gone through whole.
  private static let withoutEnd: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.sessionsUntold), violates: [.termination, .progress, .cleanup, .timeliness],
      simulating: [simulated(.usual, after: [])]),
    Experiment(
      .flaw(Flaws.expiryForgotten), violates: [.cleanup],
      simulating: [simulated(.usual, after: Moments.settled)]),
    Experiment(
      .flaw(Flaws.commitsIgnored), violates: [.convergence],
      simulating: [simulated(.usual, after: Moments.settled)]),
    Experiment(
      .flaw(Flaws.readsFrozen), violates: [.timeliness, .singleSystemImage, .reads, .syncs],
      simulating: [simulated(.usual, after: Moments.made, asking: .nothing)]),
    Experiment(
      .flaw(Flaws.neverAnswers), violates: [.progress, .clientOrder, .watches, .termination],
      simulating: [simulated(.usual, after: Moments.settled)]),
    Experiment(
      .flaw(Flaws.writesDropped),
      violates: [
        .progress, .reads, .sameOrder, .snapshots, .trees, .termination, .cleanup, .convergence,
        .timeliness,
      ],
      simulating: [simulated(.usual, after: Moments.settled)]),
  ]
}
