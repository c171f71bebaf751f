/// All states that were seen, whole, in the order in which they were found: set and queue in one.
///
/// A state is a *record* in one arena of 32-bit words: first the place of the state from which it
/// was found, so that the shortest way to every state is there, then what the state is, of which
/// the first byte is the number of words. An open-addressed table finds it again by 32 bits of its
/// fingerprint; states are compared whole, so that two of one fingerprint are two.
///
/// The arena grows by pages, and no record lies across two of them.
struct StateStore {
  /// Where a record begins: the page's number and the word in it; zero is no place.
  typealias Place = UInt32

  /// How many words a record may have, its first one not counted.
  static let longest = 254

  private static let pageBits = 18
  private static let pageSize = 1 << pageBits
  private static let pageMask = pageSize - 1
  private static let pages = 1 << (32 - pageBits)

  /// The number of states.
  private(set) var count = 0
  /// Where the next record begins, or would if it fits on the page.
  private(set) var end = 1
  private var pages: [[UInt32]] = []
  private var table: [UInt64]
  private var tableBits: Int
  /// How many bytes the store may take.
  private let limit: Int

  /// An empty store that never takes more than so many bytes.
  init(limit: Int) {
    self.limit = limit
    tableBits = 12
    table = Array(repeating: 0, count: 1 << tableBits)
  }

  /// How many bytes it takes.
  var bytes: Int { pages.count * StateStore.pageSize * 4 + table.count * 8 }

  /// How many bytes it took at most: while the table grows both the old and the new one are there.
  private(set) var mostBytes = 0
}

// MARK: Finding and adding

extension StateStore {
  /// What the table holds where a state of this fingerprint is looked for first: loading it for
  /// several states, before any is looked for, lets the loads overlap.
  func touch(_ fingerprint: UInt32) -> UInt64 { table[slot(fingerprint)] }

  /// Makes room for so many states more.
  ///
  /// - Returns: whether there is room within the limit.
  mutating func makeRoom(for states: Int) -> Bool {
    while (count + states) * 4 > table.count * 3 {
      let most = bytes + table.count * 16
      guard most <= limit, tableBits < 32 else { return false }
      mostBytes = max(mostBytes, most)
      grow()
    }
    let words = states * (StateStore.longest + 1)
    let needed = (end + words) >> StateStore.pageBits + 1
    guard needed > pages.count else { return true }
    let missing = needed - pages.count
    guard bytes + missing * StateStore.pageSize * 4 <= limit, needed <= StateStore.pages
    else { return false }
    for _ in 0..<missing { pages.append(Array(repeating: 0, count: StateStore.pageSize)) }
    mostBytes = max(mostBytes, bytes)
    return true
  }

  /// Adds the state unless it is there; there must be room for it.
  ///
  /// - Parameter words: the state, in its first `count` words.
  mutating func insert(
    _ words: [UInt32], count length: Int, _ fingerprint: UInt32, from parent: Place
  ) -> (place: Place, isNew: Bool) {
    let mask = table.count &- 1
    var slot = slot(fingerprint)
    while true {
      let entry = table[slot]
      if entry == 0 { break }
      if UInt32(truncatingIfNeeded: entry &>> 32) == fingerprint {
        let place = Place(truncatingIfNeeded: entry)
        if isState(at: place, words, length) { return (place, false) }
      }
      slot = (slot &+ 1) & mask
    }
    let place = append(words, length, from: parent)
    table[slot] = UInt64(fingerprint) &<< 32 | UInt64(place)
    return (place, true)
  }

  /// Where the state is, if it is there.
  func find(_ words: [UInt32], count length: Int, _ fingerprint: UInt32) -> Place? {
    let mask = table.count &- 1
    var slot = slot(fingerprint)
    while true {
      let entry = table[slot]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry &>> 32) == fingerprint {
        let place = Place(truncatingIfNeeded: entry)
        if isState(at: place, words, length) { return place }
      }
      slot = (slot &+ 1) & mask
    }
  }

  private func slot(_ fingerprint: UInt32) -> Int { Int(fingerprint &>> (32 &- UInt32(tableBits))) }

  private func isState(at place: Place, _ words: [UInt32], _ length: Int) -> Bool {
    let page = Int(place) &>> StateStore.pageBits
    let start = (Int(place) & StateStore.pageMask) &+ 1
    for index in 0..<length where pages[page][start &+ index] != words[index] { return false }
    return true
  }

  private mutating func append(_ words: [UInt32], _ length: Int, from parent: Place) -> Place {
    if (end & StateStore.pageMask) + length + 1 > StateStore.pageSize {
      end = (end | StateStore.pageMask) + 1
    }
    let page = end &>> StateStore.pageBits
    let start = end & StateStore.pageMask
    let place = Place(truncatingIfNeeded: end)
    pages[page][start] = parent
    for index in 0..<length { pages[page][start &+ 1 &+ index] = words[index] }
    end &+= length &+ 1
    count &+= 1
    return place
  }

  private mutating func grow() {
    let old = table
    tableBits += 1
    table = Array(repeating: 0, count: 1 << tableBits)
    let mask = table.count - 1
    for entry in old where entry != 0 {
      var slot = slot(UInt32(truncatingIfNeeded: entry >> 32))
      while table[slot] != 0 { slot = (slot + 1) & mask }
      table[slot] = entry
    }
  }
}

// MARK: Reading

extension StateStore {
  /// The word of the record at this place; its first is the parent's place.
  func word(_ index: Int, at place: Place) -> UInt32 {
    pages[Int(place) &>> StateStore.pageBits][(Int(place) & StateStore.pageMask) &+ index]
  }

  /// The place of the state from which this one was found; zero for a first one.
  func parent(of place: Place) -> Place { word(0, at: place) }

  /// Copies what the state at this place is.
  ///
  /// - Returns: the number of words.
  func read(_ place: Place, into words: inout [UInt32]) -> Int {
    let page = Int(place) &>> StateStore.pageBits
    let start = (Int(place) & StateStore.pageMask) &+ 1
    let length = Int(pages[page][start] & 0xFF)
    for index in 0..<length { words[index] = pages[page][start &+ index] }
    return length
  }

  /// The place of the record after this one; zero after the last.
  func place(after place: Place) -> Place {
    self.place(from: Int(place) + Int(word(1, at: place) & 0xFF) + 1)
  }

  /// The first record's place; zero when there is none.
  var first: Place { place(from: 1) }

  /// The place of the first record that was added when this was the store's end, or later; zero
  /// when there is none.
  func place(from end: Int) -> Place {
    guard end < self.end else { return 0 }
    // A record that did not fit on its page begins on the next one.
    let isLastWord = end & StateStore.pageMask == StateStore.pageMask
    if !isLastWord, word(1, at: Place(end)) != 0 { return Place(end) }
    return Place((end | StateStore.pageMask) + 1)
  }
}
