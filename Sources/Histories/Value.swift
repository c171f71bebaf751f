/// What operations are given and give back: the values that histories are written with.
public enum Value: Hashable, Sendable {
  /// Nothing: what a register holds before the first write.
  case null
  case flag(Bool)
  case int(Int)
  case text(Text)
  indirect case list([Value])

  /// A text.
  public static func text(_ string: String) -> Value { .text(Text(string)) }

  /// The members of a list; nil when it is none.
  public var list: [Value]? {
    if case .list(let members) = self { members } else { nil }
  }

  /// The number; nil when it is none.
  public var int: Int? {
    if case .int(let number) = self { number } else { nil }
  }
}

extension Value: CustomStringConvertible {
  /// As it is told.
  public var description: String {
    switch self {
    case .null: "nil"
    case .flag(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .text(let text): text.string.isEmpty ? "\"\"" : text.string
    case .list(let members): "[" + members.map(\.description).joined(separator: " ") + "]"
    }
  }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
  /// A number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(Text(value)) }
  /// A list.
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// A text compared byte by byte, which `String` does not do, with a digest that appending keeps up
/// to date: stores to which texts are appended grow long.
public struct Text: Hashable, Sendable {
  /// The text itself.
  public private(set) var string: String
  private var digest: UInt64

  /// A text.
  ///
  /// - Complexity: O(length).
  public init(_ string: String) {
    self.string = string
    digest = Text.digest(0, string)
  }

  private static func digest(_ start: UInt64, _ string: String) -> UInt64 {
    var digest = start
    for byte in string.utf8 { digest = (digest &+ UInt64(byte) &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
    return digest
  }

  /// This text with another behind it.
  public func appending(_ other: Text) -> Text {
    var longer = self
    longer.string += other.string
    longer.digest = Text.digest(digest, other.string)
    return longer
  }

  /// Whether `other` begins with this text.
  public func isPrefix(of other: Text) -> Bool {
    string.utf8.count <= other.string.utf8.count && other.string.utf8.starts(with: string.utf8)
  }

  /// Whether they are equal.
  public static func == (left: Text, right: Text) -> Bool {
    left.digest == right.digest && left.string.utf8.count == right.string.utf8.count
      && left.string.utf8.elementsEqual(right.string.utf8)
  }

  /// Hashes the essence.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
