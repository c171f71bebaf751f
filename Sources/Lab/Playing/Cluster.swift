public import ProtocolCore

/// The setting of a run: its nodes, the rules that they obey, and what they are asked.
public struct Cluster<C: Model>: Sendable {
  /// The nodes, in the order in which everything iterates over them.
  public let topology: [Member<C.Role>]
  /// The form of the protocol.
  public let variant: C.Variant
  /// The rules that all nodes leave out.
  public let without: Set<C.Rule>
  /// A bug that is planted.
  public var flaw: Flaw<C.Node>?
  /// The only node in which the bug is planted, if not in all.
  public var flawed: NodeID?
  /// What is asked.
  public var asks: [Ask<C.Words>]
  /// Of what was to be asked, what the prelude asks.
  public internal(set) var asked: [Ask<C.Words>] = []
  /// What is asked in long runs in the place of the usual.
  public let longAsks: [Ask<C.Words>]
  /// How much may go wrong.
  public var bounds: Bounds
  /// What may go wrong: what the form of the protocol claims to bear, unless something is said.
  ///
  /// Without `reordering` links are ordered; without `suspicion` the network is synchronous.
  public var faults: Set<Fault>
  /// How the nodes' clocks go.
  public var clocks = Clocks()
  /// The nodes that are down at first, and start later.
  public var late: Set<NodeID> = []
  /// The acts with which every run begins.
  public var prelude: [Act<C.Words>] = []
  /// What may be cut at a time, in explorations; every split in two unless something else is said.
  public var partitions: [[Link]]

  /// The nodes' names, in the order of the topology.
  public let nodes: [NodeID]
  /// The machines of the topology.
  let machines: [C.Node]
  /// The properties that are checked after each act.
  let always: [C.Property]

  /// A cluster of this topology.
  ///
  /// - Throws: `TopologyError`, when a member cannot be made.
  public init(
    _ topology: [Member<C.Role>], variant: C.Variant? = nil, without: Set<C.Rule> = [],
    flaw: Flaw<C.Node>? = nil, bounds: Bounds = Bounds()
  ) throws(TopologyError) {
    guard let variant = variant ?? C.Variant.allCases.first else {
      throw .wants("\(C.name) has no variant")
    }
    self.topology = topology
    always = C.Property.allCases.filter {
      $0.form == .always && C.promises($0, in: variant)
    }
    nodes = topology.map { $0.id }
    self.variant = variant
    self.without = without
    self.flaw = flaw
    self.bounds = bounds
    asks = C.asks(of: topology, in: variant)
    longAsks = C.longAsks(of: topology, in: variant)
    faults = C.faults(of: variant)
    clocks = Clocks(rates: C.clockRates(of: variant))
    partitions = Cluster.splits(of: topology.map { $0.id })
    var machines: [C.Node] = []
    for member in topology {
      machines.append(try C.node(for: member, in: topology, variant: variant, without: without))
    }
    self.machines = machines
  }

  /// The same cluster without a bug planted in it.
  public var withoutFlaw: Cluster {
    var cluster = self
    cluster.flaw = nil
    return cluster
  }

  /// The same cluster when these acts come first; of what is asked, what they have not asked.
  public func beginning(with acts: [Act<C.Words>]) -> Cluster {
    var cluster = self
    cluster.prelude = acts
    for case .ask(let node, let request, let client) in acts {
      let place = cluster.asks.firstIndex {
        ($0.client == client || !$0.awaits) && $0.nodes.contains(node)
          && $0.requests.contains(request)
      }
      if let place { cluster.asked.append(cluster.asks.remove(at: place)) }
    }
    return cluster
  }

  /// Every way to part the nodes in two; none for many nodes, since there are too many.
  private static func splits(of nodes: [NodeID]) -> [[Link]] {
    sides(of: nodes).map { Link.between($0, and: $1) }
  }

  /// Every way in which one side of the nodes no longer reaches the other, though it hears it.
  public static func oneWaySplits(of nodes: [NodeID]) -> [[Link]] {
    sides(of: nodes).flatMap { near, far in
      [Link.from(near, to: far), Link.from(far, to: near)]
    }
  }

  private static func sides(of nodes: [NodeID]) -> [(near: [NodeID], far: [NodeID])] {
    guard nodes.count <= 6 else { return [] }
    return (1..<max(1, 1 << (nodes.count - 1))).map { mask in
      let far = nodes.indices.dropFirst().filter { mask & 1 << ($0 - 1) != 0 }.map { nodes[$0] }
      return (nodes.filter { !far.contains($0) }, far)
    }
  }
}

extension Link {
  /// The links from each of one group to each of the other, both ways.
  public static func between(_ near: [NodeID], and far: [NodeID]) -> [Link] {
    near.flatMap { a in far.flatMap { [Link(from: a, to: $0), Link(from: $0, to: a)] } }
  }

  /// The links from each of one group to each of the other.
  public static func from(_ near: [NodeID], to far: [NodeID]) -> [Link] {
    near.flatMap { a in far.map { Link(from: a, to: $0) } }
  }
}

/// How the nodes' clocks go, beside true time.
public struct Clocks: Hashable, Sendable {
  /// Of a hundred ticks of true time, between how many a node's clock counts, one rate a node; nil
  /// when nothing bounds it, and a time-out may come at any time.
  public var rates: ClosedRange<Int>?
  /// By how much the readings of two clocks differ at most.
  public var skew: Ticks

  /// Clocks; no protocol may trust them unless they are bounded.
  public init(rates: ClosedRange<Int>? = nil, skew: Ticks = 10) {
    self.rates = rates
    self.skew = skew
  }
}

/// How often what may go wrong goes wrong in one run.
public struct Bounds: Hashable, Sendable {
  /// Crashes, over all nodes.
  public var crashes: Int
  /// Messages lost.
  public var losses: Int
  /// Messages doubled.
  public var duplicates: Int
  /// Timers run out, of those kinds that have no bound of their own.
  public var expiries: Int
  /// Timers of a kind run out, by `Model.kind(of:)`.
  public var kinds: [String: Int] = [:]
  /// The highest term, ballot or epoch that a node comes to, by `Model.epoch(of:)`.
  public var epoch = Int.max
  /// Partitions.
  public var cuts = 0
  /// Streams that break.
  public var severs = 4
  /// Disks that forget.
  public var forgettings = 0
  /// Clients that wait no longer for an answer; when nothing fails any more, those that ask again
  /// until they are answered do so once each.
  public var abandons = 0
  /// The highest reading of a clock.
  public var clock = 0
  /// Time-outs that may still come when nothing fails any more, of each kind that has a bound of
  /// its own; of all others any number.
  ///
  /// What *recovers* is then judged within this: it stays possible within so many more elections.
  public var recovery: [String: Int] = [:]

  /// Bounds; a simulator keeps to those of crashes, losses, duplicates, severs and forgettings
  /// only, its time bounds the others.
  public init(crashes: Int = 3, losses: Int = 8, duplicates: Int = 4, expiries: Int = 8) {
    self.crashes = crashes
    self.losses = losses
    self.duplicates = duplicates
    self.expiries = expiries
  }
}
