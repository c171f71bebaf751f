public import ProtocolCore

extension Consensus {
  /// What consensus promises, whatever the protocol.
  ///
  /// Source: Lamport, SIGACT News 32(4), 2001, 2.1: only a value that has been proposed may be
  /// chosen, only a single value is chosen, a process never learns that a value has been chosen
  /// unless it actually has been.
  public enum Property: String, Named {
    /// Only a value that has been proposed is learnt.
    case validity
    /// Only one value is learnt, by whomever and whenever.
    case agreement
    /// What a process has learnt it does not unlearn: it never learns another value.
    case stability
    /// What a client is told is what is learnt, and it is told once.
    case told
    /// When every failure is repaired, whoever has asked is answered, and every learner knows.
    case termination
    /// Some run chooses.
    case chooses
  }
}

/// What a protocol promises: the properties of consensus, under their names, and its own.
public protocol ConsensusProperty: PropertyName where Condition: ConsensusCondition {}

extension ConsensusProperty {
  /// The form of a property that is consensus'.
  public var consensusForm: PropertyForm<Condition> {
    switch Consensus.Property(rawValue: rawValue) {
    case .termination: .recovers(.settled, repaired: true)
    case .chooses: .sometimes(.learnt)
    case .validity, .agreement, .stability, .told, nil: .always
    }
  }
}

/// What may be said of a process at a moment: these, whatever the protocol, and its own.
public protocol ConsensusCondition: Named {
  /// It has learnt which value is chosen.
  static var learnt: Self { get }
  /// No client waits for it; a learner knows what anybody knows.
  static var settled: Self { get }
}
