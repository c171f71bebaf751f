/// Data that many keep, each changing its own copy, and that come to the same when copies are
/// merged, in whichever order and however often: a state-based CRDT.
///
/// The copies form a semilattice: `merge` gives the least that is at least both. So it is
/// commutative, associative and idempotent, and what a change makes is at least what was there.
///
/// Source: Shapiro, Preguiça, Baquero, Zawirski, "A Comprehensive Study of Convergent and
/// Commutative Replicated Data Types", INRIA RR-7506, 2011, 2.2; "Conflict-free Replicated Data
/// Types", SSS 2011.
public protocol Mergeable: Hashable, Sendable {
  /// What is changed, and by whom.
  associatedtype Change: Sendable
  /// What is read.
  associatedtype Shown: Hashable, Sendable

  /// The copy that nobody has changed.
  init()

  /// Changes this copy, at one of the places that keep one.
  mutating func apply(_ change: Change, at place: Int)

  /// Makes this the least that is at least both.
  mutating func merge(_ other: Self)

  /// Whether the other knows no less than this: the order of the semilattice, told without merging.
  func isPart(of other: Self) -> Bool

  /// What is read of it.
  var shown: Shown { get }
}

extension Mergeable {
  /// The least that is at least both.
  public func merged(with other: Self) -> Self {
    var both = self
    both.merge(other)
    return both
  }
}
