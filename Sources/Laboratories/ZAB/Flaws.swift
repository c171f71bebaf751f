import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

/// Bugs of ZAB that are not the absence of a rule.
enum Flaws {
  typealias Server = ZABModel.Node
  typealias Words = ZABModel.Words

  // MARK: The journal

  static let acceptanceForgotten = Flaw<Server>(
    "acceptanceForgotten", "a learner never writes down which epoch it has accepted",
    editing: { _, event, effect in
      guard case .received(.leaderInfo, _) = event, case .persist(.acceptedEpoch) = effect else {
        return [effect]
      }
      return []
    })

  static let epochForgotten = Flaw<Server>(
    "epochForgotten", "who starts again has forgotten which epoch it has accepted"
  ) { server, event in
    guard case .started(let records) = event else { return server.step(event) }
    let kept = records.filter { if case .acceptedEpoch = $0 { false } else { true } }
    return server.step(.started(kept))
  }

  static let proposalsForgotten = Flaw<Server>(
    "proposalsForgotten", "a learner never writes its log",
    editing: { _, event, effect in
      guard case .received(.proposal, _) = event, case .persist(.proposal) = effect else {
        return [effect]
      }
      return []
    })

  static let oldWritesLate = Flaw<Server>(
    "oldWritesLate",
    "what a learner was to write is written behind what it is synchronized by (ZOOKEEPER-4712)"
  ) { server, event in
    let before = server.history.log
    let effects = server.step(event)
    guard case .received(.newLeader, _) = event else { return effects }
    let dropped = before.filter { old in
      old.zxid > server.history.last && !server.history.log.contains(old)
    }
    return effects + dropped.map { .persist(.proposal($0)) }
  }

  // MARK: Elections

  static let bestUnknown = Flaw<Server>(
    "bestUnknown", "elections ignore zxids, and nobody compares them later"
  ) { server, event in
    server.without.formUnion([.zxidVoted, .bestHistoryLeads])
    return server.step(event)
  }

  // MARK: Synchronization

  static let missingNamed = Flaw<Server>(
    "missingNamed", "a leader has a learner go back to a zxid that is not in its log",
    editing: { server, _, effect in
      guard case .send(.trunc, let learner, let release) = effect else { return [effect] }
      return [.send(.trunc(Zxid(server.currentEpoch, 0)), to: learner, release)]
    })

  static let snapshotNewer = Flaw<Server>(
    "snapshotNewer", "a snapshot holds what is proposed meanwhile, and not yet committed",
    editing: { server, _, effect in
      guard case .send(.snap(let snapshot), let learner, let release) = effect else {
        return [effect]
      }
      var service = snapshot.service
      for proposal in server.history.pending {
        _ = service.apply(proposal)
      }
      return [.send(.snap(Snapshot(snapshot.zxid, service)), to: learner, release)]
    })

  static let commitForgotten = Flaw<Server>(
    "commitForgotten",
    "a learner loses a commit that comes between NEWLEADER and UPTODATE (ZOOKEEPER-4394)"
  ) { server, event in
    guard case .received(.commit, _) = event, case .learning(let learning) = server.role,
      case .acknowledging = learning.phase
    else { return server.step(event) }
    return []
  }

  static let lateUnforwarded = Flaw<Server>(
    "lateUnforwarded",
    "what is proposed before a learner has acknowledged NEWLEADER is not sent to it "
      + "(zookeeper-specifications, issue 1)"
  ) { server, event in
    guard case .received(.proposal, _) = event, case .learning(let learning) = server.role,
      case .acknowledging = learning.phase
    else { return server.step(event) }
    return []
  }

  static let newestFirst = Flaw<Server>(
    "newestFirst", "a learner that is brought up to date delivers the newest first"
  ) { server, event in
    let effects = server.step(event)
    guard case .received(.upToDate, _) = event else { return effects }
    return effects.filter { !$0.isDelivery } + effects.filter(\.isDelivery).reversed()
  }

  // MARK: Broadcast

  static let firstSkipped = Flaw<Server>(
    "firstSkipped", "a learner acknowledges the first proposal of an epoch, and leaves it out"
  ) { server, event in
    switch event {
    case .received(.proposal(let proposal), let leader) where proposal.zxid.counter == 1:
      [.send(.ack(proposal.zxid), to: leader)]
    case .received(.commit(let zxid), _) where zxid.counter == 1: []
    default: server.step(event)
    }
  }

  static let textChanged = Flaw<Server>(
    "textChanged", "a learner writes another text than it was sent"
  ) { server, event in
    guard case .received(.proposal(let proposal), let leader) = event,
      let command = proposal.command, case .append(let key, _) = command.operation
    else { return server.step(event) }
    let (client, serial) = (command.client, command.serial)
    let other = ReplicatedLog.Command(client, serial, .append(key, "z"))
    return server.step(.received(.proposal(Proposal(proposal.zxid, other)), from: leader))
  }

  static let broadcastsDeposed = Flaw<Server>(
    "broadcastsDeposed",
    "a server that looks for a leader broadcasts what it is asked, in the epoch of its last"
  ) { server, event in
    let effects = server.step(event)
    let last = server.history.last
    guard case .asked(.command(let command), _) = event, server.isLooking, last.epoch > 0 else {
      return effects
    }
    return effects + [.note(.broadcast(Proposal(last.next, command)))]
  }

  static let answersTwice = Flaw<Server>(
    "answersTwice", "a leader answers, and answers again when its disk has caught up",
    editing: { _, _, effect in
      guard case .reply(let reply, let client, .atOnce) = effect, reply != .refused else {
        return [effect]
      }
      return [effect, .reply(reply, to: client)]
    })

  static let answeredUncommitted = Flaw<Server>(
    "answeredUncommitted", "a leader answers when a transaction is on its own disk"
  ) { server, event in
    let effects = server.step(event)
    guard case .asked(.command(let command), let client) = event, server.isEstablished,
      case .append(let key, let piece) = command.operation
    else { return effects }
    return effects + [.reply(.value((server.history.service[key] ?? "") + piece), to: client)]
  }
}

extension Flaws {
  // MARK: Reads

  static let readsProposed = Flaw<Server>(
    "readsProposed", "a leader answers reads by what it has proposed, committed or not"
  ) { server, event in
    let effects = server.step(event)
    guard case .asked(let request, _) = event, server.isEstablished else { return effects }
    var service = server.history.service
    for proposal in server.history.pending { _ = service.apply(proposal) }
    return effects.map { effect in
      guard case .reply(.value, let client, let release) = effect else { return effect }
      return .reply(service.answer(to: request), to: client, release)
    }
  }

  static let syncAnswersNewest = Flaw<Server>(
    "syncAnswersNewest", "a learner takes SYNC for the answer to what asked for it last"
  ) { server, event in
    if case .received(.sync, _) = event { server.syncing.reverse() }
    let effects = server.step(event)
    if case .received(.sync, _) = event { server.syncing.reverse() }
    return effects
  }
}

extension Effect where Words == ZABModel.Words {
  /// Whether something is delivered.
  fileprivate var isDelivery: Bool {
    if case .note(.delivered) = self { true } else { false }
  }
}
