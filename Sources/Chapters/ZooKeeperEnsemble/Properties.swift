public import ProtocolCore
import ZAB

extension ZooKeeperEnsemble {
  /// What an ensemble promises its clients, judged by what these saw.
  public enum Property: String, PropertyName {
    /// A write that was answered did what it does at its zxid, behind all that were answered before
    /// it was asked.
    case linearizable
    /// What a client asks is done and answered in the order in which it asks.
    case clientOrder
    /// What a client sees never goes back, on whichever server.
    case singleSystemImage
    /// A multi does all that it says, or nothing.
    case atomicity
    /// A write that was answered is delivered, and stays so.
    case durability
    /// A read shows what the transactions up to its zxid have made.
    case reads
    /// A watch fires once, for the first change behind the read that left it, and before anything
    /// shows that change.
    case watches
    /// When a session ends what it owned goes, and nothing else.
    case ephemerals
    /// A session ends once.
    case closedOnce
    /// Who is given a session has one that is open; who is told that it is over has none.
    case sessions
    /// Behind a sync a client sees all that was proposed before it.
    case syncs
    /// All servers deliver the same transactions in one order.
    case sameOrder
    /// What comes with a snapshot is what its transactions have made.
    case snapshots
    /// In the end every client has its session at a server, and nothing is left unanswered.
    case termination
    /// In the end nothing is left of sessions that nobody has.
    case cleanup
    /// In the end all servers show the same.
    case convergence
    /// A read does not show a write that was answered before it was asked.
    case staleReads
    /// A session goes on at another server.
    case moves
    /// A session expires.
    case expiries
    /// A watch fires.
    case firings
    /// A client that has seen more than a server is refused.
    case refusals

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .linearizable, .clientOrder, .singleSystemImage, .atomicity, .durability, .reads,
        .watches, .ephemerals, .closedOnce, .sessions, .syncs, .sameOrder, .snapshots:
        .always
      case .termination: .recovers(.atRest, repaired: true)
      case .cleanup: .recovers(.clean, repaired: true)
      case .convergence: .recovers(.same, repaired: true)
      case .staleReads: .sometimes(.stale)
      case .moves: .sometimes(.moved)
      case .expiries: .sometimes(.expired)
      case .firings: .sometimes(.fired)
      case .refusals: .sometimes(.refused)
      }
    }
  }

  /// What may be said of a server or a client at a moment.
  public enum Condition: String, Named {
    /// A client: it has its session at a server of the ensemble, and nothing is under way; a
    /// server: it serves.
    case atRest = "at rest"
    /// Nothing is left of sessions that nobody has.
    case clean
    /// It shows what every server that is up shows; of a client nothing is asked.
    case same
    /// It leads, and a quorum has acknowledged that.
    case leading
    /// It serves clients.
    case serving
    /// It has lost its ensemble, and serves reads.
    case readOnly = "read-only"
    /// It has a session at a server.
    case connected
    /// A client has read what was not the last that had been answered.
    case stale
    /// The same, right behind a sync.
    case staleBehindSync = "stale behind sync"
    /// A client has gone to another server with its session.
    case moved
    /// The session of a client has expired.
    case expired
    /// A watch has fired for it.
    case fired
    /// It has refused a client that has seen more.
    case refused
  }
}

extension ZooKeeperEnsemble.Monitor {
  /// Whether nothing that never should happen has happened.
  public func holds(_ property: ZooKeeperEnsemble.Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a node that is up.
  public func holds(
    _ condition: ZooKeeperEnsemble.Condition, at id: NodeID, in scene: Scene<Node>
  ) -> Bool {
    switch condition {
    case .stale, .staleBehindSync, .moved, .expired, .fired, .refused:
      return witnessed.contains(Witnessed(node: id, condition: condition))
    case .clean:
      let held = Set(clients.values.map(\.session))
      return tree.owned.allSatisfy { held.contains($0.owner) }
    case .atRest, .same, .leading, .serving, .readOnly, .connected:
      switch scene[id] {
      case .server(let server): return holds(condition, of: server, in: scene)
      case .client(let client): return holds(condition, of: client)
      case nil: return false
      }
    }
  }

  private func holds(
    _ condition: ZooKeeperEnsemble.Condition, of server: ZooKeeperEnsemble.Server,
    in scene: Scene<Node>
  ) -> Bool {
    switch condition {
    case .atRest, .serving: server.zab.isServing
    case .leading: server.zab.isEstablished
    case .readOnly: server.isReadOnly
    case .same:
      scene.nodes.allSatisfy { other in
        guard let tree = other.node?.server?.delivered else { return other.node?.server == nil }
        return tree == server.delivered
      }
    case .clean, .connected, .stale, .staleBehindSync, .moved, .expired, .fired, .refused: false
    }
  }

  private func holds(
    _ condition: ZooKeeperEnsemble.Condition, of client: ZooKeeperEnsemble.Client
  ) -> Bool {
    switch condition {
    case .atRest: client.isAtRest
    case .connected: if case .connected = client.phase { true } else { false }
    case .same: true
    case .leading, .serving, .readOnly, .clean, .stale, .staleBehindSync, .moved, .expired,
      .fired, .refused:
      false
    }
  }
}
