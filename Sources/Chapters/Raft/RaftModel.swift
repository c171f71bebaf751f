public import ProtocolCore
public import ReplicatedLog

/// Raft, for the drivers.
public enum RaftModel: Model {
  /// The servers.
  public typealias Node = Raft.Server
  /// What must hold of them.
  public typealias Monitor = Raft.Monitor
  /// The forms of the protocol.
  public typealias Variant = Raft.Variant

  /// What a node can be.
  public enum Role: String, Named {
    /// It votes from the beginning on.
    case server
    /// It knows nobody, and votes when an entry of the log says so.
    case spare
  }

  /// How the command names it.
  public static let name = "raft"

  /// It bears everything but disks that forget.
  public static let faults = Fault.usual

  /// With a lease it trusts clocks.
  public static func clockRates(of variant: Variant) -> ClosedRange<Int>? {
    variant == .lease ? 90...110 : nil
  }

  /// A leader knows when its lease is over.
  public static func isTimely(_ timer: Words.Timer) -> Bool {
    if case .lease = timer { true } else { false }
  }

  /// What can be asked: two clients, each command with its number; and by operators.
  public static let requests: [Words.Request] =
    ReplicatedLog.commands + ReplicatedLog.others
    + [.members(["a", "b"]), .members(["a", "b", "c"]), .transfer("a"), .transfer("b")]

  /// The request that reads so: `x1 append k a`, `members a b d`, `transfer b`.
  public static func request(reading text: String) -> Words.Request? {
    ReplicatedLog.request(reading: text)
  }

  /// Who leads, and what was applied.
  public static let outcomes: [Condition] = [.leading, .applied]

  /// Every kind is bounded apart.
  public static let timerKinds = ["election", "beat", "heard", "quorum", "transfer", "lease"]

  /// Of which of these kinds a timer is.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .election: "election"
    case .beat: "beat"
    case .heard: "heard"
    case .quorum: "quorum"
    case .transfer: "transfer"
    case .lease: "lease"
    }
  }

  /// The term that a server has come to.
  public static func epoch(of node: Node) -> Int { node.term }

  /// So many servers, called by letters from a on.
  public static func topology(_ size: Int) -> [Member<Role>] {
    "abcdefghij".map(String.init).prefix(size).map { Member(NodeID($0), .server) }
  }

  /// A server that knows who votes at first, or a spare that does not.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
    without: Set<Rule>
  ) throws(TopologyError) -> Node {
    let members = topology.filter { $0.role == .server }.map(\.id)
    guard !members.isEmpty else { throw .wants("one of the nodes must be a server") }
    guard member.arguments.isEmpty else { throw .wants("a server takes no names") }
    return Node(
      member.id, members: member.role == .spare ? [] : members.sorted(), variant: variant,
      without: without)
  }

  /// Two clients, each of which adds to the same text and then reads it, of any server, until
  /// they are answered.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    ReplicatedLog.asks(of: topology.map(\.id))  // a spare refuses, until it leads
  }

  /// Three clients that go on, and an operator that removes the last server, transfers the
  /// leadership to the second, and adds the last one again.
  public static func longAsks(of topology: [Member<Role>]) -> [Ask<Words>] {
    let servers = topology.map(\.id)
    let members = topology.filter { $0.role == .server }.map(\.id)
    guard members.count > 2 else { return ReplicatedLog.longAsks(of: servers) }
    let changes: [Words.Request] = [
      .members(Array(members.dropLast())), .transfer(members[1]), .members(members),
    ]
    // A transfer is refused in the form of the paper: the operator does not wait for it.
    return ReplicatedLog.longAsks(of: servers)
      + changes.map { change in
        if case .transfer = change {
          return Ask("o", of: servers, oneOf: [change], awaits: false)
        }
        return Ask("o", of: servers, oneOf: [change], insists: true)
      }
  }

  /// A leader is elected, deposed, and another one is elected.
  public static let preamble = 60

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
    Monitor(
      servers: topology.map(\.id), members: topology.filter { $0.role == .server }.map(\.id),
      variant: variant)
  }

  /// A command as a history tells it.
  public static func call(of request: Words.Request) -> Call? {
    ReplicatedLog.call(of: request)
  }

  /// What a read brings back.
  public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
    ReplicatedLog.result(of: reply, to: request)
  }
}
