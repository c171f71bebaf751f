public import Lab
public import ProtocolCore

extension SharedRegister: Model {
  /// What must hold.
  public typealias Monitor = RegisterHistory<Node>

  /// The only form.
  public enum Variant: String, Named {
    /// As it was published.
    case published
  }

  /// What a node is.
  public enum Role: String, Named {
    /// It keeps the value.
    case server
    /// It puts and gets.
    case client
  }

  /// How the command names it.
  public static let name = "abd"
  /// Messages are late, and nothing else goes wrong.
  public static let faults: Set<Fault> = [.reordering]
  /// Nobody asks.
  public static let requests: [Words.Request] = []

  /// Two servers and so many clients.
  public static func topology(_ size: Int) -> [Member<Role>] {
    (0..<2).map { Member(NodeID("s\($0)"), .server) }
      + (0..<max(0, min(size, 20))).map { Member(NodeID("c\($0 + 2)"), .client) }
  }

  /// A server or a client to which nothing has happened.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
  ) throws(TopologyError) -> Node {
    let servers = topology.filter { $0.role == .server }.map(\.id)
    guard !servers.isEmpty else { throw .wants("one of the nodes must be a server") }
    let place = topology.firstIndex { $0.id == member.id } ?? 0
    return switch member.role {
    case .server:
      .server(
        Server(id: member.id, peers: servers.filter { $0 != member.id }, without: without))
    case .client: .client(Client(number: max(place, servers.count), servers: servers))
    }
  }

  /// Nobody asks: clients are nodes here.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] { [] }

  /// A history.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
    Monitor(clients: topology.filter { $0.role == .client }.map(\.id))
  }
}

/// The shared register that Stateright counts, in the laboratory.
public enum SharedRegisterLaboratory: Laboratory {
  /// The model.
  public typealias Subject = SharedRegister
  /// The model in a few words.
  public static let title = "Stateright's shared register"
  /// It has no runs.
  public static let folder = "SharedRegister"
  /// What is ignored stays under way.
  public static let keepsIgnored = true

  /// What goes wrong when a put is no newer.
  public static let experiments: [Experiment<SharedRegister>] = [
    Experiment(.without(.sequenceRaised), violates: [.linearizable], in: [scenario])
  ]

  /// All its states with two clients.
  public static let checks: [PropertyCheck<SharedRegister>] = RegisterProperty.allCases.map {
    PropertyCheck($0, claims: [], exploring: [scenario], simulating: [])
  }

  private static let scenario = Scenario<SharedRegister>(
    2, bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0))
}
