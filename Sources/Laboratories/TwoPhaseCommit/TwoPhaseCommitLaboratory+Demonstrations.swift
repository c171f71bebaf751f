import AtomicCommitment
public import Lab
import ProtocolCore
import TwoPhaseCommit

extension TwoPhaseCommitLaboratory {
  /// What a transaction costs, for each outcome, variant and number of participants; and why nobody
  /// can always recover alone.
  public static var demonstrations: [Demonstration] {
    let independence = Demonstration(
      "RECOVERY", "Two runs that a lone restarting process cannot tell apart end otherwise",
      claims: ["2PC-12"], isArgued: true
    ) { try IndependentRecovery.discrepancies() }
    return centralized + withoutCoordinator + [independence]
  }

  private static var centralized: [Demonstration] {
    CommitCost.table(updaters: 1...5).map { cost in
      let others = cost.readers + (cost.isDoomed ? 1 : 0)
      let size = "\(cost.updaters)" + (others > 0 ? "+\(others)" : "")
      let presumed = cost.presumption.rawValue.split(separator: " ").last ?? ""
      return Demonstration(
        "COST[\(presumed),\(cost.outcome),\(size)]",
        "What \(cost.isDoomed ? "an abort" : "a commit") by \(size) costs, "
          + cost.presumption.rawValue,
        claims: ["2PC-9"]
      ) {
        let counted = try cost.counted()
        return Discrepancy.between(
          "messages", expected: cost.formula.messages, got: counted.messages)
          + Discrepancy.between(
            "forced writes", expected: cost.formula.forced, got: counted.forced)
      }
    }
  }

  private static var withoutCoordinator: [Demonstration] {
    CommitCost.Form.allCases.flatMap { form in
      (1...5).map { size in
        Demonstration(
          "COST[\(form.name),commit,\(size)]",
          "What a \(form.name) commit by \(size) and the first costs", claims: ["2PC-9"]
        ) {
          let counted = try CommitCost.counted(all: form.role, beside: size)
          let formula = form.formula(beside: size)
          return Discrepancy.between("messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
  }
}
