public import CAP
public import Lab
import ProtocolCore
import SharedStorage

extension CAPLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    (onDisk + versions + quorums + primaries + others + withFlaws).map(played)

  /// What fails when no order of all operations respects each client's and causality.
  static let ordered: [Property] = [
    .linearizable, .sequential, .causalConvergence, .causalMemory, .causalConsistency, .pram,
  ]

  /// A write that was answered, a failover, and a read.
  static let failover = [write("x", 1, at: "a"), promote("b"), read("y", at: "b")]

  /// A failover of which the old primary has not heard; a write, and a read there.
  static let split = [promote("b"), write("y", 1, at: "b"), read("x", at: "a")]

  /// The nodes of a quorum of one.
  private static let alone = [write("x", 1, at: "a"), read("x", at: "a")]

  /// A write and a read of another node.
  static let apart = [write("x", 1, at: "a"), read("y", at: "c")]

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
    // What stands on disk before what is said, and is read again.
    Experiment(
      .without(.versionStoredFirst), violates: [.linearizable, .convergence],
      in: [scenario([.synchronous], 2, crashes: 1, asking: failover)]),
    Experiment(
      .without(.attemptStoredFirst), violates: [.linearizable, .convergence],
      in: [scenario([.synchronous], 2, crashes: 1, asking: [read("z", at: "a")] + failover)]),
    Experiment(
      .without(.answerStoredFirst), violates: ordered + [.readYourWrites, .convergence],
      in: [scenario([.writeBack], 1, crashes: 1, asking: alone)]),
    Experiment(
      .without(.contentsOutliveCrash),
      violates: ordered + [.readYourWrites, .boundedVersions, .convergence],
      in: [scenario([.writeBack], 1, crashes: 1, asking: alone)]),
    Experiment(
      .without(.attemptsOutliveCrash), violates: [.linearizable],
      in: [scenario([.synchronous], 2, crashes: 1, asking: [read("z", at: "a")] + failover)]),
    Experiment(
      .without(.viewOutlivesCrash), violates: [.linearizable],
      in: [scenario([.synchronous], 2, crashes: 1, asking: split)]),
  ]

  private static let versions: [Experiment<Subject>] = [
    Experiment(
      .without(.newestKept), violates: [.linearizable, .convergence],
      in: [
        scenario(
          [.synchronous], 2, duplicates: 1,
          asking: [
            write("x", 1, at: "a"), write("x", 2, at: "a"), promote("b"), read("y", at: "b"),
          ])
      ]),
    Experiment(
      .without(.tagsDiffer), violates: [.linearizable, .convergence],
      in: [
        scenario(
          [.writeBack], 2,
          asking: [
            write("x", 1, at: "a"), read("x", at: "a"), write("y", 2, at: "b"), read("y", at: "b"),
          ])
      ]),
    Experiment(
      .without(.tagsRise), violates: ordered,
      in: [
        scenario(
          [.availableCopies], 1,
          asking: [write("x", 1, at: "a"), write("x", 2, at: "a"), read("x", at: "a")])
      ]),
  ]

  private static let quorums: [Experiment<Subject>] = [
    Experiment(
      .without(.quorumsMeet), violates: [.linearizable],
      in: [scenario([.writeBack], 3, asking: apart)]),
    Experiment(
      .without(.tagsQueried), violates: ordered,
      in: [
        scenario(
          [.writeBack], 3,
          asking: [write("x", 1, at: "c"), write("x", 2, at: "a"), read("x", at: "b")])
      ]),
    Experiment(
      .without(.readQuorumTells), violates: [.linearizable],
      in: [scenario([.writeBack], 3, asking: apart)]),
    Experiment(
      .without(.newestReturned), violates: ordered,
      in: [
        scenario(
          [.writeBack], 3,
          asking: [write("x", 1, at: "a"), write("x", 2, at: "a"), read("x", at: "a")])
      ]),
    Experiment(
      .without(.writeQuorumKeeps), violates: ordered + [.readYourWrites, .boundedVersions],
      in: [scenario([.writeBack], 3, asking: apart)]
    ),
    Experiment(
      .without(.writtenBack),
      violates: ordered + [.monotonicReads, .monotonicWrites, .writesFollowReads],
      in: [scenario([.writeBack], 3, asking: observed)], refuting: ["CAP-7"]),
    Experiment(
      .without(.minorityRefuses), violates: [.responds],
      simulating: [parted(.minorityRefuses)]),
  ]

  private static let primaries: [Experiment<Subject>] = [
    Experiment(
      .without(.backupsFirst), violates: [.linearizable],
      in: [scenario([.synchronous], 2, asking: failover)]),
    Experiment(
      .without(.readsConfirmed), violates: [.linearizable],
      in: [scenario([.synchronous], 2, asking: split)]),
    Experiment(
      .without(.viewsGrow), violates: [.convergence],
      simulating: [
        Scenario(
          3, variants: [.asynchronous], bounds: Bounds(crashes: 0), workload: .nothing,
          after: Moments.deposed)
      ]),
    Experiment(
      .without(.installedFirst), violates: [.linearizable],
      in: [
        scenario(
          [.synchronous], 2,
          asking: [promote("b"), write("y", 1, at: "b"), promote("a"), read("x", at: "a")])
      ]),
    Experiment(
      .without(.newestTakenOver), violates: ordered + [.readYourWrites],
      in: [
        scenario(
          [.synchronous], 3, asking: [promote("a"), read("x", at: "a")], after: Moments.succeeded)
      ]),
  ]

  private static let others: [Experiment<Subject>] = [
    // Available copies.
    Experiment(
      .without(.silentLeftOut), violates: [.availableWithOneCrash, .responds],
      simulating: [
        Scenario(2, variants: [.availableCopies], bounds: Bounds(crashes: 1), workload: .anything)
      ]),
    Experiment(
      .without(.rejoinedFirst), violates: ordered + [.readYourWrites, .boundedVersions],
      in: [
        scenario(
          [.availableCopies], 2, crashes: 1, attempts: 1,
          asking: [write("x", 1, at: "a"), read("y", at: "b")], after: begun())
      ]),
    Experiment(
      .without(.currentRejoined), violates: [.linearizable, .sequential, .causalConvergence],
      in: [
        scenario(
          [.availableCopies], 2, crashes: 2, attempts: 1, background: 1,
          asking: [write("x", 1, at: "a"), read("y", at: "b")], after: begun())
      ]),

    Experiment(
      .without(.survivorsAskedAgain), violates: [.linearizable],
      in: [
        scenario(
          [.availableCopies], 3, background: 1, asking: [read("y", at: "b")],
          after: Moments.outrun)
      ]),

    // A centre, and time-outs.
    Experiment(
      .without(.centreAsked), violates: [.atomicUntilLost],
      in: [scenario([.connected], 2, asking: [write("x", 1, at: "a"), read("y", at: "b")])]),
    Experiment(
      .without(.ownWritesSeen), violates: [.nodeOrder],
      in: [
        scenario(
          [.connected], 2, losses: 1, attempts: 1, background: 1,
          asking: [write("x", 1, at: "b"), read("x", at: "b")])
      ]),
    Experiment(
      .without(.writesDoneOnce), violates: [.atomicUntilLost],
      in: [
        scenario(
          [.connected], 2, duplicates: 1,
          asking: [write("x", 1, at: "b"), write("x", 2, at: "a"), read("x", at: "a")])
      ]),
    Experiment(
      .without(.answeredAnyway), violates: [.available, .responds, .termination],
      simulating: [parted(.connected)]),

    // What must be done so that it ends.
    Experiment(
      .without(.askedAgain), violates: [.termination, .convergence, .progress],
      simulating: [
        Scenario(
          3, variants: [.writeBack, .synchronous], bounds: Bounds(crashes: 0), workload: .anything)
      ]),
    Experiment(
      .without(.gossiped), violates: [.convergence],
      simulating: [
        Scenario(3, variants: [.bothAnswer], bounds: Bounds(crashes: 0), workload: .anything)
      ]),
  ]

  /// A network that is parted now and then.
  private static func parted(_ variant: Variant) -> Scenario<Subject> {
    Scenario(3, variants: [variant], bounds: Bounds(crashes: 0), workload: .anything)
  }

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(
      .flaw(.writesAfterSending), violates: [.linearizable, .convergence],
      in: [scenario([.synchronous], 2, crashes: 1, asking: failover)]),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: ordered + [.readYourWrites, .convergence],
      in: [scenario([.writeBack], 1, crashes: 1, asking: alone)]),

    // Answers.
    Experiment(
      .flaw(.neverAnswers),
      violates: [.termination, .available, .responds, .availableWithOneCrash, .progress],
      simulating: [
        Scenario(
          3, variants: [.writeBack, .bothAnswer], bounds: Bounds(crashes: 0), workload: .anything)
      ]),

    // Quorums.
    Experiment(
      .flaw(Flaws.selfCountedTwice), violates: [.linearizable],
      in: [scenario([.writeBack], 3, asking: apart)]),
    Experiment(
      .flaw(Flaws.answersNotNodes), violates: ordered + [.readYourWrites],
      in: [
        scenario(
          [.writeBack], 4, duplicates: 1, asking: [read("x", at: "d")], after: Moments.halfStored)
      ]),
    Experiment(
      .flaw(Flaws.staleAnswerCounted), violates: [.linearizable],
      in: [
        scenario(
          [.writeBack], 3, asking: [read("y", at: "c"), write("x", 1, at: "a"), read("y", at: "c")])
      ]),
    Experiment(
      .flaw(Flaws.refusedAndDone),
      violates: [
        .validity, .linearizable, .sequential, .causalConvergence, .causalMemory,
        .causalConsistency, .pram, .monotonicReads, .monotonicWrites, .readYourWrites,
        .writesFollowReads, .boundedVersions,
      ],
      in: [
        scenario(
          [.minorityRefuses], 2, attempts: 1, asking: [write("x", 1, at: "a"), read("y", at: "b")])
      ]),

    // A primary and its backups.
    Experiment(
      .flaw(Flaws.joinerKeepsLonger), violates: [.convergence],
      simulating: [
        Scenario(
          3, variants: [.asynchronous], bounds: Bounds(crashes: 0), workload: .nothing,
          after: Moments.promoted)
      ]),
    Experiment(
      .flaw(Flaws.deposedReads), violates: [.linearizable],
      in: [scenario([.synchronous], 2, asking: split)]),

    // Available copies.
    Experiment(
      .flaw(Flaws.leftOutForGood), violates: [.linearizable],
      in: [
        scenario(
          [.availableCopies], 2, crashes: 1, attempts: 1,
          asking: [write("x", 1, at: "a"), write("x", 2, at: "a"), read("y", at: "b")],
          after: begun())
      ]),

    // A centre, and time-outs.
    Experiment(
      .flaw(Flaws.unsentForgotten), violates: [.nodeOrder, .convergence],
      in: [
        scenario(
          [.connected], 2, losses: 1, background: 1,
          asking: [write("x", 1, at: "b"), read("x", at: "b")])
      ]),
  ]
}
