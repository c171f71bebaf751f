public import AtomicCommitment
public import Lab
import ProtocolCore
public import ThreePhaseCommit

/// What three-phase commit costs, counted from a run without faults, beside the formula.
///
/// Source: Skeen 1981; Bernstein, Hadzilacos, Goodman 1987, 7.5.
public struct ThreePhaseCommitCost: Hashable, Sendable {
  /// Participants that vote yes.
  public let updaters: Int
  /// Whether there is one more, which votes no.
  public let isDoomed: Bool

  /// Such a transaction.
  public init(updaters: Int, isDoomed: Bool = false) {
    self.updaters = updaters
    self.isDoomed = isDoomed
  }

  /// What comes of it.
  public var outcome: Decision { isDoomed ? .abort : .commit }

  /// All transactions with so many that vote yes, and of each kind.
  public static func table(updaters: ClosedRange<Int>) -> [ThreePhaseCommitCost] {
    updaters.flatMap {
      [
        ThreePhaseCommitCost(updaters: $0), ThreePhaseCommitCost(updaters: $0, isDoomed: true),
      ]
    }
  }

  /// The cost by formula.
  ///
  /// A commit: request, vote, preCommit, acknowledgement and commit for each participant; of
  /// records something waits for each yes, for the coordinator's preCommit and for its commit. (A
  /// participant acknowledges preCommit before its disk does.) An abort skips the second phase.
  /// The rounds, message delays, are those of a commit, or of an abort.
  public var formula: (messages: Int, forced: Int, records: Int, rounds: Int) {
    let n = updaters
    switch outcome {
    case .commit: return (5 * n, n + 2, 3 * n + 2, 5)
    case .abort: return (2 * (n + 1) + n, n + 1, 2 * n + 1, 3)
    }
  }

  /// The cost of a run without faults.
  public func counted(flaw: Flaw<Process>? = nil) throws -> Cost {
    let cluster = try Cluster<ThreePhaseCommitModel>(
      ThreePhaseCommitModel.topology(updaters + (isDoomed ? 1 : 0)), flaw: flaw)
    let work =
      Array(repeating: Words.Work.update, count: updaters) + (isDoomed ? [.doomed] : [])
    let asks =
      zip(cluster.nodes.dropFirst(), work).map { ($0, Words.Request.work($1)) } + [("c", .commit)]
    var system = SystemState(cluster)
    return Cost(of: system.playFairly(asks))
  }
}
