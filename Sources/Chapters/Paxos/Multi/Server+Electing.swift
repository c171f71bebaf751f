public import ProtocolCore
import ReplicatedLog

// Phase 1, once for all numbers.

extension MultiPaxos.Server {
  /// What a server has heard that would lead.
  public struct Preparing: Hashable, Sendable {
    /// Its ballot.
    public let ballot: Ballot
    /// Those who have promised, by name.
    public internal(set) var promisers: [NodeID] = []
    /// What they have accepted, of each number that of the greatest ballot.
    public internal(set) var reported: [Slot] = []
  }

  typealias Out = [Effect<MultiPaxos.Words>]

  // begin electing
  /// Begins a ballot that is greater than any it has heard of. (phase 1a)
  mutating func elect() -> Out {
    guard obey(.electionTimesOut), !isLeading else { return [] }
    guard isVoter else { return askVoters() }
    guard granted == nil || !obey(.leaseHonoured) else { return awaitLeader() }
    let last = max(promised?.round ?? 0, seen)
    let ballot = Ballot(last == .max ? last : last + 1, id)
    promised = ballot
    standing = .preparing(Preparing(ballot: ballot))
    let asked: Out = others(of: electorate).map {
      .send(.prepare(ballot, from: machine.number + 1), to: $0, release(.promiseStoredFirst))
    }
    return [.persist(.promised(ballot))] + asked + awaitLeader()
  }

  /// Promises, and tells what it has accepted. (phase 1b)
  mutating func promise(_ ballot: Ballot, from number: Int, to candidate: NodeID) -> Out {
    guard !isRebuilding, !isBound(against: candidate) else { return [] }
    guard require(.laterBallotsOnly, promised.map { ballot >= $0 } ?? true) else {
      return reject(ballot, of: candidate)
    }
    let record: Out = promised == ballot ? [] : [.persist(.promised(ballot))]
    promised = ballot
    let followed = standing.ballot.map { $0 < ballot } ?? true ? becomeFollower() : []
    let forgotten = checkpoint.number >= number && obey(.checkpointReported) ? checkpoint : nil
    return record + followed + [
      .send(
        .promise(ballot, slots.filter { $0.number >= number }, forgotten), to: candidate,
        release(.promiseStoredFirst))
    ]
  }

  /// Counts a promise, and leads when there are enough.
  mutating func count(promise ballot: Ballot, of voter: NodeID, _ slots: [Slot]) -> Out {
    switch standing {
    case .preparing(var preparing) where require(.thisBallotPromised, preparing.ballot == ballot):
      guard !preparing.promisers.contains(voter) else { return [] }  // doubled
      preparing.promisers = (preparing.promisers + [voter]).sorted()
      preparing.reported = merged(preparing.reported, slots)
      standing = .preparing(preparing)
      let enough = isMajority(preparing.promisers, for: machine.number + 1)
      return require(.quorumPromises, enough) ? lead(preparing) : []
    case .leading(var leading) where require(.thisBallotPromised, leading.ballot == ballot):
      guard !leading.promisers.contains(voter) else { return [] }
      leading.promisers = (leading.promisers + [voter]).sorted()
      leading.reported = merged(leading.reported, slots.filter { $0.number >= leading.next })
      standing = .leading(leading)
      return advance()
    // Of a ballot that is over.
    case .follower, .preparing, .leading: return []
    }
  }

  /// Of what was reported under each number that of the greatest ballot. (P2c)
  private func merged(_ some: [Slot], _ more: [Slot]) -> [Slot] {
    guard obey(.acceptedAdopted) else { return [] }
    var merged = some
    for slot in more {
      if let place = merged.firstIndex(where: { $0.number == slot.number }) {
        let isGreater = merged[place].ballot < slot.ballot
        if isGreater == obey(.highestAdopted) { merged[place] = slot }
      } else {
        merged.append(slot)
      }
    }
    return merged.sorted { $0.number < $1.number }
  }
  // end electing

  /// Says what it has promised to whoever asks for less.
  func reject(_ ballot: Ballot, of candidate: NodeID) -> Out {
    guard let promised, ballot < promised else { return [] }
    return [.send(.reject(promised), to: candidate)]
  }
}
