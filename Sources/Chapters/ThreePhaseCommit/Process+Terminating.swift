import AtomicCommitment
import ProtocolCore

// What a backup coordinator does: it asks all who are left how far they are, and decides.

extension Process {
  mutating func lead(_ stage: Stage) -> [Effect<Words>] {
    let requests: [Effect<Words>] = followers.map { .send(.stateRequest, to: $0) }
    let poll = Poll(own: stage, missing: followers, isCommittable: stage == .committable)
    guard require(.statesAwaited, poll.missing.isEmpty) else {
      return requests + become(.polling(poll))
    }
    return requests + terminate(poll)
  }

  mutating func add(_ stage: Stage, of follower: NodeID, to poll: Poll) -> [Effect<Words>] {
    guard poll.missing.contains(follower) else { return [] }  // doubled
    var poll = poll
    poll.missing.removeAll { $0 == follower }
    switch stage {
    case .uncertain: poll.uncertain.append(follower)
    case .committable: poll.isCommittable = true
    }
    state = .polling(poll)
    return poll.missing.isEmpty ? terminate(poll) : []
  }

  // begin terminating
  /// Decides by the termination rules.
  ///
  /// If a follower has decided, or not voted, it answers with the decision itself: TR1, TR2.
  mutating func terminate(_ poll: Poll) -> [Effect<Words>] {
    // TR3. It is not known whether all voted yes, and nobody can have committed.
    guard require(.uncertainAbort, poll.isCommittable) else {
      return decide(.abort, telling: followers)
    }
    // TR4. Somebody may have committed, and is gone now.
    guard obey(.committableCommit) else { return decide(.abort, telling: followers) }
    guard obey(.uncertainReadiedFirst) else { return decide(.commit, telling: followers) }
    return makeReady(poll.uncertain, from: poll.own)
  }
  // end terminating

  /// A follower tells its new leader how far it is; all before the leader are gone.
  mutating func report(_ stage: Stage, to leader: NodeID) -> [Effect<Words>] {
    guard let place = up.firstIndex(of: leader) else { return [] }  // it was taken for gone
    let records = drop(up[..<place].filter { $0 != id })
    return records + [.send(.state(stage), to: leader)] + become(.following(stage))
  }
}
