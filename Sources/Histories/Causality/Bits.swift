/// Rows of bits: which of `count` things each of some others has.
struct BitRows {
  private var words: [UInt64]
  private let width: Int

  init(rows: Int, count: Int) {
    width = (count + 63) / 64
    words = Array(repeating: 0, count: rows * width)
  }

  static func bytes(rows: Int, count: Int) -> Int { rows * ((count + 63) / 64) * 8 }

  subscript(row: Int, bit: Int) -> Bool {
    get { words[row * width + bit / 64] >> UInt64(bit % 64) & 1 == 1 }
    set {
      let mask = UInt64(1) << UInt64(bit % 64)
      if newValue {
        words[row * width + bit / 64] |= mask
      } else {
        words[row * width + bit / 64] &= ~mask
      }
    }
  }

  /// Gives a row what another has.
  ///
  /// - Returns: whether it had not all of it.
  @discardableResult mutating func unite(_ row: Int, with other: Int) -> Bool {
    var isChanged = false
    for word in 0..<width {
      let united = words[row * width + word] | words[other * width + word]
      if united != words[row * width + word] {
        words[row * width + word] = united
        isChanged = true
      }
    }
    return isChanged
  }

  /// What a row has, in order.
  func members(of row: Int) -> [Int] {
    var members: [Int] = []
    for word in 0..<width {
      var rest = words[row * width + word]
      while rest != 0 {
        members.append(word * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }
}
