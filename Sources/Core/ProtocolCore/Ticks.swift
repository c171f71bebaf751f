/// A length of time in units that the driver gives a meaning; a machine never sees a date.
public struct Ticks: Hashable, Sendable {
  /// How many.
  public var count: Int

  /// So many ticks.
  public init(_ count: Int) { self.count = count }

  /// The sum of two lengths.
  public static func + (a: Ticks, b: Ticks) -> Ticks { Ticks(a.count + b.count) }

  /// The difference of two lengths.
  public static func - (a: Ticks, b: Ticks) -> Ticks { Ticks(a.count - b.count) }

  /// A multiple of a length.
  public static func * (a: Ticks, factor: Int) -> Ticks { Ticks(a.count * factor) }
}

extension Ticks: ExpressibleByIntegerLiteral {
  /// So many ticks.
  public init(integerLiteral count: Int) { self.count = count }
}

extension Ticks: Comparable {
  /// Whether one length is shorter than the other.
  public static func < (a: Ticks, b: Ticks) -> Bool { a.count < b.count }
}

extension Ticks: CustomStringConvertible {
  /// The number alone.
  public var description: String { "\(count)" }
}
