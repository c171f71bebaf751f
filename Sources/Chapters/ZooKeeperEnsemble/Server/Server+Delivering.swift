import ProtocolCore
import ZAB
import ZooKeeper

// What a server does with a transaction that the replication delivers. (FinalRequestProcessor)

extension ZooKeeperEnsemble.Server {
  // begin delivering
  /// Applies a transaction: watchers hear of it, then whoever asked for it is answered here.
  mutating func deliver(_ proposal: Proposal<ReplicatedTree>) -> Out {
    let transaction = proposal.transaction
    // What came with a snapshot.
    guard proposal.number > lastDelivered.rawValue else { return [] }
    var tree = delivered ?? Tree()
    delivered = nil  // so that the tree is not copied when it changes
    let result = tree.apply(transaction.change)
    delivered = tree
    let told = tell(result.changes, at: transaction.change.zxid)
    let answered = track(transaction) + answer(transaction, result.reply)
    let synced = flushSyncs()
    return (obey(.eventsBeforeReplies) ? told + answered : answered + told) + synced
  }
  // end delivering

  /// Fires the watches that changes concern.
  private mutating func tell(_ changes: [Change], at zxid: ZooKeeper.Zxid) -> Out {
    let connections = self.connections
    func connection(_ watcher: WatcherID) -> Connection? {
      connections.first { $0.watcher == watcher }
    }
    let notifications = watches.trigger(changes) { watcher, acl in
      acl.allows(.read, to: connection(watcher)?.identities ?? [])
    }
    return notifications.compactMap { notification in
      connection(notification.watcher).map {
        .send(.event(notification.event, zxid), to: $0.client, .atOnce)
      }
    }
  }

  /// A session begins or ends: its leader watches over it, its client hears of it.
  private mutating func track(_ transaction: ReplicatedTree.Transaction) -> Out {
    let session = transaction.change.session
    switch transaction.change.body {
    case .createSession(let timeout):
      var out: Out = []
      if zab.isEstablished {
        owners[session] = transaction.request.server
        tracked.append(session)
        out = touch(session)
      }
      guard transaction.request.server == id,
        let place = connections.firstIndex(where: { connection in
          connection.phase == .opening(transaction.request.cxid)
            && require(.openingsNamed, connection.client == transaction.request.client)
        })
      else { return out }
      connections[place].phase = .serving(session)
      return out + [
        .send(
          .connected(session, timeout: timeout, isReadOnly: false),
          to: connections[place].client, .atOnce)
      ]
    case .closeSession:
      let out = forget(session)
      guard let connection = connections.first(where: { $0.session == session }),
        obey(.endedDropped)
      else { return out }
      // A client that has closed its session is answered first.
      let request = transaction.request
      let isAsked = request.server == id && request.ask == .request(.closeSession)
      let isAnswered =
        isAsked
        && connection.queue.contains {
          $0.xid == request.cxid && $0.request == .closeSession && $0.reply == nil
        }
      return out + (isAnswered ? [] : close(connection.client))
    case .create, .delete, .setData, .setACL, .check, .multi, .error: return []
    }
  }

  /// Answers the request that a transaction was made of, if its client is here.
  private mutating func answer(
    _ transaction: ReplicatedTree.Transaction, _ reply: ZooKeeper.Reply
  ) -> Out {
    let request = transaction.request
    guard request.server == id, request.author.session != .none,
      let place = connections.firstIndex(where: { $0.session == request.author.session }),
      let waiting = connections[place].queue.firstIndex(where: {
        $0.xid == request.cxid && $0.reply == nil
      })
    else { return [] }
    // Who comes by an old connection sees it closed. (SessionMoved)
    if case .refuse(.sessionMoved) = request.ask { return close(connections[place].client) }
    connections[place].queue[waiting].reply = reply
    return serve(connections[place].client)
  }
}
