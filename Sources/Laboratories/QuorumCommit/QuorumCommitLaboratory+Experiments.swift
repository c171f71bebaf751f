import AtomicCommitment
public import Lab
import ProtocolCore
public import QuorumCommit

extension QuorumCommitLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutSafety + withoutEnhancement + withoutProgress + withFlaws

  private static let withoutSafety: [Experiment<Subject>] = [
    // What stands on disk before what is said.
    Experiment(.without(.voteStoredFirst), violates: [.AC1, .told], in: anything),
    Experiment(.without(.sideStoredFirst), violates: [.AC1, .told], in: anything),
    Experiment(
      .without(.electionStoredFirst), violates: [.AC1, .told],
      in: [scenario(crashes: 1, expiries: 1, after: polled).only(.enhanced)]),

    // What may be done, and when.
    Experiment(.without(.unanimity), violates: [.AC3, .AC1, .told], in: [scenario()]),
    Experiment(
      .without(.quorumsMeet), violates: [.AC1, .told], in: anything.map { $0.only(.quorum) }),
    Experiment(.without(.commitQuorum), violates: [.AC1, .told], in: anything),
    Experiment(.without(.abortQuorum), violates: [.AC1, .told], in: anything),
    Experiment(
      .without(.oneIsCommittable), violates: [.AC1, .told],
      in: [scenario(crashes: 1, expiries: 2, after: voted).only(.quorum)]),
    Experiment(
      .without(.sidesKept), violates: [.AC1, .told], in: anything.map { $0.only(.quorum) }),
  ]

  private static let withoutEnhancement: [Experiment<Subject>] = [
    // What may be done, and when, if sides can be changed.
    Experiment(
      .without(.majorityElects), violates: [.AC1, .told, .quorate],
      in: [scenario(expiries: 1, after: alone).only(.enhanced)]),
    Experiment(
      .without(.laterElectionsOnly), violates: [.AC1],
      in: [scenario(expiries: 1, after: back).only(.enhanced)]),
    Experiment(
      .without(.lastElectionFollowed), violates: [.AC1, .told],
      in: anything.map { $0.only(.enhanced) }),
    Experiment(
      .without(.attemptRemembered), violates: [.AC1, .told], in: anything.map { $0.only(.enhanced) }
    ),
    Experiment(
      .without(.latestAttemptChosen), violates: [.AC1, .told],
      in: anything.map { $0.only(.enhanced) }),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    // What must be done so that it ends.
    Experiment(.without(.requestTimesOut), violates: [.quorate, .AC5]),
    Experiment(.without(.votesTimeOut), violates: [.quorate, .AC5]),
    Experiment(.without(.leaderTimesOut), violates: [.AC5, .quorate]),
    Experiment(.without(.statesTimeOut), violates: [.quorate, .AC5]),
    Experiment(.without(.acksTimeOut), violates: [.quorate, .AC5]),
    Experiment(.without(.unvotedAborts), violates: [.AC5, .quorate]),
    Experiment(.without(.decidedAnswers), violates: [.quorate, .AC5]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(.flaw(.writesAfterSending), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.voteForgotten), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.sideForgotten), violates: [.AC1, .told], in: anything),
    Experiment(
      .flaw(Flaws.electionForgotten), violates: [.AC1, .told],
      in: [scenario(crashes: 1, expiries: 1, after: polled).only(.enhanced)]),
    Experiment(.flaw(.readsFirstRecordOnly), violates: [.AC1, .AC2, .told], in: anything),

    // Leaders that count.
    Experiment(
      .flaw(Flaws.votesNotVoters), violates: [.AC3, .AC1, .told], in: [scenario(duplicates: 1)]),
    Experiment(.flaw(Flaws.noTakenForYes), violates: [.AC3, .AC1, .told], in: anything),
    Experiment(
      .flaw(Flaws.silentCounted), violates: [.AC1, .told],
      in: [scenario(expiries: 1, after: alone).only(.enhanced)]),
    Experiment(.flaw(Flaws.askedCounted), violates: [.AC1, .told], in: anything),

    // Answers.
    Experiment(.flaw(.neverAnswers), violates: [.quorate, .AC5]),
    Experiment(.flaw(Flaws.saysUncertain), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.doubtSaysAbort), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.acksUnheard), violates: [.AC1, .told], in: anything),
    Experiment(.flaw(Flaws.saysNoToBeSafe), violates: [.AC4], in: anything),
    Experiment(
      .flaw(Flaws.blockedAborts), violates: [.AC1, .told],
      in: [
        scenario(expiries: 2, after: ready + [.deliver(Link(from: "c", to: "a"), 0)])
          .only(.quorum)
      ]),
  ]
}
