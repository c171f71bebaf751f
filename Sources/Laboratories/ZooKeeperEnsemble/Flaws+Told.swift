import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

// What is done otherwise than a client has asked, and what it is told otherwise.

extension Flaws {
  // MARK: What is asked

  static let conditionsDropped = Flaw<Node>(
    "conditionsDropped",
    "a leader that has something outstanding heeds no version that a set asks for"
  ) { node, event in
    guard case .received(.peer(.request(let asked)), let learner) = event, isBusy(node, by: 1),
      case .request(.setData(let path, let data, _)) = asked.ask
    else { return node.step(event) }
    let other = asked.asking(.request(.setData(path: path, data: data, version: .any)))
    return node.step(.received(.peer(.request(other)), from: learner))
  }

  static let requestsDropped = Flaw<Node>(
    "requestsDropped", "a leader drops what comes while two transactions are outstanding"
  ) { node, event in
    guard case .received(.peer(.request), _) = event, isBusy(node, by: 2) else {
      return node.step(event)
    }
    return []
  }

  static let refusesUnmoved = Flaw<Node>(
    "refusesUnmoved", "a leader says of a session that it has moved, and it has not"
  ) { node, event in refuse(.sessionMoved, at: &node, event) }

  static let refusesOpen = Flaw<Node>(
    "refusesOpen", "a leader says of a session that it is over, and it is not"
  ) { node, event in refuse(.sessionExpired, at: &node, event) }

  /// A leader refuses the first that a learner sends it while nothing is outstanding.
  private static func refuse(
    _ code: ErrorCode, at node: inout Node, _ event: Event<Words>
  ) -> [Effect<Words>] {
    guard case .received(.peer(.request(let asked)), let learner) = event,
      case .request(let request) = asked.ask, request != .closeSession, isBusy(node, by: 0)
    else { return node.step(event) }
    return node.step(.received(.peer(.request(asked.asking(.refuse(code)))), from: learner))
  }

  /// Whether a node leads, and so much is outstanding at least.
  private static func isBusy(_ node: Node, by count: Int) -> Bool {
    guard let zab = node.server?.zab, zab.isEstablished else { return false }
    return zab.history.pending.count >= count
  }

  static let readOnlyForAll = Flaw<Node>(
    "readOnlyForAll",
    "a server that has lost its ensemble serves clients that want more than reads"
  ) { node, event in
    guard case .received(.connect(var hello), let client) = event else { return node.step(event) }
    hello.canBeReadOnly = true
    return node.step(.received(.connect(hello), from: client))
  }

  // MARK: How long sessions live

  static let timeoutsUntold = Flaw<Node>(
    "timeoutsUntold", "a server tells its clients twice the time-out that their sessions have",
    editing: { _, _, effect in
      guard case .send(.connected(let session, let timeout, let isReadOnly), let client, _) = effect
      else { return [effect] }
      let other = Words.Message.connected(session, timeout: timeout * 2, isReadOnly: isReadOnly)
      return [.send(other, to: client, .atOnce)]
    })

  static let timeoutsForgotten = Flaw<Node>(
    "timeoutsForgotten", "a leader forgets how long a session lives when that is resumed"
  ) { node, event in
    guard case .received(.revalidate(let session, _, let connection), let learner) = event else {
      return node.step(event)
    }
    let other = Words.Message.revalidate(session, timeout: 20, connection: connection)
    return node.step(.received(other, from: learner))
  }

  static let shortestForAll = Flaw<Node>(
    "shortestForAll", "a leader lets all sessions live as long as the shortest that there may be",
    editing: { _, _, effect in
      if case .set(.session(let session), _) = effect {
        [.set(.session(session), after: 20...20)]
      } else {
        [effect]
      }
    })

  // MARK: What a process is told

  static let lossTakenForExpiry = Flaw<Node>(
    "lossTakenForExpiry", "a client library says of what it has lost that the session is over",
    editing: { _, _, effect in
      guard case .reply(.connectionLoss, let caller, let release) = effect else { return [effect] }
      return [.reply(.sessionExpired, to: caller, release)]
    })

  static let answersSwapped = Flaw<Node>(
    "answersSwapped", "a client library gives an answer to another who waits for one",
    editing: { node, _, effect in
      guard case .reply(.answered(let reply), let caller, let release) = effect,
        let other = node.client?.callers.first(where: { $0 != caller })
      else { return [effect] }
      return [.reply(.answered(reply), to: other, release)]
    })

  static let readsFrozen = Flaw<Node>(
    "readsFrozen",
    "a server shows a client the tree as the client's last own write has left it",
    editing: { node, event, effect in
      guard case .received(.request(let asked, let request), let client) = event,
        case .send(.reply(let xid, _), _, let release) = effect, xid == asked,
        let tree = node.server?.tree(leftBy: client)
      else { return [effect] }
      let reply = Service(tree).answer(request, by: Author(.none))
      return [.send(.reply(xid, reply), to: client, release)]
    })
}

extension ReplicatedTree.Request {
  /// The same, but for what is asked.
  func asking(_ ask: ReplicatedTree.Ask) -> ReplicatedTree.Request {
    ReplicatedTree.Request(ask, by: author, cxid: cxid, at: server, for: client)
  }
}

extension ZooKeeperEnsemble.Server {
  /// The tree up to the last that the session of a client has written, as far as the log tells.
  fileprivate func tree(leftBy client: NodeID) -> Tree? {
    guard let delivered,
      let session = delivered.openSessions.first(where: { self.client(of: $0) == client })
    else { return nil }
    var service = zab.history.snapshot.service
    let log = zab.history.log.prefix { $0.zxid.value <= delivered.zxid.rawValue }
    let last = log.lastIndex { $0.transaction.change.session == session }
    for proposal in log.prefix(last.map { $0 + 1 } ?? 0) { _ = service.apply(proposal) }
    return service.tree
  }
}
