import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

extension ZABLaboratory {
  /// What goes wrong with each flaw.
  static let withFlaws: [Experiment<Subject>] =
    ofJournals + ofSynchronization + ofBroadcast

  private static let ofJournals: [Experiment<Subject>] = [
    Experiment(
      .flaw(.writesAfterSending), violates: lost,
      in: [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .flaw(.readsFirstRecordOnly), violates: lost,
      in: [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .flaw(Flaws.acceptanceForgotten), violates: [.leadership],
      in: [
        scenario(
          crashes: 1, elected: 2, severs: 1,
          after: Moments.chosenUnheard + Moments.gathered("a", "c"))
      ]),
    Experiment(
      .flaw(Flaws.epochForgotten), violates: [.leadership],
      in: [scenario(size: 1, crashes: 1, elected: 2)]),
    Experiment(
      .flaw(Flaws.proposalsForgotten), violates: lost,
      in: [
        scenario(
          crashes: 1, elected: 2, after: Moments.proposed + Moments.parted("a", "c", lost: 1))
      ]),
    Experiment(
      .flaw(Flaws.oldWritesLate), violates: [.durability],
      in: [scenario(crashes: 2, elected: 2, after: Moments.returned)]),
  ]

  private static let ofSynchronization: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.bestUnknown), violates: lost,
      in: [scenario(after: Moments.chosen(with: "b") + Moments.gathered("c", "b"))]),
    Experiment(
      .flaw(Flaws.missingNamed), violates: lost,
      in: [scenario(after: Moments.returned)]),
    Experiment(
      .flaw(Flaws.snapshotNewer), violates: [.stateConsistency],
      in: [scenario(after: Moments.joining)]),
    Experiment(
      .flaw(Flaws.commitForgotten), violates: [.convergence],
      simulating: [usual(after: Moments.settled())]),
    Experiment(
      .flaw(Flaws.lateUnforwarded),
      violates: [.localPrimaryOrder, .totalOrder, .stateConsistency, .convergence],
      in: [
        scenario(
          asking: [Moments.ask("y", 1, .append("k", "b"), of: "a")],
          after: Moments.acknowledging)
      ]),
    Experiment(
      .flaw(Flaws.newestFirst), violates: [.globalPrimaryOrder, .totalOrder, .stateConsistency],
      in: [scenario(after: Moments.twoEpochs)]),
  ]

  private static let ofBroadcast: [Experiment<Subject>] = [
    Experiment(
      .flaw(Flaws.firstSkipped),
      violates: [
        .localPrimaryOrder, .totalOrder, .stateConsistency, .linearizable, .convergence,
      ],
      in: [scenario(after: Moments.twice)]),
    Experiment(
      .flaw(Flaws.textChanged),
      violates: [
        .integrity, .totalOrder, .agreement, .primaryIntegrity, .durability, .stateConsistency,
      ], in: [scenario(after: Moments.proposed)]),
    Experiment(
      .flaw(.neverAnswers), violates: [.termination, .progress],
      simulating: [usual(after: Moments.settled())]),
    Experiment(
      .flaw(Flaws.broadcastsDeposed), violates: [.leadership],
      in: [
        scenario(
          size: 1, crashes: 1, elected: 1,
          asking: ["x", "y"].map { Moments.ask($0, 1, .append("k", "a"), of: "a") })
      ]),
    Experiment(
      .flaw(Flaws.answersTwice), violates: [.exactlyOnce],
      in: [
        scenario(
          size: 1, elected: 1, asking: [Moments.ask("x", 1, .append("k", "a"), of: "a")])
      ]),
    Experiment(
      .flaw(Flaws.answeredUncommitted), violates: [.linearizable, .exactlyOnce],
      in: [
        scenario(
          asking: [Moments.ask("y", 1, .append("k", "b"), of: "b")], after: Moments.deposed)
      ]),
  ]
}
