import AtomicCommitment
public import Lab
import ProtocolCore
public import TwoPhaseCommit

/// Why no process that restarts alone can always decide: two runs, told apart by all but the one
/// that crashed.
///
/// In one b votes yes and c commits, in the other b votes no and c aborts. In both a votes yes,
/// crashes before it hears of it, and restarts: what it has seen, and what is on its disk, is the
/// same. Whatever it decided alone would be wrong in one of them.
///
/// Source: Skeen and Stonebraker, "A Formal Model of Crash Recovery in a Distributed System", IEEE
/// TSE 9(3), 1983.
public enum IndependentRecovery {
  /// What is otherwise in the two runs.
  ///
  /// - Parameter rules: rules that are left out, to see whether it is noticed.
  public static func discrepancies(without rules: Set<Rule> = []) throws -> [Discrepancy] {
    let committed = try played(b: .update, rules)
    let aborted = try played(b: .doomed, rules)
    let wanted: [(SystemState<TwoPhaseCommitModel>, String, NodeID, Condition)] = [
      (committed, "c where b voted yes", "c", .committed),
      (aborted, "c where b voted no", "c", .aborted),
      (committed, "a where b voted yes", "a", .uncertain),
      (aborted, "a where b voted no", "a", .uncertain),
    ]
    var discrepancies = wanted.compactMap { system, who, id, condition -> Discrepancy? in
      guard !system.monitor.holds(condition, at: id, in: system.scene) else { return nil }
      return Discrepancy(who, expected: condition.rawValue, got: "not so")
    }
    if committed.hosts[1] != aborted.hosts[1] {
      discrepancies.append(
        Discrepancy("what a has seen", expected: "the same in both runs", got: "another in each"))
    }
    return discrepancies
  }

  /// Both vote as they must, the coordinator decides, and a crashes and restarts.
  private static func played(b work: Words.Work, _ rules: Set<Rule>) throws -> SystemState<
    TwoPhaseCommitModel
  > {
    var system = SystemState(
      try Cluster<TwoPhaseCommitModel>(TwoPhaseCommitModel.topology(2), without: rules))
    let before: [Act<Words>] = [
      .ask("a", .work(.update)), .ask("b", .work(work)), .ask("c", .commit),
      .store("c", first: nil),
      .deliver(Link(from: "c", to: "a"), 0), .store("a", first: nil),
      .deliver(Link(from: "c", to: "b"), 0),
    ]
    let after: [Act<Words>] = [
      .deliver(Link(from: "a", to: "c"), 0), .deliver(Link(from: "b", to: "c"), 0),
      .store("c", first: nil), .crash("a", losing: 0, unsent: 0), .restart("a"),
    ]
    let stored: [Act<Words>] = work == .update ? [.store("b", first: nil)] : []
    for act in before + stored + after { try system.perform(act) }
    return system
  }
}
