import BASE
public import Lab
import ProtocolCore

extension BASELaboratory {
  /// The laws of data that merge, each over some cases; and that each law catches a bug.
  public static let demonstrations: [Demonstration] =
    LawBook.entries.map { entry in
      Demonstration(
        "LAWS[\(entry.name)]", "\(entry.name)s come to the same, however they are merged",
        claims: ["BASE-4"]
      ) {
        let bug = entry.flawed(2_000) == nil
        return
          (entry.broken(2_000).map { [Discrepancy("laws", expected: "all", got: "not \($0)")] }
          ?? [])
          + (bug ? [Discrepancy("a bug: \(entry.flaw)", expected: "caught", got: "missed")] : [])
      }
    } + [
      Demonstration(
        "LAWS[delta]", "A G-Counter that is sent by what was added comes to the same",
        claims: ["BASE-4"]
      ) {
        LawBook.brokenDeltas(cases: 2_000).map {
          [Discrepancy("case", expected: "none", got: "\($0)")]
        } ?? []
      },
      Demonstration(
        "MERKLE", "Two nodes that differ in one of 64 keys compare no more than one path",
        claims: ["BASE-2"]
      ) {
        var cells = Cells()
        for number in 0..<64 {
          var cell = Cell()
          cell.write(number, over: cell.clock, at: "a")
          cells["key-\(number)"] = cell
        }
        var other = cells
        var cell = other["key-7"]
        cell.write(99, over: cell.clock, at: "b")
        other["key-7"] = cell
        let found = MerkleTree(cells).differences(from: MerkleTree(other))
        // A root, and two children a level.
        return Discrepancy.between("buckets", expected: 1, got: found.buckets.count)
          + Discrepancy.between("hashes compared", expected: 7, got: found.compared)
      },
    ]
}
