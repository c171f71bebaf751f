import AtomicCommitment
public import Lab
import ProtocolCore
public import TwoPhaseCommit

extension TwoPhaseCommitLaboratory {
  /// What commits and aborts cost in every variant; then a line and peers, whose n are those beside
  /// the first.
  public static func costs(_ sizes: ClosedRange<Int>) throws -> [CostRow] {
    var rows: [CostRow] = []
    for presumption in Presumption.allCases {
      let kinds: [(String, (Int) -> CommitCost)] = [
        ("commit", { CommitCost(presumption, updaters: $0) }),
        ("commit, one more only reads", { CommitCost(presumption, updaters: $0, readers: 1) }),
        ("commit, all only read", { CommitCost(presumption, updaters: 0, readers: $0) }),
        ("abort, one more votes no", { CommitCost(presumption, updaters: $0, isDoomed: true) }),
      ]
      for (outcome, cost) in kinds {
        let cells = try sizes.map { size in
          let cost = cost(size)
          return CostRow.Cell(size: size, counted: try cost.counted(), formula: cost.formula)
        }
        rows.append(CostRow(variant: presumption.rawValue, outcome: outcome, cells: cells))
      }
    }
    for form in CommitCost.Form.allCases {
      let cells = try sizes.map { size in
        CostRow.Cell(
          size: size, counted: try CommitCost.counted(all: form.role, beside: size),
          formula: form.formula(beside: size))
      }
      rows.append(CostRow(variant: form.name, outcome: "commit", cells: cells))
    }
    return rows
  }

  /// How long participants are in doubt, and blocked, against the time for which the coordinator is
  /// down that crashed with its decision.
  public static func plot() throws -> Plotted? {
    let times = try [25, 50, 100, 200, 300, 400].map { try TimeInDoubt(downtime: $0) }
    func curve(_ name: String, _ value: (TimeInDoubt) -> Double) -> Plotted.Curve {
      Plotted.Curve(name, times.map { Plotted.Point(Double($0.downtime), value($0)) })
    }
    return Plotted(
      title: "In doubt for as long as the coordinator is down",
      horizontal: "ticks for which the coordinator is down",
      vertical: "ticks, on average over participants and runs",
      curves: [curve("in doubt", \.inDoubt), curve("blocked", \.blocked)])
  }
}

extension CommitCost {
  /// The forms without a coordinator, by the role that all play.
  public enum Form: String, CaseIterable, Sendable {
    /// All stand in a line.
    case chained
    /// All tell all.
    case peer

    /// What all processes are.
    public var role: TwoPhaseCommitModel.Role { self == .chained ? .chained : .peer }

    /// What the literature calls it.
    public var name: String { self == .chained ? "linear" : "decentralized" }

    /// The cost of a commit by formula, with so many beside the first.
    ///
    /// In a line n votes run to the right and n decisions to the left; all but the last force a
    /// yes, all but the first a decision, for which the next to the left waits. Each of n + 1 peers
    /// tells n others its yes, which it has forced, and nobody waits for its decision.
    ///
    /// Source: Gray 1978, 5.8.3.3; Bernstein, Hadzilacos, Goodman 1987, 7.4; Skeen 1981.
    public func formula(beside n: Int) -> (messages: Int, forced: Int) {
      self == .chained ? (2 * n, 2 * n) : (n * (n + 1), n + 1)
    }
  }
}
