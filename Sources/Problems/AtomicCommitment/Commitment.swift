/// Atomic commitment: several processes decide together whether a transaction becomes real.
///
/// A transaction has done work at several places. Each process votes once, and all come to one
/// ``Decision``: commit, if all voted yes; abort, if any could not. One *no* decides.
/// That is the problem, and it is the same for every protocol that solves it. What differs is
/// which process waits for which when processes crash and messages are lost, and that is told by
/// the chapters.
///
/// What every protocol shares stands here once:
///
/// - the words: ``Vote``, ``Work``, ``Request``, ``Reply`` and ``Note``. A protocol that needs more
///   of one has its own; its decision is always a ``Decision``;
/// - the ``Role`` of a process, and the ``Parties`` that a topology names;
/// - what is promised, ``Property``, and the ``Monitor`` that judges it from outside: it sees what
///   is asked, answered and noted, and the votes, and nothing of how they come about.
///
/// A protocol adds its own properties (whether it blocks, and when) and says what its conditions
/// (``CommitmentCondition``) mean. AC5 is judged by one of those: a process is `settled` when it
/// has decided and answered, as far as is seen from outside (``Monitor/isClosed(at:)``), and when
/// nothing of the transaction is open in its state.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, 7.3.
public enum Commitment {}

/// What becomes of a transaction.
public enum Decision: String, Hashable, Sendable, CaseIterable {
  /// It is real at all places.
  case commit
  /// It never happened.
  case abort
}

extension Decision {
  /// The other one.
  public var opposite: Decision { self == .commit ? .abort : .commit }
}

extension Decision: CustomStringConvertible {
  /// The word.
  public var description: String { rawValue }
}
