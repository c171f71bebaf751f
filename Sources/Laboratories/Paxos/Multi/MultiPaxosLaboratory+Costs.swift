public import Lab
import Paxos
import ProtocolCore
import ReplicatedLog

extension MultiPaxosLaboratory {
  /// What commands cost that a leader takes which n others follow, alone and four at a time; and
  /// what it costs to lead them.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    var rows = [
      CostRow(
        variant: "log", outcome: "an election",
        cells: try sizes.map { size in
          CostRow.Cell(
            size: size, counted: Cost(of: try election(size + 1).steps),
            formula: (messages: 2 * size, forced: size + 1))
        })
    ]
    for (count, outcome) in [(1, "a command"), (4, "four commands at a time")] {
      rows.append(
        CostRow(
          variant: "log", outcome: outcome,
          cells: try sizes.map { size in
            CostRow.Cell(
              size: size, counted: try commands(count, size + 1),
              formula: formula(count, size + 1))
          }))
    }
    return rows
  }

  /// Each of the others is asked, and answers, once for each command, and forces its acceptance;
  /// the leader's own disk works meanwhile, and no message waits for it.
  static func formula(_ count: Int, _ size: Int) -> (messages: Int, forced: Int) {
    (messages: 2 * (size - 1) * count, forced: (size - 1) * count)
  }

  /// What so many commands cost that are asked at a time of a leader whom all follow.
  static func commands(_ count: Int, _ size: Int) throws -> Cost {
    var system = try election(size).system
    return Cost(
      of: system.playFairly(
        (1...count).map {
          ("a", Moments.command("x", $0, .append("k", "a")))
        }))
  }

  /// A server is elected by all the others.
  private static func election(
    _ size: Int
  ) throws -> (system: SystemState<Subject>, steps: [Step<MultiPaxos.Words>]) {
    var system = SystemState(try Cluster<Subject>(Subject.topology(size)))
    var steps = [try system.perform(.expire("a", .election))]
    steps += system.playFairly([])
    return (system, steps)
  }

  /// What commands cost with three, five and seven servers.
  public static var demonstrations: [Demonstration] {
    [3, 5, 7].flatMap { size in
      [1, 4].map { count in
        Demonstration(
          "COST[\(count),\(size)]",
          "What \(count) under a leader whom all follow cost with \(size) servers",
          claims: ["PAXOS-7"]
        ) {
          let counted = try commands(count, size)
          let formula = formula(count, size)
          return Discrepancy.between(
            "messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
  }
}
