import AtomicCommitment
import ProtocolCore

// What participants do for each other while the coordinator is silent: cooperative termination.

extension Participant {
  /// Asks all that may know.
  func inquire() -> [Effect<Words>] {
    guard obey(.uncertainAsks) else { return [] }
    let everybody = [coordinator] + (obey(.peersAreAsked) ? peers : [])
    var effects: [Effect<Words>] = everybody.map { .send(.inquire, to: $0) }
    effects += [.set(.decision, after: Patience.decision)]
    return effects
  }

  /// Tells a peer in doubt what was decided.
  func tell(_ peer: NodeID, _ decision: Decision) -> [Effect<Words>] {
    obey(.decidedAnswers) ? [.send(.decide(decision), to: peer)] : []
  }

  /// Aborts, although it could still vote yes.
  ///
  /// No process can have committed without its vote, and now none will. It would do so anyway when
  /// no request comes; this saves the peer the wait.
  mutating func abort(for peer: NodeID) -> [Effect<Words>] {
    abortAlone() + [.send(.decide(.abort), to: peer)]
  }

  /// Says that it does not know: perhaps it never voted; perhaps it only read, left, and the rest
  /// has committed.
  func confessIgnorance(to peer: NodeID) -> [Effect<Words>] {
    [.send(obey(.ignoranceIsNotAbort) ? .uncertain : .decide(.abort), to: peer)]
  }
}
