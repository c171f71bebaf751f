public import Lab

/// Lamport's TwoPhase: no chapter to learn from, but all its states can be counted.
public enum LamportLaboratory: Laboratory {
  /// The specification.
  public typealias Subject = TwoPhase

  /// The specification in a few words.
  public static let title = "Lamport's TwoPhase"

  /// It has no runs.
  public static let folder = "Lamport"

  /// What goes wrong when the manager does not wait for all.
  public static let experiments: [Experiment<TwoPhase>] = [
    Experiment(.without(.allPrepared), violates: [.consistent], in: [scenario])
  ]

  /// All its states with three resource managers.
  public static let checks: [PropertyCheck<TwoPhase>] = Consistency.Property.allCases.map {
    PropertyCheck($0, claims: [], exploring: [scenario], simulating: [])
  }

  private static let scenario = Scenario<TwoPhase>(
    3, bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: .max))

  /// The specification keeps a set of all messages.
  public static let keepsMessages = true
}
