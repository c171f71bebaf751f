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
