public import Lab
import ProtocolCore
public import ThreePhaseCommit

extension ThreePhaseCommitLaboratory {
  /// The claims that a property is about.
  public static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .AC2, .AC3, .AC4, .told, .commits, .aborts: ["3PC-1"]
    case .NB, .nonblocking: ["3PC-2"]
    case .AC5, .succession: ["3PC-3"]
    case .window: ["3PC-7"]
    }
  }

  /// Beside what their properties are about: what makes it nonblocking, terminates it, and what is
  /// believed after a crash.
  public static func claims(behind rule: Rule) -> [String] {
    switch rule {
    case .acksAwaited: ["3PC-1", "3PC-2", "3PC-6"]
    case .noneDecidesAlone, .statesAwaited, .uncertainAbort, .committableCommit,
      .uncertainReadiedFirst:
      ["3PC-1", "3PC-3"]
    case .leaderTimesOut, .silentAreGone, .statesTimeOut: ["3PC-2", "3PC-3"]
    case .recoveredStandAside, .lastToFailAwaited, .differingAwaitAll: ["3PC-1", "3PC-7"]
    case .lastToFailSuffices: ["3PC-2", "3PC-7"]
    case .voteStoredFirst, .preCommitStoredFirst, .unanimity, .noIsFinal, .voteOutlivesCrash,
      .preCommitOutlivesCrash, .requestTimesOut, .votesTimeOut, .acksTimeOut, .unvotedAborts,
      .decidedAnswers, .recoveredAsks, .decisionOutlivesCrash:
      []
    }
  }

  /// Beside what their properties are about: how a new leader decides, and who has a say.
  public static func claims(refutedBy flaw: Flaw<Process>) -> [String] {
    if terminationFlaws.contains(flaw) { return ["3PC-1", "3PC-3"] }
    if flaw.name.hasPrefix("recovered") { return ["3PC-1", "3PC-7"] }
    return []
  }

  /// What a transaction costs, and what the theory says of both chapters' automata.
  public static var examinations: [Examination] { costs + terminations + automata }

  /// What a transaction costs, for each outcome and number of participants.
  private static var costs: [Examination] {
    ThreePhaseCommitCost.table(updaters: 1...5).map { cost in
      let size = "\(cost.updaters)" + (cost.isDoomed ? "+1" : "")
      return Examination(
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
  private static var terminations: [Examination] {
    TerminationCost.Finding.allCases.flatMap { finding in
      (1...5).map { size in
        Examination(
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
