import ProtocolCore

// SYNC: a server waits until it has delivered what its leader had proposed, and reads then.
// (Leader.processSync)

extension ZAB.Server {
  /// A learner asks for SYNC first; who leads has delivered all that it has committed.
  mutating func synchronize(_ waiting: Waiting) -> Out {
    if case .learning(let learning) = role, obey(.syncAsksLeader) {
      syncing.append(waiting)
      return [.send(.request(waiting.request), to: learning.leader, .atOnce)]
    }
    return [.reply(history.service.answer(to: waiting.request), to: waiting.client, .atOnce)]
  }

  /// All that its leader had proposed has come: the first that waits for that is answered.
  mutating func synced(_ learning: ZAB.Learning<Service>) -> Out {
    guard let first = syncing.first else {
      return [.note(.unexpected(.sync, from: learning.leader))]
    }
    syncing.removeFirst()
    return [.reply(history.service.answer(to: first.request), to: first.client, .atOnce)]
  }

  /// A learner's client asks for a transaction, or for what is proposed to be delivered.
  mutating func take(_ request: Service.Request, from learner: NodeID) -> Out {
    guard settings.readsBehindSync, Service.isRead(request) else { return propose(request) ?? [] }
    guard case .leading(var leading) = role, leading.isEstablished else { return [] }
    guard !leading.outstanding.isEmpty else { return [.send(.sync, to: learner, .atOnce)] }
    leading.outstanding[leading.outstanding.count - 1].syncs.append(learner)
    role = .leading(leading)
    return []
  }
}
