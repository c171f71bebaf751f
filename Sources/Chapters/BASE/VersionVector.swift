public import ProtocolCore

/// One write: the how-manieth of a node.
public struct Dot: Hashable, Sendable {
  /// The node.
  public let node: NodeID
  /// Which of its writes, from one.
  public let count: Int

  /// A write of a node.
  public init(_ node: NodeID, _ count: Int) {
    self.node = node
    self.count = count
  }
}

extension Dot: Comparable {
  /// By node, then by count.
  public static func < (a: Dot, b: Dot) -> Bool { (a.node, a.count) < (b.node, b.count) }
}

extension Dot: CustomStringConvertible {
  /// As runs print it: `a2`.
  public var description: String { "\(node)\(count)" }
}

/// How many writes of each node are known: a version vector.
///
/// Source: Parker and others, "Detection of Mutual Inconsistency in Distributed Systems", IEEE TSE
/// 9(3), 1983.
public struct VersionVector: Hashable, Sendable {
  /// The nodes of which a write is known, in order, and how many.
  public private(set) var entries: [Dot] = []

  /// Nothing is known.
  public init() {}

  /// These are known, of each node the last.
  public init(_ dots: [Dot]) {
    for dot in dots where self[dot.node] < dot.count { self[dot.node] = dot.count }
  }

  /// How many writes of a node are known.
  public subscript(node: NodeID) -> Int {
    get { entries.first { $0.node == node }?.count ?? 0 }
    set {
      entries.removeAll { $0.node == node }
      guard newValue > 0 else { return }
      entries.append(Dot(node, newValue))
      entries.sort()
    }
  }

  /// Whether a write is known.
  public func covers(_ dot: Dot) -> Bool { dot.count <= self[dot.node] }

  /// Whether all that the other knows is known.
  public func covers(_ other: VersionVector) -> Bool { other.entries.allSatisfy(covers) }

  /// Comes to know what the other knows.
  public mutating func merge(_ other: VersionVector) {
    for dot in other.entries where self[dot.node] < dot.count { self[dot.node] = dot.count }
  }

  /// What either knows.
  public func merged(with other: VersionVector) -> VersionVector {
    var both = self
    both.merge(other)
    return both
  }

  /// A write more of a node, which follows on all that is known of it.
  public mutating func next(at node: NodeID) -> Dot {
    self[node] += 1
    return Dot(node, self[node])
  }
}

extension VersionVector: CustomStringConvertible {
  /// As runs print it: `a2 b1`.
  public var description: String {
    entries.isEmpty ? "nothing" : entries.map(\.description).joined(separator: " ")
  }
}
