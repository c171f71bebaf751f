public import ProtocolCore

extension DataSynchronization {
  /// The rules of synchronization.
  public enum Rule: String, RuleName {
    case truncated
    case truncatedSnapshotReplaced
    case logBeforeEpoch
    case snapshotWithEpoch
    case newLeaderStoredFirst
    case upToDateFirst

    /// What leaving the rule out endangers.
    public var kind: RuleKind { whole.kind }

    /// The rule of the whole protocol.
    var whole: ZAB.Rule {
      switch self {
      case .truncated: .truncated
      case .truncatedSnapshotReplaced: .truncatedSnapshotReplaced
      case .logBeforeEpoch: .logBeforeEpoch
      case .snapshotWithEpoch: .snapshotWithEpoch
      case .newLeaderStoredFirst: .newLeaderStoredFirst
      case .upToDateFirst: .upToDateFirst
      }
    }

    /// The rule in a sentence.
    public var sentence: String { whole.sentence }
    /// Where the rule comes from.
    public var source: String { whole.source }
  }
}
