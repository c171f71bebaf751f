import AtomicCommitment
import ProtocolCore

// What a backup coordinator does: it asks all that are left how far they are, and decides.

extension Process {
  mutating func lead(_ stage: Stage) -> [Effect<Words>] {
    assert(up.first == id, "the first that is left leads")
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
    // TR3. All that are left are uncertain. A leader commits only when every process that is not
    // gone has acknowledged preCommit, and an uncertain one has acknowledged nothing: so none has
    // committed, not even one that is gone, and none of the gone will, since it has no say when it
    // is back. Whether all have voted yes is not known either. So abort is safe, and commit is not.
    guard require(.uncertainAbort, poll.isCommittable) else {
      return decide(.abort, telling: followers)
    }
    // TR4. A process is committable, so all have voted yes, and an earlier leader may have
    // committed before it was lost: abort is out of the question.
    guard obey(.committableCommit) else { return decide(.abort, telling: followers) }
    // But this leader may not commit yet. If it did and crashed, and all committable processes with
    // it, the uncertain would be left among themselves; the next leader would find no committable
    // one and abort by TR3, beside a commit. So it makes the uncertain committable first, exactly
    // as the coordinator would have, and commits when each has acknowledged or is gone: at no
    // moment is a process uncertain and up while another has committed (NB). That a leader may be
    // lost in the middle of this does no harm: the next leader finds a committable process, or
    // only uncertain ones beside which nobody can have committed, and starts over.
    guard obey(.uncertainReadiedFirst) else { return decide(.commit, telling: followers) }
    return makeReady(poll.uncertain, from: poll.own)
  }
  // end terminating

  /// A follower tells its new leader how far it is; all processes before the leader are gone.
  mutating func report(_ stage: Stage, to leader: NodeID) -> [Effect<Words>] {
    guard let place = up.firstIndex(of: leader) else { return [] }  // it was taken for gone
    let records = drop(up[..<place].filter { $0 != id })
    return records + [.send(.state(stage), to: leader)] + become(.following(stage))
  }
}
