import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

// Bugs of synchronization that are not the absence of a rule.

extension SynchronizationLaboratory {
  private typealias Words = DataSynchronization.Node.Words

  static let oldWritesLate = Flaw<DataSynchronization.Node>(
    "oldWritesLate",
    "what a learner had is written behind what it is synchronized by (ZOOKEEPER-4712)"
  ) { node, event in
    let before = node.server.history.log
    let effects = node.step(event)
    guard case .received(.newLeader, _) = event else { return effects }
    let after = node.server.history
    let dropped = before.filter { $0.zxid > after.last && !after.log.contains($0) }
    return effects + dropped.map { .persist(.proposal($0)) }
  }

  static let missingNamed = Flaw<DataSynchronization.Node>(
    "missingNamed", "a leader has a learner go back to a zxid that the leader has not",
    editing: { node, _, effect in
      guard case .send(.trunc(let zxid), let learner, let release) = effect else {
        return [effect]
      }
      // The number behind it, which the learner has and the leader has not.
      return [.send(.trunc(zxid.next), to: learner, release)]
    })

  static let firstLeftOut = Flaw<DataSynchronization.Node>(
    "firstLeftOut", "a leader leaves out the first transaction of those that a learner lacks"
  ) { node, event in
    let effects = node.step(event)
    guard case .received(.ackEpoch, _) = event else { return effects }
    return effects.filter { effect in
      switch effect {
      case .send(.proposal(let proposal), _, _): proposal.zxid != lacked(in: effects)
      case .send(.commit(let zxid), _, _): zxid != lacked(in: effects)
      default: true
      }
    }
  }

  /// The first transaction that is sent with its commit.
  private static func lacked(in effects: [Effect<DataSynchronization.Node.Words>]) -> Zxid? {
    for case .send(.commit(let zxid), _, _) in effects { return zxid }
    return nil
  }

  static let snapshotNewer = Flaw<DataSynchronization.Node>(
    "snapshotNewer", "a snapshot holds what is proposed meanwhile, and not yet committed",
    editing: { node, _, effect in
      guard case .send(.snap(let snapshot), let learner, let release) = effect else {
        return [effect]
      }
      var service = snapshot.service
      for proposal in node.server.history.pending {
        _ = service.apply(proposal)
      }
      return [.send(.snap(Snapshot(snapshot.zxid, service)), to: learner, release)]
    })

  static let snapshotAlways = Flaw<DataSynchronization.Node>(
    "snapshotAlways", "a leader sends everything, whatever a learner lacks"
  ) { node, event in
    let effects = node.step(event)
    let history = node.server.history
    let all = Words.Message.snap(Snapshot(history.lastProcessed, history.service))
    var isSynchronizing = false
    return effects.compactMap { effect in
      switch effect {
      // It says that it sends what is lacking.
      case .note(.synchronizes(_, .diff)):
        isSynchronizing = true
        return effect
      case .send(.diff, let learner, let release) where isSynchronizing:
        return .send(all, to: learner, release)
      case .send(.proposal(let proposal), _, _)
      where isSynchronizing && proposal.zxid <= history.lastProcessed:
        return nil
      case .send(.commit, _, _) where isSynchronizing: return nil
      default: return effect
      }
    }
  }

  static let newLeaderForgotten = Flaw<DataSynchronization.Node>(
    "newLeaderForgotten", "a leader does not say that a learner has been sent everything",
    editing: { _, _, effect in
      if case .send(.newLeader, _, _) = effect { [] } else { [effect] }
    })
}
