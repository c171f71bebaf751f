public import Lab
import ProtocolCore
public import QuorumCommit

/// Quorum-based commit in the laboratory.
public enum QuorumCommitLaboratory: Laboratory {
  /// The chapter.
  public typealias Subject = QuorumCommitModel

  /// The chapter in a few words.
  public static let title = "quorum-based commit"

  /// The folder of its runs.
  public static let folder = "QuorumCommit"

  /// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
  public static let flaws = journalFlaws + countingFlaws + answeringFlaws

  /// The claims that a property is about.
  public static func claims(about property: Property) -> [String] {
    switch property {
    case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .window, .commits, .aborts: ["3PC-8"]
    case .quorate, .stuck, .succession: ["3PC-8", "3PC-9"]
    }
  }
}
