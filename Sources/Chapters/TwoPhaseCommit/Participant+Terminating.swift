import ProtocolCore

// What participants do for each other while the coordinator is silent: cooperative termination.

extension Participant {
  /// Asks everybody who may know.
  func inquire() -> [Effect<Words>] {
    guard obey(.uncertainAsks) else { return [] }
    let everybody = [coordinator] + (obey(.peersAreAsked) ? peers : [])
    var effects: [Effect<Words>] = everybody.map { .send(.inquire, to: $0) }
    effects += [.set(.decision, after: Patience.decision)]
    return effects
  }

  /// Tells a peer in doubt what is known here.
  mutating func answer(_ peer: NodeID) -> [Effect<Words>] {
    switch state {
    case .decided(let outcome):
      return obey(.decidedAnswers) ? [.send(.decide(outcome), to: peer)] : []
    case .working:
      // Without our vote nobody can have committed; by aborting we see to it that nobody will.
      guard obey(.unvotedAborts) else { return [] }
      var effects: [Effect<Words>] = []
      effects += abortAlone()
      effects += [.send(.decide(.abort), to: peer)]
      return effects
    case .idle:
      // Perhaps we never voted; perhaps we only read, left, and the rest has committed.
      return [.send(obey(.ignoranceIsNotAbort) ? .uncertain : .decide(.abort), to: peer)]
    case .prepared, .heuristic, .damaged:
      // What an operator decided is not what was decided.
      return [.send(.uncertain, to: peer)]
    }
  }
}
