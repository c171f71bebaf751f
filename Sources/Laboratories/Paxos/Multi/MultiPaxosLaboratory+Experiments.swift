public import Lab
public import Paxos
import ProtocolCore
import ReplicatedLog

extension MultiPaxosLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutSafety + withoutLease + withoutProgress + withFlaws

  private static let two: [MultiPaxos.Property] = [.stateMachineSafety, .linearizable]

  /// x, when it is answered, reads the text, by a.
  private static let x = [Moments.ask("x", 2, .get("k"), of: "a")]

  /// y adds b, by c.
  static let y = [Moments.ask("y", 1, .append("k", "b"), of: "c")]

  /// c would lead while x1 is accepted by one, or chosen; and a server crashes meanwhile.
  private static let rival = [
    scenario(asking: y, after: Moments.contested(Moments.half)),
    scenario(asking: y, after: Moments.contested(Moments.chosen)),
  ]

  /// What was chosen by one that had promised nothing, and an older proposal on its way to it.
  private static let overtaken = [scenario(elections: 1, asking: [], after: Moments.overtaken)]

  /// The same, and a server crashes.
  private static func crashing(_ moment: Moments.Acts) -> [Scenario<Subject>] {
    [scenario(crashes: 1, asking: y, after: moment)]
  }

  /// A leader that knows what stands behind a gap, and clients that ask until they are answered.
  private static let recovering = Scenario<Subject>(
    3, variants: [.log], bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0),
    workload: .anything, after: Moments.gap)

  private static let withoutSafety: [Experiment<Subject>] = [
    // What stands on disk before what is said.
    Experiment(.without(.promiseStoredFirst), violates: two, in: crashing(Moments.promising)),
    Experiment(.without(.acceptanceStoredFirst), violates: two, in: crashing(Moments.accepting)),
    Experiment(
      .without(.ownVoteStoredFirst), violates: two,
      in: crashing(Moments.contested(Moments.proposed + Moments.deliver("a", "b")))),

    // What a server may do.
    Experiment(.without(.laterBallotsOnly), violates: two, in: rival),
    Experiment(.without(.promiseKept), violates: two, in: rival),
    Experiment(.without(.acceptancePromises), violates: two, in: overtaken),
    Experiment(
      .without(.checkpointReported), violates: two,
      in: [scenario(asking: y, after: Moments.contested(Moments.checkpointed))]),
    Experiment(
      .without(.commitOfItsBallot), violates: two,
      in: [scenario(beats: 1, asking: [], after: Moments.outvoted)]),
    Experiment(
      .without(.supersededSteps), violates: two,
      in: [scenario(beats: 1, servers: 5, asking: [], after: Moments.superseded)]),
    Experiment(
      .without(.executedInOrder), violates: [.inOrder, .linearizable],
      in: [scenario(asking: [], after: Moments.gapped)]),
    Experiment(
      .without(.executedOnce), violates: [.exactlyOnce, .linearizable],
      in: [
        scenario(asking: x, after: Moments.doubled)
      ]),

    // What a leader may do.
    Experiment(.without(.quorumPromises), violates: two, in: rival),
    Experiment(
      .without(.thisBallotPromised), violates: two,
      in: [
        scenario(
          elections: 1, asking: [Moments.ask("x", 1, .append("k", "a"), of: "a")],
          after: Moments.unheard)
      ]),
    Experiment(.without(.acceptedAdopted), violates: two, in: rival),
    Experiment(
      .without(.highestAdopted), violates: two,
      in: [scenario(elections: 1, asking: [], after: Moments.outvoted)]),
    Experiment(.without(.quorumAccepts), violates: two, in: rival),
    Experiment(
      .without(.thisBallotCounted), violates: two,
      in: [
        scenario(
          elections: 1, asking: [Moments.ask("y", 1, .append("k", "b"), of: "a")],
          after: Moments.relapsed)
      ]),
    Experiment(.without(.gapsFilled), violates: [.termination], simulating: [recovering]),
    Experiment(
      .without(.windowKept), violates: two,
      in: [scenario(elections: 1, asking: y, after: Moments.beyond)]),
    Experiment(
      .without(.newMembersPromise), violates: two,
      in: [
        scenario(asking: [Moments.ask("y", 1, .append("k", "b"), of: "a")], after: Moments.usurped)
      ]),
    Experiment(
      .without(.ownChoiceAnswers), violates: [.operatorTold],
      in: [scenario(asking: [Moments.again], after: Moments.undone)]),
  ]

  private static let withoutLease: [Experiment<Subject>] = [
    Experiment(
      .without(.leaseHonoured), violates: [.linearizable],
      in: [scenario(.lease, elections: 1, asking: y + z, after: Moments.leased)]),
    Experiment(
      .without(.grantKept), violates: [.linearizable],
      in: [
        scenario(
          .lease, elections: 1,
          asking: [
            Moments.ask("y", 1, .append("k", "b"), of: "a"),
            Moments.ask("z", 1, .get("k"), of: "c"),
          ], after: Moments.rebound)
      ]),
    Experiment(
      .without(.leaseOfMajority), violates: [.linearizable],
      in: [scenario(.lease, elections: 1, asking: y + z, after: Moments.led)]),
    Experiment(
      .without(.leaseFromSending), violates: [.linearizable],
      in: [scenario(.lease, elections: 1, asking: y + z, after: Moments.late)]),
    Experiment(
      .without(.readsWhenRecovered), violates: [.linearizable],
      in: [scenario(.lease, beats: 1, asking: z, after: Moments.inherited)]),
    Experiment(
      .without(.grantOutlivesCrash), violates: [.linearizable],
      in: [
        scenario(
          .lease, elections: 1, asking: y + z,
          after: Moments.leased + [.crash("b", losing: 0, unsent: 0), .restart("b")])
      ]),
  ]

  /// z reads the text, by a.
  static let z = [Moments.ask("z", 1, .get("k"), of: "a")]

  private static let withoutProgress: [Experiment<Subject>] = [
    Experiment(.without(.electionTimesOut), violates: [.termination, .progress]),
    Experiment(.without(.proposalsRepeated), violates: [.termination, .progress]),
    Experiment(.without(.laggardsFetch), violates: [.convergence]),
  ]

  private static let withFlaws: [Experiment<Subject>] = [
    Experiment(.flaw(.writesAfterSending), violates: two, in: crashing(Moments.accepting)),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: two,
      in: [scenario(asking: y, after: Moments.restarted)]),
    Experiment(
      .flaw(MultiFlaws.promiseForgotten), violates: two,
      in: [scenario(asking: y, after: Moments.promised)]),
    Experiment(
      .flaw(MultiFlaws.acceptanceForgotten), violates: two,
      in: [scenario(asking: y, after: Moments.restarted)]),
    Experiment(
      .flaw(MultiFlaws.diskLost), violates: two,
      in: [scenario(asking: y, after: Moments.restarted)], refuting: ["PAXOS-10"]),
    Experiment(
      .flaw(MultiFlaws.gapTakenForEnd), violates: two,
      in: [
        scenario(
          asking: [
            Moments.ask("z", 1, .append("k", "c"), of: "c"),
            Moments.ask("w", 1, .append("k", "d"), of: "c"),
          ], after: Moments.gapped + Moments.deliver("b", "a") + Moments.elect("c", by: "b"))
      ]),
    Experiment(
      .flaw(MultiFlaws.checkpointAhead), violates: [.inOrder, .stateMachineSafety],
      in: [scenario(asking: [], after: Moments.recovered)]),
    Experiment(
      .flaw(MultiFlaws.sessionsForgotten),
      violates: [.exactlyOnce, .linearizable, .stateConsistency],
      in: [
        scenario(
          asking: [Moments.ask("x", 4, .append("k", "a"), of: "c")], after: Moments.inheriting)
      ]),
    Experiment(
      .flaw(MultiFlaws.membersAtOnce), violates: two,
      in: [scenario(elections: 1, asking: y, after: Moments.changing)]),
    Experiment(
      .flaw(MultiFlaws.toldAtOnce), violates: [.operatorTold],
      in: [
        scenario(asking: [Ask("o", of: ["a"], oneOf: [.members(["a", "b"])])], after: Moments.led)
      ]),
    Experiment(
      .flaw(MultiFlaws.clockStands), violates: [.linearizable],
      in: [scenario(.lease, elections: 1, asking: y + z, after: Moments.ended)]),
    Experiment(.flaw(MultiFlaws.onlyExecutedReported), violates: two, in: rival),
    Experiment(
      .flaw(MultiFlaws.placeAnswered), violates: [.linearizable],
      in: [scenario(beats: 1, asking: x, after: Moments.outvoted)]),
    Experiment(
      .flaw(MultiFlaws.textChanged), violates: [.validity, .linearizable],
      in: [scenario(asking: y, after: Moments.contested(Moments.half))]),
    Experiment(
      .flaw(MultiFlaws.refusedAndDone), violates: [.linearizable, .exactlyOnce],
      in: [scenario(asking: x + y, after: Moments.contested(Moments.half))]),
    Experiment(.flaw(.neverAnswers), violates: [.termination, .progress]),
    Experiment(
      .flaw(MultiFlaws.localReads), violates: [.linearizable],
      in: [
        scenario(
          asking: y + [Moments.ask("z", 1, .get("k"), of: "a")],
          after: Moments.contested(Moments.led))
      ]),
  ]
}
