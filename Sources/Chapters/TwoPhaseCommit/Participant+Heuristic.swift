import ProtocolCore

// An operator may lose patience with a participant that is in doubt, because it holds locks, and
// decide for it. This is not part of the protocol but of life with it: it can break agreement,
// and what can be had is that the damage is found when the coordinator speaks again.

extension Participant {
  mutating func decideHeuristically(_ outcome: Outcome) -> [Effect<Words>] {
    state = .heuristic(outcome)
    return [.persist(.heuristic(outcome))]
  }

  /// The coordinator's outcome arrives after the operator's.
  mutating func compare(_ own: Outcome, with outcome: Outcome) -> [Effect<Words>] {
    guard own != outcome else { return decide(outcome) }
    state = .damaged(own)
    return report()
  }

  /// Tells the coordinator until it has heard.
  func report() -> [Effect<Words>] {
    [.send(.damage, to: coordinator), .set(.decision, after: Patience.decision)]
  }
}
