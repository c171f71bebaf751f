internal import ZooKeeper
internal import ZooKeeperWire

/// Setting watches again on a new connection.
extension ClientCnxn {
  /// Asks the server for the watches that the last one had.
  mutating func restoreWatches(_ now: Milliseconds) {
    for batch in watches.setWatches(since: session.lastZxidSeen) { restore(batch, now) }
  }

  private mutating func restore(_ batch: SetWatches, _ now: Milliseconds) {
    restoring.append(batch)
    connection?.send(ClientFrame(xid: .setWatches, .setWatches(batch)), nil, now: now)
  }

  /// The server says what became of the oldest batch.
  ///
  /// If it refuses, nothing of it is watched. Watches that stay are a later operation, which an
  /// older server does not know; the others are asked for again without them. Whatever is refused
  /// is over, and told as if it had been taken back: who waits for it would wait for ever.
  mutating func restored(
    _ content: ArrivedReply.Content, _ now: Milliseconds, _ commands: inout [Command]
  ) {
    guard let batch = restoring.popFirst(), case .failure = content else { return }
    guard let lasting = batch.lasting else {
      for path in batch.data + batch.exist { removed(.data, at: path, &commands) }
      for path in batch.child { removed(.children, at: path, &commands) }
      return
    }
    for path in lasting.persistent { removed(.persistent, at: path, &commands) }
    for path in lasting.recursive { removed(.persistentRecursive, at: path, &commands) }
    guard !(batch.data + batch.exist + batch.child).isEmpty else { return }
    var others = batch
    others.lasting = nil
    restore(others, now)
  }
}
