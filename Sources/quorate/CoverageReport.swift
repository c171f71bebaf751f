import Conformance
import Targets

/// Prints what cases cover, and what only generated runs meet, and why.
struct CoverageReport {
  let cases: [Case]
  /// Whether each combination that no case tries is told.
  var listsMissing = false

  private static let seeds: ClosedRange<UInt64> = 1...20

  func run() async throws {
    let covered = try await told { try await Coverage.covered(by: cases) }
    let generated = try await told { try await Coverage.covered(bySeeds: Self.seeds) }
    let missing = generated.beyond(covered)
    Terminal.say(
      """
      Combinations of operation, result, kind of node, watch and session that \
      \(cases.count { $0.isAsked }) cases try:

      \(covered.table)

      Those that no case tries and \(Self.seeds.count) generated runs of 1,000 operations do:

      \(missing.table)

      \(covered.cells.count) are tried by cases, \(generated.cells.count) by generated runs, \
      \(missing.cells.count) by these alone:

      """)
    let gaps = generated.gaps(beside: covered)
    for gap in CoverageGap.allCases.map(Optional.some) + [nil] {
      guard let cells = gaps[gap] else { continue }
      let count = "\(cells.cells.count)"
      Terminal.say(
        String(repeating: " ", count: max(0, 5 - count.count))
          + "\(count)  \(gap?.reason ?? "like nothing that is tried")")
      if listsMissing { cells.lines.forEach { Terminal.say("         \($0)") } }
    }
  }
}
