/// An edition of Apache's server, as far as behaviour is concerned: `3.8`.
public struct Edition: Hashable, Comparable, Sendable, Codable {
  /// The number before the point.
  public var major: Int
  /// The number after it.
  public var minor: Int

  /// The edition of these numbers.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The edition that `text` writes: two numbers and a point.
  public init?(_ text: some StringProtocol) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor)
  }

  /// Whether `a` came before `b`.
  public static func < (a: Edition, b: Edition) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }
}

extension Edition: CustomStringConvertible {
  /// As in a fixture: `3.8`.
  public var description: String { "\(major).\(minor)" }
}

/// A range of editions, open at either end: `3.5..`, `..3.8`, `3.5..3.8`, `3.6`.
public struct Editions: Hashable, Sendable {
  /// The first, or nil for no limit.
  public var first: Edition?
  /// The last, or nil for no limit.
  public var last: Edition?

  /// The editions from `first` to `last`.
  public init(first: Edition?, last: Edition?) {
    self.first = first
    self.last = last
  }

  /// The range that `text` writes.
  public init?(_ text: String) {
    guard let dots = text.firstRange(of: "..") else {
      guard let only = Edition(text) else { return nil }
      (first, last) = (only, only)
      return
    }
    let (from, to) = (text[..<dots.lowerBound], text[dots.upperBound...])
    (first, last) = (Edition(from), Edition(to))
    if first == nil, !from.isEmpty { return nil }
    if last == nil, !to.isEmpty { return nil }
  }

  /// Whether `edition` lies in the range.
  public func contains(_ edition: Edition) -> Bool {
    (first.map { $0 <= edition } ?? true) && (last.map { edition <= $0 } ?? true)
  }
}

extension Editions: CustomStringConvertible {
  /// As it stands in a fixture.
  public var description: String {
    first == last && first != nil
      ? "\(first.map(\.description) ?? "")"
      : "\(first.map(\.description) ?? "")..\(last.map(\.description) ?? "")"
  }
}
