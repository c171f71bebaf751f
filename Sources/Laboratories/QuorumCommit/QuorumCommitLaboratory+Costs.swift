import AtomicCommitment
public import Lab
import ProtocolCore
import QuorumCommit

extension QuorumCommitLaboratory {
  /// What commits and aborts cost where nothing fails, in both forms.
  ///
  /// Three phases, and an acknowledgement is on disk before it leaves: the side on which a process
  /// stands must outlive a crash. So each participant forces two records where three-phase commit
  /// forces one. The coordinator forces its preCommit and its commit. An abort needs no quorum
  /// while a participant can still say no.
  ///
  /// Source: Skeen, "A Quorum-Based Commit Protocol", 1982; Keidar, Dolev 1998.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    try Variant.allCases.flatMap { variant in
      [
        CostRow(
          variant: variant.rawValue, outcome: "commit",
          cells: try sizes.map { n in
            CostRow.Cell(
              size: n, counted: try cost(variant, updaters: n), formula: (5 * n, 2 * n + 2))
          }),
        CostRow(
          variant: variant.rawValue, outcome: "abort, one more votes no",
          cells: try sizes.map { n in
            CostRow.Cell(
              size: n, counted: try cost(variant, updaters: n, isDoomed: true),
              formula: (3 * (n + 1), n + 1))
          }),
      ]
    }
  }

  /// The cost of a run without faults with so many that vote yes, and perhaps one that votes no.
  static func cost(
    _ variant: Variant, updaters: Int, isDoomed: Bool = false
  ) throws -> Cost {
    let cluster = try Cluster<Subject>(
      Subject.topology(updaters + (isDoomed ? 1 : 0)), variant: variant)
    let work = Array(repeating: Words.Work.update, count: updaters) + (isDoomed ? [.doomed] : [])
    let asks =
      zip(cluster.nodes.dropFirst(), work).map { ($0, Words.Request.work($1)) } + [("c", .commit)]
    var system = SystemState(cluster)
    return Cost(of: system.playFairly(asks))
  }
}
