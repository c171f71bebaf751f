import AtomicCommitment
import ProtocolCore

// How many are enough, and what to go for with them.

extension Process {
  // begin quorums
  /// How many must stand on the side of a decision before a process decides it.
  func quorum(for decision: Decision) -> Int {
    let majority = order.count / 2 + 1
    switch (variant, decision) {
    case (_, .commit), (.enhanced, .abort): return majority
    case (.quorum, .abort):
      let rest = order.count - majority
      return obey(.quorumsMeet) ? rest + 1 : rest
    }
  }

  /// What to go for, when these answer, the leader among them; nil is to wait.
  func choice(among standings: [Standing]) -> Decision? {
    switch variant {
    case .quorum: choiceOfSides(standings)
    case .enhanced: choiceOfLatest(standings)
    }
  }

  private func choiceOfSides(_ standings: [Standing]) -> Decision? {
    func count(_ stage: Stage) -> Int { standings.count { $0.stage == stage } }
    let (ready, undecided) = (count(.preCommit), count(.uncertain))
    let mayCommit = require(.oneIsCommittable, ready > 0)
    if mayCommit, ready + undecided >= quorum(for: .commit) { return .commit }
    if undecided + count(.preAbort) >= quorum(for: .abort) { return .abort }
    return nil
  }

  private func choiceOfLatest(_ standings: [Standing]) -> Decision? {
    guard require(.majorityElects, standings.count >= quorum(for: .commit)) else { return nil }
    let last = standings.map(\.attempt).max()
    let latest = obey(.latestAttemptChosen) ? standings.filter { $0.attempt == last } : standings
    // Of one attempt all stand on one side: its leader went for one decision.
    return latest.contains { $0.stage == .preCommit } ? .commit : .abort
  }
  // end quorums
}
