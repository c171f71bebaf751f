import AtomicCommitment
public import ProtocolCore

extension Locks {
  /// A coordinator and the transaction that it leads.
  public struct Lead: Hashable, Sendable, Ruled {
    /// The transaction, called after it.
    public let transaction: NodeID
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// The coordinator of two-phase commit.
    public internal(set) var coordinator: Coordinator

    /// A coordinator that knows of no transaction.
    public init(
      _ transaction: NodeID, sites: [NodeID], presumption: Presumption = .nothing,
      without: Set<Rule> = []
    ) {
      self.transaction = transaction
      self.without = without
      coordinator = Coordinator(participants: sites, presumption: presumption)
    }
  }
}

extension Locks.Lead: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Locks.Words>) -> [Effect<Locks.Words>] {
    coordinator.without = obey(.votesTimeOut) ? [] : [.votesTimeOut]
    switch event {
    case .started(let log): return take(.started(log.of(transaction)))
    case .received(let message, let sender): return take(.received(message.word, from: sender))
    case .disconnected(let other, let channel): return take(.disconnected(other, channel))
    case .expired(let timer): return take(.expired(timer.word))
    case .asked(.commit, let client): return take(.asked(.commit, client))
    case .asked(.update, let client): return [.reply(Locks.Of(transaction, .refused), to: client)]
    case .stored(let records): return take(.stored(records.of(transaction)))
    }
  }

  private mutating func take(_ event: Event<TwoPhaseCommit.Words>) -> [Effect<Locks.Words>] {
    coordinator.step(event).map { $0.of(transaction) }
  }
}
