public import ProtocolCore
import ZAB
import ZooKeeper

/// An ensemble and its clients, for the drivers.
public enum ZooKeeperEnsembleModel: Model {
  /// The servers and clients.
  public typealias Node = ZooKeeperEnsemble.Node
  /// What must hold of them.
  public typealias Monitor = ZooKeeperEnsemble.Monitor
  /// The forms of an ensemble.
  public typealias Variant = ZooKeeperEnsemble.Variant

  /// What a node can be.
  public enum Role: String, Named {
    /// It votes.
    case server
    /// It observes.
    case observer
    /// It is a client of these servers, which it tries in this order; of all, if none is named.
    case client
  }

  /// How the command names it.
  public static let name = "ensemble"

  /// What is sent arrives in order, or is lost; connections break; disks are good.
  public static let faults: Set<Fault> = [.crash, .loss, .cut, .suspicion, .sever]

  /// Examples of what can be asked.
  public static let requests: [Words.Request] = [
    "create /a 1", "create -e /e x", "create -s /s-", "get -w /a", "stat -w /a", "ls -w /",
    "set /a 2", "set -v 0 /a 2", "delete /a", "multi create /b 1 + check -v 0 /a + set /a 3",
    "sync /", "close",
  ].compactMap { ZooKeeperEnsemble.Call(reading: $0) }

  /// The request that reads so: `create -e /e x`.
  public static func request(reading text: String) -> Words.Request? {
    ZooKeeperEnsemble.Call(reading: text)
  }

  /// Who leads, and who is at rest.
  public static let outcomes: [Condition] = [.leading, .connected]

  /// A leader is elected, and clients begin their sessions.
  public static let preamble = 120

  /// The replication's, each apart, and ours.
  public static let timerKinds = ["election", "replication", "session", "client"]

  /// Of which of these kinds a timer is.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .peer(.notification), .peer(.finalize), .peer(.elected): "election"
    case .peer(.connect), .peer(.initLimit), .peer(.ping), .peer(.syncLimit): "replication"
    case .session, .readOnly, .reap: "session"
    case .dial, .ping, .silence, .seek: "client"
    }
  }

  /// The epoch that a server has accepted.
  public static func epoch(of node: Node) -> Int { node.server?.zab.acceptedEpoch ?? 0 }

  /// So many servers, called by letters from a on, of an even number the last an observer; and two
  /// clients, x and y.
  public static func topology(_ size: Int) -> [Member<Role>] {
    let names = "abcdefghij".map(String.init).prefix(size)
    return names.enumerated().map { place, name in
      let observes = place == size - 1 && size.isMultiple(of: 2)
      return Member(NodeID(name), observes ? .observer : .server)
    } + [Member("x", .client), Member("y", .client)]
  }

  /// A server that has written nothing, or a client that has not started.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
    without: Set<Rule>
  ) throws(TopologyError) -> Node {
    let voters = topology.filter { $0.role == .server }.map(\.id)
    let observers = topology.filter { $0.role == .observer }.map(\.id)
    guard !voters.isEmpty else { throw .wants("one of the nodes must be a server that votes") }
    guard member.role == .client else {
      guard member.arguments.isEmpty else { throw .wants("a server takes nothing") }
      let ensemble = ZAB.Ensemble(voters: voters.map { .init($0) }, observers: observers)
      let number = (voters + observers).sorted().firstIndex(of: member.id) ?? 0
      return .server(
        ZooKeeperEnsemble.Server(
          member.id, number: UInt8(truncatingIfNeeded: number + 1), of: ensemble,
          settings: variant.settings, without: without))
    }
    let all = voters + observers
    let named = member.arguments.map { NodeID($0) }
    for server in named where !all.contains(server) { throw .unknownNode(server.name) }
    let place = clients(of: topology).firstIndex(of: member.id) ?? 0
    return .client(
      ZooKeeperEnsemble.Client(
        member.id, of: named.isEmpty ? all : named, beginning: place,
        timeout: wanted(at: place),
        canBeReadOnly: variant == .readOnly && place != unlike, without: without))
  }

  private static func clients(of topology: [Member<Role>]) -> [NodeID] {
    topology.filter { $0.role == .client }.map(\.id)
  }

  /// The place of the client that is not like the others: it wants a shorter time-out, and does not
  /// put up with a server that only serves reads.
  private static let unlike = 1

  /// The time-out that the client at a place wants for its sessions, in ticks.
  private static func wanted(at place: Int) -> Int32 { place == unlike ? 60 : 100 }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
    let clients = clients(of: topology).enumerated()
    let demanding = clients.filter { $0.offset == unlike }.map(\.element)
    let asked = clients.map { place, client in (client, wanted(at: place)) }
    return Monitor(
      demanding: Set(demanding), wanted: Dictionary(asked) { first, _ in first },
      settings: variant.settings)
  }

  /// An election that may answer anything may never answer what would do.
  public static func promises(_ property: Property, in variant: Variant) -> Bool {
    if case .recovers = property.form { variant != .any } else { true }
  }
}
