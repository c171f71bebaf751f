import Lab
import ProtocolCore
import Raft
import ReplicatedLog

extension RaftLaboratory {
  private static let lost: [Raft.Property] = [
    .leaderCompleteness, .stateMachineSafety, .linearizable,
  ]

  /// What goes wrong with each flaw.
  static let withFlaws: [Experiment<Subject>] =
    ofJournals + ofElections + ofLogs + ofMembers + ofClients

  private static let ofJournals: [Experiment<Subject>] = [
    Experiment(
      .flaw(.writesAfterSending), violates: [.electionSafety] + lost,
      in: [scenario(crashes: 1, within: TimeOuts(election: 2))]),
    Experiment(
      .flaw(.readsFirstRecordOnly),
      violates: [.leaderCompleteness, .stateMachineSafety, .linearizable, .convergence],
      in: [scenario(crashes: 1, after: Moments.contested(Moments.chosen))]),
    Experiment(
      .flaw(Flaws.voteForgotten),
      violates: [.electionSafety],
      in: [scenario(crashes: 1, within: TimeOuts(election: 2))]),
    Experiment(
      .flaw(Flaws.entriesForgotten),
      violates: [.leaderCompleteness, .stateMachineSafety, .linearizable, .convergence],
      in: [scenario(crashes: 1, after: Moments.contested(Moments.chosen))]),
    Experiment(
      .flaw(Flaws.sessionsForgotten),
      violates: [.exactlyOnce, .linearizable, .snapshotsAgree],
      in: [
        scenario(
          asking: [Moments.ask("x", 1, .append("k", "a"), of: "b")], after: Moments.sessionLost)
      ]),
    Experiment(
      .flaw(Flaws.snapshotAhead),
      violates: [.inOrder],
      in: [scenario(crashes: 1, after: Moments.snapshotted)]),
  ]

  private static let ofElections: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.lengthBeforeTerm),
      violates: [.leaderCompleteness],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.longer)]),
    Experiment(
      .flaw(Flaws.votesNotVoters),
      violates: [.electionSafety, .leaderCompleteness],
      in: [
        scenario(
          crashes: 1, duplicates: 1, within: TimeOuts(election: 1), after: Moments.voted)
      ]),
    Experiment(
      .flaw(Flaws.refusalTakenForVote),
      violates: [
        .electionSafety, .leaderCompleteness, .stateMachineSafety, .linearizable, .convergence,
        .logMatching, .snapshotsAgree,
      ],
      in: [scenario(within: TimeOuts(election: 2))]),
    Experiment(
      .flaw(Flaws.oldVoteCounted), violates: [.electionSafety] + lost,
      in: [scenario(within: TimeOuts(election: 3))]),
    Experiment(costly: Flaws.preVoteMovesTerm, refuting: ["RAFT-8"]) {
      try elections(ofReturning: .flaw(Flaws.preVoteMovesTerm)) > elections(ofReturning: nil)
    },
  ]

  private static let ofLogs: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.acksNotFollowers),
      violates: [
        .leaderCompleteness, .stateMachineSafety, .termination, .progress, .convergence,
      ],
      in: [
        scenario(
          crashes: 1, duplicates: 1,
          after: Moments.contested(Moments.proposed + Moments.deliver("a", "b")))
      ]),
    Experiment(
      .flaw(Flaws.lateAckBelieved),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.acknowledged)]),
    Experiment(
      .flaw(Flaws.rejectionTakenForAck),
      violates: [.leaderCompleteness, .stateMachineSafety, .convergence],
      in: [scenario(within: TimeOuts(beat: 1), after: Moments.contested(Moments.half))]),
    Experiment(
      .flaw(Flaws.heartbeatAcksAll), violates: lost,
      in: [scenario(within: TimeOuts(election: 1, beat: 1), after: Moments.parted())]),
  ]

  private static let ofMembers: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.removedLeaderCounts),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(.thesis, size: 4, within: TimeOuts(election: 1), after: Moments.going)]),
    Experiment(
      .flaw(Flaws.membersForgotten),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(.thesis, within: TimeOuts(election: 1), after: Moments.compacted)]),
  ]

  private static let ofClients: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.textChanged), violates: [.validity, .linearizable],
      in: [
        scenario(asking: [Moments.ask("x", 1, .append("k", "a"), of: "a")], after: Moments.begun)
      ]),
    Experiment(
      .flaw(Flaws.refusedAndDone), violates: [.linearizable],
      in: [
        scenario(
          within: TimeOuts(election: 1), asking: [Moments.ask("x", 2, .get("k"), of: "a")],
          after: Moments.contested(Moments.half))
      ]),
    Experiment(.flaw(.neverAnswers), violates: [.termination, .progress]),
    Experiment(
      .flaw(Flaws.answeredUncommitted),
      violates: [.linearizable, .exactlyOnce],
      in: [scenario(asking: [Moments.y], after: Moments.contested(Moments.proposed))]),
    Experiment(
      .flaw(Flaws.followersReadAlone), violates: [.linearizable],
      in: [
        scenario(asking: [Moments.ask("z", 1, .get("k"), of: "c")], after: Moments.chosen)
      ]),
    Experiment(
      .flaw(Flaws.readIndexEarly), violates: [.linearizable],
      in: [
        scenario(
          .thesis, asking: [Moments.ask("z", 1, .get("k"), of: "c")],
          after: Moments.inheritedAsked)
      ]),
    Experiment(
      .flaw(Flaws.clockStands), violates: [.linearizable],
      in: [
        scenario(
          .lease, asking: [Moments.y, Moments.z], after: Moments.challenged(Moments.ended))
      ]),
  ]
}
