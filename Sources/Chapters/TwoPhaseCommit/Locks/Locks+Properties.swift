public import ProtocolCore

extension Locks {
  /// What transactions that lock promise: each what two-phase commit does, and all together that
  /// none sees what another may undo.
  public enum Property: String, PropertyName {
    /// AC1 to AC4 of each transaction.
    case AC1, AC2, AC3, AC4
    /// Once everything is repaired every transaction ends, and every lock is free.
    case AC5
    /// No item is worked on by two transactions at a time.
    case exclusion
    /// Transactions can wait for each other.
    case deadlock
    /// Both decisions happen.
    case commits, aborts

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .AC1, .AC2, .AC3, .AC4, .exclusion: .always
      case .AC5: .recovers(.settled, repaired: true)
      case .deadlock: .sometimes(.deadlocked)
      case .commits: .sometimes(.committed)
      case .aborts: .sometimes(.aborted)
      }
    }
  }

  /// What may be said of a process at a moment.
  public enum Condition: String, Named {
    /// The transaction that it leads has been committed.
    case committed = "decided commit"
    /// The transaction that it leads has been aborted.
    case aborted = "decided abort"
    /// A lock is held here; of a coordinator: by its transaction, anywhere.
    case holding
    /// A transaction waits here for a lock; of a coordinator: its own does, anywhere.
    case waiting
    /// The transaction that it leads waits for one that waits for it.
    case deadlocked
    /// Nothing is open here, and nothing is locked.
    case settled
  }

  /// A judge of each transaction, and one of the items.
  public struct Monitor: Hashable, Sendable {
    private let transactions: [NodeID]
    private var judges: [TwoPhaseCommitMonitor]
    private var isShared = false

    /// A judgement of these transactions, each at its sites.
    public init(_ transactions: [(lead: NodeID, sites: [NodeID])]) {
      self.transactions = transactions.map(\.lead)
      judges = transactions.map {
        TwoPhaseCommitMonitor(processes: [$0.lead] + $0.sites, participants: $0.sites)
      }
    }
  }
}

extension Locks.Monitor: ProtocolCore.Monitor {
  /// The processes.
  public typealias Node = Locks.Node
  /// What must hold of them.
  public typealias Property = Locks.Property
  /// What may be said of them.
  public typealias Condition = Locks.Condition

  /// Tells the judge of the transaction that it is about, or all.
  public mutating func observe(_ observation: Observation<Locks.Words>, at id: NodeID) {
    switch observation {
    case .asked(.commit, let client): tell(id, .asked(.commit, client), at: id)
    case .asked(.update(let transaction), let client):
      tell(transaction, .asked(.work(.update), client), at: id)
    case .replied(let reply, let client):
      tell(reply.transaction, .replied(reply.word, client), at: id)
    case .refused(let reply, let client):
      tell(reply.transaction, .refused(reply.word, client), at: id)
    case .repliedAgain(let reply, let client):
      tell(reply.transaction, .repliedAgain(reply.word, client), at: id)
    case .noted(let note): tell(note.transaction, .noted(note.word), at: id)
    case .expired(let timer): tell(timer.transaction, .expired(timer.word), at: id)
    case .lost: transactions.forEach { tell($0, .lost, at: id) }
    case .doubled: transactions.forEach { tell($0, .doubled, at: id) }
    case .crashed: transactions.forEach { tell($0, .crashed, at: id) }
    case .restarted: transactions.forEach { tell($0, .restarted, at: id) }
    case .forgot: transactions.forEach { tell($0, .forgot, at: id) }
    }
  }

  private mutating func tell(
    _ transaction: NodeID, _ observation: Observation<TwoPhaseCommit.Words>, at id: NodeID
  ) {
    guard let index = transactions.firstIndex(of: transaction) else { return }
    judges[index].observe(observation, at: id)
  }

  /// Sees votes and forgotten work, and whether an item is shared.
  ///
  /// A transaction that waits has forgotten nothing.
  public mutating func look(at node: Locks.Node, _ id: NodeID) {
    guard case .site(let site) = node else { return }
    if site.open.count > 1 { isShared = true }
    for branch in site.branches where !site.isWaiting(branch.transaction) {
      guard let index = transactions.firstIndex(of: branch.transaction) else { continue }
      judges[index].look(at: .participant(branch.participant), id)
    }
  }

  /// Whether a promise is kept in each transaction.
  private func all(hold property: TwoPhaseCommitMonitor.Property) -> Bool {
    // A judge is costly to copy, so it is asked only if there is something to ask.
    for index in judges.indices where !judges[index].isKept && !judges[index].holds(property) {
      return false
    }
    return true
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Locks.Property) -> Bool {
    switch property {
    case .AC1: all(hold: .AC1)
    case .AC2: all(hold: .AC2)
    case .AC3: all(hold: .AC3)
    case .AC4: all(hold: .AC4)
    case .exclusion: !isShared
    case .AC5, .deadlock, .commits, .aborts: true
    }
  }

  /// Whether the condition holds of a process that is up.
  public func holds(
    _ condition: Locks.Condition, at id: NodeID, in scene: Scene<Locks.Node>
  ) -> Bool {
    switch condition {
    case .committed: return hasDecided(id, .committed)
    case .aborted: return hasDecided(id, .aborted)
    case .deadlocked: return waited(by: id, in: scene).contains(id)
    case .holding, .waiting, .settled: break
    }
    switch (condition, scene[id]) {
    case (_, nil): return false
    case (.holding, .site(let site)): return !site.holders.isEmpty
    case (.waiting, .site(let site)): return !site.waiting.isEmpty
    case (.settled, .site(let site)):
      return site.open.isEmpty && site.holders.isEmpty && site.waiting.isEmpty
    case (.settled, .lead(let lead)): return lead.coordinator.state == .idle && isClosed(id)
    case (.holding, _): return sites(in: scene).contains { $0.holders.contains(id) }
    case (.waiting, _): return sites(in: scene).contains { $0.isWaiting(id) }
    case (.committed, _), (.aborted, _), (.deadlocked, _): return false
    }
  }

  private func hasDecided(_ id: NodeID, _ decision: TwoPhaseCommit.Condition) -> Bool {
    guard let index = transactions.firstIndex(of: id) else { return false }
    return judges[index].holds(decision, at: id, in: Scene(nodes: []))
  }

  private func isClosed(_ transaction: NodeID) -> Bool {
    guard let index = transactions.firstIndex(of: transaction) else { return true }
    return judges[index].isClosed(at: transaction)
  }

  private func sites(in scene: Scene<Locks.Node>) -> [Locks.Site] {
    scene.nodes.compactMap { if case .site(let site)? = $0.node { site } else { nil } }
  }

  /// The transactions for which one waits, those for which these wait, and so on.
  private func waited(by transaction: NodeID, in scene: Scene<Locks.Node>) -> [NodeID] {
    let sites = sites(in: scene)
    var waited: [NodeID] = []
    var next = [transaction]
    while let waiter = next.popLast() {
      for site in sites where site.isWaiting(waiter) {
        for holder in site.holders where !waited.contains(holder) {
          waited.append(holder)
          next.append(holder)
        }
      }
    }
    return waited
  }
}
