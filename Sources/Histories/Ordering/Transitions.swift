/// A model's states and what calls make of them, learnt once: the search works on numbers.
struct Transitions<M: Model> {
  private let model: M
  private let calls: [Call]
  private var numbers: [M.State: Int32] = [:]
  private(set) var states: [M.State] = []
  private var learnt = NumberTable()

  init(_ model: M, _ calls: [Call], from initial: M.State) {
    self.model = model
    self.calls = calls
    _ = number(of: initial)
  }

  /// Where every history begins.
  static var initial: Int32 { 0 }

  /// Stands for all states of which nothing will be read before a reset.
  static var unread: Int32 { .max }

  /// The state after a call; -1 where the model does not allow it.
  mutating func after(_ state: Int32, _ call: Int32) -> Int32 {
    if state == Transitions.unread {
      if model.isRead(calls[Int(call)]) { return -1 }
      return model.isReset(calls[Int(call)]) ? after(Transitions.initial, call) : state
    }
    let key = UInt64(UInt32(bitPattern: state)) << 32 | UInt64(UInt32(bitPattern: call))
    if let known = learnt[key] { return known }
    var found: Int32 = -1
    if let next = model.step(states[Int(state)], calls[Int(call)]) { found = number(of: next) }
    learnt[key] = found
    return found
  }

  private mutating func number(of state: M.State) -> Int32 {
    if let known = numbers[state] { return known }
    let number = Int32(states.count)
    numbers[state] = number
    states.append(state)
    return number
  }

  /// Whether a call that comes later can still be answered as it was.
  func admits(_ call: Int32, after state: Int32) -> Bool {
    state != Transitions.unread && model.admits(calls[Int(call)], after: states[Int(state)])
  }

  /// Whether `admits` can say no.
  var looksAhead: Bool { model.looksAhead }

  /// About how many bytes all of this holds, texts and lists not counted.
  var bytes: Int { learnt.bytes + states.count * (MemoryLayout<M.State>.stride * 2 + 16) }
}

/// A table from 64 bits to 32, open-addressed.
struct NumberTable {
  private var keys: [UInt64] = []
  private var values: [Int32] = []
  private(set) var count = 0

  /// No pair of a state and a call has this key: states are not negative.
  private static let empty = UInt64.max

  private func place(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while keys[place] != NumberTable.empty, keys[place] != key { place = (place + 1) & mask }
    return place
  }

  subscript(key: UInt64) -> Int32? {
    get {
      guard !keys.isEmpty else { return nil }
      let place = place(of: key)
      return keys[place] == key ? values[place] : nil
    }
    set {
      guard let newValue else { return }
      if (count + 1) * 4 > keys.count * 3 { grow() }
      let place = place(of: key)
      if keys[place] != key { count += 1 }
      keys[place] = key
      values[place] = newValue
    }
  }

  private mutating func grow() {
    let old = zip(keys, values).filter { $0.0 != NumberTable.empty }
    let size = max(64, keys.count * 2)
    keys = Array(repeating: NumberTable.empty, count: size)
    values = Array(repeating: 0, count: size)
    for (key, value) in old {
      let place = place(of: key)
      keys[place] = key
      values[place] = value
    }
  }

  var bytes: Int { keys.count * 12 }
}
