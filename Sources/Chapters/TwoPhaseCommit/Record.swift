import ProtocolCore

extension Words {
  /// What coordinator and participants write to their journals.
  public enum Record: Hashable, Sendable {
    /// Coordinator: I ask for votes. A start without a decision means abort.
    case start
    /// Participant: I am prepared. A yes without a decision means that I am in doubt.
    case yes
    /// The decision.
    case decided(Outcome)
    /// Participant: an operator has decided.
    case heuristic(Outcome)
    /// Coordinator: all know; forget it.
    case end
  }

  /// An end supersedes all that stands before it; everything else is appended.
  public static func settle(_ record: Record, on disk: inout [Record]) {
    guard record != .end else { return disk.removeAll() }
    disk.append(record)
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .start: "start"
    case .yes: "yes"
    case .decided(let outcome): "\(outcome)"
    case .heuristic(let outcome): "heuristic \(outcome)"
    case .end: "end"
    }
  }
}

extension Array where Element == Words.Record {
  /// The decision in the journal, if there is one.
  var decision: Outcome? {
    for case .decided(let outcome) in self { return outcome }
    return nil
  }

  /// What an operator decided, if one did.
  var heuristicDecision: Outcome? {
    for case .heuristic(let outcome) in self { return outcome }
    return nil
  }

  /// What a process says aloud when these records have become stable: a decision is made when it
  /// can no longer be lost.
  var notes: [Effect<Words>] {
    compactMap { record in
      switch record {
      case .decided(let outcome): .note(.decided(outcome))
      case .heuristic(let outcome): .note(.heuristic(outcome))
      case .start, .yes, .end: nil
      }
    }
  }
}
