/// Which operations of unknown outcome have taken effect: how many of each call, as a number.
///
/// They stay open for ever; were they bits beside the others, the window would grow with the
/// history. Those of one call are alike, so the earliest called goes first.
struct UsedCalls {
  /// Call and how many of it, by call.
  typealias Counts = [Int64]

  private var numbers: [Counts: Int32] = [[]: 0]
  private var counts: [Counts] = [[]]
  private var learnt = NumberTable()

  /// How many operations of a call have taken effect.
  func count(_ used: Int32, _ call: Int32) -> Int {
    if used == 0 { return 0 }
    for pair in counts[Int(used)] where Int32(truncatingIfNeeded: pair >> 32) == call {
      return Int(pair & 0xFFFF_FFFF)
    }
    return 0
  }

  /// Whether another has taken at least as many of each call.
  func isSubset(_ some: Int32, of other: Int32) -> Bool {
    if some == 0 || some == other { return true }
    let (few, many) = (counts[Int(some)], counts[Int(other)])
    guard few.count <= many.count else { return false }
    var place = 0
    for pair in few {
      while place < many.count, many[place] >> 32 < pair >> 32 { place += 1 }
      guard place < many.count, many[place] >> 32 == pair >> 32, many[place] >= pair else {
        return false
      }
    }
    return true
  }

  /// One more of a call.
  mutating func adding(_ call: Int32, to used: Int32) -> Int32 {
    let key = UInt64(UInt32(bitPattern: used)) << 32 | UInt64(UInt32(bitPattern: call))
    if let known = learnt[key] { return known }
    var pairs = counts[Int(used)]
    if let place = pairs.firstIndex(where: { Int32(truncatingIfNeeded: $0 >> 32) == call }) {
      pairs[place] += 1
    } else {
      pairs.append(Int64(call) << 32 | 1)
      pairs.sort()
    }
    let number: Int32
    if let known = numbers[pairs] {
      number = known
    } else {
      number = Int32(counts.count)
      numbers[pairs] = number
      counts.append(pairs)
      bytes += pairs.count * 16 + 80
    }
    learnt[key] = number
    return number
  }

  private(set) var bytes = 0
}
