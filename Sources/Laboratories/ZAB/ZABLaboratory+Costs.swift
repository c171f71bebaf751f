public import Lab
import ProtocolCore
import ReplicatedLog
import ZAB

extension ZABLaboratory {
  /// What the beginning of an epoch costs, and what transactions cost under a leader that n others
  /// follow.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    try kinds.map { kind in
      CostRow(
        variant: ZAB.Variant.usual.rawValue, outcome: kind.name,
        cells: try sizes.map { size in
          CostRow.Cell(size: size, counted: try kind.cost(size), formula: kind.formula(size))
        })
    }
  }

  /// Something that is counted, with so many that follow.
  private struct Kind: Sendable {
    let name: String
    let cost: @Sendable (Int) throws -> Cost
    let formula: @Sendable (Int) -> (messages: Int, forced: Int)
  }

  private static let kinds: [Kind] =
    [
      // Eight packets with each learner; each forces its acceptance and then its history. (A
      // leader's own writes hold no message that has been made, and are not counted.)
      Kind(
        name: "the beginning of an epoch", cost: { Cost(of: try epoch($0).steps) },
        formula: { (messages: 8 * $0, forced: 2 * $0) })
    ]
    + [1, 4].map { count in
      Kind(
        name: count == 1 ? "a transaction" : "four transactions at a time",
        cost: { try cost(of: count, $0) },
        formula: { (messages: 3 * $0 * count, forced: $0 * count) })
    }

  /// What so many transactions cost, asked at a time of a leader that all follow.
  private static func cost(of count: Int, _ size: Int) throws -> Cost {
    var system = try epoch(size).system
    return Cost(
      of: system.playFairly(
        (1...count).map { ("a", Moments.command("x", $0, .append("k", "a"))) }))
  }

  /// All have come to know a as the leader, and its epoch begins.
  private static func epoch(
    _ size: Int
  ) throws -> (system: SystemState<Subject>, steps: [Step<ZABModel.Words>]) {
    let servers = "abcdefghij".prefix(size + 1).map {
      Member(NodeID(String($0)), Subject.Role.server)
    }
    var system = SystemState(try Cluster<Subject>(servers, variant: .any))
    var steps: [Step<ZABModel.Words>] = []
    for server in servers { steps.append(try system.perform(.expire(server.id, .elected("a")))) }
    steps += system.playFairly([])
    return (system, steps)
  }

  /// Costs with three, five and seven servers.
  public static var demonstrations: [Demonstration] {
    kinds.flatMap { kind in
      [3, 5, 7].map { size in
        Demonstration(
          "COST[\(kind.name),\(size)]", "What \(kind.name) costs with \(size) servers",
          claims: [kind.name == "the beginning of an epoch" ? "SYNC-1" : "ZAB-3"]
        ) {
          let counted = try kind.cost(size - 1)
          let formula = kind.formula(size - 1)
          return Discrepancy.between(
            "messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
  }
}
