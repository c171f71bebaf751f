import AtomicCommitment
public import Lab
import ProtocolCore
import ThreePhaseCommit

extension ThreePhaseCommitLaboratory {
  /// What a transaction costs, and what the theory says of both chapters' automata.
  public static var demonstrations: [Demonstration] { commits + terminations + automata }

  /// What a transaction costs, for each outcome and number of participants.
  private static var commits: [Demonstration] {
    ThreePhaseCommitCost.table(updaters: 1...5).map { cost in
      let size = "\(cost.updaters)" + (cost.isDoomed ? "+1" : "")
      return Demonstration(
        "COST[\(cost.outcome),\(size)]",
        "What \(cost.isDoomed ? "an abort" : "a commit") by \(size) costs, in three phases",
        claims: ["3PC-5"]
      ) {
        let (counted, formula) = (try cost.counted(), cost.formula)
        return Discrepancy.between("messages", expected: formula.messages, got: counted.messages)
          + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
          + Discrepancy.between("records", expected: formula.records, got: counted.records)
          + Discrepancy.between("rounds", expected: formula.rounds, got: counted.rounds)
      }
    }
  }

  /// What a termination costs, for what the new leader finds and each number of participants.
  private static var terminations: [Demonstration] {
    TerminationCost.Finding.allCases.flatMap { finding in
      (1...5).map { size in
        Demonstration(
          "COST[\(finding.rawValue.prefix(3)),\(size)]",
          "What a leader's termination with \(size) followers costs, \(finding.rawValue)",
          claims: ["3PC-5"]
        ) {
          let cost = TerminationCost(finding, followers: size)
          let (counted, formula) = (try cost.counted(), cost.formula)
          return Discrepancy.between(
            "messages", expected: formula.messages, got: counted.messages)
            + Discrepancy.between("forced writes", expected: formula.forced, got: counted.forced)
        }
      }
    }
  }
}
