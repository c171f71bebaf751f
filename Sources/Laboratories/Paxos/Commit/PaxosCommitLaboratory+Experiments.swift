import AtomicCommitment
public import Lab
public import Paxos
import ProtocolCore

extension PaxosCommitLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutSafety + withoutProgress + withFlaws

  private static let two: [PaxosCommit.Property] = [.AC1, .told]

  private static let three: [PaxosCommit.Property] = [.AC1, .AC2, .told]

  private static let withoutSafety: [Experiment<Subject>] = [
    // What stands on disk before what is said, and is read again.
    Experiment(.without(.voteStoredFirst), violates: two, in: anything),
    Experiment(.without(.acceptanceStoredFirst), violates: two, in: anything),
    Experiment(.without(.promiseStoredFirst), violates: two, in: anything),
    Experiment(.without(.voteOutlivesCrash), violates: two, in: anything),
    Experiment(.without(.acceptanceOutlivesCrash), violates: three, in: anything),
    Experiment(.without(.promiseOutlivesCrash), violates: two, in: anything),

    // What a participant may do.
    Experiment(.without(.lateRequestRefused), violates: three, in: anything),
    Experiment(.without(.uncertainWaits), violates: two, in: anything),

    // What an acceptor may do.
    Experiment(
      .without(.laterBallotsOnly), violates: two, in: [scenario(ballots: 1, after: Moments.crossed)]
    ),
    Experiment(.without(.promiseKept), violates: three, in: anything),
    Experiment(
      .without(.acceptancePromises), violates: two,
      in: [scenario(ballots: 1, after: Moments.outrun)]),
    Experiment(.without(.voteReported), violates: three, in: anything),

    // What a leader may do.
    Experiment(
      .without(.ballotsDiffer), violates: two, in: [scenario(ballots: 1, after: Moments.tied)]),
    Experiment(.without(.quorumPromises), violates: three, in: anything),
    Experiment(
      .without(.thisBallotPromised), violates: two, in: [scenario(after: Moments.stale)]),
    Experiment(.without(.acceptedAdopted), violates: three, in: anything),
    Experiment(
      .without(.highestAdopted), violates: two, in: [scenario(ballots: 1, after: Moments.decided)]),
    Experiment(.without(.unreportedRefused), violates: [.AC3, .AC1, .told], in: anything),
    Experiment(.without(.quorumAccepts), violates: three, in: anything),
    Experiment(
      .without(.thisBallotCounted), violates: two,
      in: [scenario(ballots: 1, after: Moments.counted)]),
    Experiment(.without(.unanimity), violates: [.AC3, .AC1, .told], in: [scenario(2)]),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    // What must be done so that it ends.
    Experiment(.without(.requestTimesOut), violates: [.AC5, .nonblocking]),
    Experiment(.without(.ballotTimesOut), violates: [.AC5, .nonblocking]),
    Experiment(.without(.uncertainAsks), violates: [.AC5, .nonblocking]),
    Experiment(.without(.askedLeads), violates: [.AC5, .nonblocking]),
    Experiment(.without(.preemptedRetries), violates: [.AC5, .nonblocking]),
    Experiment(.without(.decidedAnswers), violates: [.AC5, .nonblocking]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(.flaw(.writesAfterSending), violates: two, in: anything),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: two, in: [scenario(after: Moments.recovered)]),
    Experiment(.flaw(CommitFlaws.promiseForgotten), violates: two, in: anything),
    Experiment(.flaw(CommitFlaws.diskLost), violates: three, in: anything),

    // Those that count.
    Experiment(.flaw(CommitFlaws.noTakenForYes), violates: [.AC3, .AC1, .told], in: anything),
    Experiment(.flaw(CommitFlaws.silenceTakenForYes), violates: [.AC3, .AC1, .told], in: anything),
    Experiment(
      .flaw(CommitFlaws.acceptancesNotAcceptors), violates: two,
      in: [scenario(duplicates: 1, ballots: 1, after: Moments.doubted)]),
    Experiment(
      .flaw(CommitFlaws.promisesNotAcceptors), violates: two,
      in: [scenario(duplicates: 1, ballots: 1, after: Moments.doubted)]),

    // Leaders.
    Experiment(.flaw(CommitFlaws.ownVotesIgnored), violates: three, in: anything),
    Experiment(.flaw(CommitFlaws.toldTooEarly), violates: [.told], in: anything),
    Experiment(.flaw(.neverAnswers), violates: [.AC5, .nonblocking]),
    Experiment(
      .flaw(CommitFlaws.abortsForNow), violates: [.AC2, .AC1, .told], in: [scenario(expiries: 1)]),
    Experiment(.flaw(CommitFlaws.saysNoToBeSafe), violates: [.AC4], in: anything),
  ]
}
