public import ProtocolCore

extension FastLeaderElection {
  /// The rules of the election.
  public enum Rule: String, RuleName {
    case epochBeforeZxid
    case zxidVoted
    case votesRepeated

    /// What leaving the rule out endangers.
    public var kind: RuleKind {
      switch self {
      case .epochBeforeZxid, .zxidVoted: .safety
      case .votesRepeated: .progress
      }
    }

    /// The rule of the whole protocol.
    var whole: ZAB.Rule {
      switch self {
      case .epochBeforeZxid: .epochBeforeZxid
      case .zxidVoted: .zxidVoted
      case .votesRepeated: .votesRepeated
      }
    }

    /// The rule in a sentence.
    public var sentence: String { whole.sentence }
    /// Where the rule comes from.
    public var source: String { whole.source }
  }
}
