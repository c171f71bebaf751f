import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

extension ZABLaboratory {
  /// What goes wrong when members change, without each rule of that and with each flaw.
  static let ofMembers: [Experiment<Subject>] = [
    Experiment(
      .without(.oldQuorumCommits), violates: [.durability, .quorumsMeet],
      in: [changing(elected: 2, after: Moments.shrinking)]),
    Experiment(
      .without(.newQuorumCommits), violates: [.quorumsMeet],
      in: [changing(after: Moments.all + Moments.reconfigured("c"))]),
    Experiment(
      .without(.lastSeenCounts), violates: [.leadership, .durability],
      in: [changing(size: 5, after: Moments.handOverIgnored)]),
    Experiment(
      .without(.everySeenCounts), violates: [.leadership, .durability],
      in: [changing(crashes: 1, elected: 3, after: Moments.seenTwice)]),
    Experiment(
      .without(.configurationStoredFirst), violates: [.progress],
      simulating: [usual(.reconfigured, asking: .nothing, after: Moments.toldAndLost)]),
    Experiment(
      .without(.oneReconfiguration), violates: [.quorumsMeet],
      in: [changing(after: Moments.shrinkingTwice)]),
    Experiment(
      .without(.lastSeenStoredFirst), violates: [.durability],
      in: [
        changing(
          crashes: 1, elected: 2,
          after: Moments.shrinkingHeard + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .without(.inForceTold), violates: [.leadership, .durability],
      in: [changing(size: 5, elected: 1, severs: 1, after: Moments.joinedLate)]),
    Experiment(
      .without(.newQuorumSynchronized), violates: [.termination],
      simulating: [
        usual(
          .reconfigured, asking: .only(Subject.asks(of: Subject.topology(3))),
          after: Moments.strangerAlone)
      ]),
    Experiment(
      .without(.seenMayLead), violates: [.progress],
      simulating: [usual(.reconfigured, asking: .nothing, after: Moments.futureAhead)]),
    Experiment(
      .without(.seenNamed), violates: [.progress],
      simulating: [usual(.reconfigured, asking: .nothing, after: Moments.futureUnheard)]),
    Experiment(
      .without(.configurationTold), violates: [.convergence],
      simulating: [usual(.reconfigured, size: 4, asking: .nothing, after: Moments.leaderUnknown)]),
    Experiment(
      .without(.removedGivesUp), violates: [.membersLead],
      in: [changing(after: Moments.leavingLed)]),
    Experiment(
      .flaw(Flaws.activatesAtProposal), violates: [.durability, .quorumsMeet],
      in: [
        changing(
          elected: 2, after: Moments.all + Moments.parted("a", "b") + Moments.parted("a", "c"),
          asking: [operatorAsks])
      ]),
    Experiment(
      .flaw(Flaws.countsRemoved), violates: [.durability],
      in: [changing(size: 5, elected: 2, after: Moments.removedListen)]),
    Experiment(
      .flaw(Flaws.lastSeenForgotten), violates: [.leadership, .durability],
      in: [changing(size: 5, after: Moments.handOverIgnored)]),
    Experiment(
      .flaw(Flaws.acknowledgesUnsynchronized), violates: [.durability],
      in: [changing(crashes: 1, elected: 2, after: Moments.joiningAlone)]),
    Experiment(
      .flaw(Flaws.operatorToldAtOnce), violates: [.operatorTold],
      in: [changing(after: Moments.all, asking: [operatorAsks])]),
    Experiment(
      .flaw(Flaws.configurationForgotten), violates: [.progress],
      simulating: [usual(.reconfigured, asking: .nothing, after: Moments.aloneAgain)]),
    Experiment(
      .flaw(Flaws.observersForgotten), violates: [.stateConsistency],
      in: [changing(size: 4, after: Moments.all + Moments.reconfigured("a"))]),
    Experiment(
      .flaw(Flaws.silentRemoved), violates: [.validity],
      simulating: [usual(.reconfigured, after: Moments.settled(.reconfigured))]),
    Experiment(
      .flaw(Flaws.changesOnce), violates: [.operatorsAnswered],
      simulating: [
        usual(
          .reconfigured,
          asking: .only(Subject.asks(of: Subject.topology(3), in: .reconfigured)),
          after: Moments.settled(.reconfigured))
      ]),
  ]

  private static let operatorAsks = Ask<Subject.Words>(
    "op", of: ["a"], oneOf: [.members(["a"])])

  private static func changing(
    size: Int = 3, crashes: Int = 0, elected: Int = 0, severs: Int = 0,
    after prelude: [Act<Subject.Words>], asking asks: [Ask<Subject.Words>] = []
  ) -> Scenario<Subject> {
    scenario(
      .anyReconfigured, size: size, crashes: crashes, elected: elected, severs: severs,
      asking: asks, after: prelude)
  }
}
