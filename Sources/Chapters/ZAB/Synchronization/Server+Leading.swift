import ProtocolCore

// What a leader does until it serves: discovery and synchronization. (Leader.java, LearnerHandler;
// DSN'11, phases 1 and 2)

extension ZAB.Server {
  /// It leads, and waits for learners.
  mutating func beginLeading() -> Out {
    role = .leading(ZAB.Leading())
    return [.set(.initLimit, after: ZAB.Timer.initLimit.patience)] + chooseEpoch()
  }

  /// Takes what a learner sends.
  mutating func lead(_ message: Words.Message, from sender: NodeID) -> Out {
    guard case .leading(var leading) = role else { return [] }
    if let place = leading.learners.firstIndex(where: { $0.id == sender }) {
      leading.learners[place].isHeard = true
      role = .leading(leading)
    } else if !message.isGreeting {
      return []  // from one that was let go
    }
    switch message {
    case .followerInfo(let zxid): return welcome(sender, acceptedEpoch: zxid.epoch)
    case .observerInfo(let zxid):
      return welcome(sender, acceptedEpoch: zxid.epoch, isObserver: true)
    case .ackEpoch(let last, let epoch): return accepted(by: sender, last, currentEpoch: epoch)
    case .ack(let zxid):
      return zxid.isNewEpoch
        ? acknowledged(epoch: zxid.epoch, by: sender) : acknowledged(zxid, by: sender)
    case .request(let request): return take(request, from: sender)
    case .ping: return []
    case .sync, .notification, .proposal, .commit, .commitAndActivate, .inform,
      .informAndActivate, .newLeader, .upToDate, .diff, .trunc, .snap, .leaderInfo:
      return [.note(.unexpected(message, from: sender))]
    }
  }

  // begin discovery
  /// A learner has connected, and says which epoch it has accepted.
  private mutating func welcome(
    _ learner: NodeID, acceptedEpoch: Int, isObserver: Bool = false
  ) -> Out {
    guard case .leading(var leading) = role,
      !leading.learners.contains(where: { $0.id == learner })
    else { return [] }
    let place = leading.learners.firstIndex { learner < $0.id } ?? leading.learners.endIndex
    let known = ZAB.Leading.Learner(
      id: learner, acceptedEpoch: acceptedEpoch, isObserver: isObserver)
    leading.learners.insert(known, at: place)
    role = .leading(leading)
    switch leading.phase {
    case .collecting: return chooseEpoch()
    case .proposing(let epoch), .synchronizing(let epoch), .broadcasting(let epoch):
      // Who has accepted more follows nobody in this epoch: there must be a greater one.
      guard acceptedEpoch <= epoch || !obey(.greaterEpochDeposes) else { return giveUp() }
      guard leading.hasAccepted else { return [] }
      return [.send(.leaderInfo(Zxid(epoch, 0)), to: learner, .atOnce)]
    }
  }

  /// When a quorum has told what it has accepted, the epoch is one more than the greatest.
  private mutating func chooseEpoch() -> Out {
    guard case .leading(var leading) = role else { return [] }
    let known = leading.learners.filter { isValidVoter($0.id) || !obey(.votersCount) }
    let isQuorum = areQuorums { server in server == id || known.contains { $0.id == server } }
    guard isQuorum else { return [] }
    acceptedEpoch = max(acceptedEpoch, known.map(\.acceptedEpoch).max() ?? 0) + 1
    leading.phase = .proposing(acceptedEpoch)
    role = .leading(leading)
    return [.persist(.acceptedEpoch(acceptedEpoch))]
  }

  /// Its own acceptance is on disk: it tells the epoch.
  mutating func acceptedOwn(_ epoch: Int) -> Out {
    guard case .leading(var leading) = role, leading.phase == .proposing(epoch) else { return [] }
    leading.hasAccepted = true
    role = .leading(leading)
    return leading.learners.map { .send(.leaderInfo(Zxid(epoch, 0)), to: $0.id, .atOnce) }
      + beginEpoch()
  }

