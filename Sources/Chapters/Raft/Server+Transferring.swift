import ProtocolCore
import ReplicatedLog

// A leader hands over. (thesis, 3.10)

extension Raft.Server {
  /// A hand-over.
  struct Transfer: Hashable, Sendable {
    /// Who is to lead.
    let target: NodeID
    /// Who is to be answered.
    let client: RequestID
    /// Whether the target was told.
    var isUnderWay = false
  }

  // begin transferring
  /// An operator wants another to lead: it takes no more commands, and sees to it that the other
  /// has all that it has.
  mutating func handOver(to target: NodeID, _ client: RequestID) -> Out {
    guard variant.isThesis, case .leader(var leading) = role, leading.transfer == nil,
      leading.catchUp == nil, configuration.contains(target)
    else { return [.reply(.refused, to: client)] }
    guard target != id else { return [.reply(.done(nil), to: client)] }
    leading.transfer = Transfer(target: target, client: client)
    role = .leader(leading)
    return [.set(.transfer, after: Raft.Words.Timer.transfer.patience)] + goOnTransferring()
  }

  /// When the other has all, it is told to begin an election at once.
  mutating func goOnTransferring() -> Out {
    guard case .leader(var leading) = role, let transfer = leading.transfer,
      !transfer.isUnderWay,
      leading.peers.contains(where: { $0.id == transfer.target && $0.match == lastIndex })
    else { return [] }
    leading.transfer?.isUnderWay = true
    leading.hasHandedOver = true
    // The others vote for it although they hear this leader.
    if obey(.transferEndsLease) { leading.leased = nil }
    role = .leader(leading)
    return [.send(.timeoutNow(term: term), to: transfer.target)]
  }

  /// The other did not take over in time: it goes on, and takes commands again.
  mutating func endTransfer() -> Out {
    guard case .leader(var leading) = role, let transfer = leading.transfer else { return [] }
    leading.transfer = nil
    role = .leader(leading)
    remember(transfer)
    return transfer.isUnderWay ? [] : [.reply(.refused, to: transfer.client)]
  }

  /// Keeps a hand-over whose target was told: whether it leads yet, nobody knows.
  mutating func remember(_ transfer: Transfer?) {
    if let transfer, transfer.isUnderWay { handedOver = transfer }
  }

  /// A server leads: if that is what an operator wanted, it is done.
  ///
  /// If another leads, the operator hears no more of it.
  mutating func answerOperator(_ leader: NodeID) -> Out {
    guard let transfer = handedOver else { return [] }
    handedOver = nil
    return transfer.target == leader ? [.reply(.done(nil), to: transfer.client)] : []
  }

  /// The leader wants this server to lead: no time-out is waited for, and nobody asked before.
  mutating func takeOver(term asked: Int, from sender: NodeID) -> Out {
    guard asked >= term else { return [.send(.outdated(term: term), to: sender)] }
    let followed = heed(asked)
    guard !isCandidate, mayBeElected else { return followed }  // it asks for votes already
    return followed + beginElection(.transferred)
  }
  // end transferring
}
