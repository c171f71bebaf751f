public import AtomicCommitment
import ProtocolCore

extension Words {
  /// What coordinator and participants write to their journals.
  public enum Record: Hashable, Sendable {
    /// Coordinator: I ask for votes. A start without a decision means abort.
    case start
    /// Participant: I am prepared. A yes without a decision means that I am in doubt.
    case yes
    /// The decision.
    case decided(Decision)
    /// Participant: an operator has decided.
    case heuristic(Decision)
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
    case .decided(let decision): "\(decision)"
    case .heuristic(let decision): "heuristic \(decision)"
    case .end: "end"
    }
  }
}

extension Array where Element == Words.Record {
  /// The decision in the journal, if there is one.
  var decision: Decision? {
    for case .decided(let decision) in self { return decision }
    return nil
  }

  /// What an operator decided, if one did.
  var heuristicDecision: Decision? {
    for case .heuristic(let decision) in self { return decision }
    return nil
  }

  /// What a process says aloud when these records have become stable: a decision is made when it
  /// can no longer be lost.
  var notes: [Effect<Words>] {
    compactMap { record in
      switch record {
      case .decided(let decision): .note(.decided(decision))
      case .heuristic(let decision): .note(.heuristic(decision))
      case .start, .yes, .end: nil
      }
    }
  }
}
