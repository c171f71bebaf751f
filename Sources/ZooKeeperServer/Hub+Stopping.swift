internal import NIOCore
internal import ZooKeeper

/// The end: what was asked is stored and told first.
extension Hub {
  /// Ends all connections, at once.
  func hangUp() {
    alarm?.task.cancel()
    held = []
    for peer in peers.values { peer.channel.close(promise: nil) }
  }

  /// Reads no more, and ends all connections when what was asked is told.
  func stop() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    stopping = promise
    commit?.isEnding = true
    finishIfIdle()
    return promise.futureResult
  }

  /// Ends the connections that are owed nothing, gives the others a little time, and stops.
  func finishIfIdle() {
    guard let stopping, commit?.isIdle != false || commit?.failure != nil else { return }
    if patience == nil, commit?.failure == nil {
      patience = loop.assumeIsolated().scheduleTask(in: limits.farewell) { [weak self] in
        self?.isLate = true
        self?.finishIfIdle()
      }
      for (id, peer) in peers where !isOwed(id, peer) { peer.channel.close(promise: nil) }
    }
    guard peers.isEmpty || isLate || commit?.failure != nil, !isStopped else { return }
    // Each connection that is closed comes here again.
    isStopped = true
    patience?.cancel()
    hangUp()
    stopping.succeed()
  }

  /// Whether it has to take what it was sent before it is served further, or ends.
  func isOwed(_ id: ConnectionID, _ peer: Peer) -> Bool {
    peer.waiting > 0 || server.isHeldBack(id)
  }
}
