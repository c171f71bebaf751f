public import Lab
public import ReferenceModels

/// Lamport's TwoPhase: no chapter to learn from, but all its states can be counted.
public enum LamportLaboratory: Laboratory {
  /// The specification.
  public typealias Subject = TwoPhase

  /// The specification in a few words.
  public static let title = "Lamport's TwoPhase"

  /// It has no runs.
  public static let folder = "Lamport"

  /// None.
  public static let flaws: [Flaw<Process>] = []

  /// The specification keeps a set of all messages.
  public static let keepsMessages = true

  /// No chapter claims anything of it.
  public static func claims(about property: Consistency.Property) -> [String] { [] }
}
