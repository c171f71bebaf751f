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

    /// What can be asked: two clients, each command with its number.
    public static let requests: [Words.Request] = [
      command("x", 1, .append("k", "a")), command("y", 1, .append("k", "b")),
      command("x", 2, .get("k")), command("y", 2, .get("k")), .rebuild,
    ]

    /// The request that reads so: `x1 append k a`, `members a b d`.
    public static func request(reading text: String) -> Words.Request? {
      ReplicatedLog.request(reading: text)
    }

    private static func command(
      _ client: String, _ serial: Int, _ operation: ReplicatedLog.Operation
    ) -> Words.Request {
      .command(ReplicatedLog.Command(client, serial, operation))
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
      let servers = topology.filter { $0.role == .server }.map(\.id)
      return [
        ask("x", of: servers, command("x", 1, .append("k", "a"))),
        ask("x", of: servers, command("x", 2, .get("k"))),
        ask("y", of: servers.reversed(), command("y", 1, .append("k", "b"))),
        ask("y", of: servers.reversed(), command("y", 2, .get("k"))),
      ]
    }

    private static func ask(
      _ client: ClientID, of servers: [NodeID], _ request: Words.Request
    ) -> Ask<Words> {
      Ask(client, of: servers, oneOf: [request], insists: true)
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(
        servers: topology.map(\.id),
        members: topology.filter { $0.role == .server }.map(\.id))
    }

    /// A command as a history tells it.
    public static func call(of request: Words.Request) -> Call? {
      guard case .command(let command) = request else { return nil }
      return switch command.operation {
      case .get(let key): Call("get", key: key)
      case .put(let key, let text): Call("put", key: key, value: .text(text))
      case .append(let key, let text): Call("append", key: key, value: .text(text))
      }
    }

    /// What a read brings back.
    public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
      guard case .command(let command) = request, case .get = command.operation,
        case .done(let text?) = reply
      else { return .null }
      return .text(text)
    }
  }
}
