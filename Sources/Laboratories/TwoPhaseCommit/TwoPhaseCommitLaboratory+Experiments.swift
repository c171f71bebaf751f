import AtomicCommitment
public import Lab
import ProtocolCore
public import TwoPhaseCommit

extension TwoPhaseCommitLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] = withoutRules + withFlaws

  private static let withoutRules: [Experiment<Subject>] = [
    // What stands on disk before what is said.
    Experiment(.without(.voteStoredFirst), violates: [.AC1, .told, .contained], in: one),
    Experiment(.without(.decisionStoredFirst), violates: [.AC1, .contained], in: one),
    Experiment(.without(.ackStoredFirst), violates: [.AC1, .AC3, .told, .contained], in: one),
    Experiment(.without(.startStoredFirst), violates: [.AC1, .contained], in: one),

    // What may be done.
    Experiment(.without(.unanimity), violates: [.AC3, .AC1, .told, .contained], in: two),
    Experiment(
      .without(.lateRequestRefused), violates: [.AC2, .AC1, .AC3, .told, .contained], in: one),
    Experiment(.without(.uncertainWaits), violates: [.AC1, .told, .contained], in: one),
    Experiment(
      .without(.allAcknowledgedBeforeForgetting), violates: [.AC1, .AC3, .told, .contained], in: one
    ),
    Experiment(
      .without(.ignoranceIsNotAbort), violates: [.AC1, .told, .contained],
      in: [commit(of: .update, .read)]),

    // What is remembered across a crash.
    Experiment(.without(.voteOutlivesCrash), violates: [.AC1, .told, .contained], in: one),
    Experiment(
      .without(.decisionOutlivesCrash), violates: [.AC1, .AC2, .told, .contained], in: one),
    Experiment(.without(.startMeansAbort), violates: [.AC1, .AC3, .told, .contained], in: one),

    // What must be done so that it ends.
    Experiment(.without(.votesTimeOut), violates: [.AC5, .termination]),
    Experiment(.without(.requestTimesOut), violates: [.AC5, .termination]),
    Experiment(.without(.uncertainAsks), violates: [.AC5, .termination]),
    Experiment(.without(.peersAreAsked), violates: [.termination]),
    Experiment(.without(.decidedAnswers), violates: [.termination]),
    Experiment(.without(.forgottenIsPresumed), violates: [.AC5, .termination]),
    Experiment(.without(.decisionIsRepeated), violates: [.AC5]),
    Experiment(.without(.ackIsRepeated), violates: [.AC5]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(.flaw(.writesAfterSending), violates: [.told, .AC1, .contained], in: one),
    Experiment(.flaw(Flaws.voteForgotten), violates: [.AC1, .told, .contained], in: one),
    Experiment(.flaw(Flaws.endWithDecision), violates: [.AC1, .told, .contained], in: one),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: [.AC1, .AC2, .AC3, .told, .contained], in: one),
    Experiment(.flaw(Flaws.tellsClientEarly), violates: [.told], in: one),
    Experiment(.flaw(.neverAnswers), violates: [.AC5, .termination]),

    // The coordinator.
    Experiment(
      .flaw(Flaws.votesNotVoters), violates: [.AC3, .AC1, .told, .contained],
      in: [commit(of: .update, .update, crashes: 0, duplicates: 1)]),
    Experiment(.flaw(Flaws.noTakenForRead), violates: [.AC1, .AC3, .told, .contained], in: one),
    Experiment(.flaw(Flaws.silenceIsConsent), violates: [.AC3, .AC1, .told, .contained], in: one),
    Experiment(.flaw(Flaws.forgetsOnFirstAck), violates: [.AC1, .AC3, .told, .contained], in: two),
    Experiment(.flaw(Flaws.decidesAnew), violates: [.AC1, .AC5, .told, .contained], in: one),
    Experiment(.flaw(Flaws.wrongPresumption), violates: [.AC1, .AC3, .told, .contained], in: one),

    // Participants, and their operators.
    Experiment(costly: Flaws.voteTwice, refuting: ["2PC-9"]) {
      let cost = CommitCost(.nothing, updaters: 3)
      let counted = try cost.counted(flaw: Flaws.voteTwice)
      return (counted.messages, counted.forced) != cost.formula
    },
    Experiment(.flaw(Flaws.uncertainTakenForAbort), violates: [.AC1, .told, .contained], in: two),
    Experiment(.flaw(Flaws.uncertainSaysAbort), violates: [.AC1, .told, .contained], in: two),
    Experiment(
      .flaw(Flaws.operatorSpreads), violates: [.contained, .AC1, .AC3, .told, .reported],
      in: [commit(of: .update, .update, asking: operators)], asking: operators),
    Experiment(.flaw(Flaws.damageHidden), violates: [.reported, .AC1, .AC3], asking: operators),
    Experiment(.flaw(Flaws.recoveredVotesAgain), violates: [.AC1, .told, .contained], in: one),
    Experiment(.flaw(Flaws.saysNoToBeSafe), violates: [.AC4], in: one),
  ]
}
