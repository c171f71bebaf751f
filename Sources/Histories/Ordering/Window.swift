/// Which of the open operations have taken effect: a bit a slot.
protocol Window: Hashable {
  init(slots: Int)
  subscript(slot: Int32) -> Bool { get set }
  /// Bits of a place in a table.
  var mixed: UInt64 { get }
  /// How many bytes it holds beside itself.
  var bytes: Int { get }
}

extension UInt64: Window {
  init(slots: Int) { self = 0 }

  subscript(slot: Int32) -> Bool {
    get { self >> UInt64(slot) & 1 == 1 }
    set {
      let bit = UInt64(1) << UInt64(slot)
      self = newValue ? self | bit : self & ~bit
    }
  }

  var mixed: UInt64 { self &* 0xD6E8_FEB8_6659_FD93 }
  var bytes: Int { 0 }
}

/// A window of more than 64 slots.
struct WideWindow: Window {
  private var words: [UInt64]

  init(slots: Int) { words = Array(repeating: 0, count: (slots + 63) / 64) }

  subscript(slot: Int32) -> Bool {
    get { words[Int(slot) / 64][slot % 64] }
    set { words[Int(slot) / 64][slot % 64] = newValue }
  }

  var mixed: UInt64 { words.reduce(0) { ($0 ^ $1.mixed) &* 0x9E37_79B9_7F4A_7C15 } }
  var bytes: Int { words.count * 8 + 32 }
}

/// Where the search stands.
struct Configuration<Taken: Window>: Hashable {
  /// How many returns are behind it.
  var rank: Int32
  var state: Int32
  /// Which operations of unknown outcome have taken effect, as a number.
  var used: Int32
  /// Which of the open operations have.
  var taken: Taken
}

/// The configurations that were met, open-addressed.
struct ConfigurationTable<Taken: Window> {
  private var entries: [Configuration<Taken>] = []
  private(set) var count = 0
  private let empty: Configuration<Taken>

  init(slots: Int) {
    empty = Configuration(rank: -1, state: 0, used: 0, taken: Taken(slots: slots))
  }

  private static func hash(_ entry: Configuration<Taken>) -> UInt64 {
    let low = UInt64(UInt32(bitPattern: entry.rank)) << 32 | UInt64(UInt32(bitPattern: entry.state))
    var hash = (low ^ entry.taken.mixed) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ (hash >> 29) ^ UInt64(UInt32(bitPattern: entry.used))) &* 0xBF58_476D_1CE4_E5B9
    return hash ^ (hash >> 32)
  }

  /// Notes a configuration.
  ///
  /// - Returns: whether it is new.
  mutating func insert(
    _ entry: Configuration<Taken>, _ meter: inout Meter, beside others: Int
  ) throws(Exhausted) -> Bool {
    if (count + 1) * 4 > entries.count * 3 { try grow(&meter, beside: others) }
    let mask = entries.count - 1
    var place = Int(truncatingIfNeeded: ConfigurationTable.hash(entry)) & mask
    while entries[place].rank >= 0 {
      if entries[place] == entry { return false }
      place = (place + 1) & mask
    }
    entries[place] = entry
    count += 1
    return true
  }

  private mutating func grow(_ meter: inout Meter, beside others: Int) throws(Exhausted) {
    let size = max(64, entries.count * 2)
    let each = MemoryLayout<Configuration<Taken>>.stride
    // While it grows, both are held.
    try meter.hold((size + entries.count) * each + count * empty.taken.bytes + others)
    let old = entries
    entries = Array(repeating: empty, count: size)
    for entry in old where entry.rank >= 0 {
      var place = Int(truncatingIfNeeded: ConfigurationTable.hash(entry)) & (size - 1)
      while entries[place].rank >= 0 { place = (place + 1) & (size - 1) }
      entries[place] = entry
    }
  }
}
