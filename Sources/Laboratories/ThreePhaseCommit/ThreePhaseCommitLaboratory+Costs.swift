import AtomicCommitment
public import Lab
import ProtocolCore
import ThreePhaseCommit
import TwoPhaseCommitLab

extension ThreePhaseCommitLaboratory {
  /// What commits and aborts cost, and what a termination costs after the coordinator has crashed,
  /// whose n are those beside the new leader.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    let kinds: [(String, (Int) -> ThreePhaseCommitCost)] = [
      ("commit", { ThreePhaseCommitCost(updaters: $0) }),
      ("abort, one more votes no", { ThreePhaseCommitCost(updaters: $0, isDoomed: true) }),
    ]
    let whole = try kinds.map { outcome, cost in
      let cells = try sizes.map { size in
        let formula = cost(size).formula
        return CostRow.Cell(
          size: size, counted: try cost(size).counted(), formula: (formula.messages, formula.forced)
        )
      }
      return CostRow(variant: "three phases", outcome: outcome, cells: cells)
    }
    let terminations = try TerminationCost.Finding.allCases.map { finding in
      let cells = try sizes.map { size in
        let cost = TerminationCost(finding, followers: size)
        return CostRow.Cell(size: size, counted: try cost.counted(), formula: cost.formula)
      }
      return CostRow(variant: "termination", outcome: finding.rawValue, cells: cells)
    }
    return whole + terminations
  }

  /// How long participants are uncertain when the coordinator crashes after the votes, in two
  /// phases and in three, against the time for which it is down.
  public static func plot() throws -> Plotted? {
    let downtimes = [25, 50, 100, 200, 300, 400]
    func curve(_ name: String, _ time: (Int) throws -> Double) throws -> Plotted.Curve {
      Plotted.Curve(
        name, try downtimes.map { Plotted.Point(Double($0), try time($0)) })
    }
    return Plotted(
      title: "Uncertain after the coordinator's crash, in two phases and in three",
      horizontal: "ticks for which the coordinator is down",
      vertical: "ticks, on average over participants and runs",
      curves: [
        try curve("two phases") { try TimeInDoubt(downtime: $0).inDoubt },
        try curve("three phases") { try timeUncertain(downtime: $0) },
      ])
  }

  /// How long each participant is uncertain, on average over participants and runs, in ticks, when
  /// the coordinator loses its preCommit in a crash and is down for so long.
  public static func timeUncertain(
    downtime: Int, participants: Int = 2, runs: Int = 20
  ) throws -> Double {
    var simulator = Simulator(
      try Cluster<Subject>(Subject.topology(participants)), length: 4_000...4_000)
    simulator.injectedCrashes = [
      InjectedCrash(node: "c", losing: .max, downtime: downtime) { system in
        system.hosts[0].unstable.contains(.preCommit)
      }
    ]
    var profile = FaultProfile()
    profile.storing = 1...2
    profile.asksFirst = true
    let total = (0..<UInt64(runs)).reduce(0) { total, seed in
      total + simulator.run(seed: seed, profile: profile).time(in: .uncertain)
    }
    return Double(total) / Double(runs * participants)
  }
}
