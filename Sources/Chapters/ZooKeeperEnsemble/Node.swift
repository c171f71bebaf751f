public import ProtocolCore

extension ZooKeeperEnsemble {
  /// A server or a client.
  public indirect enum Node: Hashable, Sendable, Ruled {
    /// A server.
    case server(Server)
    /// A client.
    case client(Client)

    /// The rules that it does not obey.
    public var without: Set<Rule> {
      get {
        switch self {
        case .server(let server): server.without
        case .client(let client): client.without
        }
      }
      set {
        switch self {
        case .server(var server):
          server.without = newValue
          self = .server(server)
        case .client(var client):
          client.without = newValue
          self = .client(client)
        }
      }
    }
  }
}

extension ZooKeeperEnsemble.Node: Machine {
  /// What they speak.
  public typealias Words = ZooKeeperEnsemble.Words
  /// The rules that they obey.
  public typealias Rule = ZooKeeperEnsemble.Rule

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] { step(event, at: 0) }

  /// Takes one event at a time of the node's clock.
  public mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    let old = consume self
    switch consume old {
    case .server(var server):
      let effects = server.step(event, at: reading)
      self = .server(server)
      return effects
    case .client(var client):
      let effects = client.step(event)
      self = .client(client)
      return effects
    }
  }

  /// The server, if it is one.
  public var server: ZooKeeperEnsemble.Server? {
    if case .server(let server) = self { server } else { nil }
  }

  /// The client, if it is one.
  public var client: ZooKeeperEnsemble.Client? {
    if case .client(let client) = self { client } else { nil }
  }
}

extension ZooKeeperEnsemble.Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .server(let server): "\(server)"
    case .client(let client): "\(client)"
    }
  }
}
