import Synchronization

/// The name of a node, as runs and diagrams print it.
///
/// Names of up to 15 bytes of UTF-8 stand in the value itself: explorers and simulators copy,
/// compare and hash them all the time. Longer ones stand in a table of the process.
public struct NodeID: Hashable, Sendable {
  /// The length and the first seven bytes; or `LongNames.mark`.
  private let first: UInt64
  /// The other eight; or a place in the table.
  private let second: UInt64

  /// The node with this name.
  public init(_ name: String) {
    var (first, second) = (UInt64(0), UInt64(0))
    var count = UInt64(0)
    for byte in name.utf8.prefix(16) {
      let word = count < 7 ? first : second
      if count < 7 { first = word << 8 | UInt64(byte) } else { second = word << 8 | UInt64(byte) }
      count += 1
    }
    guard count < 16 else {
      (self.first, self.second) = (LongNames.mark, LongNames.place(of: name))
      return
    }
    self.first = count << 56 | first << (8 * (7 - min(count, 7)))
    self.second = count < 8 ? 0 : second << (8 * (15 - count))
  }

  /// The name.
  public var name: String {
    guard first < LongNames.mark else { return LongNames.name(at: second) }
    let count = Int(first >> 56)
    return String(unsafeUninitializedCapacity: count) { bytes in
      for index in 0..<count {
        let (word, last) = index < 7 ? (first, 6) : (second, 14)
        bytes[index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * (last - index)))
      }
      return count
    }
  }
}

/// The names that are too long to stand in a ``NodeID``.
private enum LongNames {
  /// Stands where the length of a short name stands.
  static let mark = UInt64.max

  private static let names = Mutex<[String]>([])

  static func place(of name: String) -> UInt64 {
    names.withLock { names in
      if let place = names.firstIndex(of: name) { return UInt64(place) }
      names.append(name)
      return UInt64(names.count - 1)
    }
  }

  static func name(at place: UInt64) -> String { names.withLock { $0[Int(place)] } }
}

extension NodeID: ExpressibleByStringLiteral {
  /// The node with this name.
  public init(stringLiteral name: String) { self.init(name) }
}

extension NodeID: Comparable {
  /// Shorter names come first, so that `s2` stands before `s10`.
  public static func < (a: NodeID, b: NodeID) -> Bool {
    if a.first < LongNames.mark || b.first < LongNames.mark {
      return (a.first, a.second) < (b.first, b.second)
    }
    return (a.name.utf8.count, a.name) < (b.name.utf8.count, b.name)
  }
}

extension NodeID: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

/// The way from one node to another.
public struct Link: Hashable, Sendable {
  /// The sender.
  public let from: NodeID
  /// The receiver.
  public let to: NodeID

  /// The way from one node to another.
  public init(from: NodeID, to: NodeID) {
    self.from = from
    self.to = to
  }

  /// The way back.
  public var reversed: Link { Link(from: to, to: from) }
}

extension Link: Comparable {
  /// By sender, then by receiver.
  public static func < (a: Link, b: Link) -> Bool { (a.from, a.to) < (b.from, b.to) }
}

extension Link: CustomStringConvertible {
  /// As a run file writes it: `c→a`.
  public var description: String { "\(from)→\(to)" }
}

/// The number of a request at a node, good there until it is answered or the node crashes.
public struct RequestID: Hashable, Comparable, Sendable {
  /// The least that no open request of the node has.
  public let number: Int

  /// The request with this number.
  public init(_ number: Int) { self.number = number }

  /// By number.
  public static func < (a: RequestID, b: RequestID) -> Bool { a.number < b.number }
}

extension RequestID: CustomStringConvertible {
  /// The number: `#0`.
  public var description: String { "#\(number)" }
}

/// The name of a client: it asks nodes, and is none.
public struct ClientID: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let name: String

  /// The client with this name.
  public init(_ name: String) { self.name = name }

  /// The client with this name.
  public init(stringLiteral name: String) { self.name = name }

  /// Shorter names come first.
  public static func < (a: ClientID, b: ClientID) -> Bool {
    (a.name.utf8.count, a.name) < (b.name.utf8.count, b.name)
  }
}

extension ClientID: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
