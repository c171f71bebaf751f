import AtomicCommitment
public import Lab
import ProtocolCore
public import TwoPhaseCommit

/// Transactions that lock, in the laboratory.
public enum LocksLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = Locks.Model

  /// The chapter in a few words.
  public static let title = "two-phase commit with locks"

  /// The folder of its runs.
  public static let folder = "TwoPhaseCommit/Locks"

  /// What goes wrong without each rule, and with each flaw.
  public static let experiments: [Experiment<Subject>] = [
    Experiment(.without(.lockedFirst), violates: [.exclusion], in: [item, items]),
    Experiment(.without(.heldUntilDecided), violates: [.exclusion], in: [item, items]),
    Experiment(.without(.lockOutlivesCrash), violates: [.exclusion], in: [item, items]),
    // Where nothing fails votes are missing for one reason only.
    Experiment(.without(.votesTimeOut), violates: [.AC5], in: [items]),

    Experiment(.flaw(LocksFlaws.impatientLetsGo), violates: [.exclusion], in: [item, items]),
    Experiment(.flaw(LocksFlaws.waitIsYes), violates: [.AC3, .AC1, .AC4], in: [item, items]),
    Experiment(
      .flaw(LocksFlaws.recordsMixedUp), violates: [.exclusion, .AC1, .AC2, .AC3],
      in: [item, items]),
  ]

  /// The same item and a crash; where transactions must meet, two items; and simulated runs of two
  /// transactions that want the same two items.
  public static let checks: [PropertyCheck<Subject>] = Locks.Property.allCases.map { property in
    let explored: [Scenario<Subject>] =
      switch property {
      case .deadlock: [items]
      case .AC5: [item, items]
      case .AC1, .AC2, .AC3, .AC4, .exclusion, .commits, .aborts: [item]
      }
    return PropertyCheck(
      property, claims: ["2PC-14"], exploring: explored,
      simulating: [Scenario(2, bounds: Bounds(), workload: .anything)])
  }

  /// Two transactions that want the same item, and a crash.
  private static let item = scenario(1, crashes: 1)
  /// Two transactions that want the same two items, while nothing fails.
  private static let items = scenario(2, crashes: 0)

  private static func scenario(_ sites: Int, crashes: Int) -> Scenario<Subject> {
    let bounds = Bounds(crashes: crashes, losses: 0, duplicates: 0, expiries: .max)
    return Scenario(sites, variants: [.nothing], bounds: bounds, workload: .anything)
  }
}
