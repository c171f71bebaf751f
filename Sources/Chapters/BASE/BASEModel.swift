public import ProtocolCore

extension BASEModel: Model {
  /// The nodes.
  public typealias Node = BASE.Node
  /// What must hold of them.
  public typealias Monitor = BASEMonitor
  /// What a node is.
  public typealias Role = BASE.Role
  /// The forms of the store.
  public typealias Variant = BASE.Variant

  /// How the command names it.
  public static let name = "base"

  /// It bears everything but disks that forget.
  public static let faults = Fault.usual

  /// A session is that of one client.
  public static func isOneClients(_ member: Member<Role>) -> Bool { member.role == .session }

  /// What can be asked.
  public static let requests: [Words.Request] = [.write("k", 1), .read("k"), .delete("k")]

  /// The request that reads so: `write x 1`.
  public static func request(reading text: String) -> Words.Request? {
    Words.request(reading: text)
  }

  /// What came of a run.
  public static let outcomes: [Condition] = [.split, .holding]

  /// Attempts are bounded apart from what goes on in the background.
  public static let timerKinds = ["attempt", "background"]

  /// Of which of these kinds a timer is.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .attempt: "attempt"
    case .gossip, .handoff: "background"
    }
  }

  /// So many servers, called by letters from a on, a spare called h, and two sessions, s and t,
  /// that ask the servers in turn.
  public static func topology(_ size: Int) -> [Member<Role>] {
    let names = "abcdefg".map(String.init).prefix(size)
    return names.map { Member(NodeID($0), .replica) } + [
      Member("h", .spare), Member("s", .session, Array(names)),
      Member("t", .session, Array(names.dropFirst() + names.prefix(1))),
    ]
  }

  /// A node that has seen nothing.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> BASE.Node {
    func all(_ role: Role) -> [NodeID] { topology.filter { $0.role == role }.map(\.id) }
    switch member.role {
    case .session:
      let servers = member.arguments.map { NodeID($0) }
      guard !servers.isEmpty else { throw .wants("a session names the servers that it asks") }
      for server in servers where !all(.replica).contains(server) {
        throw .unknownNode(server.name)
      }
      return .session(
        Session(servers: servers, demands: variant == .sessions, without: without))
    case .replica, .spare:
      guard member.arguments.isEmpty else { throw .wants("a server takes no names") }
      let peers = member.role == .replica ? all(.replica).filter { $0 != member.id } : []
      return .replica(
        Replica(
          member.id, peers: peers, spares: all(.spare).filter { $0 != member.id },
          variant: variant, without: without))
    }
  }

  /// Two clients, each at its session: one writes, reads and writes; the other writes and reads.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let sessions = topology.filter { $0.role == .session }.map(\.id)
    let requests: [[Words.Request]] = [
      [.write("k", 1), .read("k"), .write("k", 2)], [.write("k", 3), .read("k")],
    ]
    return zip(sessions, requests).flatMap { session, requests in
      requests.map { Ask(ClientID(session == "s" ? "x" : "y"), of: [session], oneOf: [$0]) }
    }
  }

  /// What each form promises.
  public static func promises(_ property: Property, in variant: Variant) -> Bool {
    switch property {
    case .validity, .termination: true
    case .readsRepair, .fresh: variant == .readRepair
    case .convergence: variant != .readRepair
    case .readYourWrites, .monotonicReads: variant == .sessions
    case .lastWins, .latestStands: variant == .lastWriterWins
    case .updatesKept: ![.lastWriterWins, .readRepair].contains(variant)
    case .overwrittenGone: [.siblings, .sloppy, .sessions].contains(variant)
    case .handedOff, .hinted: variant == .sloppy
    case .served: [.siblings, .mergedClocks, .lastWriterWins].contains(variant)
    case .diverges: variant != .lastWriterWins
    }
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> BASEMonitor {
    BASEMonitor(topology, variant: variant)
  }

  /// A request as a history tells it; a deletion writes nothing.
  public static func call(of request: Words.Request) -> Call? {
    switch request {
    case .read(let key): Call("read", key: key)
    case .write(let key, let value): Call("write", key: key, value: .number(value))
    case .delete(let key): Call("write", key: key)
    }
  }

  /// What a read brings back: a value, or a list of several.
  public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
    guard case .values(let values) = reply, let first = values.first else { return .null }
    return values.count == 1 ? .number(first) : .list(values.map { .number($0) })
  }
}
