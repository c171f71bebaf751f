public import AtomicCommitment
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

    /// A refusal says that nothing was begun.
    public static func isRefusal(_ reply: Reply) -> Bool { reply.word == .refused }

    /// What kind of note it is, whichever transaction it is about.
    public static func kind(of note: Note) -> String { TwoPhaseCommit.Words.kind(of: note.word) }

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
    lifted(
      message: { Locks.Of(transaction, $0) }, record: { Locks.Of(transaction, $0) },
      timer: { Locks.Of(transaction, $0) }, reply: { Locks.Of(transaction, $0) },
      note: { Locks.Of(transaction, $0) })
  }
}

extension [Locks.Words.Record] {
  /// What is said of a transaction.
  func of(_ transaction: NodeID) -> [TwoPhaseCommit.Words.Record] {
    filter { $0.transaction == transaction }.map(\.word)
  }
}
