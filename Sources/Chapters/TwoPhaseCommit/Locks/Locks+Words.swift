public import ProtocolCore

extension Locks {
  /// The words of two-phase commit, each said of a transaction.
  public enum Words: Vocabulary {
    /// What coordinators and sites send each other.
    public typealias Message = Of<TwoPhaseCommit.Words.Message>
    /// What they write to their journals.
    public typealias Record = Of<TwoPhaseCommit.Words.Record>
    /// What a coordinator answers its client.
    public typealias Reply = Of<TwoPhaseCommit.Words.Reply>
    /// What is said aloud.
    public typealias Note = Of<TwoPhaseCommit.Words.Note>
    /// What is waited for.
    public typealias Timer = Of<TwoPhaseCommit.Words.Timer>

    /// What clients ask.
    public enum Request: Hashable, Sendable {
      /// Of a coordinator: make your transaction real.
      case commit
      /// Of a site: change the item for this transaction.
      case update(for: NodeID)
    }

    /// An end supersedes all that stands before it of the same transaction.
    public static func settle(_ record: Record, on disk: inout [Record]) {
      guard record.word != .end else {
        return disk.removeAll { $0.transaction == record.transaction }
      }
      disk.append(record)
    }
  }
}

extension Locks.Words.Request: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .commit: "commit"
    case .update(let transaction): "update (\(transaction))"
    }
  }
}

extension Effect<TwoPhaseCommit.Words> {
  /// The same effect, said of a transaction.
  func of(_ transaction: NodeID) -> Effect<Locks.Words> {
    switch self {
    case .persist(let record): .persist(Locks.Of(transaction, record))
    case .connect(let other): .connect(other)
    case .disconnect(let other): .disconnect(other)
    case .send(let message, let to, let release):
      .send(Locks.Of(transaction, message), to: to, release)
    case .reply(let reply, let client, let release):
      .reply(Locks.Of(transaction, reply), to: client, release)
    case .set(let timer, let ticks): .set(Locks.Of(transaction, timer), after: ticks)
    case .cancel(let timer): .cancel(Locks.Of(transaction, timer))
    case .note(let note): .note(Locks.Of(transaction, note))
    }
  }
}

extension [Locks.Words.Record] {
  /// What is said of a transaction.
  func of(_ transaction: NodeID) -> [TwoPhaseCommit.Words.Record] {
    filter { $0.transaction == transaction }.map(\.word)
  }
}
