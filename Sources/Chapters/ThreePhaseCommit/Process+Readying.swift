import AtomicCommitment
import ProtocolCore

// The second phase and the third, for the coordinator and for each leader after it: all learn
// that all have voted yes; then all may commit.

extension Process {
  // begin readying
  /// Tells the uncertain that all have voted yes.
  mutating func makeReady(
    _ uncertain: [NodeID], from own: Stage, answering client: RequestID? = nil
  ) -> [Effect<Words>] {
    var effects: [Effect<Words>] = []
    if own == .uncertain { effects += [.persist(.preCommit)] }
    effects += uncertain.map { .send(.preCommit, to: $0, release(.preCommitStoredFirst)) }
    effects += commit(at: Round(client: client, missing: uncertain))
    return effects
  }

  /// Commits, if no process is uncertain any more.
  mutating func commit(at round: Round) -> [Effect<Words>] {
    guard require(.acksAwaited, round.missing.isEmpty) else { return become(.readying(round)) }
    return decide(.commit, telling: followers, answering: round.client)
  }
  // end readying

  mutating func count(ackOf follower: NodeID, in round: Round) -> [Effect<Words>] {
    var round = round
    round.missing.removeAll { $0 == follower }
    state = .readying(round)
    return round.missing.isEmpty ? commit(at: round) : []
  }

  // begin acknowledging
  mutating func getReady(from stage: Stage, for leader: NodeID) -> [Effect<Words>] {
    guard up.contains(leader) else { return [] }  // it was taken for gone
    // The acknowledgement need not wait for the disk. While we are up we know; if we crash, we
    // do not count; and if all crash, each process that saw the leader go, and so stands in the
    // way of those that were not ready, wrote that down after this.
    let ack: Effect<Words> = .send(.ack, to: leader, .atOnce)
    let record: [Effect<Words>] = stage == .uncertain ? [.persist(.preCommit)] : []
    return record + [ack] + become(.following(.committable))
  }
  // end acknowledging

  /// All other processes that are not gone.
  var followers: [NodeID] { up.filter { $0 != id } }

  mutating func decide(
    _ decision: Decision, telling others: [NodeID] = [], answering client: RequestID? = nil
  ) -> [Effect<Words>] {
    assert(!isDecided, "a decision is not reversed")
    var effects: [Effect<Words>] = [.persist(.decided(decision))]
    if let client { effects += [.reply(.decided(decision), to: client)] }
    effects += others.map { .send(.decide(decision), to: $0) }
    effects += become(.decided(decision))
    return effects
  }

  /// What a process learns of the decision.
  mutating func learn(_ decision: Decision, from sender: NodeID) -> [Effect<Words>] {
    switch state {
    case .following, .probing, .recovering: decide(decision)
    case .polling: decide(decision, telling: followers)  // TR1, TR2
    case .collecting(let ballot):
      decide(decision, telling: ballot.yes + ballot.missing, answering: ballot.client)
    case .readying(let round): decide(decision, telling: followers, answering: round.client)
    case .working where decision == .abort: abortAlone()
    // It never began, or has lost its work: an abort is nothing new. Nor is what is told again.
    case .idle where decision == .abort: []
    case .decided: []
    // No process commits without this one's vote.
    case .idle, .working: [.note(.unexpected(.decide(decision), from: sender))]
    }
  }
}
