import AtomicCommitment
import ProtocolCore

// A leader tells a side to the processes that may stand on it, and decides when they are a quorum.

extension Process {
  // begin attempting
  /// Goes for a decision, with the processes that answered.
  mutating func attempt(
    _ decision: Decision, from standing: Standing, with answers: [Answer]
  ) -> [Effect<Words>] {
    var own = standing
    var effects: [Effect<Words>] = []
    if mayTake(decision.side, from: own) { effects += take(decision, in: own.elected, &own) }
    // Where sides are kept, a process that stands there already need not be told.
    let there = variant == .quorum ? answers.filter { $0.standing.stage == decision.side } : []
    let told = answers.map(\.owner).filter { owner in !there.contains { $0.owner == owner } }
    effects += told.map { .send(.attempt(decision, own.elected), to: $0) }
    let side = there.map(\.owner) + (own.stage == decision.side ? [id] : [])
    return effects + decide(with: Round(decision: decision, own: own, side: side.sorted()))
  }

  /// Decides, if enough stand on the side.
  private mutating func decide(with round: Round) -> [Effect<Words>] {
    let isQuorum = round.side.count >= quorum(for: round.decision)
    let mayDecide =
      round.decision == .commit
      ? require(.commitQuorum, isQuorum) : require(.abortQuorum, isQuorum)
    guard mayDecide else { return become(.attempting(round)) }
    return decide(round.decision, telling: others)
  }
  // end attempting

  mutating func add(
    _ follower: NodeID, _ decision: Decision, _ election: Int, to round: Round
  ) -> [Effect<Words>] {
    guard decision == round.decision, election == round.own.elected, !round.side.contains(follower)
    else { return [] }  // of an attempt that is over, or doubled
    var round = round
    round.side = (round.side + [follower]).sorted()
    state = .attempting(round)
    return round.side.count >= quorum(for: decision) ? decide(with: round) : []
  }

  // begin following
  /// Stands on the side that a leader says.
  mutating func follow(
    _ leader: NodeID, _ decision: Decision, _ election: Int, from standing: Standing
  ) -> [Effect<Words>] {
    guard mayTake(decision.side, from: standing), mayFollow(election, from: standing) else {
      return []
    }
    var standing = standing
    return take(decision, in: election, &standing)
      + [.send(.ack(decision, election), to: leader, release(.sideStoredFirst))]
      + become(.following(standing))
  }

  private func mayTake(_ side: Stage, from standing: Standing) -> Bool {
    guard variant == .quorum else { return true }
    return require(.sidesKept, [.uncertain, side].contains(standing.stage))
  }

  private func mayFollow(_ election: Int, from standing: Standing) -> Bool {
    guard variant == .enhanced else { return true }
    return require(.lastElectionFollowed, election == standing.elected)
  }

  /// Takes a side, and keeps in which election.
  ///
  /// Enhanced three-phase commit keeps two counters, because they answer two questions.
  /// `elected` says whose word still counts: it grows with every election in which the process
  /// takes part, and from then on the attempts of all earlier leaders are refused. `attempt` says
  /// how recent the process's side is: it grows only here, when a side is taken, and of those that
  /// answer a poll the latest attempt prevails.
  ///
  /// One counter would not do. Of c, a and b, c is in preCommit of the coordinator's election, 1,
  /// and cut off. In election 2 a leads, hears b, finds nothing but uncertain and takes preAbort;
  /// then a is cut off, and b and c are connected. In election 3 b leads, hears c and goes for
  /// commit, the latest attempt that it knows; c acknowledges, and b commits. Now a, alone, begins
  /// election 4, and no process answers. If its side counted as of 4, because that is its last
  /// election, the next leader that hears a and c would find preAbort the latest and abort, beside
  /// a commit. As of 2 it loses to the preCommit of 3, and so would any older side: two majorities
  /// share a process, so every later leader hears from one that acknowledged 3.
  private func take(
    _ decision: Decision, in election: Int, _ standing: inout Standing
  ) -> [Effect<Words>] {
    assert(variant == .quorum || !obey(.lastElectionFollowed) || election == standing.elected)
    let attempt = obey(.attemptRemembered) ? election : 1
    guard (standing.stage, standing.attempt) != (decision.side, attempt) else { return [] }
    standing.stage = decision.side
    standing.attempt = attempt
    return [.persist(.attempt(decision, attempt))]
  }
  // end following
}
