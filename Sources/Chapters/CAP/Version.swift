public import ProtocolCore

/// How new a value is: a number, and the node that gave it.
///
/// Of two with one number the name decides, so that no two nodes ever give the same.
///
/// Source: Attiya, Bar-Noy, Dolev 1995, whose single writer needs numbers only; Lynch and
/// Shvartsman, FTCS 1997, with several writers; Lamport 1978 for the pair.
public struct Tag: Hashable, Sendable {
  /// The number, from one.
  public let number: Int
  /// The node; nobody, where the rule that tags differ is left out.
  public let writer: NodeID

  /// A tag.
  public init(_ number: Int, _ writer: NodeID) {
    self.number = number
    self.writer = writer
  }
}

extension Tag: Comparable {
  /// By number, then by the writer's name.
  public static func < (a: Tag, b: Tag) -> Bool { (a.number, a.writer) < (b.number, b.writer) }
}

extension Tag: CustomStringConvertible {
  /// As runs print it: `2.b`.
  public var description: String { "\(number).\(writer)" }
}

/// A value with its tag.
public struct Version: Hashable, Sendable {
  /// How new it is.
  public let tag: Tag
  /// The value.
  public let value: Int

  /// A version.
  public init(_ tag: Tag, _ value: Int) {
    self.tag = tag
    self.value = value
  }
}

extension Version: CustomStringConvertible {
  /// As runs print it: `2.b=7`.
  public var description: String { "\(tag)=\(value)" }
}

/// What a node keeps: a version under each key that was written.
public struct Contents: Hashable, Sendable {
  /// The versions, by key.
  public private(set) var entries: [Entry] = []

  /// Nothing.
  public init() {}

  /// A key and its version.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public let key: String
    /// What stands there.
    public let version: Version
  }

  /// The version of a key; nil where nothing was written.
  public subscript(key: String) -> Version? {
    get { entries.first { $0.key == key }?.version }
    set {
      entries.removeAll { $0.key == key }
      guard let newValue else { return }
      entries.append(Entry(key: key, version: newValue))
      entries.sort { $0.key < $1.key }
    }
  }

  /// The greatest number of all tags; zero if there is none.
  public var number: Int { entries.map(\.version.tag.number).max() ?? 0 }
}

extension Contents: CustomStringConvertible {
  /// As runs print it: `x 2.b=7`.
  public var description: String {
    entries.isEmpty ? "nothing" : entries.map { "\($0.key) \($0.version)" }.joined(separator: ", ")
  }
}

/// How many nodes are asked, and how many are to keep what is written.
public struct Quorums: Hashable, Sendable {
  /// R: how many must tell their version.
  public let read: Int
  /// W: how many must keep a version.
  public let write: Int

  // begin quorums
  /// The quorums of so many nodes: majorities, or so few that a read may miss the last write.
  ///
  /// Source: Gifford, "Weighted Voting for Replicated Data", SOSP 1979: r + w > N.
  public init(of nodes: Int, variant: Variant, without: Set<Rule> = []) {
    write = nodes / 2 + 1
    let rest = nodes - write
    let meets = variant != .noOverlap && !without.contains(.quorumsMeet)
    read = meets ? rest + 1 : max(1, rest)
  }
  // end quorums
}