  /// A learner has accepted the epoch, and tells how far it has come; it must not have come farther
  /// than this one while the epoch has not begun.
  private mutating func accepted(
    by learner: NodeID, _ last: Zxid, currentEpoch peerEpoch: Int?
  ) -> Out {
    guard case .leading(var leading) = role,
      let place = leading.learners.firstIndex(where: { $0.id == learner }),
      leading.learners[place].stage == .connected
    else { return [] }
    leading.learners[place].stage = .accepted(last, isNew: peerEpoch != nil)
    role = .leading(leading)
    switch leading.phase {
    case .collecting:
      return [.note(.unexpected(.ackEpoch(last, currentEpoch: peerEpoch), from: learner))]
    case .proposing:
      // Who was removed may have come farther than anybody who can lead.
      let counts = isValidVoter(learner) || leading.learners[place].isObserver
      if let peerEpoch, counts {
        let own = (currentEpoch, history.lastProcessed)
        guard require(.bestHistoryLeads, (peerEpoch, last) <= own) else { return giveUp() }
      }
      return beginEpoch()
    case .synchronizing(let epoch), .broadcasting(let epoch):
      return synchronize(learner, last, epoch)
    }
  }

  /// When a quorum has accepted the epoch it begins with this leader's history.
  private mutating func beginEpoch() -> Out {
    guard case .leading(var leading) = role, case .proposing(let epoch) = leading.phase else {
      return []
    }
    let isQuorum = areQuorums { server in
      if server == id { return leading.hasAccepted }
      return leading.learners.contains { $0.id == server && $0.hasNewlyAccepted }
    }
    guard require(.quorumAcceptsEpoch, isQuorum) else { return [] }
    currentEpoch = epoch
    leading.phase = .synchronizing(epoch)
    leading.lastProposed = Zxid(epoch, epoch == 1 ? settings.firstCounter : 0)
    if !obey(.beginningAcknowledged) { history.begin(epoch) }
    role = .leading(leading)
    return [.persist(.currentEpoch(epoch))] + synchronizeAll(epoch)
  }
  // end discovery

  // begin leading
  /// Synchronizes all that have accepted the epoch.
  private mutating func synchronizeAll(_ epoch: Int) -> Out {
    guard case .leading(let leading) = role else { return [] }
    var effects: Out = []
    for learner in leading.learners {
      guard case .accepted(let last, _) = learner.stage else { continue }
      effects += synchronize(learner.id, last, epoch)
    }
    return effects
  }

  /// Brings a learner to its own history, and forwards from here on what it proposes.
  private mutating func synchronize(_ learner: NodeID, _ last: Zxid, _ epoch: Int) -> Out {
    guard case .leading(var leading) = role,
      let place = leading.learners.firstIndex(where: { $0.id == learner })
    else { return [] }
    leading.learners[place].stage = .synchronized
    role = .leading(leading)
    let plan = ZAB.Plan(last, history, settings)
    var sent: [Words.Message] = [plan.opening]
    for proposal in plan.pairs { sent += [.proposal(proposal), .commit(proposal.zxid)] }
    if !leading.learners[place].isObserver { sent += history.pending.map { .proposal($0) } }
    sent.append(.newLeader(Zxid(epoch, 0), newLeaderConfiguration(leading)))
    return [.note(.synchronizes(learner, plan.way))]
      + sent.map { .send($0, to: learner, .atOnce) }
  }

  /// A learner has all that the epoch began with.
  private mutating func acknowledged(epoch: Int, by learner: NodeID) -> Out {
    guard case .leading(var leading) = role,
      let place = leading.learners.firstIndex(where: { $0.id == learner }),
      // Each says it once more when it serves.
      leading.learners[place].stage == .synchronized
    else { return [] }
    leading.learners[place].stage = .acknowledged
    role = .leading(leading)
    switch leading.phase {
    case .broadcasting(epoch): return [.send(.upToDate, to: learner, .atOnce)]
    case .synchronizing(epoch): return establish()
    case .collecting, .proposing, .synchronizing, .broadcasting:
      return [.note(.unexpected(.ack(Zxid(epoch, 0)), from: learner))]
    }
  }

