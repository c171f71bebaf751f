internal import NIOCore
package import ZooKeeper
internal import ZooKeeperPersistence
internal import ZooKeeperWire

/// A transaction that was committed, and what stood before it.
package struct Committed: Sendable {
  /// The transaction.
  package let transaction: Transaction
  /// What it did.
  package let changes: [Change]
  /// What it came of.
  package let asked: Asked
  /// The tree that it was applied to.
  package let before: Tree
  /// The watches that it found.
  package let watches: Watches
}

/// Transactions: one at a time, each prepared and committed before the next.
extension Server {
  /// Commits what a request has become, and gives the reply and the events.
  ///
  /// - Parameter prepared: What is prepared; only a quirk makes more or fewer of it than one.
  mutating func commit(
    _ prepared: [Transaction], for asked: Asked
  ) -> (reply: Reply, frames: Outgoings) {
    var transactions = prepared
    for quirk in quirks { quirk.transactions?(&transactions, asked, self) }
    var reply = unapplied(prepared)
    var frames = Outgoings()
    if transactions.isEmpty { service.abandonProposals() }
    for transaction in transactions {
      // Only quirks look back: kept for nothing, the old tree would have to be copied from.
      if !quirks.isEmpty { previous = service.applied }
      let result = settings.storage == nil ? service.commit(transaction) : commitLogged(transaction)
      let committed = Committed(
        transaction: transaction, changes: result.changes, asked: asked, before: previous,
        watches: quirks.isEmpty ? Watches() : watches)
      for quirk in quirks { quirk.tree?(&service, committed) }
      for quirk in quirks { quirk.remember?(&notebook, committed) }
      reply = refreshed(result.reply, committed)
      frames.now += events(of: committed)
    }
    return (reply, frames)
  }

  /// Commits a transaction and notes it, with the digest that it makes.
  private mutating func commitLogged(_ transaction: Transaction) -> TransactionResult {
    let touched = transaction.touchedPaths
    digest &-= service.applied.digest(of: touched)
    countedDataSize -= service.applied.dataSize(of: touched)
    let result = service.commit(transaction)
    digest &+= service.applied.digest(of: touched)
    countedDataSize += service.applied.dataSize(of: touched)
    if case .error = transaction.body {
      logged.append(LoggedTransaction(transaction, digest: nil))
    } else {
      logged.append(LoggedTransaction(transaction, digest: digest))
    }
    if transaction.zxid.rawValue % Server.digestInterval == 0 {
      digests.append((transaction.zxid, digest))
      if digests.count > Server.digestLimit { digests.removeFirst() }
    }
    return result
  }

  /// At which zxids a digest is kept for `hash`, and how many of them.
  private static var digestInterval: Int64 { 128 }
  private static var digestLimit: Int { 1024 }

  /// What would be answered if nothing were committed.
  private func unapplied(_ prepared: [Transaction]) -> Reply {
    guard !quirks.isEmpty, let transaction = prepared.last else {
      return Reply(zxid: service.applied.zxid, .success(.done))
    }
    var rehearsal = service
    return Reply(zxid: service.applied.zxid, rehearsal.commit(transaction).reply.result)
  }

  // begin events
  /// Tells of a transaction, before anybody is told its result.
  private mutating func events(of committed: Committed) -> [Outgoing] {
    let (connections, dialect) = (self.connections, settings.dialect)
    var notifications = watches.trigger(committed.changes) { watcher, acl in
      !dialect.eventsNeedRead
        || acl.allows(.read, to: connections[watcher]?.identities ?? [])
    }
    for quirk in quirks { quirk.events?(&notifications, &watches, committed) }
    let zxid =
      dialect.notificationsCarryZxid ? committed.transaction.zxid : ServerFrame.eventZxid
    return notifications.map {
      Outgoing(connection: $0.watcher, frame: .event($0.event, zxid: zxid))
    }
  }
  // end events

