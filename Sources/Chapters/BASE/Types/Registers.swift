import ProtocolCore

/// A value with a stamp: the later wins, and of two with one stamp that of the greater place.
///
/// Source: Shapiro and others 2011, specification 8 (LWW-Register).
public struct LastWriterRegister: Mergeable {
  /// The value; nil where nothing was written.
  public private(set) var value: Int?
  /// When it was written, by the writer's clock.
  public private(set) var stamp = 0
  /// Where.
  public private(set) var place = 0

  /// A value, and what the clock reads.
  public struct Change: Hashable, Sendable {
    /// The value.
    public let value: Int
    let reading: Int

    /// A write.
    public init(_ value: Int, reading: Int) {
      self.value = value
      self.reading = reading
    }
  }

  /// Nothing was written.
  public init() {}

  /// Writes; the stamp is later than what is there, whatever the clock reads.
  public mutating func apply(_ change: Change, at place: Int) {
    stamp = max(stamp + 1, change.reading)
    (value, self.place) = (change.value, place)
  }

  /// The later of the two.
  public mutating func merge(_ other: LastWriterRegister) {
    if (stamp, place) < (other.stamp, other.place) { self = other }
  }

  /// Whether the other is not earlier.
  public func isPart(of other: LastWriterRegister) -> Bool {
    (stamp, place) <= (other.stamp, other.place)
  }

  /// The value.
  public var shown: Int? { value }
}

/// All values that nobody has written over knowingly: a cell.
///
/// Source: Shapiro and others 2011, specification 10 (MV-Register).
public struct MultiValueRegister: Mergeable {
  /// The values, and what is known.
  public private(set) var cell = Cell()

  /// Nothing was written.
  public init() {}

  /// Writes over all that is here; none deletes.
  public mutating func apply(_ value: Int?, at place: Int) {
    cell.write(value, over: cell.clock, at: NodeID("\(place)"))
  }

  /// What neither has written over.
  public mutating func merge(_ other: MultiValueRegister) { cell.merge(other.cell) }

  /// Whether the other knows of all, and has nothing that was written over here.
  public func isPart(of other: MultiValueRegister) -> Bool {
    other.cell.clock.covers(cell.clock)
      && other.cell.siblings.allSatisfy {
        !cell.clock.covers($0.dot) || cell.siblings.contains($0)
      }
  }

  /// The values.
  public var shown: [Int] { cell.values }
}
