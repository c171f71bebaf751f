public import ProtocolCore

/// The register of Attiya, Bar-Noy and Dolev as Stateright counts it.
///
/// Two servers share a register, and two clients each put a value and then get it, of the servers
/// in turn (Stateright, `examples/linearizable-register.rs`: two clients, two servers, an unordered
/// network that doubles nothing). The state holds what servers and clients are, the messages under
/// way, and the history of what clients saw, as its tester of linearizability keeps it: 544 states.
/// It stands here because that count was published; a chapter has the register that is
/// read.
///
/// A server that has nothing to do about a message leaves it under way.
///
/// Source: Attiya, Bar-Noy, Dolev, "Sharing Memory Robustly in Message-Passing Systems", JACM
/// 42(1), 1995.
public enum SharedRegister: Sendable {
  /// How new a value is: a number, and the server that gave it.
  public struct Sequence: Hashable, Comparable, Sendable {
    let number: Int
    let server: NodeID

    /// By number, then by server.
    public static func < (a: Sequence, b: Sequence) -> Bool {
      (a.number, a.server) < (b.number, b.server)
    }
  }

  /// A value and how new it is.
  public struct Stored: Hashable, Sendable {
    var sequence = Sequence(number: 0, server: "s0")
    var value: String?
  }

  /// The words.
  public enum Words: Vocabulary {
    /// What is sent.
    public enum Message: Hashable, Sendable {
      /// By clients.
      case put(Int, String), get(Int)
      /// To clients.
      case putOk(Int), getOk(Int, String?)
      /// Between servers: what have you; this.
      case query(Int), answer(Int, Stored)
      /// Between servers: keep this; it is kept.
      case record(Int, Stored), recorded(Int)
    }
    /// What a client does and sees.
    public typealias Note = RegisterNote
    /// Nobody asks.
    public typealias Request = Never
    /// Nobody answers.
    public typealias Reply = Never
    /// Nothing is written down.
    public typealias Record = Never
    /// Nothing is waited for.
    public typealias Timer = Never
  }

  /// What may be left out.
  public enum Rule: String, RuleName {
    /// A put is newer than all that a majority tells.
    case sequenceRaised

    /// What leaving it out endangers.
    public var kind: RuleKind { .safety }
    /// The rule in a sentence.
    public var sentence: String { "a put gets a greater number than any that a majority tells" }
    /// Where it comes from.
    public var source: String { "Stateright, examples/linearizable-register.rs" }
  }

  /// A server or a client.
  public enum Node: Hashable, Sendable {
    /// It keeps the value with its peers.
    case server(Server)
    /// It puts, then gets.
    case client(Client)
  }
}

extension SharedRegister {
  /// A server: AbdState.
  public struct Server: Hashable, Sendable {
    let id: NodeID
    let peers: [NodeID]
    var without: Set<Rule>
    var stored = Stored()
    var phase: Phase?

    /// What a server does for a client.
    enum Phase: Hashable {
      case querying(Int, NodeID, put: String?, answers: [NodeID: Stored])
      case recording(Int, NodeID, read: String??, by: Set<NodeID>)
    }

    private var majority: Int { (peers.count + 1) / 2 + 1 }

    mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
      switch (message, phase) {
      case (.put(let request, let value), nil): return begin(request, sender, put: value)
      case (.get(let request), nil): return begin(request, sender, put: nil)
      case (.query(let request), _): return [.send(.answer(request, stored), to: sender)]
      case (
        .answer(let told, let version), .querying(let request, let client, let put, var answers)?
      )
      where told == request:
        answers[sender] = version
        phase = .querying(request, client, put: put, answers: answers)
        return answers.count == majority ? record(request, client, put, answers) : []
      case (.record(let request, let told), _):
        if told.sequence > stored.sequence { stored = told }
        return [.send(.recorded(request), to: sender)]
      case (.recorded(let told), .recording(let request, let client, let read, var kept)?)
      where told == request:
        kept.insert(sender)
        phase = .recording(request, client, read: read, by: kept)
        return kept.count == majority ? finish(request, client, read) : []
      case (.put, _), (.get, _), (.putOk, _), (.getOk, _), (.answer, _), (.recorded, _):
        return []  // nothing to be done about it now
      }
    }

    private mutating func begin(
      _ request: Int, _ client: NodeID, put: String?
    ) -> [Effect<Words>] {
      phase = .querying(request, client, put: put, answers: [id: stored])
      return peers.map { .send(.query(request), to: $0) }
    }

    private mutating func record(
      _ request: Int, _ client: NodeID, _ put: String?, _ answers: [NodeID: Stored]
    ) -> [Effect<Words>] {
      let told = answers.keys.sorted().compactMap { answers[$0] }
      let newest = told.max { $0.sequence < $1.sequence } ?? stored
      var chosen = newest
      if let put {
        let step = without.contains(.sequenceRaised) ? 0 : 1
        chosen = Stored(
          sequence: Sequence(number: newest.sequence.number + step, server: id), value: put)
      }
      if chosen.sequence > stored.sequence { stored = chosen }
      let read: String?? = put == nil ? .some(newest.value) : nil
      phase = .recording(request, client, read: read, by: [id])
      return peers.map { .send(.record(request, chosen), to: $0) }
    }

    private mutating func finish(
      _ request: Int, _ client: NodeID, _ read: String??
    ) -> [Effect<Words>] {
      phase = nil
      guard let value = read else { return [.send(.putOk(request), to: client)] }
      return [.send(.getOk(request, value), to: client)]
    }
  }

  /// A client: it puts one value, then gets.
  public struct Client: Hashable, Sendable {
    let number: Int
    let servers: [NodeID]
    var awaiting: Int?
    var operations = 0

    private func server(_ offset: Int) -> NodeID { servers[(number + offset) % servers.count] }

    mutating func start() -> [Effect<Words>] {
      awaiting = number
      operations = 1
      let value = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number - servers.count)))
      return [.note(.invoked(value)), .send(.put(number, value), to: server(0))]
    }

    mutating func receive(_ message: Words.Message) -> [Effect<Words>] {
      switch message {
      case .putOk(let request) where request == awaiting:
        let next = (operations + 1) * number
        awaiting = next
        operations += 1
        return [
          .note(.returned(nil)), .note(.invoked(nil)),
          .send(.get(next), to: server(operations - 1)),
        ]
      case .getOk(let request, let value) where request == awaiting:
        awaiting = nil
        operations += 1
        return [.note(.returned(value))]
      case .putOk, .getOk, .put, .get, .query, .answer, .record, .recorded:
        return []  // answered before
      }
    }
  }
}

extension SharedRegister.Node: Machine, Ruled {
  /// The words.
  public typealias Words = SharedRegister.Words

  /// Takes a message.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (self, event) {
    case (.server(var server), .received(let message, let sender)):
      defer { self = .server(server) }
      return server.receive(message, from: sender)
    case (.client(var client), .received(let message, _)):
      defer { self = .client(client) }
      return client.receive(message)
    case (.client(var client), .started):
      defer { self = .client(client) }
      return client.start()
    case (.server, .started), (_, .disconnected), (_, .stored): return []
    }
  }

  /// The rules that it does not obey.
  public var without: Set<SharedRegister.Rule> {
    get { if case .server(let server) = self { server.without } else { [] } }
    set {
      guard case .server(var server) = self else { return }
      server.without = newValue
      self = .server(server)
    }
  }
}
