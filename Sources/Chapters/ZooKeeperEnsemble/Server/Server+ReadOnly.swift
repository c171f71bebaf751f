import ProtocolCore
import ZAB
import ZooKeeper

// A server that has lost its ensemble, and serves reads to who puts up with that.
// (ReadOnlyZooKeeperServer)

extension ZooKeeperEnsemble.Server {
  /// It looks for a leader, perhaps for long.
  func awaitReadOnly() -> Out {
    guard let ticks = settings.readOnlyAfter.map({ Ticks($0) }) else { return [] }
    return [.set(.readOnly, after: ticks...ticks)]
  }

  // begin read-only
  /// It has looked for a leader for long: it serves what it has delivered.
  ///
  /// What stands in its log behind that may never be committed.
  mutating func beginReadOnly() -> Out {
    guard zab.isLooking, !isReadOnly else { return [] }
    if !obey(.readOnlyShowsDelivered) { delivered = zab.history.service.tree }
    guard delivered != nil else { return [] }
    isReadOnly = true
    return [.note(.servesReadOnly)]
  }

  /// It has a leader, or leads: who puts up with reads alone can have more.
  mutating func endReadOnly() -> Out {
    guard isReadOnly else { return [.cancel(.readOnly)] }
    let out = dropAll()
    isReadOnly = false
    return out
  }
  // end read-only

  /// A client connects to a server that has lost its ensemble: a session is its own affair.
  mutating func greetReadOnly(
    _ hello: ZooKeeperEnsemble.ConnectRequest, from client: NodeID
  ) -> Out {
    guard hello.canBeReadOnly,
      require(.newerClientsRefused, hello.lastZxidSeen <= lastDelivered)
    else { return [.disconnect(client, .clients)] }
    connectionCount += 1
    let local = SessionID(Int64(number) << 56 | Int64(0xff) << 48 | Int64(connectionCount))
    let session = hello.session == .none ? local : hello.session
    connections.append(
      Connection(
        client: client, watcher: WatcherID(connectionCount),
        timeout: settings.granted(hello.timeout), phase: .resuming(session)))
    let isItsOwn = hello.session == .none || hello.password == session.password
    return welcome(client, session, isOpen: isItsOwn)
  }
}
