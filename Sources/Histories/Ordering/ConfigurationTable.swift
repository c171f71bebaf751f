/// The configurations that were met, open-addressed.
///
/// One in which fewer operations of unknown outcome have taken effect can do all that one with more
/// of them can: so of configurations that are equal but for that, only those count that have not
/// all of another's. They stand in a chain behind the entry.
struct ConfigurationTable<Taken: Window> {
  /// Entries without what was used; in its place stands the chain's first link.
  private var entries: [Configuration<Taken>] = []
  private var chain: [(used: Int32, next: Int32)] = []
  private(set) var count = 0
  private let empty: Configuration<Taken>

  init(slots: Int) {
    empty = Configuration(rank: -1, state: 0, used: -1, taken: Taken(slots: slots))
  }

  private static func hash(_ entry: Configuration<Taken>) -> UInt64 {
    let low = UInt64(UInt32(bitPattern: entry.rank)) << 32 | UInt64(UInt32(bitPattern: entry.state))
    var hash = (low ^ entry.taken.mixed) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9
    return hash ^ (hash >> 32)
  }

  /// Where an entry stands, or where it can be put.
  private func place(of entry: Configuration<Taken>) -> Int {
    let mask = entries.count - 1
    var place = Int(truncatingIfNeeded: ConfigurationTable.hash(entry)) & mask
    while entries[place].rank >= 0 {
      let other = entries[place]
      if other.rank == entry.rank, other.state == entry.state, other.taken == entry.taken { break }
      place = (place + 1) & mask
    }
    return place
  }

  /// Notes a configuration.
  ///
  /// - Returns: whether it is new, and none was met that can do as much.
  mutating func insert(
    _ entry: Configuration<Taken>, _ used: UsedCalls, _ meter: inout Meter, beside others: Int
  ) throws(Exhausted) -> Bool {
    if (count + 1) * 4 > entries.count * 3 { try grow(&meter, beside: others) }
    let place = place(of: entry)
    var link: Int32 = -1
    if entries[place].rank >= 0 {
      link = entries[place].used
      var next = link
      while next >= 0 {
        if used.isSubset(chain[Int(next)].used, of: entry.used) { return false }
        try meter.step()
        next = chain[Int(next)].next
      }
    } else {
      entries[place] = entry
      count += 1
    }
    entries[place].used = Int32(chain.count)
    if chain.count & 0xFFFF == 0 { try hold(&meter, entries.count, beside: others) }
    chain.append((entry.used, link))
    return true
  }

  private func hold(
    _ meter: inout Meter, _ places: Int, beside others: Int
  ) throws(Exhausted) {
    let each = MemoryLayout<Configuration<Taken>>.stride
    try meter.hold(places * each + count * empty.taken.bytes + chain.capacity * 8 + others)
  }

  private mutating func grow(_ meter: inout Meter, beside others: Int) throws(Exhausted) {
    let size = max(64, entries.count * 2)
    // While it grows, both are held.
    try hold(&meter, size + entries.count, beside: others)
    let old = entries
    entries = Array(repeating: empty, count: size)
    for entry in old where entry.rank >= 0 { entries[place(of: entry)] = entry }
  }
}
