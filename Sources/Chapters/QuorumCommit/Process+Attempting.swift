import ProtocolCore

// A leader tells a side to those who may stand on it, and decides when they are a quorum.

extension Process {
  // begin attempting
  /// Goes for an outcome, with those who answered.
  mutating func attempt(
    _ outcome: Outcome, from standing: Standing, with answers: [Answer]
  ) -> [Effect<Words>] {
    var own = standing
    var effects: [Effect<Words>] = []
    if mayTake(outcome.side, from: own) { effects += take(outcome, in: own.elected, &own) }
    // Where sides are kept, who stands there already need not be told.
    let there = variant == .quorum ? answers.filter { $0.standing.stage == outcome.side } : []
    let told = answers.map(\.owner).filter { owner in !there.contains { $0.owner == owner } }
    effects += told.map { .send(.attempt(outcome, own.elected), to: $0) }
    let side = there.map(\.owner) + (own.stage == outcome.side ? [id] : [])
    return effects + decide(with: Round(outcome: outcome, own: own, side: side.sorted()))
  }

  /// Decides, if enough stand on the side.
  private mutating func decide(with round: Round) -> [Effect<Words>] {
    let isQuorum = round.side.count >= quorum(for: round.outcome)
    let mayDecide =
      round.outcome == .commit
      ? require(.commitQuorum, isQuorum) : require(.abortQuorum, isQuorum)
    guard mayDecide else { return become(.attempting(round)) }
    return decide(round.outcome, telling: others)
  }
  // end attempting

  mutating func add(
    _ follower: NodeID, _ outcome: Outcome, _ election: Int, to round: Round
  ) -> [Effect<Words>] {
    guard outcome == round.outcome, election == round.own.elected, !round.side.contains(follower)
    else { return [] }  // of an attempt that is over, or doubled
    var round = round
    round.side = (round.side + [follower]).sorted()
    state = .attempting(round)
    return round.side.count >= quorum(for: outcome) ? decide(with: round) : []
  }

  // begin following
  /// Stands on the side that a leader says.
  mutating func follow(
    _ leader: NodeID, _ outcome: Outcome, _ election: Int, from standing: Standing
  ) -> [Effect<Words>] {
    guard mayTake(outcome.side, from: standing), mayFollow(election, from: standing) else {
      return []
    }
    var standing = standing
    return take(outcome, in: election, &standing)
      + [.send(.ack(outcome, election), to: leader, release(.sideStoredFirst))]
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

  private func take(
    _ outcome: Outcome, in election: Int, _ standing: inout Standing
  ) -> [Effect<Words>] {
    let attempt = obey(.attemptRemembered) ? election : 1
    guard (standing.stage, standing.attempt) != (outcome.side, attempt) else { return [] }
    standing.stage = outcome.side
    standing.attempt = attempt
    return [.persist(.attempt(outcome, attempt))]
  }
  // end following
}
