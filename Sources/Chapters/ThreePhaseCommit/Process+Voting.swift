import AtomicCommitment
import ProtocolCore

// The first phase: the coordinator asks, the participants vote.

extension Process {
  mutating func askForVotes(for client: RequestID) -> [Effect<Words>] {
    let participants = order.filter { $0 != id }
    // Nothing is written down: an empty journal says that no preCommit was sent, so abort.
    let waiting = become(.collecting(Ballot(client: client, missing: participants)))
    return participants.map { .send(.canCommit, to: $0) } + waiting
  }

  mutating func count(
    _ vote: Words.Vote, of voter: NodeID, in ballot: Ballot
  ) -> [Effect<Words>] {
    guard ballot.missing.contains(voter) else { return [] }  // doubled
    var ballot = ballot
    ballot.missing.removeAll { $0 == voter }
    guard vote == .yes else {
      return decide(.abort, telling: ballot.yes + ballot.missing, answering: ballot.client)
    }
    ballot.yes.append(voter)
    state = .collecting(ballot)
    guard require(.unanimity, ballot.missing.isEmpty) else { return [] }
    return makeReady(ballot.yes, from: .uncertain, answering: ballot.client)
  }

  mutating func begin(_ work: Words.Work) -> [Effect<Words>] { become(.working(work)) }

  mutating func vote(on work: Words.Work, to leader: NodeID) -> [Effect<Words>] {
    guard work != .doomed else { return abortAlone() + refuse(leader) }
    let yes: [Effect<Words>] = [
      .persist(.yes), .send(.vote(.yes), to: leader, release(.voteStoredFirst)),
    ]
    return yes + become(.following(.uncertain))
  }

  func refuse(_ leader: NodeID) -> [Effect<Words>] { [.send(.vote(.no), to: leader)] }

  /// Before it has voted, or has sent any preCommit, a process may abort by itself.
  ///
  /// It needs no record of that: an empty journal means abort.
  mutating func abortAlone() -> [Effect<Words>] {
    [.note(.decided(.abort))] + become(.decided(.abort))
  }

  /// Without its vote no process is committable; by aborting it sees to it that none will be.
  mutating func abort(for doubtful: NodeID) -> [Effect<Words>] {
    guard obey(.unvotedAborts) else { return [] }
    return abortAlone() + [.send(.decide(.abort), to: doubtful)]
  }
}
