/// A fixture's file name: the case's id, a hyphen, and a slug.
package struct FixtureName: Hashable, Sendable {
  package var id: String
  package var slug: String

  /// What the ids of databases' cases begin with; all others are a service's.
  package static let ofDatabases = "PG-"

  /// The parts of this path's last component, if it is named so.
  package init?(_ path: String) {
    let parts = Self.stem(path).split(
      separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[2].utf8.count == 3,
      parts[..<2].allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isCapitalOrDigit) }),
      parts[2].utf8.allSatisfy(Self.isDigit),
      !parts[3].isEmpty, parts[3].utf8.allSatisfy(Self.isSmallOrDigitOrHyphen)
    else { return nil }
    (id, slug) = (parts[..<3].joined(separator: "-"), String(parts[3]))
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isCapitalOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isSmallOrDigitOrHyphen(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "-")
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// The slug, if the file is this case's.
  package func slug(of id: String) -> String? { id == self.id ? slug : nil }

  /// The path's last component without what stands behind its point.
  package static func stem(_ path: String) -> String {
    let last = path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap(String.init) ?? path
    return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
  }
}
