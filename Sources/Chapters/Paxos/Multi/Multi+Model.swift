public import ProtocolCore
public import ReplicatedLog

extension MultiPaxos {
  /// Multi-Paxos, for the drivers.
  public enum Model: ProtocolCore.Model {
    /// The servers.
    public typealias Node = Server
    /// What must hold of them.
    public typealias Monitor = MultiPaxos.Monitor
    /// The forms of the protocol.
    public typealias Variant = MultiPaxos.Variant

    /// What a node can be.
    public enum Role: String, Named {
      /// It votes from the beginning on.
      case server
      /// It votes when an entry of the log says so.
      case spare
    }

    /// How the command names it.
    public static let name = "multipaxos"

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

    /// What can be asked: two clients, each command with its number.
    public static let requests: [Words.Request] =
      ReplicatedLog.commands + [.rebuild]

    /// The request that reads so: `x1 append k a`, `members a b d`.
    public static func request(reading text: String) -> Words.Request? {
      ReplicatedLog.request(reading: text)
    }

    /// What was applied.
    public static let outcomes: [Condition] = [.leading, .applied]

    /// Elections are bounded apart, and so are beats and what belongs to a lease.
    public static let timerKinds = ["election", "beat", "lease"]

    /// Of which of these kinds a timer is.
    public static func kind(of timer: Words.Timer) -> String? {
      switch timer {
      case .election: "election"
      case .beat: "beat"
      case .grant, .lease: "lease"
      }
    }

    /// The round that a server has come to.
    public static func epoch(of node: Server) -> Int { node.promised?.round ?? 0 }

    /// So many servers, called by letters from a on.
    public static func topology(_ size: Int) -> [Member<Role>] {
      "abcdefghij".map(String.init).prefix(size).map { Member(NodeID($0), .server) }
    }

    /// A server that knows nothing.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
      without: Set<Rule>
    ) throws(TopologyError) -> Server {
      let members = topology.filter { $0.role == .server }.map(\.id)
      guard !members.isEmpty else { throw .wants("one of the nodes must be a server") }
      guard member.arguments.isEmpty else { throw .wants("a server takes no names") }
      return Server(member.id, members: members.sorted(), variant: variant, without: without)
    }

    /// Two clients, each of which adds to the same text and then reads it, of any server, until
    /// they are answered.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
      ReplicatedLog.asks(of: topology.map(\.id))  // a spare refuses, until it leads
    }

    /// Three clients that go on.
    public static func longAsks(of topology: [Member<Role>]) -> [Ask<Words>] {
      ReplicatedLog.longAsks(of: topology.map(\.id))
    }

    /// A leader is elected, deposed, and another one is elected.
    public static let preamble = 60

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(
        servers: topology.map(\.id),
        members: topology.filter { $0.role == .server }.map(\.id))
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
}
