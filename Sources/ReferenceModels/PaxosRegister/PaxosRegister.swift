public import ProtocolCore

/// The register of a single decree that Stateright counts.
///
/// Three servers choose one value, and two clients each put one and then get it, of the servers in
/// turn (Stateright, `examples/paxos.rs`: two clients, an unordered network that doubles nothing,
/// no records). The state holds what the servers and clients are, the messages under way, and the
/// history of what clients saw, as its tester of linearizability keeps it: 16,668 states. It stands
/// here because that count was published, and so that an observer is counted as others count it.
///
/// A server that has nothing to do about a message leaves it under way.
public enum PaxosRegister: Sendable {
  /// A ballot: its round, and the server that began it.
  public struct Ballot: Hashable, Comparable, Sendable {
    let round: Int
    let server: NodeID

    /// By round, then by server.
    public static func < (a: Ballot, b: Ballot) -> Bool {
      (a.round, a.server) < (b.round, b.server)
    }
  }

  /// What is chosen: a client's put.
  public struct Proposal: Hashable, Sendable {
    let request: Int
    let client: NodeID
    let value: String
  }

  /// A proposal and the ballot in which it was accepted.
  public struct Accepted: Hashable, Sendable {
    let ballot: Ballot
    let proposal: Proposal
  }

  /// The words.
  public enum Words: Vocabulary {
    /// What is sent.
    public enum Message: Hashable, Sendable {
      /// By clients.
      case put(Int, String), get(Int)
      /// To clients.
      case putOk(Int), getOk(Int, String)
      /// Between servers.
      case prepare(Ballot), prepared(Ballot, Accepted?), accept(Ballot, Proposal)
      /// Between servers.
      case accepted(Ballot), decided(Ballot, Proposal)
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
    /// The proposal accepted with the greatest ballot is adopted.
    case highestAdopted

    /// What leaving it out endangers.
    public var kind: RuleKind { .safety }
    /// The rule in a sentence.
    public var sentence: String { "a leader adopts what was accepted with the greatest ballot" }
    /// Where it comes from.
    public var source: String { "Stateright, examples/paxos.rs" }
  }

  /// A server or a client.
  public enum Node: Hashable, Sendable {
    /// It chooses with its peers.
    case server(Server)
    /// It puts, then gets.
    case client(Client)
  }
}

extension PaxosRegister {
  /// A server: PaxosState.
  public struct Server: Hashable, Sendable {
    let id: NodeID
    let peers: [NodeID]
    var without: Set<Rule>
    var ballot = Ballot(round: 0, server: "s0")
    var proposal: Proposal?
    var prepares: [NodeID: Accepted?] = [:]
    var accepts: Set<NodeID> = []
    var accepted: Accepted?
    var isDecided = false

    private var majority: Int { (peers.count + 1) / 2 + 1 }

    mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
      if isDecided {
        guard case .get(let request) = message, let accepted else { return [] }
        return [.send(.getOk(request, accepted.proposal.value), to: sender)]
      }
      switch message {
      case .put(let request, let value) where proposal == nil:
        proposal = Proposal(request: request, client: sender, value: value)
        ballot = Ballot(round: ballot.round + 1, server: id)
        prepares = [id: accepted]
        accepts = []
        return peers.map { .send(.prepare(ballot), to: $0) }
      case .prepare(let other) where ballot < other:
        ballot = other
        return [.send(.prepared(other, accepted), to: sender)]
      case .prepared(ballot, let last):
        prepares[sender] = .some(last)
        guard prepares.count == majority, let own = proposal else { return [] }
        let told = prepares.values.compactMap(\.self).max { $0.ballot < $1.ballot }
        let chosen = without.contains(.highestAdopted) ? own : told?.proposal ?? own
        proposal = chosen
        accepted = Accepted(ballot: ballot, proposal: chosen)
        accepts.insert(id)
        return peers.map { .send(.accept(ballot, chosen), to: $0) }
      case .accept(let other, let proposal) where ballot <= other:
        ballot = other
        accepted = Accepted(ballot: other, proposal: proposal)
        return [.send(.accepted(other), to: sender)]
      case .accepted(ballot):
        accepts.insert(sender)
        guard accepts.count == majority, let proposal else { return [] }
        isDecided = true
        return peers.map { .send(.decided(ballot, proposal), to: $0) }
          + [.send(.putOk(proposal.request), to: proposal.client)]
      case .decided(let other, let proposal):
        ballot = other
        accepted = Accepted(ballot: other, proposal: proposal)
        isDecided = true
        return []
      case .put, .get, .putOk, .getOk, .prepare, .prepared, .accept, .accepted:
        return []  // nothing to be done about it now
      }
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
      case .putOk, .getOk, .put, .get, .prepare, .prepared, .accept, .accepted, .decided:
        return []  // answered before
      }
    }
  }
}

extension PaxosRegister.Node: Machine, Ruled {
  /// The words.
  public typealias Words = PaxosRegister.Words

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
  public var without: Set<PaxosRegister.Rule> {
    get { if case .server(let server) = self { server.without } else { [] } }
    set {
      guard case .server(var server) = self else { return }
      server.without = newValue
      self = .server(server)
    }
  }
}
