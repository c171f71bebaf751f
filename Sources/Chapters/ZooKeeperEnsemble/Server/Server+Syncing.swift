import ProtocolCore
import ZAB
import ZooKeeper

// sync: a client waits until its server has what the leader had proposed. (Leader.processSync)

extension ZooKeeperEnsemble.Server {
  // begin syncing
  /// A server asks its leader, or itself.
  mutating func askSync(_ session: SessionID, _ cxid: Int32) -> Out {
    guard let leader else { return synchronize(session, cxid, for: id) }
    return [.send(.sync(session, cxid: cxid), to: leader, .atOnce)]
  }

  /// A leader answers when all is committed that was outstanding; the answer goes behind that.
  mutating func synchronize(_ session: SessionID, _ cxid: Int32, for server: NodeID) -> Out {
    guard zab.isEstablished else { return [] }
    let outstanding = zab.history.pending.last?.number
    syncs.append(
      WaitingSync(
        session: session, cxid: cxid, server: server,
        zxid: obey(.syncAwaitsOutstanding) ? outstanding ?? 0 : 0))
    return flushSyncs()
  }

  /// Answers the syncs whose time has come, in their order.
  mutating func flushSyncs() -> Out {
    var out: Out = []
    while let sync = syncs.first, sync.zxid <= lastDelivered.rawValue {
      syncs.removeFirst()
      out +=
        sync.server == id
        ? synchronized(sync.session, sync.cxid)
        : [.send(.synced(sync.session, cxid: sync.cxid), to: sync.server, .atOnce)]
    }
    return out
  }

  /// A sync is done: what comes behind it in its queue sees all.
  mutating func synchronized(_ session: SessionID, _ cxid: Int32) -> Out {
    guard let place = connections.firstIndex(where: { $0.session == session }),
      let waiting = connections[place].queue.firstIndex(where: {
        $0.xid == cxid && $0.request.isSync && $0.reply == nil
      }),
      case .sync(let path) = connections[place].queue[waiting].request
    else { return [] }
    connections[place].queue[waiting].reply = ZooKeeper.Reply(
      zxid: lastDelivered, .success(.synced(path: path)))
    return serve(connections[place].client)
  }
  // end syncing
}

extension ZooKeeper.Request {
  /// Whether it is a sync.
  var isSync: Bool { if case .sync = self { true } else { false } }
}
