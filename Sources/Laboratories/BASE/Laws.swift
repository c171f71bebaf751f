public import BASE
public import ProtocolCore

/// Judges the laws of data that merge, over copies that are made at random.
///
/// Three places change copies of their own and merge each other's, in any order; from such a past
/// three copies are drawn. The laws are those of a semilattice, that changes only add, and that all
/// come to show the same when each has merged all.
///
/// Source: Shapiro and others 2011, 2.2 and 2.3.
public struct Laws<Data: Mergeable>: Sendable {
  /// What a law says.
  public enum Law: String, CaseIterable, Sendable {
    case commutative = "a ∨ b = b ∨ a"
    case associative = "(a ∨ b) ∨ c = a ∨ (b ∨ c)"
    case idempotent = "a ∨ a = a"
    case upper = "a ≤ a ∨ b"
    case inflating = "a ≤ a changed"
    case convergent = "whoever has merged all shows the same"
  }

  /// How two copies are merged; the data's own way, unless a bug is planted.
  let merge: @Sendable (Data, Data) -> Data
  /// A change at random.
  let change: @Sendable (inout Choices) -> Data.Change

  /// The laws of these data.
  ///
  /// - Parameters:
  ///   - change: a change at random.
  ///   - merge: how two copies are merged.
  public init(
    changing change: @escaping @Sendable (inout Choices) -> Data.Change,
    merging merge: @escaping @Sendable (Data, Data) -> Data = { $0.merged(with: $1) }
  ) {
    self.change = change
    self.merge = merge
  }

  /// The first law that does not hold, over so many cases; nil if all hold.
  public func broken(cases: Int, seed: UInt64 = 0) -> (law: Law, after: Int)? {
    var choices = Choices(seed: seed)
    for number in 1...max(1, cases) {
      if let law = judge(past(&choices), &choices) { return (law, number) }
    }
    return nil
  }

  /// Copies of three places after a few changes and merges.
  private func past(_ choices: inout Choices) -> [Data] {
    var copies = [Data(), Data(), Data()]
    for _ in 0..<choices.within(2...9) {
      let place = choices.below(3)
      if choices.chance(2, in: 3) {
        copies[place].apply(change(&choices), at: place)
      } else {
        copies[place] = merge(copies[place], copies[choices.below(3)])
      }
    }
    return copies
  }

  private func judge(_ copies: [Data], _ choices: inout Choices) -> Law? {
    let (a, b, c) = (copies[0], copies[1], copies[2])
    let both = merge(a, b)
    guard both == merge(b, a) else { return .commutative }
    guard merge(both, c) == merge(a, merge(b, c)) else { return .associative }
    guard merge(a, a) == a else { return .idempotent }
    guard merge(a, both) == both else { return .upper }
    var changed = a
    changed.apply(change(&choices), at: 0)
    guard merge(a, changed) == changed else { return .inflating }
    // One has merged twice and in another order, as gossip does.
    let here = merge(merge(merge(a, b), c), b)
    let there = merge(merge(c, b), a)
    return here.shown == there.shown ? nil : .convergent
  }
}

/// The laws of the data of this chapter, by their names.
public enum LawBook {
  /// A kind of data: how often it holds, and bugs that it must catch.
  public struct Entry: Sendable {
    /// Its name.
    public let name: String
    /// The first law that does not hold, over so many cases.
    public let broken: @Sendable (Int) -> String?
    /// The same with a bug.
    public let flawed: @Sendable (Int) -> String?
    /// The bug.
    public let flaw: String
  }

  private static func entry<Data: Mergeable>(
    _ name: String, _ change: @escaping @Sendable (inout Choices) -> Data.Change,
    flaw: String, _ merge: @escaping @Sendable (Data, Data) -> Data
  ) -> Entry {
    @Sendable func first(_ laws: Laws<Data>, _ cases: Int) -> String? {
      laws.broken(cases: cases).map { "\($0.law.rawValue), case \($0.after)" }
    }
    return Entry(
      name: name, broken: { first(Laws(changing: change), $0) },
      flawed: { first(Laws(changing: change, merging: merge), $0) }, flaw: flaw)
  }

  private static let setChange: @Sendable (inout Choices) -> SetChange = { choices in
    let member = choices.below(3)
    return choices.chance(2, in: 3) ? .add(member) : .remove(member)
  }

  /// All kinds.
  public static let entries: [Entry] = [
    entry("G-Counter", { _ in () }, flaw: "a merge adds the counts") { (a: GrowingCounter, b) in
      GrowingCounter(a.counts.merging(b.counts, uniquingKeysWith: +))
    },
    entry(
      "PN-Counter", { $0.chance(1, in: 2) }, flaw: "what was taken away is not merged"
    ) { (a: Counter, b) in Counter(up: a.up.merged(with: b.up), down: a.down) },
    entry("G-Set", setChange, flaw: "a merge keeps what both have") { (a: GrowingSet, b) in
      GrowingSet(a.members.intersection(b.members))
    },
    entry("2P-Set", setChange, flaw: "tombstones are not merged") { (a: TwoPhaseSet, b) in
      TwoPhaseSet(added: a.added.merged(with: b.added), removed: a.removed)
    },
    entry(
      "OR-Set", setChange, flaw: "what is known of other places is not merged"
    ) { (a: ObservedRemoveSet, b) in
      ObservedRemoveSet(a.merged(with: b).entries, known: a.known)
    },
    entry(
      "LWW-Register",
      { LastWriterRegister.Change($0.below(5), reading: $0.below(4)) },
      flaw: "of two with one stamp the own wins"
    ) { (a: LastWriterRegister, b) in b.stamp > a.stamp ? b : a },
    entry(
      "MV-Register", { $0.chance(1, in: 5) ? nil : $0.below(5) },
      flaw: "the one that knows of more is taken whole"
    ) { (a: MultiValueRegister, b) in
      func size(_ register: MultiValueRegister) -> Int {
        register.cell.clock.entries.reduce(0) { $0 + $1.count }
      }
      return size(b) > size(a) ? b : a
    },
  ]

  /// Whether a counter that is sent by what changes added comes to the same as one that is sent
  /// whole, whichever are doubled or overtaken; the first case in which it does not.
  public static func brokenDeltas(cases: Int, seed: UInt64 = 0) -> Int? {
    var choices = Choices(seed: seed)
    for number in 1...max(1, cases) {
      var places = [GrowingCounter(), GrowingCounter(), GrowingCounter()]
      var deltas: [GrowingCounter] = []
      for _ in 0..<choices.within(1...8) {
        let place = choices.below(3)
        deltas.append(places[place].delta(at: place))
      }
      let whole = places.reduce(GrowingCounter()) { $0.merged(with: $1) }
      var receiver = GrowingCounter()
      for delta in choices.shuffled(deltas + deltas) { receiver.merge(delta) }
      if receiver != whole { return number }
    }
    return nil
  }
}
