import ProtocolCore

// What a learner does: discovery and synchronization. (Learner.java; DSN'11, phases 1 and 2)

extension ZAB.Server {
  /// It takes a server for its leader, and connects to it.
  mutating func beginLearning(from leader: NodeID) -> Out {
    let learning = ZAB.Learning<Service>(
      leader: leader, isObserver: isObserver, phase: .connecting(tries: 0))
    return [.set(.initLimit, after: ZAB.Timer.initLimit.patience)] + connect(to: learning)
  }

  /// Connects, and says which epoch it has accepted.
  mutating func connect(to before: ZAB.Learning<Service>) -> Out {
    guard case .connecting(let tries) = before.phase else { return [] }
    var learning = before
    learning.phase = .connecting(tries: tries + 1)
    role = .learning(learning)
    let accepted = Zxid(acceptedEpoch, 0)
    let hello: Words.Message =
      isObserver ? .observerInfo(accepted) : .followerInfo(accepted)
    return [.connect(learning.leader), .send(hello, to: learning.leader)]
  }

  /// The connection is gone, or the leader does not listen yet.
  mutating func lostLeader(_ learning: ZAB.Learning<Service>) -> Out {
    guard case .connecting(let tries) = learning.phase, tries < settings.tries else {
      return giveUp()
    }
    return [.set(.connect, after: ZAB.Timer.connect.patience)]
  }

  /// Takes what its leader sends.
  mutating func learn(_ message: Words.Message, _ learning: ZAB.Learning<Service>) -> Out {
    switch (learning.phase, message) {
    case (.connecting, .leaderInfo(let zxid)): return accept(zxid.epoch, learning)
    case (.accepting, .diff), (.accepting, .trunc), (.accepting, .snap):
      return synchronize(message, learning)
    case (.synchronizing, .proposal(let proposal)): return write(proposal, learning)
    case (.synchronizing, .commit(let zxid)), (.acknowledging, .commit(let zxid)),
      (.serving, .commit(let zxid)):
      return commit(zxid, learning)
    case (.acknowledging, .commitAndActivate(let zxid, let leader)),
      (.serving, .commitAndActivate(let zxid, let leader)):
      return commit(zxid, activating: leader, learning)
    case (.synchronizing, .newLeader(let zxid, let configuration)):
      return acknowledge(zxid, configuration, learning)
    case (.acknowledging, .upToDate): return serve(learning)
    case (.acknowledging, .proposal(let proposal)), (.serving, .proposal(let proposal)):
      return heard(write(proposal, learning) + sendAck(proposal, learning))
    case (.acknowledging, .inform(let proposal)), (.serving, .inform(let proposal)):
      return heard(write(proposal, learning) + commit(proposal.zxid, learning))
    case (.acknowledging, .informAndActivate(let proposal, let leader)),
      (.serving, .informAndActivate(let proposal, let leader)):
      return write(proposal, learning) + commit(proposal.zxid, activating: leader, learning)
    // It says that it is there.
    case (.serving, .ping(let zxid)):
      return heard([.send(.ping(zxid), to: learning.leader, .atOnce)])
    case (.serving, .sync): return heard(synced(learning))
    // A ping before it serves is ignored, not answered.
    case (.acknowledging, .ping), (.synchronizing, .ping): return heard([])
    case (_, .notification), (_, .request), (_, .proposal), (_, .ack), (_, .commit),
      (_, .commitAndActivate), (_, .ping), (_, .sync), (_, .inform), (_, .informAndActivate),
      (_, .newLeader), (_, .followerInfo),
      (_, .upToDate), (_, .diff), (_, .trunc),
      (_, .snap), (_, .observerInfo), (_, .leaderInfo), (_, .ackEpoch):
      return unexpected(message, from: learning.leader)
    }
  }

  private func unexpected(_ message: Words.Message, from sender: NodeID) -> Out {
    // Two that take each other for a leader say this to each other.
    if message.isGreeting { return [.disconnect(sender)] }
    return [.note(.unexpected(message, from: sender))]
  }

  /// Its leader is there: it waits anew for its next word.
  private func heard(_ effects: Out) -> Out {
    [.set(.syncLimit, after: ZAB.Timer.syncLimit.patience)] + effects
  }

  // begin accepting
  /// Accepts an epoch that is greater than all before it, and tells how far it has come.
  private mutating func accept(_ epoch: Int, _ before: ZAB.Learning<Service>) -> Out {
    var learning = before
    // Apache's leaders do not look at what a late learner has accepted. It tries again, as when
    // nobody listens.
    guard epoch >= acceptedEpoch else {
      return [.disconnect(before.leader)] + lostLeader(before)
    }
    learning.phase = .accepting(epoch)
    role = .learning(learning)
    if useless != epoch { useless = nil }
    let last = useless == nil ? history.lastProcessed : .zero
    guard epoch != acceptedEpoch || !obey(.epochAcceptedOnce) else {
      return [.send(.ackEpoch(last, currentEpoch: nil), to: learning.leader)]
    }
    acceptedEpoch = epoch
    return [
      .persist(.acceptedEpoch(epoch)),
      .send(
        .ackEpoch(last, currentEpoch: currentEpoch), to: learning.leader,
        release(.acceptedEpochStoredFirst)),
    ]
  }
  // end accepting

