public import ProtocolCore

extension Locks {
  /// The rules of locks under two-phase commit.
  public enum Rule: String, RuleName {
    case lockedFirst
    case heldUntilDecided
    case lockOutlivesCrash
    case votesTimeOut
  }
}

extension Locks.Rule {
  /// What leaving the rule out endangers.
  public var kind: RuleKind {
    switch self {
    case .lockedFirst, .heldUntilDecided, .lockOutlivesCrash: .safety
    case .votesTimeOut: .progress
    }
  }

  /// The rule in a sentence.
  public var sentence: String {
    switch self {
    case .lockedFirst: "a transaction works on an item only while no other does"
    case .heldUntilDecided:
      "a participant that voted yes holds its locks until it knows the outcome"
    case .lockOutlivesCrash:
      "a participant that finds its yes after a crash takes its locks before it serves"
    case .votesTimeOut:
      "a coordinator whose votes do not come aborts, and so ends a wait for each other's locks"
    }
  }

  /// Where the rule comes from.
  public var source: String {
    switch self {
    case .lockedFirst:
      "Eswaran, Gray, Lorie, Traiger 1976; Bernstein, Hadzilacos, Goodman 1987, 3.2"
    case .heldUntilDecided:
      "Bernstein, Hadzilacos, Goodman 1987, 3.5 (strict two-phase locking), 7.4"
    case .lockOutlivesCrash:
      "Mohan, Lindsay, Obermarck 1986, 2; Bernstein, Hadzilacos, Goodman 1987, 7.4"
    case .votesTimeOut: "Gray 1978; Bernstein, Hadzilacos, Goodman 1987, 3.11, 7.4"
    }
  }
}
