public import AtomicCommitment
import ProtocolCore

extension Words {
  /// What the processes write to their journals.
  public enum Record: Hashable, Sendable {
    /// Participant: I vote yes.
    case yes
    /// I take part in this election.
    case elected(Int)
    /// I stand on this side since this election.
    case attempt(Decision, Int)
    /// The decision.
    case decided(Decision)
  }
}

extension Words.Record {
  /// Whether it says nothing any more when the other is written.
  func isSuperseded(by other: Words.Record) -> Bool {
    switch (self, other) {
    case (.elected, .elected), (.attempt, .attempt): true
    case (.yes, _), (.elected, _), (.attempt, _), (.decided, _): false
    }
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .yes: "yes"
    case .elected(let election): "elected \(election)"
    case .attempt(let decision, let election): "\(decision.side)\(election.shown)"
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

  /// Where its owner stood; nil if it had promised nothing.
  var standing: Standing? {
    guard !isEmpty else { return nil }
    var standing = Standing()
    for record in self {
      switch record {
      case .elected(let election): standing.elected = election
      case .attempt(let decision, let election):
        standing.stage = decision.side
        standing.attempt = election
      case .yes, .decided: break
      }
    }
    return standing
  }

  /// What a process says aloud when these records have become stable: a decision is made when it
  /// can no longer be lost.
  var notes: [Effect<Words>] {
    compactMap { record in
      switch record {
      case .decided(let decision): .note(.decided(decision))
      case .yes, .elected, .attempt: nil
      }
    }
  }
}
