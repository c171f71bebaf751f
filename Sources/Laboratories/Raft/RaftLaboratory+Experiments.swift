public import Lab
import ProtocolCore
public import Raft
import ReplicatedLog

extension RaftLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutElections + withoutLog + withoutSnapshots + withoutMembers + withoutReads
    + withoutProgress + withFlaws

  private static let lost: [Raft.Property] = [
    .leaderCompleteness, .stateMachineSafety, .linearizable,
  ]

  /// Two stand from the beginning on, and one crashes.
  private static let twoElections = [scenario(crashes: 1, within: TimeOuts(election: 2))]

  private static let withoutElections: [Experiment<Subject>] = [
    Experiment(
      .without(.voteStoredFirst),
      violates: [.electionSafety, .leaderCompleteness, .stateMachineSafety], in: twoElections,
      refuting: ["RAFT-1", "RAFT-6", "RAFT-12"]),
    Experiment(
      .without(.ownVoteStoredFirst),
      violates: [.electionSafety, .leaderCompleteness], in: twoElections,
      refuting: ["RAFT-1", "RAFT-6", "RAFT-12"]),
    Experiment(
      .without(.logStoredFirst),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(crashes: 1, within: TimeOuts(election: 2), after: Moments.unstored)],
      refuting: ["RAFT-4", "RAFT-12"]),
    Experiment(
      .without(.oneVotePerTerm),
      violates: [
        .electionSafety, .stateMachineSafety, .linearizable, .progress, .logMatching,
        .snapshotsAgree,
      ], in: twoElections, refuting: ["RAFT-1", "RAFT-6"]),
    Experiment(
      .without(.upToDateCheck),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(after: Moments.contested(Moments.chosen))], refuting: ["RAFT-4", "RAFT-6"]),
    Experiment(
      .without(.majorityElects),
      violates: [
        .electionSafety, .leaderCompleteness, .stateMachineSafety, .linearizable, .progress,
        .convergence, .logMatching,
      ], in: twoElections),
    Experiment(
      .without(.staleTermRejected),
      violates: [.leaderCompleteness, .stateMachineSafety, .leaderAppendOnly],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.outdated)]),
    Experiment(
      .without(.greaterTermDeposes),
      violates: [.electionSafety] + lost + [.logMatching, .progress, .convergence],
      in: [scenario(within: TimeOuts(election: 2), after: Moments.led)]),
  ]

  private static let withoutLog: [Experiment<Subject>] = [
    Experiment(
      .without(.consistencyChecked),
      violates: [.logMatching],
      in: [scenario(after: Moments.parallel)]),
    Experiment(
      .without(.conflictsDeleted),
      violates: [.logMatching],
      in: [scenario(after: Moments.abandoned)]),
    Experiment(
      .without(.matchesKept),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.twice)]),
    Experiment(
      .without(.entriesStoredFirst),
      violates: [.leaderCompleteness, .stateMachineSafety, .convergence],
      in: [scenario(crashes: 1, after: Moments.contested(Moments.half))],
      refuting: ["RAFT-4", "RAFT-12"]),
    Experiment(
      .without(.leaderCountsStoredOnly),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [
        scenario(
          crashes: 1, after: Moments.contested(Moments.proposed + Moments.deliver("a", "b")))
      ], refuting: ["RAFT-4", "RAFT-12"]),
    Experiment(
      .without(.majorityCommits),
      violates: [.leaderCompleteness, .stateMachineSafety, .linearizable, .convergence],
      in: [scenario(after: Moments.contested(Moments.proposed))]),
    Experiment(
      .without(.currentTermCounts), violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.figure8)],
      refuting: ["RAFT-4", "RAFT-7"]),
    Experiment(
      .without(.commitOfVerified),
      violates: [.stateMachineSafety],
      in: [scenario(within: TimeOuts(beat: 1), after: Moments.abandoned)]),
    Experiment(
      .without(.commitGrows), violates: [.monotonic],
      in: [scenario(within: TimeOuts(beat: 1), after: Moments.late)]),
    Experiment(
      .without(.appliedOnce), violates: [.exactlyOnce, .linearizable, .stateConsistency],
      in: [
        scenario(asking: [Moments.ask("x", 2, .get("k"), of: "a")], after: Moments.doubled)
      ]),
  ]

  private static let withoutSnapshots: [Experiment<Subject>] = [
    Experiment(
      .without(.suffixKept),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.overtaken)],
      refuting: ["RAFT-4", "RAFT-10"]),
    Experiment(
      .without(.olderSnapshotIgnored), violates: [.inOrder, .monotonic],
      in: [scenario(after: Moments.repeated)]),
    Experiment(
      .without(.chunksInOrder), violates: [.linearizable, .snapshotsAgree],
      in: [
        scenario(
          within: TimeOuts(election: 1, beat: 1), asking: [Moments.ask("z", 1, .get("k"), of: "c")],
          after: Moments.forgotten)
      ]),
  ]

  private static let withoutMembers: [Experiment<Subject>] = [
    Experiment(
      .without(.oneServerAtATime),
      violates: [.electionSafety, .stateMachineSafety, .leaderCompleteness],
      in: [scenario(.thesis, within: TimeOuts(election: 2), after: Moments.switched)],
      refuting: ["RAFT-9"]),
    Experiment(
      .without(.oneChangeAtATime),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(.thesis, within: TimeOuts(election: 1), after: Moments.shrinking)],
      refuting: ["RAFT-9"]),
    Experiment(
      .without(.changeAfterOwnTerm), violates: [.leaderCompleteness, .stateMachineSafety],
      in: [
        scenario(
          .thesis, size: 4,
          asking: [Ask("o", of: ["b"], oneOf: [.members(["b", "c", "d"])])],
          after: Moments.crossed)
      ], refuting: ["RAFT-9"]),
    Experiment(
      .without(.bothMajorities),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.joining)], refuting: ["RAFT-9"]),
    Experiment(
      .without(.newAfterJoint),
      violates: [.leaderCompleteness, .stateMachineSafety],
      in: [scenario(within: TimeOuts(election: 1), after: Moments.joining)], refuting: ["RAFT-9"]),
    Experiment(
      .without(.oldInJoint), violates: [.validity, .leaderCompleteness, .stateMachineSafety],
      in: [
        scenario(
          within: TimeOuts(election: 1),
          asking: [Ask("o", of: ["a"], oneOf: [.members(["a"])])], after: Moments.begun)
      ], refuting: ["RAFT-9"]),
    Experiment(
      .without(.laterEntryAnswers), violates: [.operatorTold],
      in: [
        scenario(
          .thesis, size: 4, asking: [Moments.again], after: Moments.superseded)
      ], refuting: ["RAFT-9"]),
  ]

  private static let withoutReads: [Experiment<Subject>] = [
    Experiment(
      .without(.readsConfirmed), violates: [.linearizable],
      in: [scenario(asking: [Moments.z], after: Moments.deposed)]),
    Experiment(
      .without(.readsOfOwnTerm), violates: [.linearizable],
      in: [
        scenario(asking: [Moments.ask("z", 1, .get("k"), of: "b")], after: Moments.inherited)
      ]),
    Experiment(
      .without(.readsApplied), violates: [.linearizable],
      in: [
        scenario(asking: [Moments.ask("z", 1, .get("k"), of: "b")], after: Moments.inherited)
      ]),
    Experiment(
      .without(.answersMatched), violates: [.linearizable],
      in: [
        scenario(
          .thesis,
          asking: [
            Moments.zAtC, Moments.zAtC, Moments.ask("y", 1, .append("k", "b"), of: "b"),
          ], after: Moments.askedInVain)
      ]),
    Experiment(
      .without(.leaderBelieved), violates: [.linearizable],
      in: [
        scenario(
          .lease, asking: [Moments.y, Moments.z], after: Moments.challenged(Moments.leased))
      ]),
    Experiment(
      .without(.leaseOfMajority), violates: [.linearizable],
      in: [
        scenario(
          .lease, within: TimeOuts(beat: 1), asking: [Moments.y, Moments.z],
          after: Moments.challenged(Moments.unanswered))
      ]),
    Experiment(
      .without(.leaseFromSending), violates: [.linearizable],
      in: [
        scenario(
          .lease, asking: [Moments.y, Moments.z],
          after: Moments.challenged(Moments.lateAnswer))
      ]),
    Experiment(
      .without(.beliefOutlivesCrash), violates: [.linearizable],
      in: [
        scenario(
          .lease, asking: [Moments.y, Moments.z], after: Moments.challenged(Moments.restarted))
      ]),
    Experiment(
      .without(.transferEndsLease), violates: [.linearizable],
      in: [
        scenario(
          .lease, asking: [Moments.ask("y", 1, .append("k", "b"), of: "b"), Moments.z],
          after: Moments.handedOver)
      ]),
    Experiment(
      .without(.toldNotRefused), violates: [.operatorTold],
      in: [
        scenario(
          .thesis, within: TimeOuts(transfer: 1),
          asking: [Ask("o", of: ["a"], oneOf: [.transfer("b")])], after: Moments.begunAsked)
      ], refuting: ["RAFT-11"]),
  ]

  /// From a moment on that chance does not come to.
  private static func simulated(
    _ variant: Raft.Variant, _ prelude: Moments.Acts, asking asks: [Ask<Raft.Words>]? = nil
  ) -> Scenario<Subject> {
    Scenario(
      3, variants: [variant], bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0),
      workload: asks.map { .only($0) } ?? .anything, after: prelude)
  }

  private static let withoutProgress: [Experiment<Subject>] = [
    Experiment(.without(.electionTimesOut), violates: [.termination, .progress]),
    Experiment(.without(.heartbeats), violates: [.convergence]),
    Experiment(
      .without(.backtracking),
      violates: [.convergence, .termination, .progress],
      simulating: [simulated(.paper, Moments.behind)]),
    Experiment(
      .without(.noopAtStart), violates: [.termination, .progress],
      simulating: [simulated(.paper, [], asking: [Moments.reads])]),
    Experiment(
      .without(.quorumChecked), violates: [.progress], refuting: ["RAFT-8"]),
    Experiment(
      .without(.removedStepsDown), violates: [.abdication],
      simulating: [simulated(.paper, Moments.leaving)]),
    Experiment(costly: .without(.preVoteFirst), refuting: ["RAFT-8"]) {
      try elections(ofReturning: .without(.preVoteFirst)) > elections(ofReturning: nil)
    },
  ]
}
