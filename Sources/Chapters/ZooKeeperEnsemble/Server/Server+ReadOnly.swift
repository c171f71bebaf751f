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
  /// What stands in its log behind that may never be committed. Nor does one that has started again
  /// know that of anything on its disk: even a snapshot may come from one that never led.
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

  /// A client connects to a server that has lost its ensemble, and is given a session that is this
  /// server's own affair.
  ///
  /// Sessions of the ensemble are refused without a word: whether they are open its leader knows.
  /// (Apache's servers refuse so those that they have for open. Others, which have ended or of
  /// which they have not heard, they resume if the password fits: to any of these
  /// `LearnerSessionTracker.touchSession` says yes. With localSessionsEnabled they tell clients
  /// with such that these are over; without it they give no session of their own.)
  mutating func greetReadOnly(
    _ hello: ZooKeeperEnsemble.ConnectRequest, from client: NodeID
  ) -> Out {
    let isNew = hello.session == .none
    guard hello.canBeReadOnly,
      require(.newerClientsRefused, hello.lastZxidSeen <= lastDelivered),
      require(.ensembleSessionsRefused, isNew)
    else { return [.disconnect(client, .clients)] }
    connectionCount += 1
    let local = SessionID(Int64(number) << 56 | Int64(0xff) << 48 | Int64(connectionCount))
    let session = isNew ? local : hello.session
    connections.append(
      Connection(
        client: client, number: connectionCount,
        timeout: settings.granted(hello.timeout), phase: .resuming(session)))
    return welcome(client, session, isOpen: isNew || hello.password == session.password)
  }
}
