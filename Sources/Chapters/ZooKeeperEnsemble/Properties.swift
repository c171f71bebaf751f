public import ProtocolCore
import ZAB

extension ZooKeeperEnsemble {
  /// What an ensemble promises its clients, judged by what these saw.
  public enum Property: String, PropertyName {
    /// A write that was answered did what it does at its zxid, behind all that were answered before
    /// it was asked.
    case linearizable
    /// What a client asks is done and answered in the order in which it asks, and of what it asks
    /// by one connection nothing is left out before something that is done.
    case clientOrder
    /// What is done for a client it has asked, word for word.
    case integrity
    /// What a process is told of its request came of that: what a server has answered; that nobody
    /// knows, of what was sent and not answered; that it was not done, of what was never sent in a
    /// session that is over.
    case answers
    /// What a client sees never goes back, on whichever server.
    case singleSystemImage
    /// A multi does all that it says, or nothing.
    case atomicity
    /// A write that was answered is delivered, and whoever leads later has all that was delivered;
    /// a server that has lost its ensemble does none.
    case durability
    /// A read shows what the transactions up to its zxid have made, and its server has delivered
    /// these.
    case reads
    /// A watch fires once, for the first change behind the read that left it, and before anything
    /// shows that change; one that is set again on another connection, for what the tree shows to
    /// have changed meanwhile: of a node that came and went it tells nothing, and of one that went
    /// and came, that its data has changed.
    case watches
    /// When a session ends what it owned goes, and nothing else.
    case ephemerals
    /// A session ends once.
    case closedOnce
    /// No session begins under the id of another. Who is given one has one that is open, and that
    /// was begun for it and nobody else; who is told that it is over has none, and whose writes are
    /// refused has none or has moved to another server; nobody is served behind its end; and a
    /// session of one server alone has only who puts up with that.
    case sessions
    /// A client is told the time-out that it has asked for, or the nearest that servers allow; its
    /// leader waits so long, and little longer, for a sign of its session, and proposes the end of
    /// none unless that time has passed or its client has closed it.
    case timeouts
    /// Behind a sync a client sees all that was proposed before it, unless one leads that has been
    /// deposed.
    case syncs
    /// All servers deliver the same transactions in one order, as they were proposed.
    case sameOrder
    /// A transaction is stamped by what the clock of its leader read when that took the request.
    case stamps
    /// What comes with a snapshot is what its transactions have made.
    case snapshots
    /// The tree of a server is what the transactions have made that it has delivered.
    case trees
    /// In the end every client has its session at a server, and nothing is under way.
    case termination
    /// In the end whoever goes on asking is answered.
    case progress
    /// In the end nothing is left of sessions that nobody has, and none of these is open.
    case cleanup
    /// In the end all servers show the same.
    case convergence
    /// In the end each client has been told, by whatever answer, of all that was answered to
    /// anybody.
    case timeliness
    /// A read does not show a write that was answered before it was asked.
    case staleReads
    /// A read at another server does not show what an event has told.
    case staleBehindEvents
    /// A read at another server shows what was before an earlier write of the same client, of which
    /// that does not know what came.
    case overtakes
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
      case .linearizable, .clientOrder, .integrity, .answers, .singleSystemImage, .atomicity,
        .durability, .reads, .watches, .ephemerals, .closedOnce, .sessions, .timeouts, .syncs,
        .sameOrder, .stamps, .snapshots, .trees:
        .always
      case .termination: .recovers(.atRest, repaired: true)
      case .progress: .recovers(.answered, repaired: true)
      case .cleanup: .recovers(.clean, repaired: true)
      case .convergence: .recovers(.same, repaired: true)
      case .timeliness: .recovers(.upToDate, repaired: true)
      case .staleReads: .sometimes(.stale)
      case .staleBehindEvents: .sometimes(.staleBehindEvent)
      case .overtakes: .sometimes(.overtaken)
      case .moves: .sometimes(.moved)
      case .expiries: .sometimes(.expired)
      case .firings: .sometimes(.fired)
      case .refusals: .sometimes(.refused)
      }
    }
  }

  /// What may be said of a server or a client at a moment.
  public enum Condition: String, Named {
    /// A client: it has its session at a server of the ensemble, and nothing is under way, by what
    /// it has said; a server: it serves, as it says itself. One that says so and does nothing is
    /// seen by what clients wait for.
    case atRest = "at rest"
    /// No process waits for an answer, at whichever client.
    case answered
    /// Nothing is left of sessions that nobody has.
    case clean
    /// It shows what every server that is up shows; of a client nothing is asked.
    case same
    /// A client: an answer, be it to a ping, has told it of all that was answered to anybody; of a
    /// server nothing is asked.
    case upToDate = "up to date"
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
    /// A client has read what was before that of which an event had told it.
    case staleBehindEvent = "stale behind event"
    /// A client has read, on another connection, what was before an earlier write of its own.
    case overtaken
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
    case .stale, .staleBehindSync, .staleBehindEvent, .overtaken, .moved, .expired, .fired,
      .refused:
      return witnessed.contains(Witnessed(node: id, condition: condition))
    case .answered: return waiting.isEmpty
    case .clean:
      let held = Set(clients.values.map(\.session))
      return tree.owned.allSatisfy { held.contains($0.owner) }
        && tree.openSessions().isSubset(of: held)
    case .upToDate:
      return scene[id]?.server != nil
        || clients[id].map { $0.isConnected && $0.heard >= acknowledged } ?? false
    case .atRest, .same, .leading, .serving, .readOnly, .connected:
      switch scene[id] {
      case .server(let server): return holds(condition, of: server, in: scene)
      case .client where condition == .atRest: return clients[id]?.isAtRest ?? false
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
        return server.delivered.map { Self.areAlike(tree, $0) } ?? false
      }
    case .answered, .clean, .upToDate, .connected, .stale, .staleBehindSync, .staleBehindEvent,
      .overtaken, .moved, .expired, .fired, .refused:
      false
    }
  }

  private func holds(
    _ condition: ZooKeeperEnsemble.Condition, of client: ZooKeeperEnsemble.Client
  ) -> Bool {
    switch condition {
    case .connected: if case .connected = client.phase { true } else { false }
    case .same: true
    case .atRest, .leading, .serving, .readOnly, .answered, .clean, .upToDate, .stale,
      .staleBehindSync, .staleBehindEvent, .overtaken, .moved, .expired, .fired, .refused:
      false
    }
  }
}
