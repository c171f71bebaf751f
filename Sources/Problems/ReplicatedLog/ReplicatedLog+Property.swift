public import ProtocolCore

extension ReplicatedLog {
  /// What a replicated log promises, whatever the protocol.
  ///
  /// Sources: Ongaro and Ousterhout 2014, figure 3 (state machine safety); Herlihy and Wing, TOPLAS
  /// 12(3), 1990 (linearizability).
  public enum Property: String, Named {
    /// No two entries are applied under one number, by whomever and whenever.
    case stateMachineSafety
    /// Only what was asked for is applied; besides no-ops.
    case validity
    /// A server applies the entries in the order of their numbers and leaves none out.
    case inOrder
    /// No answer shows what was asked for once done twice.
    case exactlyOnce
    /// Whatever clients are answered, one machine could have answered, each command at a moment
    /// between its call and its answer; but for reads that are asked again although they were
    /// answered.
    case linearizable
    /// When every failure is repaired, every client that asks until it is answered is answered.
    case termination
    /// While a partition lasts and nothing is repaired, everybody who asks is answered, if more
    /// than half of the servers are up and connected with each other.
    case progress
    /// When every failure is repaired, every server comes to apply what any has applied.
    case convergence
    /// An operator that is told *done* about members has had them: they decided at some time since
    /// it asked, by what servers have applied; members that were only ever refused do never.
    case operatorTold
    /// Some server applies something.
    case applies
  }
}

/// What a protocol promises: the properties of a replicated log, under their names, and its own.
public protocol ReplicatedLogProperty: PropertyName where Condition: ReplicatedLogCondition {}

extension ReplicatedLogProperty {
  /// The form of a property that is the replicated log's.
  public var replicatedLogForm: PropertyForm<Condition> {
    switch ReplicatedLog.Property(rawValue: rawValue) {
    case .termination: .recovers(.answered, repaired: true)
    case .progress: .recovers(.answeredByMajority, repaired: false, healed: false)
    case .convergence: .recovers(.current, repaired: true)
    case .applies: .sometimes(.applied)
    case .stateMachineSafety, .validity, .inOrder, .exactlyOnce, .linearizable, .operatorTold, nil:
      .always
    }
  }
}

/// What may be said of a server at a moment: these, whatever the protocol, and its own.
public protocol ReplicatedLogCondition: Named {
  /// It has applied something.
  static var applied: Self { get }
  /// It has applied what any server has.
  static var current: Self { get }
  /// No client waits, for whichever server.
  static var answered: Self { get }
  /// No client waits; or no majority is up and connected.
  static var answeredByMajority: Self { get }
}
