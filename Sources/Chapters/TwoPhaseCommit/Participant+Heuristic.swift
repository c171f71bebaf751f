import AtomicCommitment
import ProtocolCore

// An operator may lose patience with a participant that is in doubt, because it holds locks, and
// decide for it. This is not part of the protocol but of life with it: it can break agreement,
// and what can be had is that the damage is found when the coordinator speaks again.

extension Participant {
  mutating func decideHeuristically(_ decision: Decision) -> [Effect<Words>] {
    state = .heuristic(decision)
    return [.persist(.heuristic(decision))]
  }

  /// The coordinator's decision arrives after the operator's.
  mutating func compare(_ own: Decision, with decision: Decision) -> [Effect<Words>] {
    guard own != decision else { return decide(decision) }
    state = .damaged(own)
    return report()
  }

  /// Tells the coordinator until it has heard.
  func report() -> [Effect<Words>] {
    [.send(.damage, to: coordinator), .set(.decision, after: Patience.decision)]
  }
}
