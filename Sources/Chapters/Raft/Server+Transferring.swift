import ProtocolCore
import ReplicatedLog

// A leader hands over. (thesis, 3.10)

extension Raft.Server {
  /// A hand-over.
  struct Transfer: Hashable, Sendable {
    /// Who is to lead.
    let target: NodeID
    /// The operators that are to be answered.
    var clients: [RequestID]
    /// Whether the target was told.
    var isUnderWay = false
  }

  // begin transferring
  /// An operator wants another to lead: it takes no more commands, and sees to it that the other
  /// has all that it has.
  mutating func handOver(to target: NodeID, _ client: RequestID) -> Out {
    if case .leader(var leading) = role, leading.transfer?.target == target {
      leading.transfer?.clients.append(client)
      role = .leader(leading)
      return []
    }
    guard variant.isThesis, case .leader(var leading) = role, leading.transfer == nil,
      leading.catchUp == nil, configuration.contains(target)
    else { return [.reply(.refused, to: client)] }
    // One that leads no more, and does not know, must not say that it does.
    guard target != id else { return read(for: .operator(client)) }
    leading.transfer = Transfer(target: target, clients: [client])
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
    return giveUp(transfer)
  }

  /// A hand-over ends here: whether its target leads yet, nobody knows if it was told, and what is
  /// refused must not happen.
  mutating func giveUp(_ transfer: Transfer) -> Out {
    guard require(.toldNotRefused, !transfer.isUnderWay) else {
      handedOver.append(transfer)
      return []
    }
    return transfer.clients.map { .reply(.refused, to: $0) }
  }

  /// A server leads: if that is what an operator wanted, it is done.
  ///
  /// If another leads, the operator hears no more of it.
  mutating func answerOperator(_ leader: NodeID) -> Out {
    let ended = handedOver
    handedOver = []
    return ended.filter { $0.target == leader }.flatMap(\.clients).map { .reply(.done, to: $0) }
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
