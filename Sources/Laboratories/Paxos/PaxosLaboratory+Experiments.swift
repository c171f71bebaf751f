import Consensus
public import Lab
public import Paxos
import ProtocolCore

extension PaxosLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutSafety + withoutProgress + withFlaws

  private static let two: [Property] = [.agreement, .stability, .told]

  private static let unfinished: [Property] = [.termination, .progress]

  /// q is asked for w.
  private static let second = Ask<Words>("q", oneOf: [.propose("w")])

  /// p is asked again when it has restarted.
  private static let again = [
    scenario(
      3, crashes: 1, asking: [Ask("p", oneOf: [.propose("v")]), Ask("p", oneOf: [.propose("w")])]
    ).only(.majority)
  ]

  /// w is chosen, a has accepted v before, and another ballot is begun.
  private static let later = [scenario(3, ballots: 1, asking: [], after: outvoted).only(.majority)]

  private static let withoutSafety: [Experiment<Subject>] = [
    // What stands on disk before what is said, and is read again.
    Experiment(
      .without(.ballotStoredFirst), violates: two, in: again,
      asking: [Ask("p", oneOf: [.propose("w")])]),
    Experiment(.without(.promiseStoredFirst), violates: two, in: anything),
    Experiment(.without(.acceptanceStoredFirst), violates: two, in: anything),
    Experiment(
      .without(.ballotOutlivesCrash), violates: two, in: again,
      asking: [Ask("p", oneOf: [.propose("w")])]),
    Experiment(.without(.promiseOutlivesCrash), violates: two, in: anything),
    Experiment(.without(.voteOutlivesCrash), violates: two, in: anything),

    // What an acceptor may do.
    Experiment(.without(.laterBallotsOnly), violates: two, in: anything),
    Experiment(.without(.promiseKept), violates: two, in: anything),
    Experiment(
      .without(.acceptancePromises), violates: two,
      in: [scenario(3, ballots: 1, asking: [], after: overtaken).only(.majority)]),
    Experiment(.without(.voteReported), violates: two + unfinished, in: anything),

    // What a proposer may do.
    Experiment(.without(.ballotsDiffer), violates: two + unfinished, in: anything),
    Experiment(
      .without(.quorumsIntersect), violates: two, in: [scenario(3).only(.flexible)]),
    Experiment(.without(.quorumPromises), violates: two, in: anything),
    Experiment(.without(.thisBallotPromised), violates: two, in: anything),
    Experiment(.without(.acceptedAdopted), violates: two + unfinished, in: anything),
    Experiment(.without(.highestAdopted), violates: two, in: later),

    // What a learner may do.
    Experiment(.without(.quorumAccepts), violates: two, in: anything),
    Experiment(.without(.oneBallotCounted), violates: two + unfinished, in: anything),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    // What must be done so that it ends.
    Experiment(.without(.ballotTimesOut), violates: [.termination, .progress]),
    Experiment(.without(.preemptedRetries), violates: [.termination, .progress]),
    Experiment(.without(.chosenTold), violates: [.termination, .progress]),
    Experiment(.without(.learnerInquires), violates: [.termination, .progress]),
    Experiment(.without(.inquiryProposes), violates: [.termination, .progress]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    // The journal.
    Experiment(.flaw(.writesAfterSending), violates: two, in: anything),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: two,
      in: [scenario(3, asking: [], after: recovered).only(.majority)]),
    Experiment(.flaw(Flaws.promiseForgotten), violates: two, in: anything),
    Experiment(.flaw(Flaws.acceptanceForgotten), violates: two, in: anything),
    Experiment(.flaw(Flaws.diskLost), violates: two, in: anything, refuting: ["PAXOS-10"]),
    Experiment(.flaw(Flaws.acceptPromisesNothing), violates: two, in: anything),

    // Those who count.
    Experiment(
      .flaw(Flaws.promisesNotAcceptors), violates: two,
      in: [scenario(3, duplicates: 1, asking: [second], after: chosen).only(.majority)]),
    Experiment(
      .flaw(Flaws.acceptancesNotAcceptors), violates: two,
      in: [scenario(3, duplicates: 1, asking: [second], after: minority).only(.majority)]),
    Experiment(.flaw(Flaws.rejectionTakenForPromise), violates: two, in: anything),
    Experiment(.flaw(Flaws.commonestAdopted), violates: two, in: later),
    Experiment(.flaw(Flaws.latestByArrival), violates: two, in: later),

    // Proposers.
    Experiment(.flaw(Flaws.firstPhaseSkipped), violates: two, in: anything),
    Experiment(.flaw(Flaws.valueChanged), violates: two, in: later),
    Experiment(.flaw(Flaws.clientToldItsOwn), violates: [.told], in: anything),
    Experiment(.flaw(Flaws.toldTooEarly), violates: [.told], in: anything),
    Experiment(.flaw(Flaws.nothingProposed), violates: [.validity], in: anything),
    Experiment(.flaw(.neverAnswers), violates: [.termination, .progress]),
  ]
}
