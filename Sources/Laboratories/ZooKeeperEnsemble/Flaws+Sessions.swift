import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

// Sessions that end, begin and move as they must not, and stamps of another clock.

extension Flaws {
  // MARK: When they end

  static let endsWithConnection = Flaw<Node>(
    "endsWithConnection", "a session ends when the connection of its client does"
  ) { node, event in
    guard case .disconnected(let client, .clients) = event, let server = node.server,
      let session = server.delivered?.openSessions.first(where: { server.client(of: $0) == client })
    else { return node.step(event) }
    let end = Words.Message.peer(.request(ending(session, at: server.id)))
    if server.zab.isEstablished {
      return node.step(event) + node.step(.received(end, from: server.id))
    }
    guard case .learning(let learning) = server.zab.role else { return node.step(event) }
    return node.step(event) + [.send(end, to: learning.leader, .atOnce)]
  }

  static let endsWhenMoved = Flaw<Node>(
    "endsWhenMoved", "a leader ends a session for which another server asks"
  ) { node, event in
    guard case .received(.revalidate(let session, _, _), let learner) = event,
      let server = node.server, server.zab.isEstablished
    else { return node.step(event) }
    let end = Words.Message.peer(.request(ending(session, at: server.id)))
    return node.step(event) + node.step(.received(end, from: learner))
  }

  private static func ending(_ session: SessionID, at server: NodeID) -> ReplicatedTree.Request {
    ReplicatedTree.Request(.expire, by: Author(session), cxid: 0, at: server)
  }

  // MARK: How long they live

  static let halfTheTime = Flaw<Node>(
    "halfTheTime", "a leader waits for a sign of a session half as long as its client was told",
    editing: { _, _, effect in
      guard case .set(.session(let session), let ticks) = effect else { return [effect] }
      let half = Ticks(ticks.lowerBound.count / 2)...Ticks(ticks.upperBound.count / 2)
      return [.set(.session(session), after: half)]
    })

  static let grantedShort = Flaw<Node>(
    "grantedShort", "a server grants the shortest time-out to whoever asks for a session"
  ) { node, event in
    guard case .received(.connect(var hello), let client) = event else { return node.step(event) }
    hello.timeout = 0
    return node.step(.received(.connect(hello), from: client))
  }

  // MARK: Where they are

  static let refusesMoved = Flaw<Node>(
    "refusesMoved", "a leader refuses the server to which a session has moved"
  ) { node, event in
    guard case .received(.peer(.request(let asked)), let learner) = event,
      case .request(let request) = asked.ask, request != .closeSession,
      asked.author.session.rawValue >> 56 != learner.number
    else { return node.step(event) }
    let refused = asked.asking(.refuse(.sessionMoved))
    return node.step(.received(.peer(.request(refused)), from: learner))
  }

  // MARK: What is led

  static let overlooksMore = Flaw<Node>(
    "overlooksMore", "a leader overlooks that a learner has more than it has"
  ) { node, event in
    guard case .received(.peer(.ackEpoch(let last, let epoch)), let learner) = event,
      let server = node.server, last > server.zab.history.last
    else { return node.step(event) }
    let less = Words.Message.peer(.ackEpoch(server.zab.history.last, currentEpoch: epoch))
    return node.step(.received(less, from: learner))
  }

  static let stampsAhead = Flaw<Node>(
    "stampsAhead", "a leader stamps what it proposes by a time that its clock has not come to",
    stepAt: { node, event, reading in node.step(event, at: reading + 1) })
}

extension NodeID {
  /// The number of a server, as it stands in the ids of sessions: a is the first.
  fileprivate var number: Int64 { Int64(name.utf8.first ?? 0) - Int64(UInt8(ascii: "a")) + 1 }
}
