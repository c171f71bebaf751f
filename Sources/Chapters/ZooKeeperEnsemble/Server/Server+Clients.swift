import ProtocolCore
import ZAB
import ZooKeeper

// What a server does for its clients. (ZooKeeperServer, FollowerRequestProcessor, CommitProcessor)

extension ZooKeeperEnsemble.Server {
  // begin greeting
  /// A client connects: it wants a new session, or has one.
  mutating func greet(_ hello: ZooKeeperEnsemble.ConnectRequest, from client: NodeID) -> Out {
    let before = drop(client)
    if isReadOnly { return before + greetReadOnly(hello, from: client) }
    guard zab.isServing else { return before + [.disconnect(client, .clients)] }
    guard require(.newerClientsRefused, hello.lastZxidSeen <= lastDelivered) else {
      return before + [.note(.refusesNewer(client)), .disconnect(client, .clients)]
    }
    connectionCount += 1
    let timeout = settings.granted(hello.timeout)
    let isNew = hello.session == .none
    let connection = Connection(
      client: client, number: connectionCount, timeout: timeout,
      phase: isNew
        ? .opening(Int32(truncatingIfNeeded: connectionCount)) : .resuming(hello.session),
      identities: hello.identities)
    connections.append(connection)
    guard isNew else {
      let isItsOwn = hello.password == hello.session.password
      return before
        + (isItsOwn
          ? revalidate(hello.session, timeout: timeout, of: connectionCount)
          : welcome(client, hello.session, isOpen: false))
    }
    return before
      + submit(
        ReplicatedTree.Request(
          .open(timeout: timeout, number: number), by: Author(.none),
          cxid: Int32(truncatingIfNeeded: connectionCount), at: id, for: client))
  }

  /// A client that came with a session has it again, or hears that it is over.
  mutating func welcome(_ client: NodeID, _ session: SessionID, isOpen: Bool) -> Out {
    guard let place = connections.firstIndex(where: { $0.client == client }) else { return [] }
    guard isOpen else {
      let told = Words.Message.connected(.none, timeout: 0, isReadOnly: isReadOnly)
      return [.send(told, to: client, .atOnce)] + close(client)
    }
    connections[place].phase = .serving(session)
    let timeout = connections[place].timeout
    // An older connection of the session is over.
    let others = connections.filter { $0.session == session && $0.client != client }
    return others.flatMap { close($0.client) } + [
      .send(
        .connected(session, timeout: timeout, isReadOnly: isReadOnly), to: client, .atOnce)
    ] + touch(session)
  }
  // end greeting

  // begin taking
  /// Takes a request of a client: a write goes to the leader at once, its turn comes here.
  mutating func take(_ request: ZooKeeper.Request, _ xid: Int32, from client: NodeID) -> Out {
    guard let place = connections.firstIndex(where: { $0.client == client }),
      let session = connections[place].session
    else { return [.disconnect(client, .clients)] }
    var queued = Queued(xid: xid, request: request)
    if isReadOnly, request == .closeSession {
      queued.reply = ZooKeeper.Reply(zxid: lastDelivered, .success(.done))
    } else if isReadOnly, request.isWrite || request.isSync {
      queued.reply = ZooKeeper.Reply(zxid: lastDelivered, .failure(.notReadOnly))
    }
    if case .auth(let scheme, let credentials) = request {
      queued.reply = authenticate(scheme, credentials, place)
    }
    connections[place].queue.append(queued)
    let author = Author(session, identities: connections[place].identities)
    var out = touch(session)
    if !isReadOnly {
      if request.isWrite {
        out += submit(
          ReplicatedTree.Request(.request(request), by: author, cxid: xid, at: id))
      } else if request.isSync {
        out += askSync(session, xid)
      }
    }
    return out + serve(client)
  }
  // end taking

  /// A client shows who it is: that holds from here on, whatever stands before it in its queue.
  private mutating func authenticate(
    _ scheme: String, _ credentials: Payload, _ place: Int
  ) -> ZooKeeper.Reply {
    let address = connections[place].identities.first { $0.scheme == "ip" }?.id ?? ""
    let gained = settings.authentication.identities(
      scheme: scheme, credentials: credentials, address: address)
    guard let gained else { return ZooKeeper.Reply(zxid: .zero, .failure(.authFailed)) }
    for identity in gained where !connections[place].identities.contains(identity) {
      connections[place].identities.append(identity)
    }
    return ZooKeeper.Reply(zxid: .zero, .success(.done))
  }

