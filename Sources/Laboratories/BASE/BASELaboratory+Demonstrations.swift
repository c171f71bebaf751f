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
        entry.broken(2_000).map {
          Discrepancy("laws", expected: "all", got: "not \($0.law.rawValue), case \($0.after)")
        }
          + entry.bugs.filter { $0.broken(2_000).isEmpty }.map {
            Discrepancy("a bug: \($0.sentence)", expected: "caught", got: "missed")
          }
      }
    } + [
      Demonstration(
        "LAWS[each]", "Each law is broken by a bug, and two by a bug that breaks no other",
        claims: ["BASE-4"]
      ) {
        let broken = LawBook.entries.flatMap(\.bugs).map { $0.broken(2_000).map(\.law) }
        let alone = Law.allCases.filter { law in broken.contains([law]) }
        return Law.allCases.filter { law in !broken.contains { $0.contains(law) } }.map {
          Discrepancy("\($0.rawValue)", expected: "broken by a bug", got: "not")
        }
          + [Law.upper, .alone].filter { !alone.contains($0) }.map {
            Discrepancy("\($0.rawValue)", expected: "broken alone by a bug", got: "not")
          }
      },
      Demonstration(
        "LAWS[delta]", "A G-Counter that is sent by what was added comes to the same",
        claims: ["BASE-4"]
      ) {
        LawBook.brokenDeltas(cases: 2_000).map {
          [Discrepancy("case", expected: "none", got: "\($0)")]
        } ?? []
      },
      Demonstration(
        "MERKLE", "Two servers that differ in one of 64 keys compare no more than one path",
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
