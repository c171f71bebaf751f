public import BASE
public import Lab
import ProtocolCore

extension BASELaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    (onDisk + cells + quorums + sessions + background + withFlaws).map(played)

  /// The same; what is gone through whole is also what is played: its store, and its requests.
  private static func played(_ experiment: Experiment<Subject>) -> Experiment<Subject> {
    guard experiment.moments.isEmpty, experiment.scenarios.count == 1 else { return experiment }
    let played = experiment.scenarios.map { scenario in
      var free = scenario
      free.bounds = Bounds(crashes: scenario.bounds.crashes == 0 ? 0 : 2)
      return free
    }
    return Experiment(
      experiment.change, violates: experiment.violates, in: experiment.scenarios,
      simulating: played, asking: experiment.asks, refuting: experiment.claims)
  }

  private static let onDisk: [Experiment<Subject>] = [
    Experiment(
      .without(.cellStoredFirst), violates: [.updatesKept],
      simulating: [played([.siblings], 1, losses: 0, asking: [x(.write("k", 1))])]),
    Experiment(
      .without(.hintStoredFirst), violates: [.handedOff],
      simulating: [played([.sloppy], 2, crashes: 3, losses: 6, asking: [x(.write("k", 1))])]),
    Experiment(
      .without(.cellsOutliveCrash), violates: [.updatesKept],
      simulating: [played([.siblings], 1, losses: 0, asking: [x(.write("k", 1))])]),
    Experiment(
      .without(.hintsOutliveCrash), violates: [.handedOff],
      simulating: [played([.sloppy], 2, crashes: 3, losses: 6, asking: [x(.write("k", 1))])]),
  ]

  private static let cells: [Experiment<Subject>] = [
    Experiment(
      .without(.concurrentKept), violates: [.updatesKept, .convergence, .overwrittenGone],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0)]),
    Experiment(
      .without(.seenRemoved), violates: [.overwrittenGone, .convergence],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0, asking: rewritten)]),
    Experiment(
      .without(.tombstoneKept), violates: [.overwrittenGone, .convergence, .updatesKept],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0, asking: deleted)]),
    Experiment(
      .without(.laterStampWins), violates: [.lastWins],
      in: [
        scenario(
          [.lastWriterWins], 1, asking: [x(.write("k", 1)), x(.write("k", 2)), y(.read("k"))])
      ]),
  ]

  private static let quorums: [Experiment<Subject>] = [
    Experiment(
      .without(.writeQuorumKeeps), violates: [.fresh],
      in: [scenario([.readRepair], 3, asking: [x(.write("k", 1)), y(.read("k"))])]),
    Experiment(
      .without(.hintKeptUntilStored), violates: [.handedOff],
      simulating: [played([.sloppy], 2, crashes: 0, losses: 8)]),
    Experiment(
      .without(.hintsHandedOff), violates: [.handedOff],
      simulating: [played([.sloppy], 2, crashes: 0, losses: 8)]),
  ]

  private static let sessions: [Experiment<Subject>] = [
    Experiment(
      .without(.sessionsChecked), violates: [.readYourWrites, .monotonicReads],
      in: [scenario([.sessions], asking: [x(.write("k", 1)), x(.read("k"))])]),
    Experiment(
      .without(.sessionRemembersReads), violates: [.monotonicReads],
      in: [
        scenario(
          [.sessions],
          asking: [x(.read("k")), y(.write("k", 1)), x(.read("k")), x(.read("k"))])
      ]),
    Experiment(
      .without(.sessionRemembersWrites), violates: [.readYourWrites],
      in: [scenario([.sessions], asking: [x(.write("k", 1)), x(.read("k"))])]),
  ]

  private static let background: [Experiment<Subject>] = [
    Experiment(
      .without(.gossiped), violates: [.convergence, .updatesKept, .overwrittenGone],
      simulating: [played([.siblings], 2, crashes: 0, losses: 8)]),
    Experiment(
      .without(.readRepaired), violates: [.readsRepair],
      simulating: [
        played([.readRepair], 3, crashes: 0, losses: 0, asking: [x(.write("k", 1)), y(.read("k"))])
      ]),
    Experiment(
      .without(.anotherTried), violates: [.served, .termination],
      simulating: [played([.siblings], 2, crashes: 2, losses: 8)]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    Experiment(
      .flaw(.neverAnswers), violates: [.served, .termination],
      simulating: [played([.siblings], 2)]),
    Experiment(
      .flaw(.writesAfterSending), violates: [.updatesKept],
      simulating: [played([.siblings], 1, losses: 0, asking: [x(.write("k", 1))])]),
    Experiment(
      .flaw(Flaws.nodeForgotten), violates: [.convergence, .updatesKept, .overwrittenGone],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0, asking: rewritten)]),
    Experiment(
      .flaw(Flaws.collectedEarly), violates: [.overwrittenGone, .convergence],
      simulating: [played([.siblings], 2, crashes: 0, losses: 3, asking: deleted)]),
    Experiment(
      .flaw(Flaws.mergesByCount), violates: [.updatesKept, .convergence],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0)]),
    Experiment(
      .flaw(Flaws.contextIsServers), violates: [.updatesKept],
      simulating: [played([.siblings], 2, crashes: 0, losses: 0)]),
    Experiment(
      .flaw(Flaws.hintTakenForOwn), violates: [.handedOff, .updatesKept, .convergence],
      simulating: [played([.sloppy], 2, crashes: 0, losses: 8)]),
    Experiment(
      .flaw(Flaws.leavesNotCompared), violates: [.convergence, .updatesKept, .overwrittenGone],
      simulating: [played([.siblings], 2, crashes: 0, losses: 8)]),
    Experiment(
      .flaw(Flaws.siblingsAddedUp), violates: [.validity],
      in: [
        scenario([.siblings], 1, asking: [x(.write("k", 1)), y(.write("k", 2)), x(.read("k"))])
      ]),
    Experiment(
      .flaw(Flaws.behindAnswersAnyway), violates: [.readYourWrites, .monotonicReads],
      in: [scenario([.sessions], asking: [x(.write("k", 1)), x(.read("k"))])]),
    Experiment(
      .flaw(Flaws.deletionNotLearned), violates: [.readYourWrites],
      simulating: [
        played([.sessions], 2, crashes: 0, losses: 0, asking: deleted + [x(.read("k"))])
      ]),
    Experiment(
      .flaw(Flaws.earlierStampKept), violates: [.latestStands],
      simulating: [played([.lastWriterWins], 2, crashes: 0, losses: 0)]),
  ]
}
