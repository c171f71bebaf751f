import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

extension ZABLaboratory {
  /// What goes wrong where reads are answered behind a SYNC.
  static let ofReads: [Experiment<Subject>] = [
    Experiment(
      .without(.syncAsksLeader), violates: [.linearizable],
      in: [synced(asking: [writing("x", of: "c"), reading("y", of: "b")])]),
    Experiment(
      .flaw(Flaws.syncAnswersNewest), violates: [.linearizable],
      in: [
        synced(
          asking: [reading("y", of: "b"), writing("x", of: "c"), reading("z", of: "b")])
      ]),
    Experiment(
      .flaw(Flaws.readsProposed), violates: [.linearizable],
      in: [
        synced(
          asking: [Moments.ask("y", 1, .append("k", "b"), of: "c"), reading("z", of: "c")],
          after: Moments.rivals)
      ]),
  ]

  /// What can happen to three servers that serve, with c as their leader, when nothing fails.
  private static func synced(
    asking asks: [Ask<Subject.Words>], after prelude: [Act<Subject.Words>]? = nil
  ) -> Scenario<Subject> {
    var bounds = Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0)
    bounds.kinds = Dictionary(uniqueKeysWithValues: Subject.timerKinds.map { ($0, 0) })
    return Scenario(
      3, variants: [.synced], bounds: bounds, workload: .only(asks),
      after: prelude ?? Moments.settled(.synced))
  }

  private static func writing(_ client: ClientID, of server: NodeID) -> Ask<Subject.Words> {
    Moments.ask(client, 1, .append("k", "a"), of: server)
  }

  private static func reading(_ client: ClientID, of server: NodeID) -> Ask<Subject.Words> {
    Moments.ask(client, 1, .get("k"), of: server)
  }
}
