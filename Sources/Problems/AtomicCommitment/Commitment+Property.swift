public import ProtocolCore

extension Commitment {
  /// What atomic commitment promises, whatever the protocol.
  ///
  /// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database
  /// Systems", 1987, 7.3: AC1 to AC5; `told` is what a client makes of AC1.
  public enum Property: String, Named {
    /// No two processes decide differently.
    case AC1
    /// No process reverses its decision.
    case AC2
    /// Commit only if all voted yes, or had nothing to vote on because they only read.
    case AC3
    /// If all can say yes and nothing fails, the decision is commit.
    case AC4
    /// When every failure is repaired, all come to a decision, the client is told it, and nothing
    /// stays open.
    case AC5
    /// What the client is told is what is decided.
    case told
    /// Some run commits.
    case commits
    /// Some run aborts.
    case aborts
  }
}

/// What a protocol promises: the properties of atomic commitment, under their names, and its own.
public protocol CommitmentProperty: PropertyName where Condition: CommitmentCondition {}

extension CommitmentProperty {
  /// The form of a property that is atomic commitment's.
  public var commitmentForm: PropertyForm<Condition> {
    switch Commitment.Property(rawValue: rawValue) {
    case .AC5: .recovers(.settled, repaired: true)
    case .commits: .sometimes(.committed)
    case .aborts: .sometimes(.aborted)
    case .AC1, .AC2, .AC3, .AC4, .told, nil: .always
    }
  }
}

/// What may be said of a process at a moment: these, whatever the protocol, and its own.
public protocol CommitmentCondition: Named {
  /// It has decided commit: `decided commit`.
  static var committed: Self { get }
  /// It has decided abort, or has forgotten what it had begun: `decided abort`.
  static var aborted: Self { get }
  /// Nothing of the transaction is open here.
  static var settled: Self { get }
}
