public import Conformance
import Targets
import ZooKeeperConformance

/// What cases or runs cover: every request that they made of the reference, by what it was, what
/// came of it, what it was about, what it met, and how its session came about.
///
/// A fault can hide in any combination that nobody has tried. Generated runs show combinations
/// that can be met; cases should meet them too.
public struct Coverage: Sendable {
  /// One combination.
  public struct Cell: Hashable, Sendable {
    /// The operation, `multi/create` for one in a multi.
    public var operation: String
    /// What came of it: `Ok` or the name of an error.
    public var result: String
    /// What it was about: the kind of node, for a create what was to be made where.
    public var node: String
    /// For a write one of the watches that it met, for a read whether it left one.
    public var watch: String
    /// Whether its session was a new one or a resumed one.
    public var session: String

    /// The combination of these.
    public init(operation: String, result: String, node: String, watch: String, session: String) {
      self.operation = operation
      self.result = result
      self.node = node
      self.watch = watch
      self.session = session
    }
  }

  /// How often each was met.
  public private(set) var cells: [Cell: Int] = [:]

  /// Nothing yet.
  public init() {}

  /// Adds what another covers.
  public mutating func add(_ other: Coverage) { cells.merge(other.cells, uniquingKeysWith: +) }

  mutating func count(_ cell: Cell, _ times: Int = 1) { cells[cell, default: 0] += times }

  /// How many combinations were met, by operation and result.
  public var table: String {
    var counts: [String: [String: Int]] = [:]
    for cell in cells.keys { counts[cell.operation, default: [:]][cell.result, default: 0] += 1 }
    return CountTable(counts).text
  }

  /// A line for each, in order: `setData  BadVersion  own ephemeral  other's data  new`.
  public var lines: [String] {
    cells.keys.map { cell in
      [cell.operation, cell.result, cell.node, cell.watch, cell.session].joined(separator: "  ")
    }.sorted()
  }

  /// What this covers and `other` does not.
  public func beyond(_ other: Coverage) -> Coverage {
    var result = self
    result.cells = cells.filter { other.cells[$0.key] == nil }
    return result
  }
}

extension Coverage {
  /// What these cases cover; what asks no server is left out.
  public static func covered(by cases: [Case]) async throws(TargetError) -> Coverage {
    let profile = try await KillMatrix.profile()
    var coverage = Coverage()
    let target = await ZooKeeperTarget(withEditionsOf: ReferenceTarget(), profile)
    for each in Runner.plan(cases.filter(\.needsTarget), for: target).plan {
      let recorder = CoverageRecorder()
      _ = await IsolatedRun(ReferenceTarget(quirks: [recorder.quirk]), profile).outcome(of: each)
      coverage.add(recorder.coverage)
    }
    return coverage
  }

  /// What generated runs of 1,000 moves cover, one from each seed.
  public static func covered(
    bySeeds seeds: ClosedRange<UInt64>
  ) async throws(TargetError) -> Coverage {
    var coverage = Coverage()
    for seed in seeds {
      let recorder = CoverageRecorder()
      _ = try await Differential().run(seed: seed, on: ReferenceTarget(quirks: [recorder.quirk]))
      coverage.add(recorder.coverage)
    }
    return coverage
  }
}