  // begin serving
  /// Answers what stands first in a client's queue, as far as it can be answered.
  mutating func serve(_ client: NodeID) -> Out {
    var out: Out = []
    while let place = connections.firstIndex(where: { $0.client == client }),
      let index = connections[place].nextServed(inOrder: obey(.readsAwaitWrites))
    {
      let queued = connections[place].queue.remove(at: index)
      let (events, reply) = queued.reply.map { ([], $0) } ?? read(queued.request, for: place)
      for event in events {
        out.append(.send(.event(event, lastDelivered), to: client, .atOnce))
      }
      out.append(.send(.reply(queued.xid, reply), to: client, .atOnce))
      if case .closeSession = queued.request { out += close(client) }
      if reply.result == .failure(.authFailed) { out += close(client) }
    }
    return out
  }

  /// Answers a read from what is delivered here, and leaves its watch.
  private mutating func read(
    _ request: ZooKeeper.Request, for place: Int
  ) -> (events: [WatchEvent], reply: ZooKeeper.Reply) {
    let connection = connections[place]
    let tree = delivered ?? Tree()
    if case .setWatches(let watched) = request {
      var relative = watched
      if !obey(.missedEventsTold) { relative.relativeZxid = tree.zxid }
      let events = watches.restore(relative, by: connection.watcher, in: tree)
      return (events, ZooKeeper.Reply(zxid: tree.zxid, .success(.done)))
    }
    if request.isOfLastingWatches {
      let result = watches.answer(request, by: connection.watcher)
      return ([], ZooKeeper.Reply(zxid: tree.zxid, result))
    }
    let author = Author(connection.session ?? .none, identities: connection.identities)
    let reply = Service(tree).answer(request, by: author)
    watches.leave(after: request, reply.result, by: connection.watcher)
    return ([], reply)
  }
  // end serving

  // MARK: Parting

  /// A client's connection is gone; its session is not.
  mutating func drop(_ client: NodeID) -> Out {
    for connection in connections where connection.client == client {
      watches.forget(connection.watcher)
    }
    connections.removeAll { $0.client == client }
    return []
  }

  /// Closes a client's connection.
  mutating func close(_ client: NodeID) -> Out {
    drop(client) + [.disconnect(client, .clients)]
  }

  /// Closes all connections.
  mutating func dropAll() -> Out { connections.map(\.client).flatMap { close($0) } }
}

extension ZooKeeperEnsemble.Settings {
  /// The timeout that is granted to who asks for this: the nearest that is allowed.
  func granted(_ timeout: Int32) -> Int32 {
    min(max(timeout, timeouts.lowerBound), timeouts.upperBound)
  }
}

extension ZooKeeperEnsemble.Server.Connection {
  /// The place of what can be answered now: the first, if it waits for nothing.
  fileprivate func nextServed(inOrder: Bool) -> Int? {
    guard session != nil else { return nil }
    let candidates = inOrder ? queue.prefix(1) : queue[...]
    return candidates.firstIndex { $0.reply != nil || !($0.request.isWrite || $0.request.isSync) }
  }
}

extension ZooKeeper.Request {
  /// Whether it leaves a watch that stays, looks for one, or takes some back.
  fileprivate var isOfLastingWatches: Bool {
    switch self {
    case .addWatch, .checkWatches, .removeWatches: true
    default: false
    }
  }

  /// Whether it becomes a transaction, even when it fails.
  var isWrite: Bool {
    switch self {
    case .create, .delete, .setData, .setACL, .check, .multi, .reconfig, .closeSession: true
    case .exists, .getData, .getACL, .getChildren, .sync, .ping, .auth, .multiRead,
      .getEphemerals, .getAllChildrenNumber, .whoAmI, .setWatches, .addWatch, .checkWatches,
      .removeWatches, .sasl:
      false
    }
  }
}