  // begin synchronizing
  /// Learns in which way it is synchronized.
  private mutating func synchronize(
    _ message: Words.Message, _ before: ZAB.Learning<Service>
  ) -> Out {
    guard case .accepting(let epoch) = before.phase else { return [] }
    var learning = before
    learning.phase = .synchronizing(epoch)
    learning.received = history
    switch message {
    case .snap(let snapshot): (learning.received, learning.isReplaced) = (History(snapshot), true)
    case .trunc(let zxid):
      guard let rest = history.truncated(to: zxid) else {
        // What a snapshot holds cannot be dropped from it: everything is needed anew.
        guard obey(.truncatedSnapshotReplaced) else {
          (learning.received, learning.isReplaced) = (History(history.snapshot), true)
          break
        }
        useless = epoch
        // Without an election: it may be needed for this epoch to begin, and no quorum names its
        // leader before. Another leader would have it go back again.
        return leave() + beginLearning(from: before.leader)
      }
      if obey(.truncated) { (learning.received, learning.isReplaced) = (rest, true) }
    // What follows comes behind what it has; behind nothing, if it said that it has nothing.
    default: if useless != nil { (learning.received, learning.isReplaced) = (History(), true) }
    }
    role = .learning(learning)
    return []
  }

  /// It has all that its leader began with: it writes the log, then the epoch, and acknowledges
  /// when all that is stable.
  private mutating func acknowledge(
    _ zxid: Zxid, _ configuration: ZAB.Configuration?, _ before: ZAB.Learning<Service>
  ) -> Out {
    guard case .synchronizing(let epoch) = before.phase, zxid == Zxid(epoch, 0),
      var received = before.received
    else { return [.note(.unexpected(.newLeader(zxid, configuration), from: before.leader))] }
    var learning = before
    (learning.phase, learning.received) = (.acknowledging(epoch), nil)
    learning.configuration = configuration
    role = .learning(learning)
    var written: Out
    if learning.isReplaced {
      let snapshot = received.takeSnapshot()
      written =
        obey(.snapshotWithEpoch)
        ? [.persist(.installed(snapshot, currentEpoch: epoch))]
        : [.persist(.currentEpoch(epoch)), .persist(.installed(snapshot, currentEpoch: nil))]
      written += received.pending.map { .persist(.proposal($0)) }
    } else {
      let new: Out = received.log.filter { $0.zxid > history.last }.map { .persist(.proposal($0)) }
      let begun: Out = [.persist(.currentEpoch(epoch))]
      written = obey(.logBeforeEpoch) ? new + begun : begun + new
    }
    history = received
    (useless, currentEpoch) = (nil, epoch)
    let acks: Out = history.pending.flatMap { sendAck($0, learning) }
    return written + [
      .send(.ack(zxid), to: learning.leader, release(.newLeaderStoredFirst)), .cancel(.initLimit),
    ] + heard(acks) + (obey(.upToDateFirst) ? [] : deliver())
  }

  /// A quorum has come to the leader's history: it delivers all of it, and serves.
  private mutating func serve(_ before: ZAB.Learning<Service>) -> Out {
    guard case .acknowledging(let epoch) = before.phase else { return [] }
    var learning = before
    learning.phase = .serving(epoch)
    role = .learning(learning)
    vote.peerEpoch = epoch
    let activated = activate(learning.configuration)
    return heard([.send(.ack(Zxid(epoch, 0)), to: learning.leader)]) + activated + deliver()
      + (activated.isEmpty ? [] : changed(under: learning.leader))
  }
  // end synchronizing

  /// Takes a transaction behind what it has; it is written when it has all that the epoch began
  /// with.
  private mutating func write(_ proposal: Proposal<Service>, _ before: ZAB.Learning<Service>) -> Out
  {
    var learning = before
    let isSynchronizing = learning.received != nil
    let isNext =
      isSynchronizing
      ? learning.received?.append(proposal) ?? false : history.append(proposal)
    role = .learning(learning)
    guard isNext else { return [.note(.unexpected(.proposal(proposal), from: learning.leader))] }
    return isSynchronizing ? [] : [.persist(.proposal(proposal))]
  }

  private func sendAck(_ proposal: Proposal<Service>, _ learning: ZAB.Learning<Service>) -> Out {
    let isNamed = proposal.configuration != nil
    let release = release(isNamed ? .lastSeenStoredFirst : .proposalStoredFirst)
    return [.send(.ack(proposal.zxid), to: learning.leader, release)]
  }

  /// Applies a transaction that is committed; it delivers it when it serves.
  mutating func commit(_ zxid: Zxid, _ before: ZAB.Learning<Service>) -> Out {
    var learning = before
    let head = (learning.received ?? history).pending.first?.zxid
    guard head == zxid else {
      return [.note(.unexpected(.commit(zxid), from: learning.leader))]
    }
    if learning.received != nil {
      _ = learning.received?.applyNext()
      role = .learning(learning)
      return []
    }
    let applied = history.applyNext()
    guard require(.upToDateFirst, learning.isServing) else { return heard([]) }
    return heard(deliver(applied?.reply)) + (applied.map { answer($0.origin, $0.reply) } ?? [])
  }
}
