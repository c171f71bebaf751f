public import Lab
import ProtocolCore
public import ZooKeeperEnsemble

extension ZooKeeperEnsembleLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutOrder + withoutSessions + withoutWatches + withoutProgress + withFlaws

  private static let withoutOrder: [Experiment<Subject>] = [
    Experiment(
      .without(.outstandingCounted), violates: [.linearizable], simulating: [simulated()]),
    Experiment(.without(.readsAwaitWrites), violates: [.clientOrder], simulating: [simulated()]),
    Experiment(.without(.eventsBeforeReplies), violates: [.watches], simulating: [simulated()]),
    Experiment(.without(.syncAwaitsOutstanding), violates: [.syncs], simulating: [simulated()]),
    Experiment(
      .without(.readOnlyShowsDelivered), violates: [.reads],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
  ]

  private static let withoutSessions: [Experiment<Subject>] = [
    Experiment(
      .without(.newerClientsRefused), violates: [.singleSystemImage],
      simulating: [simulated(after: Moments.deposed)]),
    Experiment(
      .without(.leaderValidates), violates: [.sessions],
      simulating: [simulated(after: Moments.over)]),
    Experiment(
      .without(.ownerOnly), violates: [.clientOrder],
      simulating: [simulated(after: Moments.underWay)]),
    Experiment(
      .without(.closedOnce), violates: [.closedOnce], simulating: [simulated(after: Moments.ending)]
    ),
  ]

  private static let withoutWatches: [Experiment<Subject>] = [
    Experiment(
      .without(.watchesSetAgain), violates: [.watches],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .without(.missedEventsTold), violates: [.watches],
      simulating: [simulated(after: Moments.watched)]),
    Experiment(
      .without(.seenByReplies), violates: [.watches],
      simulating: [simulated(after: Moments.halfTold)]),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    Experiment(.without(.sessionsInherited), violates: [.sessions], simulating: [simulated()]),
    Experiment(
      costly: .without(.touchesPassedOn), refuting: ["SESS-5"],
      isCostly: { try expiries(without: [.touchesPassedOn]) > expiries() }),
    Experiment(
      .without(.clientsDropped), violates: [.watches],
      simulating: [simulated(after: Moments.missed)]
    ),
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
      .flaw(Flaws.answeredUncommitted), violates: [.durability], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.readOnlyAccepts), violates: [.durability],
      simulating: [simulated(.readOnly, after: Moments.apart)]),
    Experiment(
      .flaw(Flaws.snapshotNewer), violates: [.snapshots],
      simulating: [simulated(after: Moments.behind)]),
    Experiment(.flaw(Flaws.syncAnsweredHere), violates: [.syncs], simulating: [simulated()]),
    Experiment(.flaw(Flaws.eventsTwice), violates: [.watches], simulating: [simulated()]),
    Experiment(.flaw(Flaws.multiTorn), violates: [.sameOrder], simulating: [simulated()]),
    Experiment(.flaw(Flaws.ephemeralsStay), violates: [.sameOrder], simulating: [simulated()]),
    Experiment(
      .flaw(Flaws.partOfFailureAnswered), violates: [.atomicity],
      simulating: [simulated(after: Moments.bothThere)]),
    Experiment(
      .flaw(Flaws.sessionsUntold), violates: [.termination],
      simulating: [simulated(.usual, after: [])]),
    Experiment(
      .flaw(Flaws.expiryForgotten), violates: [.cleanup],
      simulating: [simulated(.usual, after: Moments.settled)]),
    Experiment(
      .flaw(Flaws.commitsIgnored), violates: [.convergence],
      simulating: [simulated(.usual, after: Moments.settled)]),
  ]
}
