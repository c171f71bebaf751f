import AtomicCommitment
import ProtocolCore

// A process in doubt that hears nothing asks all others where they stand.

extension Process {
  mutating func poll(from standing: Standing) -> [Effect<Words>] {
    var own = standing
    var records: [Effect<Words>] = []
    if variant == .enhanced {
      own.elected += 1
      records = [.persist(.elected(own.elected))]
    }
    let requests: [Effect<Words>] = others.map {
      .send(.stateRequest(own.elected), to: $0, release(.electionStoredFirst))
    }
    return records + requests + become(.polling(Poll(own: own)))
  }

  // begin answering
  /// Says where it stands, and takes part in an election that is later than its last.
  mutating func answer(
    _ other: NodeID, _ election: Int, from standing: Standing
  ) -> [Effect<Words>] {
    guard variant == .enhanced else {
      let answer: [Effect<Words>] = [.send(.state(standing), to: other)]
      guard case .following = state else { return answer }
      return answer + become(state)
    }
    guard require(.laterElectionsOnly, election > standing.elected) else { return [] }
    var standing = standing
    standing.elected = election
    return [
      .persist(.elected(election)),
      .send(.state(standing), to: other, release(.electionStoredFirst)),
    ] + become(.following(standing))
  }
  // end answering

  mutating func add(
    _ standing: Standing, of owner: NodeID, to poll: Poll
  ) -> [Effect<Words>] {
    var poll = poll
    // Of an election that is over, or doubled.
    guard standing.elected == poll.own.elected, !poll.answers.contains(where: { $0.owner == owner })
    else { return [] }
    poll.answers.append(Answer(owner: owner, standing: standing))
    poll.answers.sort { $0.owner < $1.owner }
    state = .polling(poll)
    // Where sides are kept more answers may allow more; where the latest attempt counts, a majority
    // knows of it.
    let awaited = variant == .quorum ? order.count : quorum(for: .commit)
    return poll.answers.count + 1 >= awaited ? terminate(poll) : []
  }

  /// Goes for what the answers allow, or waits.
  mutating func terminate(_ poll: Poll) -> [Effect<Words>] {
    guard let decision = choice(among: [poll.own] + poll.answers.map(\.standing)) else {
      return become(.following(poll.own))
    }
    return attempt(decision, from: poll.own, with: poll.answers)
  }
}
