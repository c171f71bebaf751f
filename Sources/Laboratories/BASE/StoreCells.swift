public import BASE
import ProtocolCore

/// The cell of a server where the last writer wins, as data that merge.
public struct LastWriterCell: Mergeable {
  /// The cell.
  public private(set) var cell = Cell()

  /// A write or a deletion, and what the clock of the server reads.
  public struct Change: Hashable, Sendable {
    let value: Int?
    let reading: Int

    /// A write; none deletes.
    public init(_ value: Int?, reading: Int) {
      self.value = value
      self.reading = reading
    }
  }

  /// Nothing was written.
  public init() {}

  /// This cell.
  public init(_ cell: Cell) { self.cell = cell }

  /// As a server takes a write.
  public mutating func apply(_ change: Change, at place: Int) {
    cell.writeStamped(change.value, at: NodeID("\(place)"), stamp: change.reading)
    cell.keepLast()
  }

  /// As a server takes the cell of another.
  public mutating func merge(_ other: LastWriterCell) {
    cell.merge(other.cell, as: .lastWriterWins)
  }

  /// Whether the other knows of all, and keeps nothing that is earlier.
  public func isPart(of other: LastWriterCell) -> Bool {
    guard other.cell.clock.covers(cell.clock) else { return false }
    guard let own = cell.siblings.first else { return true }
    guard let last = other.cell.siblings.first else { return false }
    return (own.stamp, own.dot) <= (last.stamp, last.dot)
  }

  /// The value.
  public var shown: Int? { cell.values.first }
}

/// The cell of a server that has one vector for all values, as data that merge: they do not, by the
/// laws.
public struct UndottedCell: Mergeable {
  /// The cell.
  public private(set) var cell = Cell()

  /// Nothing was written.
  public init() {}

  /// As a server takes a write of a client that has read there; none deletes.
  public mutating func apply(_ value: Int?, at place: Int) {
    cell.writeWithoutDots(value, over: cell.clock, at: NodeID("\(place)"))
  }

  /// As a server takes the cell of another.
  public mutating func merge(_ other: UndottedCell) { cell.merge(other.cell, as: .mergedClocks) }

  /// Whether the other knows of all.
  public func isPart(of other: UndottedCell) -> Bool { other.cell.clock.covers(cell.clock) }

  /// The values.
  public var shown: [Int] { cell.values }
}
