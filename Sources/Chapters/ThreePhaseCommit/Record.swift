public import AtomicCommitment
public import ProtocolCore

extension Words {
  /// What the processes write to their journals.
  public enum Record: Hashable, Sendable {
    /// Participant: I vote yes.
    case yes
    /// All have voted yes.
    case preCommit
    /// This process failed while I was up.
    case gone(NodeID)
    /// The decision.
    case decided(Decision)
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .yes: "yes"
    case .preCommit: "preCommit"
    case .gone(let process): "\(process) gone"
    case .decided(let decision): "\(decision)"
    }
  }
}

extension Array where Element == Words.Record {
  /// The decision in the journal, if there is one.
  var decision: Decision? {
    for case .decided(let decision) in self { return decision }
    return nil
  }

  /// What a process says aloud when these records have become stable: a decision is made when it
  /// can no longer be lost.
  var notes: [Effect<Words>] {
    compactMap { record in
      switch record {
      case .decided(let decision): .note(.decided(decision))
      case .yes, .preCommit, .gone: nil
      }
    }
  }
}
