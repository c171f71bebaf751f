/// A state while it is worked on: numbers, not yet bytes.
struct UnpackedState {
  /// The hosts, in the order of the nodes, each by its number among the hosts of its node.
  var hosts: [Int]
  /// The observer.
  var watch = 0
  /// What may still go wrong, and what is still to be asked.
  var budget = 0
  /// What is under way, by key; only the first `letterCount` count.
  var letters = [Int](repeating: 0, count: 64)
  /// How many letters are under way.
  var letterCount = 0

  /// The number of a node's host among all hosts.
  func host(of node: Int) -> Int { hosts[node] &* hosts.count &+ node }

  init(nodes: Int) { hosts = Array(repeating: 0, count: nodes) }

  /// Adds a letter behind all of its key.
  mutating func add(_ letter: Int, by key: [Int]) {
    if letterCount == letters.count {
      letters.append(contentsOf: repeatElement(0, count: letters.count))
    }
    var place = letterCount
    let rank = key[letter]
    while place > 0, key[letters[place &- 1]] > rank {
      letters[place] = letters[place &- 1]
      place &-= 1
    }
    letters[place] = letter
    letterCount &+= 1
  }

  /// Takes over the letters of another state, but for the one at a position, if it is one.
  mutating func copyLetters(of other: UnpackedState, but position: Int) {
    while letters.count < other.letterCount { letters.append(0) }
    var count = 0
    for index in 0..<other.letterCount where index != position {
      letters[count] = other.letters[index]
      count &+= 1
    }
    letterCount = count
  }

  /// Whether such a letter is under way.
  func contains(_ letter: Int) -> Bool {
    for index in 0..<letterCount where letters[index] == letter { return true }
    return false
  }

  /// What all parts add up to.
  func fingerprint(by knowledge: Knowledge) -> UInt64 {
    var sum = knowledge.watchMix[watch] &+ knowledge.budgetMix[budget]
    for node in hosts.indices { sum &+= knowledge.hostMix[host(of: node)] }
    for index in 0..<letterCount { sum &+= knowledge.letterMix[letters[index]] }
    return sum
  }
}

extension UnpackedState: Equatable {
  static func == (a: UnpackedState, b: UnpackedState) -> Bool {
    a.hosts == b.hosts && a.watch == b.watch && a.budget == b.budget
      && a.letters[..<a.letterCount] == b.letters[..<b.letterCount]
  }
}

/// A state as bytes, four in a word: the number of words, the hosts' numbers among those of their
/// node, the observer, the budget, the letters, each plus one so that what follows the last is zero.
///
/// | a number is written as | when it is |
/// | --- | --- |
/// | one byte | less than 240 |
/// | 240 … 254, then a byte | less than 4,080 |
/// | 255, then four bytes | more |
struct PackedState {
  /// The words; only the first `count` count.
  private(set) var words = [UInt32](repeating: 0, count: StateStore.longest)
  /// The number of words.
  private(set) var count = 0
  /// Whether the state did not fit.
  private(set) var isTooLong = false

  private var pending: UInt64 = 0
  private var filled: UInt64 = 0
}

extension PackedState {
  /// Packs the state.
  mutating func pack(_ state: UnpackedState) {
    count = 0
    isTooLong = false
    pending = 0
    filled = 8  // the number of words comes there
    let nodes = state.hosts.count
    for node in 0..<nodes { put(state.hosts[node]) }
    put(state.watch)
    put(state.budget)
    for index in 0..<state.letterCount { put(state.letters[index] &+ 1) }
    if filled > 0 { putWord() }
    if isTooLong { count = 0 }
    words[0] |= UInt32(count)
  }

  private mutating func put(_ number: Int) {
    if number < 240 {
      putByte(UInt64(truncatingIfNeeded: number))
    } else if number < 4_080 {
      putByte(UInt64(truncatingIfNeeded: 240 &+ (number &- 240) &>> 8))
      putByte(UInt64(truncatingIfNeeded: (number &- 240) & 0xFF))
    } else {
      putByte(255)
      for shift in [0, 8, 16, 24] { putByte(UInt64(truncatingIfNeeded: number >> shift) & 0xFF) }
    }
  }

  private mutating func putByte(_ byte: UInt64) {
    pending |= byte &<< filled
    filled &+= 8
    if filled == 32 { putWord() }
  }

  private mutating func putWord() {
    guard count < StateStore.longest else { return isTooLong = true }
    words[count] = UInt32(truncatingIfNeeded: pending)
    count &+= 1
    pending = 0
    filled = 0
  }
}

extension PackedState {
  /// Reads the state at a place.
  mutating func read(_ place: StateStore.Place, of store: StateStore) {
    count = store.read(place, into: &words)
  }

  /// Unpacks the state.
  mutating func unpack(into state: inout UnpackedState) {
    filled = 8
    let nodes = state.hosts.count
    for node in 0..<nodes { state.hosts[node] = take() }
    state.watch = take()
    state.budget = take()
    state.letterCount = 0
    while filled < UInt64(count &* 32) {
      let letter = take() &- 1
      if letter < 0 { break }
      if state.letterCount == state.letters.count {
        state.letters.append(contentsOf: repeatElement(0, count: state.letters.count))
      }
      state.letters[state.letterCount] = letter
      state.letterCount &+= 1
    }
  }

  private mutating func take() -> Int {
    let first = takeByte()
    if first < 240 { return first }
    if first < 255 { return 240 &+ (first &- 240) &<< 8 &+ takeByte() }
    var number = 0
    for shift in [0, 8, 16, 24] { number |= takeByte() << shift }
    return number
  }

  private mutating func takeByte() -> Int {
    let bit = Int(filled)
    filled &+= 8
    return Int(truncatingIfNeeded: words[bit &>> 5] &>> UInt32(bit & 31)) & 0xFF
  }
}
