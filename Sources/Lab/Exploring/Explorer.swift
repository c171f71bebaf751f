public import ProtocolCore

/// Goes through all that can happen in a cluster, the shortest runs first, and judges every state.
///
/// The state space is explored whole and exactly: no state is taken for another, none is left out,
/// within the bounds of the cluster. A machine's step is a function, so each pair of host and event
/// is stepped once, however many states it occurs in; everything after that is done with numbers.
///
/// - *always*: every state's monitor is asked once.
/// - *sometimes*: the first state that is a witness is kept.
/// - *recovers*: if from some state on nothing fails any more, it stays possible to get to a state
///   in which the condition holds.
///
/// Two explorations of one cluster are the same in every process: everything is numbered in the
/// order of discovery.
public struct Explorer<C: Model>: Sendable {
  /// The setting.
  public var cluster: Cluster<C>
  /// Acts that come before everything else; the cluster's asks are what is asked after them.
  public var prelude: [Act<C.Words>] {
    get { cluster.prelude }
    set { cluster.prelude = newValue }
  }
  /// Whether a message that was sent stays under way for ever.
  ///
  /// It may then arrive any number of times, or never, as in specifications that keep a set of all
  /// messages. Bounds on losses and duplicates mean nothing then.
  public var isLasting = false
  /// Whether a message of which its receiver makes nothing stays under way, until it makes
  /// something of it.
  ///
  /// Elsewhere it arrives and is gone. Some who count states do it so.
  public var keepsIgnored = false
  /// The properties that are judged; those that the form of the protocol promises, unless something
  /// else is said.
  public var judged: Set<C.Property>
  /// Whether it is found out what comes when nothing fails any more; if not, what *recovers* should
  /// not be judged, and what lasts is not looked for.
  public var judgesFuture = true
  /// How many bytes the states may take.
  public var memory = 4 << 30

  private var renaming: Renaming<C>?

  /// An explorer of this cluster.
  public init(_ cluster: Cluster<C>) {
    self.cluster = cluster
    judged = Set(C.Property.allCases.filter { C.promises($0, in: cluster.variant) })
  }

  /// Goes through all that can happen.
  ///
  /// - Parameter report: is told now and then how far it has come.
  public func explore(_ report: (Progress) -> Void = { _ in }) -> Exploration<C> {
    var search = BreadthFirstSearch(self)
    search.run(report)
    return search.result()
  }

  /// Whether a node may crash.
  var mayCrash: Bool { Budget(cluster).crashes > 0 }

  /// The conditions that judged properties speak of.
  var conditions: [C.Condition] {
    C.Property.allCases.filter(judged.contains).compactMap { property in
      switch property.form {
      case .always: nil
      case .sometimes(let condition), .recovers(let condition, _, _): condition
      }
    }
  }

  /// Whether states that differ only in the names of nodes that are alike are taken for one.
  public var isByOrbits: Bool { symmetry != nil }

  /// How the names of nodes that are alike are exchanged, if use is made of it.
  var symmetry: Renaming<C>? {
    guard let renaming, renaming.alike.count > 1, !mayCrash, cluster.bounds.cuts == 0,
      cluster.late.isEmpty, !C.Node.readsClock, C.Words.channels.isEmpty,
      SystemState.begun(cluster).asksToCome.allSatisfy({ ask in
        ask.nodes.allSatisfy { !renaming.alike.contains($0) }
      })
    else { return nil }
    return renaming
  }
}

extension Explorer where C: Symmetric {
  /// Whether states that differ only in the names of nodes that are alike are taken for one.
  ///
  /// That cannot be done when something is asked of these nodes, since they are asked one after
  /// the other (ask in a prelude); nor when nodes crash, since a crash in the middle of an act
  /// knows which message was the last. `Exploration.isByOrbits` tells whether it was done.
  public var takesOrbits: Bool {
    get { renaming != nil }
    set { renaming = newValue ? Renaming(of: cluster.topology) : nil }
  }
}

/// How far an exploration has come.
public struct Progress: Hashable, Sendable {
  /// Whether all states were found, and it now goes through what comes when nothing fails.
  public let isQuiescing: Bool
  /// The states that were found.
  public let states: Int
  /// Of these, the states whose successors are not known yet.
  public let queue: Int
  /// The number of acts to the states that are being expanded.
  public let depth: Int
  /// The bytes that the states take.
  public let bytes: Int
}

/// What an exploration found.
public struct Exploration<C: Model>: Sendable {
  /// How it ended.
  public internal(set) var ending = Ending.exhausted
  /// The number of distinct states, or of orbits of states.
  public internal(set) var states = 0
  /// Whether states that differ only in the names of nodes that are alike were taken for one.
  public internal(set) var isByOrbits = false
  /// The number of states that these stand for, where orbits are taken.
  public internal(set) var statesInOrbits = 0
  /// The number of acts to the states that are farthest away.
  public internal(set) var depth = 0
  /// How many transitions were taken, those between known states too.
  public internal(set) var transitions = 0
  /// How many steps of machines that took: each pair of host and event once.
  public internal(set) var steps = 0
  /// The bytes of the states, and of what finds them again.
  public internal(set) var bytes = 0
  /// The shortest run to a witness of each *sometimes* that has one.
  public internal(set) var witnesses: [C.Property: [Act<C.Words>]] = [:]

  /// How an exploration ended.
  public enum Ending: Hashable, Sendable {
    /// All states were seen and judged.
    case exhausted
    /// A property does not hold, and these acts show it: of all runs that do, one of the shortest
    /// if it should *always* hold.
    case violated(C.Property, by: [Act<C.Words>])
    /// Not all states were seen, because of this.
    case notExhausted(Limit)
  }

  /// What stopped an exploration.
  public enum Limit: Hashable, Sendable {
    /// The states would take more bytes than they may.
    case memory
    /// A state has more under way than a record can hold.
    case length
  }

  /// Each *sometimes* that was judged and of which there is no witness, in order.
  public internal(set) var unwitnessed: [C.Property] = []
}
