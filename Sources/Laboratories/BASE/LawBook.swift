import BASE
import ProtocolCore

/// The laws of the data of this chapter, by their names.
public enum LawBook {
  /// A kind of data: how often it holds, and bugs that its laws must catch.
  public struct Entry: Sendable {
    /// Its name.
    public let name: String
    /// What it is.
    public let sentence: String
    /// The laws that do not hold, over so many cases.
    public let broken: @Sendable (Int) -> [Breach]
    /// Bugs.
    public let bugs: [Planted]
  }

  /// A law that does not hold, and the first case that shows it.
  public typealias Breach = (law: Law, after: Int)

  /// A bug in data.
  public struct Planted: Sendable {
    /// What goes wrong.
    public let sentence: String
    /// The laws that do not hold, over so many cases.
    public let broken: @Sendable (Int) -> [Breach]
  }

  /// A bug in a merge, or in a change.
  private enum Bug<Data: Mergeable> {
    case merge(String, @Sendable (Data, Data) -> Data)
    case change(String, @Sendable (inout Data, Data.Change, Int) -> Void)
  }

  private static func entry<Data: Mergeable>(
    _ name: String, _ sentence: String,
    _ change: @escaping @Sendable (inout Choices) -> Data.Change,
    showing shown: @escaping @Sendable ([Data.Change]) -> Data.Shown, _ bugs: [Bug<Data>]
  ) -> Entry {
    var planted: [Planted] = []
    for bug in bugs {
      switch bug {
      case .merge(let sentence, let merge):
        let laws = Laws<Data>(changing: change, showing: shown, merging: merge)
        planted.append(Planted(sentence: sentence) { laws.broken(cases: $0) })
      case .change(let sentence, let apply):
        let laws = Laws<Data>(changing: change, showing: shown, applying: apply)
        planted.append(Planted(sentence: sentence) { laws.broken(cases: $0) })
      }
    }
    let laws = Laws<Data>(changing: change, showing: shown)
    return Entry(name: name, sentence: sentence, broken: { laws.broken(cases: $0) }, bugs: planted)
  }

  private static let setChange: @Sendable (inout Choices) -> SetChange = { choices in
    let member = choices.below(3)
    return choices.chance(2, in: 3) ? .add(member) : .remove(member)
  }

  /// A write or a deletion, and what the clock reads.
  private static let stampedChange: @Sendable (inout Choices) -> LastWriterCell.Change = {
    LastWriterCell.Change($0.chance(1, in: 4) ? nil : $0.below(5), reading: $0.below(4))
  }

  /// All kinds.
  public static let entries: [Entry] =
    counters + sets + registers + [
      entry(
        "Cell, last writer wins",
        "what a server of this store keeps of a key: a value or a "
          + "tombstone with the latest stamp", stampedChange,
        showing: { changes in
          // Of one server's writes with one stamp the later is the greater.
          changes.max { $0.reading < $1.reading }.map { last in
            changes.last { $0.reading == last.reading }?.value
          } ?? nil
        },
        [
          .merge("a deletion has no stamp") { (a: LastWriterCell, b) in
            var both = a.cell
            both.merge(b.cell)
            let values = both.siblings.filter { $0.value != nil }
            both.keep(values.max { ($0.stamp, $0.dot) < ($1.stamp, $1.dot) })
            return LastWriterCell(both)
          }
        ])
    ]

  private static let counters: [Entry] = [
    entry(
      "G-Counter", "counts up: how often each server has counted", { _ in () },
      showing: { $0.count },
      [
        .merge("a merge adds the counts") { (a: GrowingCounter, b) in
          GrowingCounter(a.counts.merging(b.counts, uniquingKeysWith: +))
        }
      ]),
    entry(
      "PN-Counter", "counts up and down: two G-Counters", { $0.chance(1, in: 2) },
      showing: { changes in changes.reduce(0) { $0 + ($1 ? 1 : -1) } },
      [
        .merge("what was taken away is not merged") { (a: Counter, b) in
          Counter(up: a.up.merged(with: b.up), down: a.down)
        }
      ]),
  ]

  private static let sets: [Entry] = [
    entry(
      "G-Set", "a set of which nothing is taken out", setChange,
      showing: { changes in
        Set(changes.compactMap { if case .add(let member) = $0 { member } else { nil } })
      },
      [
        .merge("a merge keeps what both have") { (a: GrowingSet, b) in
          GrowingSet(a.members.intersection(b.members))
        },
        .change("putting in does nothing") { _, _, _ in },
      ]),
    entry(
      "2P-Set", "two G-Sets: what was put in, and what was taken out for good", setChange,
      showing: { changes in
        var (added, removed): (Set<Int>, Set<Int>) = ([], [])
        for change in changes {
          switch change {
          case .add(let member): added.insert(member)
          case .remove(let member): if added.contains(member) { removed.insert(member) }
          }
        }
        return added.subtracting(removed)
      },
      [
        .merge("tombstones are not merged") { (a: TwoPhaseSet, b) in
          TwoPhaseSet(added: a.added.merged(with: b.added), removed: a.removed)
        }
      ]),
    entry(
      "OR-Set", "a set from which is taken out what was seen, and nothing else", setChange,
      showing: { changes in
        var members: Set<Int> = []
        for change in changes {
          switch change {
          case .add(let member): members.insert(member)
          case .remove(let member): members.remove(member)
          }
        }
        return members
      },
      [
        .merge("what is known of other servers is not merged") { (a: ObservedRemoveSet, b) in
          ObservedRemoveSet(a.merged(with: b).entries, known: a.known)
        }
      ]),
  ]

  private static let registers: [Entry] = [
    entry(
      "LWW-Register", "one value, that with the latest stamp",
      { LastWriterRegister.Change($0.below(5), reading: $0.below(4)) },
      showing: { $0.last?.value },
      [
        .merge("of two with one stamp the own wins") { (a: LastWriterRegister, b) in
          b.stamp > a.stamp ? b : a
        },
        .merge("of two with one stamp that of the next server wins, and after the last the first") {
          (a: LastWriterRegister, b) in
          guard a.stamp == b.stamp else { return b.stamp > a.stamp ? b : a }
          return (a.place + 1) % 3 == b.place ? b : a
        },
        .change("a write has the clock's reading for a stamp, whatever is there") {
          register, change, place in
          register = LastWriterRegister()
          register.apply(change, at: place)
        },
      ]),
    entry(
      "MV-Register", "all values that nobody has written over knowingly: a cell",
      { $0.chance(1, in: 5) ? nil : $0.below(5) },
      showing: { changes in (changes.last ?? nil).map { [$0] } ?? [] },
      [
        .merge("the one that knows of more is taken whole") { (a: MultiValueRegister, b) in
          func size(_ register: MultiValueRegister) -> Int {
            register.cell.clock.entries.reduce(0) { $0 + $1.count }
          }
          return size(b) > size(a) ? b : a
        }
      ]),
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
