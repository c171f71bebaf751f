public import ProtocolCore

extension Locks {
  /// A site: it keeps one item, and takes part in every transaction.
  public struct Site: Hashable, Sendable, Ruled {
    /// Its part in each transaction.
    public internal(set) var branches: [Branch]
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// The transactions that hold the lock of the item: one, or none.
    public internal(set) var holders: [NodeID] = []
    /// The transactions that wait for the lock, in line.
    public internal(set) var waiting: [Wait] = []

    /// A site that knows of no transaction.
    ///
    /// - Parameters:
    ///   - transactions: the coordinator of each, and its other sites.
    ///   - presumption: what a coordinator answers that has forgotten.
    ///   - without: the rules that it does not obey.
    public init(
      transactions: [(lead: NodeID, peers: [NodeID])], presumption: Presumption = .nothing,
      without: Set<Rule> = []
    ) {
      self.without = without
      branches = transactions.map { lead, peers in
        Branch(
          transaction: lead,
          participant: Participant(coordinator: lead, peers: peers, presumption: presumption))
      }
    }

    /// A part in a transaction.
    public struct Branch: Hashable, Sendable {
      /// The transaction.
      public let transaction: NodeID
      /// The participant of two-phase commit.
      public internal(set) var participant: Participant
    }

    /// A transaction that waits for the lock.
    public struct Wait: Hashable, Sendable {
      /// The transaction.
      public let transaction: NodeID
      /// The request for the update.
      public let client: RequestID
      /// Whether it is to be prepared as soon as its part is done.
      public internal(set) var isAskedToPrepare = false
    }
  }
}

// MARK: Transitions

extension Locks.Site: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Locks.Words>) -> [Effect<Locks.Words>] {
    switch event {
    case .started(let log): recover(from: log)
    case .asked(.update(let transaction), let client): update(for: transaction, client)
    case .asked(.commit, _): []  // a site has nobody to answer to
    case .received(let message, let sender): receive(message, from: sender)
    case .expired(let timer): pass(.expired(timer.word), to: timer.transaction) + letGo()
    case .stored(let records):
      branches.map(\.transaction).flatMap { pass(.stored(records.of($0)), to: $0) }
    case .disconnected: []
    }
  }

  // begin locking
  private mutating func update(
    for transaction: NodeID, _ client: RequestID
  ) -> [Effect<Locks.Words>] {
    guard require(.lockedFirst, holders.isEmpty) else {
      waiting.append(Wait(transaction: transaction, client: client))
      return []
    }
    return work(for: Wait(transaction: transaction, client: client))
  }

  /// The lock is free, and taken; the participant does its part.
  private mutating func work(for wait: Wait) -> [Effect<Locks.Words>] {
    holders.append(wait.transaction)
    let effects = pass(.asked(.work(.update), wait.client), to: wait.transaction)
    guard wait.isAskedToPrepare else { return effects + letGo() }
    return effects + pass(.received(.prepare, from: wait.transaction), to: wait.transaction)
      + letGo()
  }

  /// A transaction that is decided lets go, and the next in line works.
  private mutating func letGo() -> [Effect<Locks.Words>] {
    let open = holders.filter { isWorking($0) || obey(.heldUntilDecided) && isPrepared($0) }
    holders = open
    guard holders.isEmpty, !waiting.isEmpty else { return [] }
    return work(for: waiting.removeFirst())
  }
  // end locking

  private mutating func receive(
    _ message: Locks.Words.Message, from sender: NodeID
  ) -> [Effect<Locks.Words>] {
    let transaction = message.transaction
    if let place = waiting.firstIndex(where: { $0.transaction == transaction }) {
      switch message.word {
      case .prepare:
        // What is not done cannot be prepared, and may still be done.
        waiting[place].isAskedToPrepare = true
        return []
      case .decide: waiting.remove(at: place)
      case .vote, .ack, .inquire, .uncertain, .damage: break
      }
    }
    return pass(.received(message.word, from: sender), to: transaction) + letGo()
  }

  /// Starts every participant, and takes the locks of those that are prepared.
  private mutating func recover(from log: [Locks.Words.Record]) -> [Effect<Locks.Words>] {
    let effects = branches.map(\.transaction).flatMap { pass(.started(log.of($0)), to: $0) }
    if obey(.lockOutlivesCrash) {
      holders = branches.map(\.transaction).filter { isPrepared($0) }
    }
    return effects
  }

  /// Hands an event to the participant of a transaction.
  private mutating func pass(
    _ event: Event<TwoPhaseCommit.Words>, to transaction: NodeID
  ) -> [Effect<Locks.Words>] {
    guard let index = branches.firstIndex(where: { $0.transaction == transaction }) else {
      return []
    }
    return branches[index].participant.step(event).map { $0.of(transaction) }
  }
}

// MARK: Queries

extension Locks.Site {
  func isWorking(_ transaction: NodeID) -> Bool { standing(of: transaction) == .working }

  func isPrepared(_ transaction: NodeID) -> Bool { standing(of: transaction) == .uncertain }

  func isWaiting(_ transaction: NodeID) -> Bool {
    waiting.contains { $0.transaction == transaction }
  }

  /// The transactions whose work on the item is neither undone nor known to stay.
  var open: [NodeID] { branches.map(\.transaction).filter { isWorking($0) || isPrepared($0) } }

  private func standing(of transaction: NodeID) -> Standing? {
    let branch = branches.first { $0.transaction == transaction }
    return branch.map { Node.participant($0.participant).standing }
  }
}

extension Locks.Site: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let parts = branches.map { branch in
      let state = isWaiting(branch.transaction) ? "waiting" : "\(branch.participant)"
      return "\(branch.transaction): \(state)"
    }
    return (["locked for \(holders.isEmpty ? "nobody" : holders.list)"] + parts)
      .joined(separator: "; ")
  }
}
