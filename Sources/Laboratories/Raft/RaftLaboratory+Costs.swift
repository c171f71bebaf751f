public import Lab
import ProtocolCore
import Raft
import ReplicatedLog

extension RaftLaboratory {
  /// What an election costs, and what commands and reads cost under a leader that n others follow.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    try Raft.Variant.allCases.filter { $0 != .lease }.flatMap { variant in
      try kinds(variant).map { kind in
        CostRow(
          variant: variant.rawValue, outcome: kind.name,
          cells: try sizes.map { size in
            CostRow.Cell(
              size: size, counted: try kind.cost(size + 1), formula: kind.formula(size))
          })
      }
    }
  }

  /// Something that is counted.
  private struct Kind: Sendable {
    let name: String
    let cost: @Sendable (Int) throws -> Cost
    let formula: @Sendable (Int) -> (messages: Int, forced: Int)
  }

  private static func kinds(_ variant: Raft.Variant) -> [Kind] {
    let isAsked = variant != .paper
    let commands = [1, 4].map { count in
      Kind(
        name: count == 1 ? "a command" : "four commands at a time",
        cost: { try cost(of: appends(count), $0, variant) },
        formula: { (messages: 2 * $0 * count, forced: $0 * count) })
    }
    return [
      // With PreVote one trip more; each voter forces its vote, and each follower the first entry.
      Kind(
        name: "an election",
        cost: { Cost(of: try election($0, variant).steps) },
        formula: { (messages: (isAsked ? 6 : 4) * $0, forced: 2 * $0) })
    ] + commands + [
      Kind(
        name: "a read",
        cost: { try cost(of: [Moments.command("z", 1, .get("k"))], $0, variant) },
        formula: { (messages: 2 * $0, forced: 0) })
    ]
  }

  private static func appends(_ count: Int) -> [Raft.Words.Request] {
    (1...count).map { Moments.command("x", $0, .append("k", "a")) }
  }

  /// What these cost, asked at a time of a leader whom all follow.
  private static func cost(
    of requests: [Raft.Words.Request], _ size: Int, _ variant: Raft.Variant
  ) throws -> Cost {
    var system = try election(size, variant).system
    return Cost(of: system.playFairly(requests.map { ("a", $0) }))
  }

  /// A server is elected by all the others.
  private static func election(
    _ size: Int, _ variant: Raft.Variant
  ) throws -> (system: SystemState<Subject>, steps: [Step<Raft.Words>]) {
    var system = SystemState(try Cluster<Subject>(Subject.topology(size), variant: variant))
    var steps = [try system.perform(.expire("a", .election))]
    steps += system.playFairly([])
    return (system, steps)
  }

  /// Costs with three, five and seven servers; elections, by chance and without; what a server that
  /// returns disturbs.
  public static var demonstrations: [Demonstration] { costDemonstrations + electionDemonstrations }

  private static var costDemonstrations: [Demonstration] {
    Raft.Variant.allCases.filter { $0 != .lease }.flatMap { variant in
      kinds(variant).flatMap { kind in
        [3, 5, 7].map { size in
          Demonstration(
            "COST[\(variant.rawValue),\(kind.name),\(size)]",
            "What \(kind.name) costs with \(size) servers", claims: ["RAFT-5"]
          ) {
            let counted = try kind.cost(size)
            let formula = kind.formula(size - 1)
            return Discrepancy.between(
              "messages", expected: formula.messages, got: counted.messages)
              + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
          }
        }
      }
    }
  }

  private static var electionDemonstrations: [Demonstration] {
    [
      Demonstration(
        "ELECTIONS[chance]", "Of 50 runs all but 2 have a leader after 2 elections",
        claims: ["RAFT-8"]
      ) {
        let elections = try Elections(spread: 70)
        return elections.percent(within: 2) >= 96
          ? []
          : [
            Discrepancy(
              "runs with a leader after 2 elections", expected: "at least 96 of 100",
              got: "\(elections.percent(within: 2))")
          ]
      },
      Demonstration(
        "ELECTIONS[equal]", "Of 50 runs with equal time-outs none has a leader after 2 elections",
        claims: ["RAFT-8"]
      ) {
        Discrepancy.between(
          "runs with a leader after 2 elections", expected: 0,
          got: Int(try Elections(spread: 0).percent(within: 2)))
      },
      Demonstration(
        "RETURNS[prevote]", "A server that returns begins no term", claims: ["RAFT-8"]
      ) {
        Discrepancy.between(
          "terms begun", expected: 0, got: try elections(ofReturning: nil))
      },
    ]
  }

  /// How many runs in a hundred have a leader after so many elections, for time-outs that come from
  /// narrower and wider ranges.
  public static func plot() throws -> Plotted? {
    let most = 3
    let measured: [(String, Elections)] = [
      ("70 to 140", try Elections(spread: 70)), ("70 to 75", try Elections(spread: 5)),
      ("70 to 75, PreVote", try Elections(spread: 5, .thesis)),
      ("all 70", try Elections(spread: 0)),
    ]
    return Plotted(
      title: "Elections until a leader, 50 runs each, by the range of time-outs in ticks",
      horizontal: "elections", vertical: "per cent of runs that have a leader",
      curves: measured.map { name, elections in
        Plotted.Curve(
          name, (0...most).map { .init(Double($0), elections.percent(within: $0)) })
      })
  }
}
