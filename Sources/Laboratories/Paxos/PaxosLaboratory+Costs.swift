import Consensus
public import Lab
import Paxos
import ProtocolCore

extension PaxosLaboratory {
  /// What a value costs that one proposer has chosen, when nothing fails; n are the acceptors.
  ///
  /// A request and an answer in each phase and to each acceptor, the last of which go to the
  /// learner; and its word to both proposers. Each acceptor forces what it promises and accepts,
  /// the proposer its number.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    [
      CostRow(
        variant: "majority", outcome: "a value is chosen",
        cells: try sizes.map { size in
          var system = SystemState(try Cluster<Subject>(Subject.topology(size)))
          let steps = system.playFairly([("p", .propose("v"))])
          return CostRow.Cell(
            size: size, counted: Cost(of: steps),
            formula: (messages: 4 * size + 2, forced: 2 * size + 1))
        })
    ]
  }

  /// What a value costs with three, five and seven acceptors.
  public static var demonstrations: [Demonstration] {
    [3, 5, 7].map { size in
      Demonstration(
        "COST[\(size)]", "What one value costs with \(size) acceptors", claims: ["PAXOS-6"]
      ) {
        let cells = try costs(size...size)[0].cells
        return cells.flatMap { cell in
          Discrepancy.between("messages", expected: cell.messages, got: cell.counted.messages)
            + Discrepancy.between("forced writes", expected: cell.forced, got: cell.counted.forced)
        }
      }
    }
  }
}
