/// A state as bytes, four in a word: the number of words, the hosts' numbers among those of their
/// node, the monitor, the budget, the envelopes, each plus one so that what follows the last is
/// zero.
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
}

// MARK: Packing

extension PackedState {
  /// Packs a state.
  mutating func pack(_ state: UnpackedState) {
    var writer = Writer()
    var span = words.mutableSpan
    for node in state.hosts.indices { writer.put(state.hosts[node], &span) }
    writer.put(state.monitor, &span)
    writer.put(state.budget, &span)
    for index in 0..<state.envelopeCount { writer.put(state.envelopes[index] &+ 1, &span) }
    writer.finish(&span)
    count = writer.count
    isTooLong = writer.isTooLong
  }

  /// Packs what follows from a state by a candidate, without making it first.
  mutating func pack(
    _ candidate: StateExpander.Candidate, after state: UnpackedState,
    by table: borrowing TransitionTable
  ) {
    let transition = table.transitions[Int(candidate.transition)]
    var writer = Writer()
    var span = words.mutableSpan
    let changed = transition.host < 0 ? -1 : Int(transition.node)
    for node in state.hosts.indices {
      writer.put(node == changed ? Int(transition.host) : state.hosts[node], &span)
    }
    writer.put(Int(candidate.monitor), &span)
    writer.put(Int(candidate.budget), &span)
    let removed = Int(candidate.removed)
    var send = Int(transition.firstSend)
    let lastSend = send &+ Int(transition.sendCount)
    for index in 0..<state.envelopeCount where index != removed {
      let envelope = state.envelopes[index]
      while send < lastSend {
        let sent = Int(table.sends[send])
        if table.envelopes[sent].key >= table.envelopes[envelope].key { break }
        writer.put(sent &+ 1, &span)
        send &+= 1
      }
      // What is under way for good does not become more when it is sent again.
      if table.isLasting, send < lastSend, Int(table.sends[send]) == envelope { send &+= 1 }
      writer.put(envelope &+ 1, &span)
    }
    while send < lastSend {
      writer.put(Int(table.sends[send]) &+ 1, &span)
      send &+= 1
    }
    writer.finish(&span)
    count = writer.count
    isTooLong = writer.isTooLong
  }

  /// Writes numbers as bytes, and bytes as words.
  private struct Writer {
    var count = 0
    var isTooLong = false
    private var pending: UInt64 = 0
    private var filled: UInt64 = 8  // the number of words comes there

    @inline(__always)
    mutating func put(_ number: Int, _ words: inout MutableSpan<UInt32>) {
      guard number < 240 else { return putLong(number, &words) }
      putByte(UInt64(truncatingIfNeeded: number), &words)
    }

    @inline(never)
    private mutating func putLong(_ number: Int, _ words: inout MutableSpan<UInt32>) {
      let bits = UInt64(truncatingIfNeeded: number)
      if number < 4_080 {
        putByte(240 &+ (bits &- 240) &>> 8, &words)
        putByte((bits &- 240) & 0xFF, &words)
      } else {
        putByte(255, &words)
        putByte(bits & 0xFF, &words)
        putByte(bits &>> 8 & 0xFF, &words)
        putByte(bits &>> 16 & 0xFF, &words)
        putByte(bits &>> 24 & 0xFF, &words)
      }
    }

    @inline(__always)
    private mutating func putByte(_ byte: UInt64, _ words: inout MutableSpan<UInt32>) {
      pending |= byte &<< filled
      filled &+= 8
      if filled == 32 { putWord(&words) }
    }

    @inline(__always)
    private mutating func putWord(_ words: inout MutableSpan<UInt32>) {
      if count < StateStore.longest {
        words[count] = UInt32(truncatingIfNeeded: pending)
        count &+= 1
      } else {
        isTooLong = true
      }
      pending = 0
      filled = 0
    }

    mutating func finish(_ words: inout MutableSpan<UInt32>) {
      if filled > 0 { putWord(&words) }
      words[0] |= UInt32(truncatingIfNeeded: count)
    }
  }
}

// MARK: Unpacking

extension PackedState {
  /// Reads the state at a place.
  mutating func read(_ place: StateStore.Place, of store: StateStore) {
    count = store.read(place, into: &words)
  }

  /// Unpacks the state.
  func unpack(into state: inout UnpackedState) {
    var bit = 8
    let end = count &* 32
    for node in state.hosts.indices { state.hosts[node] = number(at: &bit) }
    state.monitor = number(at: &bit)
    state.budget = number(at: &bit)
    state.envelopeCount = 0
    while bit < end {
      let envelope = number(at: &bit) &- 1
      if envelope < 0 { break }
      state.append(envelope)
    }
  }

  @inline(__always)
  private func number(at bit: inout Int) -> Int {
    let first = byte(at: &bit)
    return first < 240 ? first : longNumber(first, at: &bit)
  }

  private func longNumber(_ first: Int, at bit: inout Int) -> Int {
    if first < 255 { return 240 &+ (first &- 240) &<< 8 &+ byte(at: &bit) }
    var number = 0
    for shift in [0, 8, 16, 24] { number |= byte(at: &bit) << shift }
    return number
  }

  @inline(__always)
  private func byte(at bit: inout Int) -> Int {
    let word = words[bit &>> 5]
    let byte = word &>> UInt32(truncatingIfNeeded: bit & 31)
    bit &+= 8
    return Int(truncatingIfNeeded: byte & 0xFF)
  }
}