  /// Ends a session that has expired: one transaction takes all that it owned, and its connection
  /// is closed without a word.
  mutating func end(_ session: SessionID) {
    sessions.close(session)
    let carrier = carriers[session]
    remark(.expired(session), on: carrier)
    let asked = Asked(session: session, opcode: .closeSession, connection: nil)
    if !settings.isReadOnly {
      let transaction = service.prepare(
        .closeSession, by: asked.author, cxid: 0, zxid: nextZxid, time: time)
      send(commit([transaction], for: asked).frames, for: asked)
    }
    if let carrier { close(carrier, .sessionExpired) }
  }
}

extension Server {
  /// Takes away the containers and the TTL nodes whose time has come, each by a transaction of its
  /// own that no session has asked for.
  mutating func reap() {
    var paths = service.applied.reapable(at: time)
    for quirk in quirks { quirk.reaping?(&paths, self) }
    for path in paths {
      let asked = Asked(reaping: path)
      let transaction = service.prepareReaping(path, zxid: nextZxid, time: time)
      send(commit([transaction], for: asked).frames, for: asked)
    }
  }
}

/// Stats in replies, where a quirk has had its hand in them.
extension Server {
  /// The reply to a write, from the tree as a quirk has left it.
  private func refreshed(_ reply: Reply, _ committed: Committed) -> Reply {
    guard quirks.contains(where: { $0.tree != nil }) else { return reply }
    let paths = committed.transaction.body.paths
    return reply.mappingStats(paths: paths) { stat, path in
      // In a multi a Stat is that of its moment: what comes later may have changed it.
      let isLast = paths.count { $0 == path || Path.parent(of: $0) == path } == 1
      if isLast { stat = service.applied[path]?.stat ?? stat }
    }
  }

  /// The reply, its Stats as the quirks show them.
  func stats(_ reply: Reply, _ asked: Asked) -> Reply {
    guard let request = asked.request, quirks.contains(where: { $0.stat != nil }) else {
      return reply
    }
    return reply.mappingStats(paths: request.paths) { stat, path in
      for quirk in quirks { quirk.stat?(&stat, path, service.applied) }
    }
  }
}

extension Reply {
  /// The reply with each Stat changed; `paths` are those of the request, of a multi one for each
  /// operation.
  fileprivate func mappingStats(
    paths: [String], _ change: (inout Stat, String) -> Void
  ) -> Reply {
    func changed(_ stat: Stat, _ path: String) -> Stat {
      var stat = stat
      change(&stat, path)
      return stat
    }
    guard case .success(let answer) = result else { return self }
    let path = paths.first ?? ""
    let new: Answer
    switch answer {
    case .created(let path, let stat): new = .created(path: path, stat.map { changed($0, path) })
    case .stat(let stat): new = .stat(changed(stat, path))
    case .data(let data, let stat): new = .data(data, changed(stat, path))
    case .acl(let acl, let stat): new = .acl(acl, changed(stat, path))
    case .children(let names, let stat): new = .children(names, stat.map { changed($0, path) })
    case .multi(let results):
      new = .multi(
        zip(results, paths).map { result, path in
          switch result {
          case .created(let path, let stat): .created(path: path, stat.map { changed($0, path) })
          case .set(let stat): .set(changed(stat, path))
          default: result
          }
        })
    case .multiRead(let results):
      new = .multiRead(
        zip(results, paths).map { result, path in
          guard case .data(let data, let stat) = result else { return result }
          return .data(data, changed(stat, path))
        })
    case .done, .synced, .ephemerals, .count, .identities, .watchAdded, .token: new = answer
    }
    return Reply(zxid: zxid, .success(new))
  }
}

extension Transaction.Body {
  /// The paths that it is about.
  var paths: [String] {
    switch self {
    case .create(let creation): [creation.path]
    case .delete(let path), .setData(let path, _, _), .setACL(let path, _, _),
      .check(let path, _):
      [path]
    case .closeSession(let paths): paths
    case .multi(let parts): parts.map { $0.paths.first ?? "" }
    case .createSession, .error: []
    }
  }
}
