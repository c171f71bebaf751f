public import ProtocolCore

/// A value, and the write that it is of.
public struct Sibling: Hashable, Sendable {
  /// The write.
  public let dot: Dot
  /// The value; nil where a deletion has its stamp, and competes with values.
  public let value: Int?
  /// What the writer's clock read, for those who let the later win.
  public let stamp: Int

  /// A value.
  public init(_ dot: Dot, _ value: Int?, stamp: Int = 0) {
    self.dot = dot
    self.value = value
    self.stamp = stamp
  }
}

extension Sibling: Comparable {
  /// By write.
  public static func < (a: Sibling, b: Sibling) -> Bool { a.dot < b.dot }
}

/// What a server keeps under a key: all values that nobody has written over knowingly, and all
/// writes that it knows of.
///
/// What is deleted leaves no value, and its write stays known: that is the tombstone. Of two cells
/// a value stays that both have, or that one has and the other does not know of; what the other
/// knows of and has no more was written over.
///
/// Sources: DeCandia and others, "Dynamo: Amazon's Highly Available Key-value Store", SOSP 2007;
/// Preguiça and others, "Dotted Version Vectors", 2010 (arXiv:1011.5808), whose dots these are.
public struct Cell: Hashable, Sendable {
  /// The values, by their writes.
  public private(set) var siblings: [Sibling] = []
  /// All writes that are known.
  public private(set) var clock = VersionVector()

  /// Nothing was written.
  public init() {}

  /// Whether nothing is known.
  public var isEmpty: Bool { clock.entries.isEmpty }

  /// The values, in order.
  public var values: [Int] { siblings.compactMap(\.value).sorted() }
}

extension Cell {
  // begin cell
  /// Writes a value over all that the writer has seen; none deletes.
  ///
  /// - Parameters:
  ///   - value: the value; nil to delete.
  ///   - seen: what the writer knew of.
  ///   - node: the server that writes.
  ///   - stamp: what its clock reads.
  ///   - keepsSeen: whether what was seen stays all the same: a bug.
  public mutating func write(
    _ value: Int?, over seen: VersionVector, at node: NodeID, stamp: Int = 0,
    keepsSeen: Bool = false
  ) {
    if !keepsSeen { siblings.removeAll { seen.covers($0.dot) } }
    clock.merge(seen)
    let dot = clock.next(at: node)
    guard let value else { return }
    siblings = (siblings + [Sibling(dot, value, stamp: stamp)]).sorted()
  }

  /// Comes to hold what both hold.
  public mutating func merge(_ other: Cell) {
    let own = siblings.filter { other.siblings.contains($0) || !other.clock.covers($0.dot) }
    let new = other.siblings.filter { !siblings.contains($0) && !clock.covers($0.dot) }
    siblings = (own + new).sorted()
    clock.merge(other.clock)
  }
  // end cell

  /// Writes a value with its stamp beside all that is there; none deletes, and its tombstone has a
  /// stamp as well.
  public mutating func writeStamped(_ value: Int?, at node: NodeID, stamp: Int) {
    let dot = clock.next(at: node)
    siblings = (siblings + [Sibling(dot, value, stamp: stamp)]).sorted()
  }

  /// Of several values and tombstones only that with the latest stamp stays; of those with one
  /// stamp that of the server with the greatest name.
  public mutating func keepLast() {
    keep(siblings.max { ($0.stamp, $0.dot) < ($1.stamp, $1.dot) })
  }

  /// Nothing else stays.
  public mutating func keep(_ sibling: Sibling?) { siblings = sibling.map { [$0] } ?? [] }

  /// Comes to hold what both hold, as a form of the store has it.
  public mutating func merge(_ other: Cell, as variant: Variant) {
    switch variant {
    case .mergedClocks: mergeWithoutDots(other)
    case .siblings, .sloppy, .sessions, .readRepair: merge(other)
    case .lastWriterWins:
      merge(other)
      keepLast()
    }
  }

  /// One vector for all values, as without dots: a write that does not know of all is one more
  /// value, and one cell is written over by another whose vector knows all of its.
  ///
  /// Then a value that was seen stays when anything else was not.
  public mutating func writeWithoutDots(_ value: Int?, over seen: VersionVector, at node: NodeID) {
    if seen.covers(clock) { siblings = [] }
    clock.merge(seen)
    let dot = clock.next(at: node)
    guard let value else { return }
    siblings = (siblings + [Sibling(dot, value)]).sorted()
  }

  /// The same of two cells; of those with one clock both stay, which can differ all the same: what
  /// a write removes depends on the order in which a server hears of the others.
  public mutating func mergeWithoutDots(_ other: Cell) {
    let (isCovered, covers) = (other.clock.covers(clock), clock.covers(other.clock))
    if isCovered != covers {
      if isCovered { self = other }
      return
    }
    siblings = Set(siblings + other.siblings).sorted()
    clock.merge(other.clock)
  }

  /// The same cell whose clock does not know of a server.
  public func forgetting(_ node: NodeID) -> Cell {
    var cell = self
    cell.clock[node] = 0
    return cell
  }
}

extension Cell: CustomStringConvertible {
  /// As runs print it: `1 2 (a2 b1)`; with stamps `1@9 (a2 b1)`, of a deletion `none@9 (a2 b1)`.
  public var description: String {
    let all = siblings.sorted { ($0.value ?? .min, $0.dot) < ($1.value ?? .min, $1.dot) }
      .map { sibling in
        (sibling.value.map { "\($0)" } ?? "none") + (sibling.stamp > 0 ? "@\(sibling.stamp)" : "")
      }
    return (all.isEmpty ? "none" : all.joined(separator: " ")) + " (\(clock))"
  }
}

/// The cells of a server, by key.
public struct Cells: Hashable, Sendable {
  /// The keys and their cells.
  public private(set) var entries: [Entry] = []

  /// None.
  public init() {}

  /// One.
  public init(_ key: String, _ cell: Cell) { self[key] = cell }

  /// Those in some buckets.
  func within(_ buckets: [Int]) -> Cells {
    var some = Cells()
    for entry in entries where buckets.contains(MerkleTree.bucket(of: entry.key)) {
      some[entry.key] = entry.cell
    }
    return some
  }

  /// A key and its cell.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public let key: String
    /// Its cell.
    public let cell: Cell
  }

  /// The cell of a key.
  public subscript(key: String) -> Cell {
    get { entries.first { $0.key == key }?.cell ?? Cell() }
    set {
      entries.removeAll { $0.key == key }
      guard !newValue.isEmpty else { return }
      entries.append(Entry(key: key, cell: newValue))
      entries.sort { $0.key < $1.key }
    }
  }
}

extension Cells: CustomStringConvertible {
  /// As runs print it: `x 1 2 (a2 b1)`.
  public var description: String {
    entries.isEmpty ? "nothing" : entries.map { "\($0.key) \($0.cell)" }.joined(separator: ", ")
  }
}
