/// A counter that grows: how often each place has counted.
///
/// Source: Shapiro and others 2011, specification 6 (G-Counter).
public struct GrowingCounter: Mergeable {
  /// How often each place has counted, by place.
  public private(set) var counts: [Int: Int] = [:]

  /// Nothing was counted.
  public init() {}

  /// So much was counted, by place.
  public init(_ counts: [Int: Int]) { self.counts = counts }

  /// Counts once.
  public mutating func apply(_ change: Void, at place: Int) { counts[place, default: 0] += 1 }

  /// The greater count of each place.
  public mutating func merge(_ other: GrowingCounter) {
    counts.merge(other.counts) { max($0, $1) }
  }

  /// Whether the other has no smaller count of any place.
  public func isPart(of other: GrowingCounter) -> Bool {
    counts.allSatisfy { $0.value <= other.counts[$0.key, default: 0] }
  }

  /// How often all have counted.
  public var shown: Int { counts.values.reduce(0, +) }
}

extension GrowingCounter {
  /// What a change adds: a copy that holds nothing but what the change has made, to be sent in the
  /// place of all.
  ///
  /// Source: Almeida, Shoker, Baquero, "Efficient State-based CRDTs by Delta-Mutation", NETYS 2015.
  public mutating func delta(at place: Int) -> GrowingCounter {
    apply((), at: place)
    var delta = GrowingCounter()
    delta.counts[place] = counts[place]
    return delta
  }
}

/// A counter that goes up and down: two that grow.
///
/// Source: Shapiro and others 2011, specification 7 (PN-Counter).
public struct Counter: Mergeable {
  /// What was added.
  public private(set) var up = GrowingCounter()
  /// What was taken away.
  public private(set) var down = GrowingCounter()

  /// Nothing was counted.
  public init() {}

  /// So much was added and taken away.
  public init(up: GrowingCounter, down: GrowingCounter) {
    self.up = up
    self.down = down
  }

  /// Counts up, or down.
  public mutating func apply(_ isUp: Bool, at place: Int) {
    if isUp { up.apply((), at: place) } else { down.apply((), at: place) }
  }

  /// Each of the two merged.
  public mutating func merge(_ other: Counter) {
    up.merge(other.up)
    down.merge(other.down)
  }

  /// Both of the two.
  public func isPart(of other: Counter) -> Bool {
    up.isPart(of: other.up) && down.isPart(of: other.down)
  }

  /// What was added, less what was taken away.
  public var shown: Int { up.shown - down.shown }
}
