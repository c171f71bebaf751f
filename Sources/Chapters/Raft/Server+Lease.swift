import ProtocolCore

// The lease: who hears a leader votes for no other for a while, and the leader reads meanwhile.
// (thesis, 6.4.1)

extension Raft.Server {
  // begin lease
  /// A heartbeat asks for a lease, which counts from now, whenever it is answered.
  mutating func askForLease() -> Out {
    guard variant == .lease, case .leader(var leading) = role else { return [] }
    leading.round += 1
    guard obey(.leaseFromSending) else {
      role = .leader(leading)
      return [start(leading.round)]
    }
    leading.leases.append(leading.round)
    let round = leading.round
    _ = countLease(&leading)  // one that is alone has it at once
    role = .leader(leading)
    return [start(round)]
  }

  private func start(_ round: Int) -> Effect<Raft.Words> {
    .set(.lease(round), after: Raft.Words.Timer.lease(round).patience)
  }

  /// It has a lease while the time of some round runs that a majority has answered.
  ///
  /// Never again once it has told another to take over: that may be late.
  func countLease(_ leading: inout Leading) -> Out {
    guard variant == .lease, require(.transferEndsLease, !leading.hasHandedOver) else { return [] }
    if obey(.leaseFromSending) {
      let answered = leading.leases.last {
        require(.leaseOfMajority, isAnswered($0, leading)) && $0 > leading.leased ?? 0
      }
      leading.leased = answered ?? leading.leased
      return []
    }
    let round = leading.round
    guard round > leading.leased ?? 0, isAnswered(round, leading) else { return [] }
    leading.leased = round
    leading.leases.append(round)
    return [start(round)]
  }
  // end lease

  /// The time of a round is over; if it was the last that was answered, there is no lease.
  mutating func endLease(of round: Int) -> Out {
    guard case .leader(var leading) = role else { return [] }
    leading.leases.removeAll { $0 <= round }
    if leading.leased.map({ $0 <= round }) ?? false { leading.leased = nil }
    role = .leader(leading)
    return []
  }
}
