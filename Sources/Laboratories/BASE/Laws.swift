public import BASE
public import ProtocolCore

/// What a law of data that merge says.
public enum Law: String, CaseIterable, Sendable {
  case commutative = "a ∨ b = b ∨ a"
  case associative = "(a ∨ b) ∨ c = a ∨ (b ∨ c)"
  case idempotent = "a ∨ a = a"
  case upper = "a ≤ a ∨ b"
  case inflating = "a ≤ a changed"
  case convergent = "whoever has merged all shows the same"
  case alone = "one that merges nothing shows what it did"
}

/// Judges the laws of data that merge, over copies that are made at random.
///
/// Three servers change copies of their own and merge each other's, in any order; from such a past
/// three copies are drawn. The laws are those of a semilattice, that changes only add, that all
/// come to show the same when each has merged all, and that one alone shows what a sequential
/// specification says of its changes. Each law is judged alone; `≤` is the data's own, and not told
/// by the merge that is judged.
///
/// Source: Shapiro and others 2011, 2.2 and 2.3.
public struct Laws<Data: Mergeable>: Sendable {
  /// A law that does not hold, and the first case that shows it.
  public typealias Breach = (law: Law, after: Int)

  /// A change at random.
  let change: @Sendable (inout Choices) -> Data.Change
  /// What is shown after these changes, by a specification that knows one copy alone.
  let shown: @Sendable ([Data.Change]) -> Data.Shown
  /// How a copy is changed; the data's own way, unless a bug is planted.
  let apply: @Sendable (inout Data, Data.Change, Int) -> Void
  /// How two copies are merged; the data's own way, unless a bug is planted.
  let merge: @Sendable (Data, Data) -> Data

  /// The laws of these data.
  ///
  /// - Parameters:
  ///   - change: a change at random.
  ///   - shown: what is shown after these changes of one copy.
  ///   - apply: how a copy is changed.
  ///   - merge: how two copies are merged.
  public init(
    changing change: @escaping @Sendable (inout Choices) -> Data.Change,
    showing shown: @escaping @Sendable ([Data.Change]) -> Data.Shown,
    applying apply: @escaping @Sendable (inout Data, Data.Change, Int) -> Void = {
      $0.apply($1, at: $2)
    },
    merging merge: @escaping @Sendable (Data, Data) -> Data = { $0.merged(with: $1) }
  ) {
    self.change = change
    self.shown = shown
    self.apply = apply
    self.merge = merge
  }

  /// Each law that does not hold, over so many cases.
  public func broken(cases: Int, seed: UInt64 = 0) -> [Breach] {
    var choices = Choices(seed: seed)
    var breaches: [Breach] = []
    for number in 1...max(1, cases) {
      let copies = past(&choices)
      var changed = copies[0]
      apply(&changed, change(&choices), 0)
      let changes = (0..<choices.within(1...6)).map { _ in change(&choices) }
      for law in Law.allCases {
        var isKnown = false
        for breach in breaches where breach.law == law { isKnown = true }
        if !isKnown, !holds(law, copies, changed, changes) { breaches.append((law, number)) }
      }
    }
    return breaches
  }

  /// Copies of three servers after a few changes and merges.
  private func past(_ choices: inout Choices) -> [Data] {
    var copies = [Data(), Data(), Data()]
    for _ in 0..<choices.within(2...9) {
      let place = choices.below(3)
      if choices.chance(2, in: 3) {
        apply(&copies[place], change(&choices), place)
      } else {
        copies[place] = merge(copies[place], copies[choices.below(3)])
      }
    }
    return copies
  }

  private func holds(
    _ law: Law, _ copies: [Data], _ changed: Data, _ changes: [Data.Change]
  ) -> Bool {
    let (a, b, c) = (copies[0], copies[1], copies[2])
    switch law {
    case .commutative: return merge(a, b) == merge(b, a)
    case .associative: return merge(merge(a, b), c) == merge(a, merge(b, c))
    case .idempotent: return merge(a, a) == a
    case .upper: return a.isPart(of: merge(a, b))
    case .inflating: return a.isPart(of: changed)
    case .convergent:
      // One has merged twice and in another order, as gossip does.
      let here = merge(merge(merge(a, b), c), b)
      let there = merge(merge(c, b), a)
      return here.shown == there.shown
    case .alone:
      var copy = Data()
      for change in changes { apply(&copy, change, 0) }
      return copy.shown == shown(changes)
    }
  }
}
