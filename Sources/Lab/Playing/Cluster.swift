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
  /// What is asked, in this order, each once.
  public var asks: [Ask<C.Words>]
  /// How much may go wrong.
  public var bounds: Bounds

  /// The nodes' names, in the order of the topology.
  public let nodes: [NodeID]
  /// The machines of the topology.
  let machines: [C.Node]
  /// The properties that are checked after each act.
  let always = C.Property.allCases.filter { $0.form == .always }

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
    nodes = topology.map { $0.id }
    self.variant = variant
    self.without = without
    self.flaw = flaw
    self.bounds = bounds
    asks = C.asks(of: topology)
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

}

/// How often what may go wrong goes wrong in one run.
public struct Bounds: Hashable, Sendable {
  /// Crashes, over all nodes.
  public var crashes: Int
  /// Messages lost.
  public var losses: Int
  /// Messages doubled.
  public var duplicates: Int
  /// Timers run out.
  public var expiries: Int

  /// Bounds; a simulator keeps to the first three only, its time bounds the fourth.
  public init(crashes: Int = 3, losses: Int = 8, duplicates: Int = 4, expiries: Int = 8) {
    self.crashes = crashes
    self.losses = losses
    self.duplicates = duplicates
    self.expiries = expiries
  }
}
