public import Lab
public import ProtocolCore

extension PaxosRegister {
  /// What clients saw, as Stateright's tester keeps it: for each client what it has completed and
  /// what it waits for, each with how much the other had completed when it was called.
  public struct History: Hashable, Sendable {
    private let clients: [NodeID]
    private var completed: [[Call]]
    private var open: [Call?]

    private struct Call: Hashable {
      /// Nil for a get.
      let put: String?
      /// How many calls of each client were complete when it began.
      let after: [Int]
      var result: String?
    }

    init(clients: [NodeID]) {
      self.clients = clients
      completed = clients.map { _ in [] }
      open = clients.map { _ in nil }
    }

    /// What must hold.
    public enum Property: String, PropertyName {
      /// Some order of the calls explains what was got.
      case linearizable
      /// A value is got.
      case chosen

      /// In which sense it must hold.
      public var form: PropertyForm<Condition> {
        self == .linearizable ? .always : .sometimes(.got)
      }
    }

    /// What may be said of a client.
    public enum Condition: String, Named {
      /// It has got a value.
      case got
    }

    /// Whether the calls that are left can be ordered, when so many of each client are.
    private func isOrdered(_ done: [Int], _ value: String?) -> Bool {
      if zip(done, completed).allSatisfy({ $0 >= $1.count }) { return true }
      return clients.indices.contains { client in
        let call =
          done[client] < completed[client].count
          ? completed[client][done[client]]
          : done[client] == completed[client].count ? open[client] : nil
        guard let call, zip(done, call.after).allSatisfy({ $0 >= $1 }) else { return false }
        let isComplete = done[client] < completed[client].count
        if isComplete, call.put == nil, call.result != value { return false }
        var next = done
        next[client] += 1
        return isOrdered(next, call.put ?? value)
      }
    }
  }
}

extension PaxosRegister.History: Monitor {
  /// What it observes.
  public typealias Node = PaxosRegister.Node

  /// A client asks, or is answered.
  public mutating func observe(_ observation: Observation<PaxosRegister.Words>, at id: NodeID) {
    guard let client = clients.firstIndex(of: id), case .noted(let note) = observation else {
      return
    }
    switch note {
    case .invoked(let value):
      let after = clients.indices.map { $0 == client ? 0 : completed[$0].count }
      open[client] = Call(put: value, after: after)
    case .returned(let value):
      guard var call = open[client] else { return }
      call.result = value
      completed[client].append(call)
      open[client] = nil
    }
  }

  /// Whether some order explains what was got.
  public func holds(_ property: Property) -> Bool {
    isOrdered(clients.map { _ in 0 }, nil)
  }

  /// Whether a client has got a value.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Node>) -> Bool {
    clients.firstIndex(of: id).map { completed[$0].contains { $0.put == nil } } ?? false
  }
}

extension PaxosRegister: Model {
  /// What must hold.
  public typealias Monitor = History

  /// The only form.
  public enum Variant: String, Named {
    /// As it was published.
    case published
  }

  /// What a node is.
  public enum Role: String, Named {
    /// It chooses.
    case server
    /// It puts and gets.
    case client
  }

  /// How the command names it.
  public static let name = "stateright"
  /// Messages are late, and nothing else goes wrong.
  public static let faults: Set<Fault> = [.reordering]
  /// Nobody asks.
  public static let requests: [Words.Request] = []

  /// Three servers and so many clients.
  public static func topology(_ size: Int) -> [Member<Role>] {
    (0..<3).map { Member(NodeID("s\($0)"), .server) }
      + (0..<max(0, min(size, 20))).map { Member(NodeID("c\($0 + 3)"), .client) }
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
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> History {
    History(clients: topology.filter { $0.role == .client }.map(\.id))
  }
}

/// The register of a single decree that Stateright counts, in the laboratory.
public enum PaxosRegisterLaboratory: Laboratory {
  /// The model.
  public typealias Subject = PaxosRegister
  /// The model in a few words.
  public static let title = "Stateright's register"
  /// It has no runs.
  public static let folder = "Stateright"
  /// What is ignored stays under way.
  public static let keepsIgnored = true

  /// What goes wrong when a leader proposes its own.
  public static let experiments: [Experiment<PaxosRegister>] = [
    Experiment(.without(.highestAdopted), violates: [.linearizable], in: [scenario])
  ]

  /// All its states with two clients.
  public static let checks: [PropertyCheck<PaxosRegister>] = History.Property.allCases.map {
    PropertyCheck($0, claims: [], exploring: [scenario], simulating: [])
  }

  private typealias History = PaxosRegister.History

  private static let scenario = Scenario<PaxosRegister>(
    2, bounds: Bounds(crashes: 0, losses: 0, duplicates: 0, expiries: 0))
}
