/// A string that equals another only byte for byte, as a path does.
///
/// Swift's `String` takes `é` and `e` with an accent after it for the same; to ZooKeeper they name
/// two nodes. Every table of this chapter that is looked up by path is looked up by this.
package struct Verbatim: Hashable, Sendable {
  package let string: String

  package init(_ string: String) { self.string = string }

  package static func == (a: Verbatim, b: Verbatim) -> Bool {
    // Strings of ASCII alone, nearly all, are equal in both senses or in neither.
    guard a.string == b.string else { return false }
    if a.string.utf8Span.isKnownASCII && b.string.utf8Span.isKnownASCII { return true }
    return a.string.utf8.elementsEqual(b.string.utf8)
  }

  /// Strings that are the same bytes hash alike as Swift hashes them, too.
  package func hash(into hasher: inout Hasher) { hasher.combine(string) }
}

extension Verbatim: Comparable {
  package static func < (a: Verbatim, b: Verbatim) -> Bool {
    a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
  }
}

extension Verbatim {
  /// Whether this path begins with another, byte for byte, and a slash.
  func isBelow(_ path: String) -> Bool {
    let (bytes, prefix) = (string.utf8, path.utf8)
    guard bytes.count > prefix.count, bytes.starts(with: prefix) else { return false }
    return bytes[bytes.index(bytes.startIndex, offsetBy: prefix.count)] == Path.slash
  }
}

/// The rules for paths (ZooKeeper Programmer's Guide, "The ZooKeeper Data Model").
public enum Path {
  static let slash = UInt8(ascii: "/")

  /// A path's parent and last component; nil without a slash.
  ///
  /// The parent of `/a` is `/`.
  /// Nothing else is asked: `/x/` is the child without a name of `/x`.
  static func split(_ path: String) -> (parent: Verbatim, name: Verbatim)? {
    let bytes = path.utf8
    guard let cut = bytes.lastIndex(of: slash) else { return nil }
    let parent = cut == bytes.startIndex ? "/" : String(path[..<cut])
    return (Verbatim(parent), Verbatim(String(path[bytes.index(after: cut)...])))
  }

  /// The path without its last component: `/` for `/a`, for `/` and for what has no slash.
  public static func parent(of path: String) -> String { split(path)?.parent.string ?? "/" }

  /// Whether U+0000 stands in the path: refused where nothing else of it is looked at.
  static func containsNull(_ path: String) -> Bool { path.utf8.contains(0) }

  /// The name of a sequential node: `path`, then `counter` in ten digits, its sign counted.
  package static func numbered(_ path: String, _ counter: Int32) -> String {
    let digits = String(counter.magnitude)
    let sign = counter < 0 ? "-" : ""
    let zeros = max(0, 10 - sign.utf8.count - digits.utf8.count)
    return path + sign + String(repeating: "0", count: zeros) + digits
  }

  /// Whether no client may delete the node: it is the server's own.
  static func isUndeletable(_ path: String, _ dialect: Dialect) -> Bool {
    switch path {
    case "/", "/zookeeper", "/zookeeper/quota": true
    case "/zookeeper/config": dialect.hasConfigNode
    default: false
    }
  }

  /// The full rule, which writes apply to the node's own path.
  ///
  /// It begins with a slash and, but for `/` itself, does not end with one; no component is empty,
  /// `.` or `..`; no character is one that ``isForbidden(_:_:)``.
  static func isValid(_ path: String, _ dialect: Dialect) -> Bool {
    guard path.utf8.first == slash else { return false }
    var length = 0  // of the component so far
    var dots = 0  // how many of it are dots
    var isPlain = true
    for byte in path.utf8.dropFirst() {
      if byte == slash {
        if length == dots && length <= 2 { return false }
        length = 0
        dots = 0
        continue
      }
      length += 1
      if byte == UInt8(ascii: ".") { dots += 1 }
      if byte < 0x20 || byte >= 0x7f { isPlain = false }
    }
    if length == dots && length <= 2 && path.utf8.count > 1 { return false }
    return isPlain || !path.unicodeScalars.contains { isForbidden($0, dialect) }
  }

  /// Control characters, what Java's 16-bit characters split in two (emoji among them), private
  /// use, and the specials, where also U+FFFD lies, which stands for broken UTF-8.
  private static func isForbidden(_ character: Unicode.Scalar, _ dialect: Dialect) -> Bool {
    let value = character.value
    if value == 0 || value > 0xffff { return true }
    let ranges: [ClosedRange<UInt32>] =
      dialect.forbidsRangeEnds
      ? [0x01...0x1f, 0x7f...0x9f, 0xd800...0xf8ff, 0xfff0...0xffff]
      : [0x01...0x1e, 0x80...0x9e, 0xd801...0xf8fe, 0xfff1...0xfffe]
    return ranges.contains { $0.contains(value) }
  }
}
