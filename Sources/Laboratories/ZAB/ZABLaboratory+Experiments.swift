public import Lab
import ProtocolCore
import ReplicatedLog
public import ZAB

extension ZABLaboratory {
  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] =
    withoutElection + withoutDiscovery + withoutSynchronization + withoutBroadcast
    + ofMembers + ofReads + withoutProgress + withFlaws

  /// A transaction that was delivered is not in the history of a later primary, and another may
  /// take its place.
  static let lost: [ZAB.Property] = [.durability]
  private static let replaced: [ZAB.Property] = [
    .durability, .agreement, .primaryIntegrity,
  ]

  private static let withoutElection: [Experiment<Subject>] = [
    Experiment(
      .without(.epochBeforeZxid), violates: [.termination, .progress, .convergence],
      simulating: [usual(after: Moments.longerOfOldEpoch)]),
    Experiment(
      .without(.zxidVoted), violates: [.progress],
      simulating: [usual(after: Moments.namesAgainst)]),
    Experiment(
      .without(.memoryMeetsLog), violates: lost,
      in: [
        scenario(
          elected: 2,
          after: Moments.half + Moments.parted("a", "c", lost: 1) + Moments.deliver("a", "b")
            + Moments.store("b") + Moments.deliver("b", "a") + Moments.parted("a", "b", lost: 1))
      ]),
  ]

  private static let withoutDiscovery: [Experiment<Subject>] = [
    Experiment(
      .without(.epochAcceptedOnce), violates: [.leadership],
      in: [
        scenario(
          elected: 2, severs: 1,
          after: Moments.chosenUnheard + Moments.accepted("a", "c")
            + Moments.parted("a", "c", lost: 2))
      ]),
    Experiment(
      .without(.acceptedEpochStoredFirst), violates: [.leadership],
      in: [
        scenario(
          crashes: 1, elected: 2, severs: 1,
          after: Moments.chosenUnheard + Moments.gathered("a", "c"))
      ]),
    Experiment(
      .without(.bestHistoryLeads), violates: replaced + [.linearizable],
      in: [
        scenario(
          asking: [Moments.ask("y", 1, .append("k", "b"), of: "c")],
          after: Moments.chosen(with: "b") + Moments.gathered("c", "b"))
      ]),
    Experiment(
      .without(.quorumAcceptsEpoch), violates: lost,
      in: [scenario(after: Moments.chosen(with: "b") + Moments.gathered("c", "b"))]),
  ]

  private static let withoutSynchronization: [Experiment<Subject>] = [
    Experiment(
      .without(.truncated), violates: [.durability], in: [scenario(after: Moments.returned)]),
    Experiment(
      .without(.truncatedSnapshotReplaced), violates: lost,
      in: [scenario(size: 5, after: Moments.truncatedTwice)]),
    Experiment(
      .without(.logBeforeEpoch), violates: lost + [.stateConsistency],
      in: [scenario(crashes: 1, elected: 2, after: Moments.behind)]),
    Experiment(
      .without(.snapshotWithEpoch), violates: lost,
      in: [scenario(crashes: 1, elected: 2, after: Moments.installing)]),
    Experiment(
      .without(.newLeaderStoredFirst), violates: lost,
      in: [
        scenario(crashes: 1, elected: 2, after: Moments.alone + Moments.accepted("a", "b"))
      ]),
    Experiment(
      .without(.quorumAcknowledgesLeader), violates: lost,
      in: [scenario(elected: 2, severs: 1, after: Moments.alone + Moments.gathered("a", "b"))]),
    Experiment(
      .without(.beginningAcknowledged), violates: [.totalOrder, .stateConsistency],
      in: [scenario(elected: 1, after: Moments.begunInVain)]),
    Experiment(
      .without(.upToDateFirst), violates: lost,
      in: [
        scenario(crashes: 1, elected: 2, after: Moments.alone + Moments.accepted("a", "b"))
      ]),
  ]

  private static let withoutBroadcast: [Experiment<Subject>] = [
    Experiment(
      .without(.proposalStoredFirst), violates: lost,
      in: [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .without(.leaderCountsStoredOnly), violates: lost,
      in: [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .without(.quorumCommits), violates: replaced,
      in: [
        scenario(
          elected: 2, asking: [Moments.ask("y", 1, .append("k", "b"), of: "b")],
          after: Moments.proposed + Moments.parted("a", "b", lost: 1)
            + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .without(.votersCount), violates: lost + [.leadership, .stateConsistency],
      in: [scenario(size: 4, elected: 2, after: Moments.alone + Moments.gathered("a", "d"))]),
    Experiment(
      .without(.acksWithdrawn), violates: lost,
      in: [scenario(crashes: 1, elected: 2, after: Moments.acknowledgedAgain)]),
    Experiment(
      .without(.rolloverElects), violates: [.leadership],
      simulating: [usual(.rollover, after: Moments.settled(.rollover))]),
  ]

  private static let withoutProgress: [Experiment<Subject>] = [
    Experiment(
      .without(.votesRepeated), violates: [.progress, .termination, .convergence],
      simulating: [usual()]),
    Experiment(
      .without(.latecomersAnswered), violates: [.convergence],
      simulating: [usual(after: Moments.settled())]),
    Experiment(
      .without(.initLimited), violates: [.convergence, .termination, .progress],
      simulating: [usual(after: Moments.unheardLeader)]),
    Experiment(
      .without(.leaderAwaited), violates: [.progress],
      simulating: [usual(after: Moments.leaderAway)]),
    Experiment(
      .without(.quorumHeard), violates: [.convergence],
      simulating: [usual(after: Moments.leaderForgotten)]),
    Experiment(
      .without(.greaterEpochDeposes), violates: [.convergence],
      simulating: [usual(after: Moments.greaterUnheard)]),
  ]
}
