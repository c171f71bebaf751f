/// A seeded source of choices, the same on every machine and in every process.
///
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), and our own reduction to a range: the standard
/// library may change how it draws, a run must not change with it.
public struct Choices: Hashable, Sendable {
  private var state: UInt64

  /// The choices that follow from a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number from zero up to, not including, `bound`; zero when the bound is not positive.
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the range.
  public mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// Whether something happens that happens `part` times in `whole`.
  public mutating func chance(_ part: Int, in whole: Int) -> Bool { below(whole) < part }

  /// One of the options, or nil when there is none.
  public mutating func pick<Options: RandomAccessCollection>(
    _ options: Options
  ) -> Options.Element? {
    guard !options.isEmpty else { return nil }
    return options[options.index(options.startIndex, offsetBy: below(options.count))]
  }

  /// The same elements in another order.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var shuffled = elements
    for index in shuffled.indices.dropFirst().reversed() {
      shuffled.swapAt(index, below(index + 1))
    }
    return shuffled
  }
}
