import ProtocolCore

// Broadcast: a leader proposes, a quorum writes, all deliver. (DSN'11, phase 3)

extension ZAB.Server {
  /// Takes what a client asks, if it serves: a leader proposes it, a learner has its leader do so.
  mutating func take(_ request: Service.Request, _ client: RequestID) -> Out {
    guard isServing, mayTake(request) else {
      return [.reply(Service.refusal, to: client, .atOnce)]
    }
    return settings.readsBehindSync && Service.isRead(request)
      ? synchronize(Waiting(request: request, client: client)) : forward(request, client)
  }

  /// Has a transaction made of a request: a leader proposes it, a learner has its leader do so.
  mutating func forward(_ request: Service.Request, _ client: RequestID) -> Out {
    switch role {
    case .idle, .looking: return []
    case .learning(let learning):
      guard isTransaction(request) else { return [.reply(Service.refusal, to: client, .atOnce)] }
      waiting.append(Waiting(request: request, client: client))
      return [.send(.request(request), to: learning.leader, .atOnce)]
    case .leading:
      waiting.append(Waiting(request: request, client: client))
      if let proposed = propose(request) { return proposed }
      waiting.removeAll { $0.client == client }
      return [.reply(Service.refusal, to: client, .atOnce)]
    }
  }

  /// Whether it is anything that the service takes.
  private func isTransaction(_ request: Service.Request) -> Bool {
    history.service.transaction(
      for: request, at: history.last.next, after: []) != nil
  }

  // begin broadcasting
  /// Proposes a transaction under the next zxid; when an epoch has no more of these, another leader
  /// must be elected.
  ///
  /// - Parameter request: what a client asks.
  /// - Returns: nil when the service takes no such request, or nothing can be proposed.
  mutating func propose(_ request: Service.Request) -> Out? {
    guard case .leading(var leading) = role, leading.isEstablished, leading.designated == nil,
      mayTake(request)
    else { return nil }
    var zxid = leading.lastProposed.next
    // What goes on behind the last counter of an epoch goes on in the next one.
    if zxid.isNewEpoch { zxid = zxid.next }
    let transaction = history.service.transaction(
      for: request, at: zxid, after: Array(history.pending))
    guard let transaction else { return nil }
    guard require(.rolloverElects, zxid.counter != .max) else { return giveUp() }
    let proposal = Proposal<Service>(zxid, transaction)
    guard history.append(proposal) else { return nil }
    leading.lastProposed = zxid
    leading.outstanding.append(ZAB.Leading.Outstanding(zxid: zxid))
    role = .leading(leading)
    let sent: Out = leading.learners.filter { $0.isForwardedTo && !$0.isObserver }.map {
      .send(.proposal(proposal), to: $0.id, .atOnce)
    }
    return [.note(.broadcast(proposal)), .persist(.proposal(proposal))] + sent
      + (obey(.leaderCountsStoredOnly) ? [] : acknowledged(zxid, by: id))
  }

  /// A voter has written a transaction; in their order, those that a quorum has are committed.
  mutating func acknowledged(_ zxid: Zxid, by voter: NodeID) -> Out {
    guard case .leading(var leading) = role else { return [] }
    // What is committed already, or was another leader's.
    guard let place = leading.outstanding.firstIndex(where: { $0.zxid == zxid }) else { return [] }
    if !leading.outstanding[place].acks.contains(voter) {
      leading.outstanding[place].acks.append(voter)
      leading.outstanding[place].acks.sort()
    }
    role = .leading(leading)
    return commitAcknowledged()
  }

  /// Commits, in their order, those that a quorum has.
  mutating func commitAcknowledged() -> Out {
    var effects: Out = []
    while let first = firstOutstanding, require(.quorumCommits, isAcknowledged(first)) {
      effects += commitFirst()
    }
    return effects
  }

  /// A learner is gone: it waits for nothing, and what it acknowledged counts no more.
  ///
  /// When it comes back it may be told to drop what is not committed, and then be sent it again,
  /// which is two records: between them it has forgotten what it had acknowledged.
  func forget(_ learner: NodeID, _ leading: inout ZAB.Leading) {
    for place in leading.outstanding.indices {
      leading.outstanding[place].syncs.removeAll { $0 == learner }
      if obey(.acksWithdrawn) { leading.outstanding[place].acks.removeAll { $0 == learner } }
    }
  }

  private var firstOutstanding: ZAB.Leading.Outstanding? {
    if case .leading(let leading) = role, leading.designated == nil, leading.writing == nil {
      leading.outstanding.first
    } else {
      nil
    }
  }

  /// Commits the first transaction that is not, and tells all.
  private mutating func commitFirst() -> Out {
    guard case .leading(var leading) = role, let proposal = history.pending.first else {
      return []
    }
    let committed = leading.outstanding.removeFirst()
    role = .leading(leading)
    let applied = history.applyNext()
    let told: Out =
      proposal.configuration.map { activate($0, proposal, committed) }
      ?? leading.learners.filter(\.isForwardedTo).map {
        .send($0.isObserver ? .inform(proposal) : .commit(proposal.zxid), to: $0.id, .atOnce)
      }
    let release = proposal.configuration == nil ? .atOnce : release(.configurationStoredFirst)
    let synced: Out = committed.syncs.map { .send(.sync, to: $0, release) }
    return told + synced + deliver(applied?.reply)
      + (applied.map { answer($0.origin, $0.reply, release) } ?? [])
  }
  // end broadcasting

  /// Delivers what was applied and not delivered.
  ///
  /// - Parameter reply: what came of the last, when that was applied just now.
  mutating func deliver(_ reply: Service.Reply? = nil) -> Out {
    var effects: Out = []
    if delivered ?? .zero < history.snapshot.zxid {
      effects = [.note(.restored(history.snapshot.zxid))]
      delivered = history.snapshot.zxid
    }
    for proposal in history.committed where proposal.zxid > delivered ?? .zero {
      let isLast = proposal.zxid == history.lastProcessed
      effects += [.note(.delivered(proposal, isLast ? reply : nil))]
      delivered = proposal.zxid
    }
    if isServing, history.committed.count >= settings.snapCount {
      effects += [.persist(.snapshot(history.takeSnapshot()))]
      delivered = history.snapshot.zxid
    }
    return effects
  }

  /// Answers those who wait here for what came of a request.
  mutating func answer(
    _ origin: Service.Origin, _ reply: Service.Reply, _ release: Release = .atOnce
  ) -> Out {
    guard !waiting.isEmpty else { return [] }
    let answered = waiting.filter { Service.origin(of: $0.request) == origin }
    waiting.removeAll { Service.origin(of: $0.request) == origin }
    return answered.map { .reply(reply, to: $0.client, release) }
  }
}
