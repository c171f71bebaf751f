public import Histories
public import ProtocolCore

extension SharedStorage {
  /// What a store may promise, whatever the protocol.
  ///
  /// Each protocol, and each form of it, promises some of these.
  public enum Property: String, Named, CaseIterable {
    /// What is read was written, or nothing was.
    case validity
    /// One order of all operations respects real time: Herlihy and Wing 1990.
    case linearizable
    /// One order of all operations respects each client's: Lamport 1979.
    case sequential
    /// Causality is respected, and all order concurrent writes alike: Bouajjani and others 2017.
    case causalConvergence
    /// Causality is respected: Ahamad and others 1995.
    case causalMemory
    /// Each read is explained by some order of what causally precedes it: Bouajjani and others
    /// 2017.
    case causalConsistency
    /// Each client's writes are seen in its order: Lipton and Sandberg 1988.
    case pram
    /// A client's reads do not go back: Terry and others 1994.
    case monotonicReads
    /// A client's writes are seen in its order, by those that see the later one and whose reads do
    /// not go back: Terry and others 1994, both guarantees together.
    case monotonicWrites
    /// A client sees what it wrote: Terry and others 1994.
    case readYourWrites
    /// A write is seen with what its client had read, by those whose reads do not go back: Terry
    /// and others 1994, both guarantees together.
    case writesFollowReads
    /// A read returns one of the last two values: Aiyer, Alvisi, Bazzi 2005.
    case boundedVersions
    /// While a partition lasts and nothing is repaired, everybody who asks a node that has not
    /// failed is answered in the end, within the bound of the model's patience, by that node or by
    /// another that the client goes on to when it is refused. Gilbert and Lynch 2002 ask it of the
    /// node itself: where a run asks one node and no other, that is the same.
    case available
    /// The same, but a refusal is an answer.
    case responds
    /// When every failure is repaired, everybody who asks is answered; that nobody is sure is an
    /// answer, too.
    case termination
    /// When every failure is repaired and nobody writes, all nodes come to hold the same, and it
    /// was written: Vogels 2009.
    case convergence
  }
}

extension SharedStorage.Property {
  /// The guarantee of a history that it is; nil for those that are none.
  public var guarantee: Guarantee? {
    switch self {
    case .linearizable: .linearizable
    case .sequential: .sequential
    case .causalConvergence: .causalConvergence
    case .causalMemory: .causalMemory
    case .causalConsistency: .causalConsistency
    case .pram: .pram
    case .monotonicReads: .monotonicReads
    case .monotonicWrites: .monotonicWrites
    case .readYourWrites: .readYourWrites
    case .writesFollowReads: .writesFollowReads
    case .boundedVersions: .boundedVersions
    case .validity, .available, .responds, .termination, .convergence: nil
    }
  }

  /// Those that are guarantees of histories, the strongest first.
  public static let guarantees: [SharedStorage.Property] = allCases.filter { $0.guarantee != nil }

  /// This and all that follow from it.
  public var implied: Set<SharedStorage.Property> {
    guard let closure = guarantee?.closure else { return [self] }
    return Set(Self.guarantees.filter { $0.guarantee.map(closure.contains) ?? false })
  }
}

/// What a protocol may promise: the properties of shared storage, under their names, and its own.
public protocol SharedStorageProperty: PropertyName where Condition: SharedStorageCondition {}

extension SharedStorageProperty {
  /// The property of shared storage that it is; nil for one of the protocol's own.
  public var shared: SharedStorage.Property? { SharedStorage.Property(rawValue: rawValue) }

  /// The form of a property that is shared storage's.
  public var sharedStorageForm: PropertyForm<Condition> {
    switch shared {
    case .available: .recovers(.answered, repaired: false, healed: false)
    case .responds: .recovers(.heard, repaired: false, healed: false)
    case .termination: .recovers(.ended, repaired: true)
    case .convergence: .recovers(.current, repaired: true)
    case .validity, .linearizable, .sequential, .causalConvergence, .causalMemory,
      .causalConsistency, .pram, .monotonicReads, .monotonicWrites, .readYourWrites,
      .writesFollowReads, .boundedVersions, nil:
      .always
    }
  }
}

/// What may be said of a node at a moment: these, whatever the protocol, and its own.
public protocol SharedStorageCondition: Named {
  /// No client waits, at whichever node, and none was refused last, or told that nobody is sure.
  static var answered: Self { get }
  /// No client waits, at whichever node, and none was refused last.
  static var ended: Self { get }
  /// No client waits, at whichever node.
  static var heard: Self { get }
  /// It holds what every node that is up holds, and all that was written by somebody.
  static var current: Self { get }
}
