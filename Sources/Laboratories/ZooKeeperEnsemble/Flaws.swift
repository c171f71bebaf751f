import Lab
import ProtocolCore
import ZAB
import ZooKeeper
import ZooKeeperEnsemble

/// Bugs of an ensemble that are not the absence of a rule.
enum Flaws {
  typealias Node = ZooKeeperEnsembleModel.Node
  typealias Words = ZooKeeperEnsembleModel.Words

  static let answeredUncommitted = Flaw<Node>(
    "answeredUncommitted", "a server answers a write when it is proposed, and not yet committed"
  ) { node, event in
    let effects = node.step(event)
    guard case .received(.peer(.proposal(let proposal)), _) = event, let server = node.server,
      proposal.transaction.request.server == server.id, var tree = server.delivered,
      let client = server.client(of: proposal.transaction.request.author.session)
    else { return effects }
    let reply = tree.apply(proposal.transaction.change).reply
    return effects + [.send(.reply(proposal.transaction.request.cxid, reply), to: client)]
  }

  static let readOnlyAccepts = Flaw<Node>(
    "readOnlyAccepts",
    "a server that has lost its ensemble takes writes as if it were in a quorum"
  ) { node, event in
    guard case .received(.request(let xid, let request), let client) = event,
      let server = node.server, server.isReadOnly, let tree = server.delivered,
      case .create(let create) = request
    else { return node.step(event) }
    let zxid = ZooKeeper.Zxid(tree.zxid.rawValue + 1)
    return [
      .send(
        .reply(xid, ZooKeeper.Reply(zxid: zxid, .success(.created(path: create.path)))), to: client)
    ]
  }

  static let snapshotNewer = Flaw<Node>(
    "snapshotNewer", "a snapshot holds what is proposed meanwhile, and not yet committed",
    editing: { node, _, effect in
      guard case .send(.peer(.snap(let snapshot)), let learner, let release) = effect,
        let server = node.server
      else { return [effect] }
      var service = snapshot.service
      for proposal in server.zab.history.pending { _ = service.apply(proposal) }
      return [.send(.peer(.snap(Snapshot(snapshot.zxid, service))), to: learner, release)]
    })

  static let syncAnsweredHere = Flaw<Node>(
    "syncAnsweredHere", "a server answers a sync by itself, and asks no leader"
  ) { node, event in
    guard case .received(.request(let xid, .sync(let path)), let client) = event,
      let server = node.server, let tree = server.delivered
    else { return node.step(event) }
    let reply = ZooKeeper.Reply(zxid: tree.zxid, .success(.synced(path: path)))
    return [.send(.reply(xid, reply), to: client)]
  }

  static let eventsTwice = Flaw<Node>(
    "eventsTwice", "a watch that has fired fires once more",
    editing: { _, _, effect in
      if case .send(.event, _, _) = effect { [effect, effect] } else { [effect] }
    })

  static let multiTorn = Flaw<Node>(
    "multiTorn", "a learner does the first part of a multi only"
  ) { node, event in
    guard case .received(.peer(.proposal(let proposal)), let leader) = event,
      case .multi(let parts) = proposal.transaction.change.body, let first = parts.first
    else { return node.step(event) }
    let torn = proposal.transaction.doing(.multi([first]))
    return node.step(.received(.peer(.proposal(Proposal(proposal.zxid, torn))), from: leader))
  }

  static let ephemeralsStay = Flaw<Node>(
    "ephemeralsStay", "a learner that hears of a session's end leaves what that owned"
  ) { node, event in
    guard case .received(.peer(.proposal(let proposal)), let leader) = event,
      case .closeSession(let paths) = proposal.transaction.change.body, !paths.isEmpty
    else { return node.step(event) }
    let torn = proposal.transaction.doing(.closeSession(paths: []))
    return node.step(.received(.peer(.proposal(Proposal(proposal.zxid, torn))), from: leader))
  }

  static let partOfFailureAnswered = Flaw<Node>(
    "partOfFailureAnswered",
    "of a multi that failed its client is told that the first part was done",
    editing: { _, _, effect in
      guard case .send(.reply(let xid, let reply), let client, let release) = effect,
        case .success(.multi(var results)) = reply.result, case .failed(.ok) = results.first
      else { return [effect] }
      results[0] = .checked
      let other = ZooKeeper.Reply(zxid: reply.zxid, .success(.multi(results)))
      return [.send(.reply(xid, other), to: client, release)]
    })

  static let lastNotAwaited = Flaw<Node>(
    "lastNotAwaited",
    "a leader answers a sync although the last that it has proposed is outstanding"
  ) { node, event in
    guard case .received(.sync(let session, let cxid), let learner) = event,
      let zab = node.server?.zab, zab.isEstablished, zab.history.pending.count == 1
    else { return node.step(event) }
    return [.send(.synced(session, cxid: cxid), to: learner, .atOnce)]
  }

  static let answersTwice = Flaw<Node>(
    "answersTwice", "a server answers a request twice",
    editing: { _, _, effect in
      if case .send(.reply, _, _) = effect { [effect, effect] } else { [effect] }
    })

  static let sessionsMixedUp = Flaw<Node>(
    "sessionsMixedUp", "a server gives a client the session of another",
    editing: { node, _, effect in
      guard
        case .send(.connected(let session, let timeout, let isReadOnly), let client, _) = effect,
        let other = node.server?.delivered?.openSessions.first(where: { $0 != session }),
        session != .none
      else { return [effect] }
      let reply = Words.Message.connected(other, timeout: timeout, isReadOnly: isReadOnly)
      return [.send(reply, to: client, .atOnce)]
    })

  static let eventsAfterMove = Flaw<Node>(
    "eventsAfterMove",
    "a client that comes with its session is told what its watch at the old server has told",
    editing: { node, event, effect in
      guard case .send(.connected(let session, _, _), let client, _) = effect,
        let tree = node.server?.delivered, tree.openSessions.contains(session),
        let path = tree.paths.first(where: { $0 != "/" && !$0.hasPrefix("/zookeeper") }),
        let made = tree[path]?.stat.czxid
      else { return [effect] }
      return [effect, .send(.event(WatchEvent(.nodeCreated, path), made), to: client, .atOnce)]
    })

  // MARK: What never comes

  static let neverAnswers = Flaw<Node>(
    "neverAnswers", "a server does what is asked, and answers nothing but pings",
    editing: { _, _, effect in
      if case .send(.reply(let xid, _), _, _) = effect, xid > 0 { [] } else { [effect] }
    })

  static let writesDropped = Flaw<Node>(
    "writesDropped", "a leader keeps to itself what it makes of a write",
    editing: { _, _, effect in
      switch effect {
      case .persist(.proposal(let proposal)), .send(.peer(.proposal(let proposal)), _, _):
        if case .request(let request) = proposal.transaction.request.ask, request != .closeSession {
          []
        } else {
          [effect]
        }
      default: [effect]
      }
    })

  static let sessionsUntold = Flaw<Node>(
    "sessionsUntold", "a session begins, and its client is not told",
    editing: { _, _, effect in
      if case .send(.connected, _, _) = effect { [] } else { [effect] }
    })

  static let expiryForgotten = Flaw<Node>(
    "expiryForgotten", "no session ever expires"
  ) { node, event in
    if case .expired(.session) = event { return [] }
    return node.step(event)
  }

  static let commitsIgnored = Flaw<Node>(
    "commitsIgnored", "a learner that serves hears no commit"
  ) { node, event in
    guard case .received(.peer(.commit), _) = event, node.server?.zab.isServing == true else {
      return node.step(event)
    }
    return []
  }
}
