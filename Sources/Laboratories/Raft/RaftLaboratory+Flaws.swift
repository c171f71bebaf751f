import Lab
import ProtocolCore
import Raft
import ReplicatedLog

extension RaftLaboratory {
  /// What goes wrong with each flaw.
  static let withFlaws: [Experiment<Subject>] =
    ofJournals + ofElections + ofLogs + ofMembers + ofClients

  private static let ofJournals: [Experiment<Subject>] = [
    Experiment(
      .flaw(.writesAfterSending),
      violates: [
        .electionSafety, .leaderCompleteness, .stateMachineSafety, .linearizable, .termination,
      ],
      in: [scenario(crashes: 1, within: TimeOuts(election: 2))]),
    Experiment(
      .flaw(.readsFirstRecordOnly),
      violates: [
        .leaderCompleteness, .stateMachineSafety, .linearizable, .convergence, .termination,
        .operatorTold, .electionSafety,
      ],
      in: [scenario(crashes: 1, after: Moments.contested(Moments.chosen))]),
    Experiment(
      .flaw(Flaws.voteForgotten),
      violates: [.electionSafety],
      in: [scenario(crashes: 1, within: TimeOuts(election: 2))],
      refuting: ["RAFT-1", "RAFT-6", "RAFT-12"]),
    Experiment(
      .flaw(Flaws.entriesForgotten),
      violates: [
        .leaderCompleteness, .stateMachineSafety, .linearizable, .convergence, .termination,
        .progress,
      ],
      in: [scenario(crashes: 1, after: Moments.contested(Moments.chosen))],
      refuting: ["RAFT-4", "RAFT-12"]),
    Experiment(
      .flaw(Flaws.sessionsForgotten),
      violates: [.exactlyOnce, .linearizable, .snapshotsAgree, .stateConsistency],
      in: [
        scenario(
          asking: [Moments.ask("x", 1, .append("k", "a"), of: "b")], after: Moments.sessionLost)
      ]),
    Experiment(
      .flaw(Flaws.snapshotNotLoaded), violates: [.stateConsistency, .snapshotsAgree],
      in: [scenario(after: Moments.installing)]),
    Experiment(
      .flaw(Flaws.snapshotAhead),
      violates: [.inOrder],
      in: [scenario(crashes: 1, after: Moments.snapshotted)]),
  ]

  private static let ofElections: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.lengthBeforeTerm),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.longer)]),
    Experiment(
      .flaw(Flaws.votesNotVoters),
      violates: [.electionSafety, .leaderCompleteness],
      in: [
        scenario(size: 5, after: Moments.votedTwice)
      ]),
    Experiment(
      .flaw(Flaws.refusalTakenForVote),
      violates: [
        .electionSafety, .leaderCompleteness, .stateMachineSafety, .linearizable, .convergence,
        .logMatching, .snapshotsAgree, .termination, .progress, .abdication,
      ],
      in: [scenario(within: TimeOuts(election: 2))]),
    Experiment(
      .flaw(Flaws.oldVoteCounted),
      violates: [.electionSafety, .leaderCompleteness, .stateMachineSafety],
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
      violates: [.leaderCompleteness, .stateMachineSafety, .convergence, .linearizable],
      in: [scenario(within: TimeOuts(beat: 1), after: Moments.contested(Moments.half))]),
    Experiment(
      .flaw(Flaws.heartbeatAcksAll), violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1, beat: 1), after: Moments.parted())]),
  ]

  private static let ofMembers: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.removedLeaderCounts),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(.thesis, size: 4, within: TimeOuts(election: 1), after: Moments.going)],
      refuting: ["RAFT-9"]),
    Experiment(
      .flaw(Flaws.toldAtOnce), violates: [.operatorTold],
      in: [
        scenario(
          asking: [Ask("o", of: ["a"], oneOf: [.members(["a", "b"])])], after: Moments.begun)
      ]),
    Experiment(
      .flaw(Flaws.transferToldAtOnce), violates: [.operatorTold],
      in: [
        scenario(
          .thesis, asking: [Ask("o", of: ["a"], oneOf: [.transfer("b")])],
          after: Moments.begunAsked)
      ], refuting: ["RAFT-11"]),
    Experiment(
      .flaw(Flaws.transferToItselfToldAtOnce), violates: [.operatorTold],
      in: [
        scenario(
          .thesis, asking: [Ask("o", of: ["a"], oneOf: [.transfer("a")])],
          after: Moments.contestedAsked)
      ], refuting: ["RAFT-11"]),
    Experiment(
      .flaw(Flaws.membersRefusedAndDone), violates: [.operatorTold],
      in: [
        scenario(
          asking: [Ask("o", of: ["a"], oneOf: [.members(["a", "b"])])], after: Moments.begun)
      ]),
    Experiment(
      .flaw(Flaws.membersForgotten),
      violates: [.leaderCompleteness, .stateMachineSafety, .stateConsistency],
      in: [scenario(.thesis, within: TimeOuts(election: 1), after: Moments.compacted)],
      refuting: ["RAFT-9", "RAFT-13"]),
  ]

  private static let ofClients: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.textChanged), violates: [.validity, .linearizable],
      in: [
        scenario(asking: [Moments.ask("x", 1, .append("k", "a"), of: "a")], after: Moments.begun)
      ]),
    Experiment(.flaw(Flaws.refusedAndDone), violates: [.linearizable, .exactlyOnce]),
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
