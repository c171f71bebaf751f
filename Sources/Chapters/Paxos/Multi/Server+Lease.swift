import ProtocolCore

// The lease: who hears of a leader promises to follow no other for a while.

extension MultiPaxos.Server {
  // begin lease
  /// Whether it may answer a read by itself: it has a lease, and has executed all that may have
  /// been chosen before.
  var mayRead: Bool {
    guard variant == .lease, case .leading(let leading) = standing else { return false }
    return require(.leaseOfMajority, leading.leased != nil)
      && require(.readsWhenRecovered, machine.number >= leading.recovered)
  }

  /// Whether it has promised to follow no leader but another than this one.
  func isBound(against candidate: NodeID) -> Bool {
    guard variant == .lease, obey(.leaseHonoured) else { return false }
    if case .leading(let leading) = standing, leading.leased != nil { return true }
    return granted.map { $0.proposer != candidate } ?? false
  }

  /// The lease counts from now, whenever it is granted.
  func askForLease(_ beat: Int) -> Out {
    [.set(.lease(beat), after: MultiPaxos.Words.Timer.lease(beat).patience)]
  }

  /// Grants the leader a lease.
  mutating func grant(_ ballot: Ballot, _ beat: Int, to leader: NodeID) -> Out {
    guard variant == .lease, !isRebuilding, beat > 0,
      require(.grantKept, !isBound(against: leader))
    else { return [] }
    granted = ballot
    // A server that finds something on its disk when it starts knows that it may have granted.
    let record: Out = promised == nil ? [.persist(.promised(ballot))] : []
    promised = promised ?? ballot
    return record + [
      .set(.grant, after: MultiPaxos.Words.Timer.grant.patience),
      .send(.follow(ballot, beat: beat), to: leader, record.isEmpty ? .atOnce : .whenStored),
    ]
  }

  /// Counts who grants the lease that it asked for last; itself, it grants it too.
  mutating func count(follower: NodeID, _ ballot: Ballot, _ beat: Int) -> Out {
    guard case .leading(var leading) = standing, leading.ballot == ballot,
      beat == leading.lastBeat, !leading.followers.contains(follower)
    else { return [] }  // of a beat that is over, or doubled
    leading.followers = (leading.followers + [follower]).sorted()
    standing = .leading(leading)
    guard isMajority(leading.followers + [id], for: machine.number + 1) else { return [] }
    leading.unanswered = 0
    standing = .leading(leading)
    let isHeld = !obey(.leaseFromSending) || leading.leases.contains(beat)
    guard isHeld else { return [] }  // it has run out meanwhile
    leading.leased = beat
    if !leading.leases.contains(beat) { leading.leases.append(beat) }
    standing = .leading(leading)
    return obey(.leaseFromSending) ? [] : askForLease(beat)
  }
  // end lease

  /// A lease has run out; if it was the last, the leader has none.
  mutating func endLease(of beat: Int) -> Out {
    guard case .leading(var leading) = standing else { return [] }
    leading.leases.removeAll { $0 == beat }
    if leading.leased == beat { leading.leased = nil }
    standing = .leading(leading)
    return []
  }

  /// Others vote from now on, who have granted nothing.
  mutating func endLeases() -> Out {
    guard case .leading(var leading) = standing else { return [] }
    let timers: Out = leading.leases.map { .cancel(.lease($0)) }
    (leading.leases, leading.leased) = ([], nil)
    standing = .leading(leading)
    return timers
  }

  /// It is free to follow another.
  mutating func endGrant() -> Out {
    granted = nil
    return []
  }
}
