import AtomicCommitment
public import Lab
import ProtocolCore
public import ThreePhaseCommit

extension ThreePhaseCommitLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutSafety + withoutMemory + withoutProgress + withFlaws + withFlawsOfParticipants

  private static let withoutSafety: [Experiment<Subject>] = [
    // What stands on disk before what is said.
    Experiment(.without(.voteStoredFirst), violates: [.AC1, .told], in: anything),
    Experiment(.without(.preCommitStoredFirst), violates: [.AC1], in: anything),

    // What may be done, and when.
    Experiment(.without(.unanimity), violates: [.AC3, .AC1, .told, .NB], in: anything),
    Experiment(.without(.noIsFinal), violates: [.AC1, .AC2, .told, .nonblocking], in: anything),
    Experiment(
      .without(.acksAwaited), violates: [.AC1, .told, .NB], in: anything,
      refuting: ["3PC-1", "3PC-2", "3PC-6"]),
    Experiment(
      .without(.noneDecidesAlone), violates: [.AC1, .NB], in: anything, refuting: termination),
    Experiment(
      .without(.statesAwaited), violates: [.AC1],
      in: [scenario(after: toldOnly("b", beside: "a"))], refuting: termination),
    Experiment(.without(.uncertainAbort), violates: [.AC1], in: anything, refuting: termination),
    Experiment(
      .without(.committableCommit), violates: [.AC1, .told], in: anything, refuting: termination),
    Experiment(
      .without(.uncertainReadiedFirst), violates: [.AC1, .NB],
      in: [scenario(after: toldOnly("a", beside: "b"))], refuting: termination),
  ]

  private static let withoutMemory: [Experiment<Subject>] = [
    // What is remembered across a crash, and what is not believed after it.
    Experiment(.without(.voteOutlivesCrash), violates: [.AC1, .told], in: anything),
    Experiment(.without(.preCommitOutlivesCrash), violates: [.AC1, .told], in: anything),
    Experiment(
      .without(.recoveredStandAside), violates: [.AC1, .told, .NB], in: anything, refuting: recovery
    ),
    Experiment(
      .without(.lastToFailAwaited), violates: [.AC1, .told, .NB], in: anything, refuting: recovery),
    Experiment(
      .without(.differingAwaitAll), violates: [.AC1], in: [scenario(3, after: lastInLine)],
      refuting: recovery),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    // What must be done so that it ends.
    Experiment(.without(.requestTimesOut), violates: [.AC5, .nonblocking], in: anything),
    Experiment(.without(.votesTimeOut), violates: [.AC5, .nonblocking], in: anything),
    Experiment(.without(.acksTimeOut), violates: [.nonblocking, .AC5], in: anything),
    Experiment(
      .without(.leaderTimesOut), violates: [.nonblocking, .AC5], in: anything,
      refuting: ["3PC-2", "3PC-3"]),
    Experiment(
      .without(.silentAreGone), violates: [.nonblocking, .AC5], in: anything,
      refuting: ["3PC-2", "3PC-3"]),
    Experiment(
      .without(.statesTimeOut), violates: [.nonblocking, .AC5],
      in: [
        scenario(
          crashes: 0, after: toldOnly("a", beside: "b") + [.crash("b", losing: 0, unsent: 0)])
      ],
      refuting: ["3PC-2", "3PC-3"]),
    Experiment(.without(.unvotedAborts), violates: [.AC5, .nonblocking], in: anything),
    Experiment(.without(.decidedAnswers), violates: [.AC5, .nonblocking], in: anything),
    Experiment(.without(.recoveredAsks), violates: [.AC5, .nonblocking], in: anything),
    Experiment(.without(.decisionOutlivesCrash), violates: [.nonblocking], in: anything),
    Experiment(
      .without(.lastToFailSuffices), violates: [.nonblocking], in: anything,
      refuting: ["3PC-2", "3PC-7"]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(.flaw(.writesAfterSending), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.voteForgotten), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.preCommitForgotten), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(.readsFirstRecordOnly), violates: [.AC1, .AC2, .nonblocking], in: anything),

    // Leaders that count.
    Experiment(
      .flaw(Flaws.votesNotVoters), violates: [.AC1, .AC3, .told, .NB],
      in: [scenario(crashes: 0, duplicates: 1)]),
    Experiment(
      .flaw(Flaws.acksNotAckers), violates: [.NB], in: [scenario(crashes: 0, duplicates: 1)]),
    Experiment(.flaw(Flaws.firstAckIsEnough), violates: [.NB], in: anything),
    Experiment(
      .flaw(Flaws.noTakenForYes), violates: [.AC1],
      in: [
        scenario(
          crashes: 0,
          after: [.ask("a", .work(.update)), .ask("b", .work(.doomed)), .ask("c", .commit)])
      ]),
    Experiment(.flaw(Flaws.silenceIsConsent), violates: [.AC3], in: anything),
    Experiment(
      .flaw(Flaws.missingAckIsNo), violates: [.AC1],
      in: [
        scenario(
          after: votes("a", "b") + [
            .store("c", first: nil), .crash("a", losing: 0, unsent: 0),
          ])
      ]),
    Experiment(.flaw(Flaws.clientGivenUp), violates: [.told], in: anything),
    Experiment(.flaw(.neverAnswers), violates: [.AC5, .nonblocking]),

    // How a new leader decides.
    Experiment(
      .flaw(Flaws.uncertainTakenForReady), violates: [.AC1], in: anything, refuting: termination),
    Experiment(
      .flaw(Flaws.silentTakenForReady), violates: [.AC1], in: anything, refuting: termination),
    Experiment(
      .flaw(Flaws.committableOutvoted), violates: [.AC1],
      in: [scenario(after: toldOnly("b", beside: "a"))], refuting: termination),
    Experiment(
      .flaw(Flaws.takesOverUnasked), violates: [.AC1, .nonblocking],
      in: [scenario(after: toldOnly("b", beside: "a"))], refuting: termination),
  ]

  private static let withFlawsOfParticipants: [Experiment<Subject>] = [
    costly(Flaws.voteTwice),
    costly(Flaws.asksTwice),
    Experiment(.flaw(Flaws.saysNoToBeSafe), violates: [.AC4], in: anything),
    Experiment(
      .flaw(Flaws.recoveredAnswersPolls), violates: [.AC1], in: [scenario(3, after: lastInLine)],
      refuting: recovery),
    Experiment(
      .flaw(Flaws.recoveredSaysAbort), violates: [.AC1], in: anything, refuting: recovery),
    Experiment(.flaw(Flaws.recoveredIsAlone), violates: [.AC1], in: anything, refuting: recovery),
  ]

  private static func costly(_ flaw: Flaw<Process>) -> Experiment<Subject> {
    Experiment(costly: flaw, refuting: ["3PC-5"]) {
      let cost = ThreePhaseCommitCost(updaters: 3)
      let (counted, formula) = (try cost.counted(flaw: flaw), cost.formula)
      return (counted.messages, counted.forced) != (formula.messages, formula.forced)
    }
  }

  /// How a new leader decides.
  private static let termination = ["3PC-1", "3PC-3"]
  /// Who has a say after a crash.
  private static let recovery = ["3PC-1", "3PC-7"]
}
