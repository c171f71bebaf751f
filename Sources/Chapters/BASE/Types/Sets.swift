/// What is done with a set.
public enum SetChange: Hashable, Sendable {
  /// Put in.
  case add(Int)
  /// Take out.
  case remove(Int)
}

/// A set that grows: nothing is taken out.
///
/// Source: Shapiro and others 2011, specification 11 (G-Set).
public struct GrowingSet: Mergeable {
  /// What is in it.
  public private(set) var members: Set<Int> = []

  /// The empty set.
  public init() {}

  /// These are in it.
  public init(_ members: Set<Int>) { self.members = members }

  /// Puts something in; taking out does nothing.
  public mutating func apply(_ change: SetChange, at place: Int) {
    if case .add(let member) = change { members.insert(member) }
  }

  /// What either has.
  public mutating func merge(_ other: GrowingSet) { members.formUnion(other.members) }

  /// Whether the other has all of it.
  public func isPart(of other: GrowingSet) -> Bool { members.isSubset(of: other.members) }

  /// What is in it.
  public var shown: Set<Int> { members }
}

/// A set from which things are taken out for good: what was removed cannot come back.
///
/// Source: Shapiro and others 2011, specification 12 (2P-Set).
public struct TwoPhaseSet: Mergeable {
  /// What was ever put in.
  public private(set) var added = GrowingSet()
  /// What was ever taken out: the tombstones.
  public private(set) var removed = GrowingSet()

  /// The empty set.
  public init() {}

  /// This was put in, and this taken out.
  public init(added: GrowingSet, removed: GrowingSet) {
    self.added = added
    self.removed = removed
  }

  /// Puts in, or takes out what is in.
  public mutating func apply(_ change: SetChange, at place: Int) {
    switch change {
    case .add(let member): added.apply(.add(member), at: place)
    case .remove(let member):
      if shown.contains(member) { removed.apply(.add(member), at: place) }
    }
  }

  /// Each of the two merged.
  public mutating func merge(_ other: TwoPhaseSet) {
    added.merge(other.added)
    removed.merge(other.removed)
  }

  /// Both of the two.
  public func isPart(of other: TwoPhaseSet) -> Bool {
    added.isPart(of: other.added) && removed.isPart(of: other.removed)
  }

  /// What was put in and not taken out.
  public var shown: Set<Int> { added.members.subtracting(removed.members) }
}

/// A set in which each putting in is a thing of its own, and taking out takes only those that were
/// seen: of a putting in and a taking out beside each other the first wins.
///
/// Kept are the puttings in that count, and how many of each place are known: one that is known and
/// not kept was taken out. So no tombstones are needed.
///
/// Sources: Shapiro and others 2011, specification 15 (OR-Set); Bieniusa and others, "An Optimized
/// Conflict-free Replicated Set", INRIA RR-8083, 2012.
public struct ObservedRemoveSet: Mergeable {
  /// Something put in: the how-manieth change of which place.
  public struct Tagged: Hashable, Sendable {
    let member: Int
    let place: Int
    let count: Int
  }

  /// What counts.
  public private(set) var entries: Set<Tagged> = []
  /// How many puttings in of each place are known.
  public private(set) var known: [Int: Int] = [:]

  /// The empty set.
  public init() {}

  /// These count, and so many are known.
  public init(_ entries: Set<Tagged>, known: [Int: Int]) {
    self.entries = entries
    self.known = known
  }

  /// Puts in, or takes out all that is seen.
  public mutating func apply(_ change: SetChange, at place: Int) {
    switch change {
    case .add(let member):
      known[place, default: 0] += 1
      entries = entries.filter { $0.member != member }
      entries.insert(Tagged(member: member, place: place, count: known[place, default: 0]))
    case .remove(let member): entries = entries.filter { $0.member != member }
    }
  }

  /// What both have, and what one has that the other does not know.
  public mutating func merge(_ other: ObservedRemoveSet) {
    let own = entries.filter { other.entries.contains($0) || !other.knows($0) }
    let new = other.entries.filter { !knows($0) }
    entries = own.union(new)
    known.merge(other.known) { max($0, $1) }
  }

  /// Whether the other knows of all, and has nothing that was taken out here.
  public func isPart(of other: ObservedRemoveSet) -> Bool {
    known.allSatisfy { $0.value <= other.known[$0.key, default: 0] }
      && other.entries.allSatisfy { !knows($0) || entries.contains($0) }
  }

  private func knows(_ entry: Tagged) -> Bool { entry.count <= known[entry.place, default: 0] }

  /// What is in it.
  public var shown: Set<Int> { Set(entries.map(\.member)) }
}