  /// Its own history, and the epoch, are on disk.
  mutating func acknowledgedOwn(_ epoch: Int) -> Out {
    guard case .leading(var leading) = role, leading.phase == .synchronizing(epoch) else {
      return []
    }
    leading.hasAcknowledged = true
    role = .leading(leading)
    return establish()
  }

  /// When a quorum has come to its history, all of that is committed, and it serves.
  private mutating func establish() -> Out {
    guard case .leading(var leading) = role, case .synchronizing(let epoch) = leading.phase else {
      return []
    }
    let isQuorum = areQuorums { server in
      if server == id { return leading.hasAcknowledged }
      return leading.learners.contains { $0.id == server && $0.stage == .acknowledged }
    }
    guard require(.quorumAcknowledgesLeader, isQuorum) else { return [] }
    leading.phase = .broadcasting(epoch)
    for place in leading.learners.indices { leading.learners[place].isHeard = true }
    role = .leading(leading)
    vote.peerEpoch = epoch
    history.begin(epoch)
    let told: Out = leading.learners.filter { $0.stage == .acknowledged }.map {
      .send(.upToDate, to: $0.id, .atOnce)
    }
    let activated = activate(history.seen.last)
    guard isMember || !obey(.removedGivesUp) else {
      // By what its history says it is no member: it has handed that over, and leads nobody.
      return activated + told + deliver() + [.note(.handsOver(epoch))] + giveUp()
    }
    return activated + deliver() + [.note(.leads(epoch)), .cancel(.initLimit)] + told + [
      .set(.ping, after: ZAB.Timer.ping.patience),
      .set(.syncLimit, after: ZAB.Timer.syncLimit.patience),
    ]
  }
  // end leading

  /// Whether these are a quorum; those that do not vote count for nothing.
  func isQuorum(_ isCounted: (NodeID) -> Bool) -> Bool {
    if obey(.votersCount) { return ensemble.isQuorum(isCounted) }
    let all = ensemble.voters.map(\.id) + ensemble.observers
    return all.count(where: isCounted) * 2 > ensemble.voters.count
  }

  /// The connection with a learner is gone.
  mutating func lostLearner(_ learner: NodeID) -> Out {
    guard case .leading(var leading) = role else { return [] }
    leading.learners.removeAll { $0.id == learner }
    forget(learner, &leading)
    role = .leading(leading)
    return []
  }

  /// It asks those that it leads whether they are there.
  func ping() -> Out {
    guard case .leading(let leading) = role else { return [] }
    return leading.learners.filter(\.isForwardedTo).map {
      .send(.ping(leading.lastProposed), to: $0.id, .atOnce)
    } + [.set(.ping, after: ZAB.Timer.ping.patience)]
  }

  /// Its epoch must have begun by now, or a quorum must have been heard; who was not is let go.
  mutating func checkQuorum(_ timer: ZAB.Timer) -> Out {
    guard case .leading(var leading) = role else { return [] }
    guard leading.isEstablished else { return obey(.initLimited) ? giveUp() : [] }
    let isLed = areQuorums { server in
      server == id
        || leading.learners.contains {
          $0.id == server && $0.isHeard && $0.isForwardedTo && !isObserverYet($0)
        }
    }
    guard require(.quorumHeard, isLed) else { return giveUp() }
    let silent = leading.learners.filter { !$0.isHeard }.map(\.id)
    leading.learners.removeAll { !$0.isHeard }
    for learner in silent { forget(learner, &leading) }
    for place in leading.learners.indices { leading.learners[place].isHeard = false }
    role = .leading(leading)
    return silent.map { .disconnect($0) }
      + [.set(.syncLimit, after: ZAB.Timer.syncLimit.patience)]
  }
}

extension ZAB.Leading.Learner {
  /// Whether it has accepted the epoch from this leader; one that had accepted it before has not.
  fileprivate var hasNewlyAccepted: Bool {
    if case .accepted(_, true) = stage { true } else { false }
  }
}
