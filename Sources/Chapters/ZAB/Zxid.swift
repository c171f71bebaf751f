/// The number of a transaction: an epoch in the high 32 bits, a counter in the low 32.
///
/// Zxids are compared as signed numbers, so by epoch first. A zxid whose counter is zero numbers no
/// transaction: it stands for the beginning of its epoch. (zookeeperInternals, "Guarantees,
/// Properties, and Definitions")
public struct Zxid: Hashable, Comparable, Sendable {
  /// The number as it is sent.
  public let value: Int64

  /// The zxid of this number.
  public init(_ value: Int64) { self.value = value }

  /// The zxid of an epoch and a counter; what does not fit into 32 bits is cut off.
  public init(_ epoch: Int, _ counter: UInt32) {
    value = Int64(Int32(truncatingIfNeeded: epoch)) << 32 | Int64(counter)
  }

  /// Before every transaction.
  public static let zero = Zxid(0)

  /// Less than every other: what an observer proposes in an election.
  public static let least = Zxid(.min)

  /// The epoch.
  public var epoch: Int { Int(value >> 32) }

  /// Which transaction of its epoch it numbers, from one on; zero for none.
  public var counter: UInt32 { UInt32(truncatingIfNeeded: value) }

  /// Whether it only begins an epoch, and numbers no transaction.
  public var isNewEpoch: Bool { counter == 0 }

  /// The next number; behind the last counter of an epoch that is in the next epoch.
  public var next: Zxid { Zxid(value &+ 1) }

  /// By number.
  public static func < (a: Zxid, b: Zxid) -> Bool { a.value < b.value }
}

extension Zxid: CustomStringConvertible {
  /// Epoch and counter, the counter as hexadecimal: `2.1f`.
  public var description: String {
    self == .least ? "none" : "\(epoch).\(String(counter, radix: 16))"
  }
}
