public import Consensus
import ProtocolCore

extension Words {
  /// What the processes write to their journals.
  public enum Record: Hashable, Sendable {
    /// Proposer: I have tried so many rounds.
    case attempted(Int)
    /// Acceptor: I accept no proposal with a smaller number.
    case promised(Ballot)
    /// Acceptor: I have accepted this proposal, and promise what its number says.
    case accepted(Ballot, Value)
  }
}

extension Words.Record {
  /// Whether it says nothing any more when the other is written.
  func isSuperseded(by other: Words.Record) -> Bool {
    switch (self, other) {
    case (.attempted, .attempted), (.promised, .promised), (.accepted, .accepted): true
    case (.promised(let ballot), .accepted(let later, _)): ballot <= later
    case (.attempted, _), (.promised, _), (.accepted, _): false
    }
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .attempted(let round): "attempted \(round)"
    case .promised(let ballot): "promised \(ballot)"
    case .accepted(let ballot, let value): "accepted \(ballot) \(value)"
    }
  }
}

extension Array where Element == Words.Record {
  /// The last round that its owner tried; zero if none.
  var attempted: Int {
    for case .attempted(let round) in reversed() { return round }
    return 0
  }

  /// The number below which its owner accepts nothing, by its promises alone.
  var promised: Ballot? {
    for case .promised(let ballot) in reversed() { return ballot }
    return nil
  }

  /// The proposal that its owner accepted last.
  var vote: Vote? {
    for case .accepted(let ballot, let value) in reversed() { return Vote(ballot, value) }
    return nil
  }
}
