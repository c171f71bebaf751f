/// What a store may promise about the histories that its clients see.
///
/// The names and their order are those of the literature; each case's comment gives the definition
/// that is checked, and its source. For each but the transactional ones, the shortest history that
/// breaks it stands in `Fixtures/Histories`.
public enum Guarantee: String, CaseIterable, Hashable, Sendable {
  /// One order of all operations respects real time and the objects' models.
  /// Herlihy & Wing, TOPLAS 1990.
  case linearizable
  /// One order of all operations respects each process's order and the objects' models.
  /// Lamport, How to make a multiprocessor computer, 1979.
  case sequential
  /// Causality is respected, and all processes order concurrent writes alike (CCv).
  /// Bouajjani, Enea, Guerraoui, Hamza, On verifying causal consistency, POPL 2017.
  case causalConvergence = "causal-convergence"
  /// Causality is respected, and what a process read before is explained by the same order as what
  /// it reads now (CM). Ahamad and others, Causal memory, 1995; Bouajjani and others 2017.
  case causalMemory = "causal-memory"
  /// Each read is explained by some order of what causally precedes it (CC).
  /// Bouajjani and others 2017.
  case causalConsistency = "causal-consistency"
  /// Each process sees the writes of every process in the order in which that process wrote.
  /// Lipton & Sandberg, PRAM: a scalable shared memory, 1988.
  case pram
  /// Writes stand in one order that respects each process's order, and each read sees a prefix of
  /// it; which one, nothing says. Viotti & Vukolić, Consistency in non-transactional distributed
  /// storage systems, 2016 (prefix sequential, without reads' order).
  case consistentPrefix = "consistent-prefix"
  /// A read sees all that earlier reads of its session saw. Terry and others, Session guarantees
  /// for weakly consistent replicated data, 1994.
  case monotonicReads = "monotonic-reads"
  /// What sees a write sees the earlier writes of its session, before it. Terry and others 1994.
  case monotonicWrites = "monotonic-writes"
  /// A read sees the earlier writes of its session. Terry and others 1994.
  case readYourWrites = "read-your-writes"
  /// What sees a write sees what its session had read before, before it. Terry and others 1994.
  case writesFollowReads = "writes-follow-reads"
  /// Linearizable, but that a read may return any of the last k values (k-atomicity).
  /// Aiyer, Alvisi, Bazzi, On the availability of non-strict quorum systems, 2005.
  case boundedVersions = "bounded-versions"
  /// Linearizable, but that a read may return what was overwritten at most t ago (Δ-atomicity).
  /// Golab, Li, Shah, Analyzing consistency properties for fun and profit, PODC 2011.
  case boundedTime = "bounded-time"
  /// Replicas that were given the same updates answer alike, with something that was written.
  /// Shapiro and others, Conflict-free replicated data types, 2011.
  case strongEventual = "strong-eventual"

  // Of transactions: that nothing was found which the level forbids (`forbidden`).
  /// Serializable in real time's order. Herlihy & Wing 1990; Elle's -realtime cycles.
  case strictSerializable = "strict-serializable"
  /// Serializable in an order that respects each process's. Daudjee & Salem, Lazy database
  /// replication with ordering guarantees, 2004.
  case strongSessionSerializable = "strong-session-serializable"
  /// No cycle of dependencies (PL-3, as far as it shows). Adya, Weak consistency, 1999.
  case serializable
  /// No cycle of dependencies on items (PL-2.99). Adya 1999.
  case repeatableRead = "repeatable-read"
  /// Each cycle has two reads next to each other that writes came after, and no update is lost.
  /// Cerone & Gotsman, Analysing snapshot isolation, PODC 2016; Adya's PL-SI asks for more.
  case snapshotIsolation = "snapshot-isolation"
  /// Nothing that failed, was written over or goes in a circle is read (PL-2). Adya 1999.
  case readCommitted = "read-committed"
  /// Writes over writes go in no circle (PL-1). Adya 1999.
  case readUncommitted = "read-uncommitted"

  /// The guarantees that follow from this one at once.
  public var implied: [Guarantee] {
    switch self {
    case .linearizable: [.sequential, .boundedVersions, .boundedTime]
    case .sequential: [.causalConvergence, .causalMemory, .consistentPrefix]
    case .causalConvergence: [.causalConsistency, .monotonicReads, .monotonicWrites]
    case .causalMemory: [.causalConsistency, .pram]
    case .causalConsistency: [.readYourWrites, .writesFollowReads]
    case .pram: [.monotonicReads, .monotonicWrites, .readYourWrites]
    case .strictSerializable: [.strongSessionSerializable]
    case .strongSessionSerializable: [.serializable]
    case .serializable: [.repeatableRead, .snapshotIsolation]
    case .repeatableRead, .snapshotIsolation: [.readCommitted]
    case .readCommitted: [.readUncommitted]
    case .consistentPrefix, .monotonicReads, .monotonicWrites, .readYourWrites,
      .writesFollowReads, .boundedVersions, .boundedTime, .strongEventual, .readUncommitted:
      []
    }
  }

  /// Whether it is promised of transactions.
  public var isTransactional: Bool {
    Guarantee.strictSerializable.closure.contains(self)
  }

  /// Whether it is one of the four session guarantees, which can be judged together.
  public var isOfSessions: Bool {
    [.monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads].contains(self)
  }

  /// All that follows from this one, itself included.
  public var closure: Set<Guarantee> {
    var closure: Set = [self]
    var fresh = [self]
    while let next = fresh.popLast() {
      fresh += next.implied.filter { closure.insert($0).inserted }
    }
    return closure
  }
}
