public import ProtocolCore

/// Two-phase commit for several transactions at a time, which lock what they change.
///
/// A participant that has voted yes may not let anybody touch what it has changed until it knows
/// the decision: the others would see something that may never have happened. So it holds *locks*,
/// and another transaction that wants the same item waits. Here is two-phase commit with that:
/// nothing of `Coordinator` and `Participant` is changed, they are put to work below a table of
/// locks.
///
///     c coordinator(a b) ──┐        ┌── a site: one item, one lock
///                          ├────────┤       a participant of c's transaction
///     d coordinator(b a) ──┘        │       a participant of d's transaction
///                                   └── b site: the same
///
/// Each coordinator leads one transaction, which is called after it. A **site** keeps one item and
/// takes part in every transaction:
///
///     update (d) ─► item free? ── yes ─► hold it, work ─► the participant's own states
///                        │                                   │ decided: let go
///                        └── no ──► wait in line ◄───────────┘ the next in line works
///
/// While a transaction waits it has promised nothing, and is not asked: a request to prepare waits
/// with it. So here is something that no single site, and no coordinator, can see: a holds its item
/// for c and is prepared, b holds its item for d and is prepared; c's vote from b waits for d, d's
/// vote from a waits for c. Neither a nor b may let go, since they have promised. It is a
/// *deadlock*, and a time-out ends it: a coordinator whose votes do not come aborts, and what it
/// held is free.
///
/// Source: Gray, Notes on Data Base Operating Systems, 1978, 5.7 (locks until the decision is
/// known), 5.7 (deadlock, and why a distributed system leaves it to time-outs); Bernstein,
/// Hadzilacos, Goodman 1987, 3.11.
///
/// Read on in this order: `Words`, `Rule`, `Lead`, `Site`, `Properties`.
///
/// What is left out: locks that can be shared, several items at a site, a search for cycles by a
/// detector, and an order of items in which there is no deadlock (a test has one).
public enum Locks {}

extension Locks {
  /// A word of two-phase commit, and the transaction that it is about.
  public struct Of<Word: Hashable & Sendable>: Hashable, Sendable {
    /// The transaction, called after its coordinator.
    public let transaction: NodeID
    /// The word.
    public let word: Word

    /// A word about a transaction.
    public init(_ transaction: NodeID, _ word: Word) {
      self.transaction = transaction
      self.word = word
    }
  }
}

extension Locks.Of: CustomStringConvertible {
  /// As runs print it: `prepare (c)`.
  public var description: String { "\(word) (\(transaction))" }
}

extension Locks.Of: Comparable where Word: Comparable {
  /// By transaction, then by word.
  public static func < (a: Self, b: Self) -> Bool {
    (a.transaction, a.word) < (b.transaction, b.word)
  }
}
