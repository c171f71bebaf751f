public import ProtocolCore

/// Lamport's TwoPhase: what others count.
///
/// Two-phase commit as Lamport specified it in TLA+ (Gray and Lamport, "Consensus on Transaction
/// Commit", TODS 31(1), 2006, appendix; `transaction_commit/TwoPhase.tla` of the TLA+ examples):
/// nothing crashes, a message that was sent stays under way for ever, and everybody may give up at
/// any time while that is allowed. It is no chapter to learn two-phase commit from. It stands here
/// because everybody who writes a model checker counts its states, so that the counts are known:
/// 288, 8,832 and 296,448 with three, five and seven resource managers.
///
///     TMRcvPrepared    the transaction manager receives `prepared`
///     TMCommit         its timer `commit`, set when all are prepared
///     TMAbort          its timer `abort`
///     RMPrepare        a resource manager's timer `prepare`
///     RMChooseToAbort  its timer `abort`
///     RMRcvCommitMsg   it receives `commit`
///     RMRcvAbortMsg    it receives `abort`
///
/// A timer may expire at any time, so it is what TLA+ calls an enabled action.
public enum TwoPhase: Sendable {}

/// The words of Lamport's TwoPhase.
public enum Words: Vocabulary {
  /// What is sent.
  public enum Message: String, Hashable, Sendable {
    /// By a resource manager: it is prepared.
    case prepared
    /// By the transaction manager: all of them commit.
    case commit
    /// By the transaction manager: all of them abort.
    case abort
  }

  /// What may happen at any time.
  public enum Timer: String, Hashable, Comparable, Sendable {
    /// A resource manager prepares.
    case prepare
    /// The transaction manager commits.
    case commit
    /// Either aborts.
    case abort

    /// By name.
    public static func < (a: Timer, b: Timer) -> Bool { a.rawValue < b.rawValue }
  }

  /// What a resource manager comes to.
  public enum Note: String, Hashable, Sendable {
    /// It has committed.
    case committed
    /// It has aborted.
    case aborted
  }

  /// Nobody asks.
  public typealias Request = Never
  /// Nobody answers.
  public typealias Reply = Never
  /// Nothing is written down.
  public typealias Record = Never
}

/// A process: a resource manager, or the transaction manager.
public struct Process: Hashable, Sendable, Ruled {
  /// What it is and where it stands.
  public internal(set) var role: Role
  /// The rules that it does not obey.
  public var without: Set<Rule>

  /// A manager.
  public init(_ role: Role, without: Set<Rule> = []) {
    self.role = role
    self.without = without
  }

  /// The two kinds of managers.
  public enum Role: Hashable, Sendable {
    /// What RM and rmState are in the specification.
    case resource(of: NodeID, ResourceState)
    /// What TM, tmState and tmPrepared are; the resource managers that are prepared, in order.
    case transaction(of: [NodeID], TransactionState, prepared: [NodeID])
  }

  /// rmState.
  public enum ResourceState: Hashable, Sendable { case working, prepared, committed, aborted }
  /// tmState.
  public enum TransactionState: Hashable, Sendable { case initial, committed, aborted }

  /// The guards of the specification that can be left out.
  public enum Rule: String, RuleName {
    /// tmPrepared = RM in TMCommit.
    case allPrepared
  }
}

extension Process.Rule {
  /// What leaving it out endangers.
  public var kind: RuleKind { .safety }
  /// The rule in a sentence.
  public var sentence: String { "the transaction manager commits only when all are prepared" }
  /// Where it comes from.
  public var source: String { "TwoPhase.tla, TMCommit" }
}

extension Process: Machine {
  private static let whenever: ClosedRange<Ticks> = 1...1

  /// Takes a step of the specification.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (role, event) {
    case (.resource, .started):
      return [.set(.prepare, after: Process.whenever), .set(.abort, after: Process.whenever)]
    case (.resource(let manager, .working), .expired(.prepare)):
      role = .resource(of: manager, .prepared)
      return [.cancel(.abort), .send(.prepared, to: manager)]
    case (.resource(let manager, .working), .expired(.abort)):
      return become(.aborted, of: manager)
    case (.resource(let manager, _), .received(.commit, _)):
      return become(.committed, of: manager)
    case (.resource(let manager, _), .received(.abort, _)):
      return become(.aborted, of: manager)

    case (.transaction, .started):
      return [.set(.abort, after: Process.whenever)]
    case (.transaction(let all, .initial, let earlier), .received(.prepared, let sender)):
      let prepared = all.filter { earlier.contains($0) || $0 == sender }
      role = .transaction(of: all, .initial, prepared: prepared)
      guard require(.allPrepared, prepared == all) else { return [] }
      return [.set(.commit, after: Process.whenever)]
    case (.transaction(let all, .initial, let prepared), .expired(.commit)):
      role = .transaction(of: all, .committed, prepared: prepared)
      return [.cancel(.abort)] + all.map { .send(.commit, to: $0) }
    case (.transaction(let all, .initial, let prepared), .expired(.abort)):
      role = .transaction(of: all, .aborted, prepared: prepared)
      return [.cancel(.commit)] + all.map { .send(.abort, to: $0) }

    case (_, .received), (_, .expired), (_, .asked), (_, .stored), (_, .disconnected):
      return []
    }
  }

  private mutating func become(_ state: ResourceState, of manager: NodeID) -> [Effect<Words>] {
    role = .resource(of: manager, state)
    let note: Words.Note = state == .committed ? .committed : .aborted
    return [.cancel(.prepare), .cancel(.abort), .note(note)]
  }
}
