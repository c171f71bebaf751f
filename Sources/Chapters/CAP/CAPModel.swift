public import ProtocolCore
public import SharedStorage

extension CAPModel: Model {
  /// The nodes.
  public typealias Node = CAP.Node
  /// What must hold of them.
  public typealias Monitor = CAPMonitor
  /// What a node is.
  public typealias Role = CAP.Role
  /// The stores.
  public typealias Variant = CAP.Variant

  /// How the command names it.
  public static let name = "cap"

  /// Most stores bear everything but disks that forget.
  public static let faults = Fault.usual

  /// What each store says that it bears: that which assumes no partition takes a slow message for a
  /// crash, so its network is synchronous; and where there is a centre no node fails, and a message
  /// comes in time or is lost.
  public static func faults(of variant: Variant) -> Set<Fault> {
    switch variant {
    case .availableCopies: [.crash, .reordering]
    case .connected: [.loss, .duplication, .reordering, .cut]
    case .writeBack, .majority, .noOverlap, .minorityRefuses, .synchronous, .asynchronous,
      .bothAnswer:
      faults
    }
  }

  /// What can be asked.
  public static let requests: [Words.Request] = [.write("x", 1), .read("x"), .promote]

  /// The request that reads so: `write x 1`.
  public static func request(reading text: String) -> Words.Request? {
    SharedStorage.request(reading: text)
  }

  /// What came of a run.
  public static let outcomes: [Condition] = [.refused, .conflicting]

  /// Attempts are bounded apart from what goes on in the background.
  public static let timerKinds = ["attempt", "background"]

  /// Of which of these kinds a timer is.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .attempt: "attempt"
    case .resend, .join, .gossip: "background"
    }
  }

  /// The view that a node has come to.
  public static func epoch(of node: CAP.Node) -> Int {
    if case .primary(let replica) = node { replica.view.number } else { 0 }
  }

  /// So many nodes, called by letters from a on.
  public static func topology(_ size: Int) -> [Member<Role>] {
    "abcdefghij".map(String.init).prefix(size).map { Member(NodeID($0), .replica) }
  }

  /// A node that keeps nothing; the first of the topology is the primary, or the centre.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> CAP.Node {
    guard member.arguments.isEmpty else { throw .wants("a replica takes no names") }
    guard let first = topology.first?.id else { throw .wants("one of the nodes must be a replica") }
    let id = member.id
    let peers = topology.map(\.id).filter { $0 != id }
    return switch variant {
    case .writeBack, .majority, .noOverlap, .minorityRefuses:
      .quorum(QuorumReplica(id, peers: peers, variant: variant, without: without))
    case .synchronous, .asynchronous:
      .primary(
        PrimaryReplica(id, peers: peers, primary: first, variant: variant, without: without))
    case .availableCopies: .copies(AvailableCopies(id, peers: peers, without: without))
    case .bothAnswer: .local(LocalReplica(id, peers: peers, without: without))
    case .connected:
      .connected(ConnectedReplica(id, peers: peers, centre: first, without: without))
    }
  }

  /// Two clients, of any node: one writes and reads, the other reads and writes.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let nodes = topology.map(\.id)
    func ask(_ client: ClientID, _ nodes: [NodeID], _ request: Words.Request) -> Ask<Words> {
      Ask(client, of: nodes, oneOf: [request])
    }
    guard !nodes.isEmpty else { return [] }
    return [
      ask("x", nodes, .write("x", 1)), ask("x", nodes, .read("x")),
      ask("y", nodes.reversed(), .read("x")), ask("y", nodes.reversed(), .write("x", 2)),
    ]
  }

  /// Two clients and two keys.
  public static func concurrentAsks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let nodes = topology.map(\.id)
    guard !nodes.isEmpty else { return [] }
    let requests: [(ClientID, Words.Request)] = [
      ("x", .write("x", 1)), ("x", .write("y", 2)), ("y", .read("y")), ("y", .read("x")),
    ]
    return requests.map { Ask($0.0, of: nodes, oneOf: [$0.1]) }
  }

  /// What each store promises: what follows from the strongest that it does, and no more.
  public static func promises(_ property: Property, in variant: Variant) -> Bool {
    switch property {
    case .validity, .refuses, .conflicts: true
    case .atomicUntilLost, .nodeOrder: variant == .connected
    case .available: [.bothAnswer, .connected].contains(variant)
    case .availableWithOneCrash: variant == .availableCopies
    case .progress: [.writeBack, .majority, .minorityRefuses].contains(variant)
    case .responds:
      [.minorityRefuses, .asynchronous, .availableCopies, .bothAnswer, .connected]
        .contains(variant)
    case .termination: variant != .minorityRefuses
    case .convergence:
      [.synchronous, .asynchronous, .bothAnswer, .connected].contains(variant)
    case .linearizable, .sequential, .causalConvergence, .causalMemory, .causalConsistency, .pram,
      .monotonicReads, .monotonicWrites, .readYourWrites, .writesFollowReads, .boundedVersions:
      property.shared.map(variant.kept.contains) ?? false
    }
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> CAPMonitor {
    CAPMonitor(variant: variant, nodes: topology.count)
  }

  /// The checkers of histories tell writes by their values.
  public static let isValueWrittenOnce = true

  /// A request as a history tells it.
  public static func call(of request: Words.Request) -> Call? { SharedStorage.call(of: request) }

  /// Whether nobody is sure that it was done.
  public static func isUnsure(_ reply: Words.Reply) -> Bool { reply == .unsure }

  /// What a read brings back.
  public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
    SharedStorage.result(of: reply)
  }
}

extension Variant {
  /// The guarantees that this store keeps, under the faults that it bears.
  public var kept: Set<SharedStorage.Property> {
    switch self {
    case .writeBack, .minorityRefuses, .synchronous, .availableCopies:
      SharedStorage.Property.linearizable.implied
    case .majority: [.readYourWrites]
    case .noOverlap, .asynchronous, .bothAnswer, .connected: []
    }
  }
}
