import AtomicCommitment
import ProtocolCore

// The first phase, and the end: the coordinator asks, the participants vote; a process decides.

extension Process {
  /// All other processes.
  var others: [NodeID] { order.filter { $0 != id } }

  mutating func askForVotes(for client: RequestID) -> [Effect<Words>] {
    self.client = client
    // Nothing is written down: an empty journal says that no preCommit was sent, so abort.
    return others.map { .send(.canCommit, to: $0) } + become(.collecting(missing: others))
  }

  mutating func vote(on work: Words.Work, to coordinator: NodeID) -> [Effect<Words>] {
    guard work != .doomed else { return abortAlone() + [.send(.vote(.no), to: coordinator)] }
    let yes: [Effect<Words>] = [
      .persist(.yes), .send(.vote(.yes), to: coordinator, release(.voteStoredFirst)),
    ]
    return yes + become(.following(Standing()))
  }

  mutating func count(
    _ vote: Words.Vote, of voter: NodeID, missing: [NodeID]
  ) -> [Effect<Words>] {
    guard missing.contains(voter) else { return [] }  // doubled
    guard vote == .yes else { return decide(.abort, telling: others) }
    let missing = missing.filter { $0 != voter }
    state = .collecting(missing: missing)
    guard require(.unanimity, missing.isEmpty) else { return [] }
    return attempt(
      .commit, from: Standing(), with: others.map { Answer(owner: $0, standing: Standing()) })
  }

  /// Before it has voted, or has sent any preCommit, a process may abort by itself.
  ///
  /// It needs no record of that: an empty journal means abort.
  mutating func abortAlone() -> [Effect<Words>] {
    [.note(.decided(.abort))] + become(.decided(.abort))
  }

  mutating func decide(
    _ decision: Decision, telling others: [NodeID] = []
  ) -> [Effect<Words>] {
    assert(!isSettled, "a decision is not reversed")
    var effects: [Effect<Words>] = [.persist(.decided(decision))]
    if let client { effects += [.reply(.decided(decision), to: client)] }
    client = nil
    effects += others.map { .send(.decide(decision), to: $0) }
    return effects + become(.decided(decision))
  }

  mutating func learn(_ decision: Decision, from sender: NodeID) -> [Effect<Words>] {
    switch state {
    case .collecting, .following, .polling, .attempting: decide(decision)
    case .working where decision == .abort: abortAlone()
    // It never began, or has lost its work: an abort is nothing new. Nor is what is told again.
    case .idle where decision == .abort: []
    case .decided: []
    // No process commits without this one's vote.
    case .idle, .working: [.note(.unexpected(.decide(decision), from: sender))]
    }
  }
}
