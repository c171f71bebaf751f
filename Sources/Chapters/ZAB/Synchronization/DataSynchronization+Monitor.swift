public import ProtocolCore
import ReplicatedLog

extension DataSynchronization {
  /// What synchronization promises.
  public enum Property: String, PropertyName {
    /// Who serves has what its leader has, up to the number to which it has come: nothing is
    /// missing, nothing is too much.
    case sameHistory
    /// Who has come to an epoch has the whole history with which that began, on disk.
    case epochMeansHistory
    /// Who has served in an epoch has come to that on disk.
    case servedKept
    /// A learner delivers nothing that its leader has not delivered.
    case committedOnly
    /// A snapshot is sent only where the leader's log does not tell what the learner lacks.
    case cheapest
    /// When every failure is repaired, all come to serve what the leader has.
    case convergence
    /// A learner is sent what it lacks.
    case diffs
    /// A learner drops what it has too much.
    case truncs
    /// A learner is sent everything.
    case snaps

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .sameHistory, .epochMeansHistory, .servedKept, .committedOnly, .cheapest: .always
      case .convergence: .recovers(.upToDate, repaired: true)
      case .diffs: .sometimes(.diffed)
      case .truncs: .sometimes(.wasTruncated)
      case .snaps: .sometimes(.snapped)
      }
    }
  }

  /// What may be said of a server at a moment.
  public enum Condition: String, Named {
    /// It serves clients.
    case serving
    /// It serves, and has what its leader has, which serves too.
    case upToDate
    /// It has been sent what it lacked.
    case diffed
    /// It has been told to drop something.
    case wasTruncated = "truncated"
    /// It has been told to drop something, and was sent what it lacked.
    case truncatedAndDiffed = "truncated and diffed"
    /// It has been sent everything.
    case snapped
  }

  /// Judges synchronization by what the leader has, and what others come to have.
  public struct Monitor: Hashable, Sendable {
    let leader: NodeID
    /// What each has, as it was when it acted last.
    private var seen: [Seen]
    /// The epoch that the leader has begun last.
    private var epoch = 0
    /// The last number of the history with which that began.
    private var begun = Zxid.zero
    /// What the leader's transactions have made, by their numbers.
    private var made: [Made] = []
    /// The number up to which the leader has ever delivered.
    private var delivered = Zxid.zero
    private var ways: Set<ZAB.Monitor.Synchronized> = []
    private var broken: Set<Property> = []

    /// A monitor of these servers, one of which leads.
    init(leader: NodeID, servers: [NodeID]) {
      self.leader = leader
      seen = servers.map { Seen(id: $0) }
    }

    private struct Made: Hashable {
      let zxid: Zxid
      let store: KeyValueStore
    }

    /// What was seen of a server.
    private struct Seen: Hashable {
      let id: NodeID
      /// What its log has.
      var log: [Zxid] = []
      /// The greatest epoch in which it has served.
      var served = 0
    }
  }
}

extension DataSynchronization.Monitor: ProtocolCore.Monitor {
  /// The servers.
  public typealias Node = DataSynchronization.Node

  /// Something happened at a server.
  public mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID) {
    guard case .noted(let note) = observation else { return }
    switch note {
    case .delivered(let proposal, _): deliver(proposal.zxid, at: id)
    case .restored(let zxid): deliver(zxid, at: id)
    case .leads(let epoch), .handsOver(let epoch): delivered = max(delivered, Zxid(epoch, 0))
    // What a leader says of that is not believed: the learner shows in which way it is.
    case .synchronizes, .broadcast, .elected, .unexpected: break
    }
  }

  private mutating func deliver(_ zxid: Zxid, at id: NodeID) {
    if id == leader {
      delivered = max(delivered, zxid)
    } else if zxid > delivered {
      broken.insert(.committedOnly)
    }
  }

  /// In which way a learner is synchronized, by what it has taken in.
  private mutating func synchronize(_ server: Server, _ id: NodeID) {
    guard let way = ZAB.Judging.way(of: server) else { return }
    ways.insert(ZAB.Monitor.Synchronized(learner: id, way: way))
    // Who could not drop what a snapshot holds says that it has nothing.
    guard way == .snap, server.useless == nil else { return }
    let has = seen.first { $0.id == leader }?.log ?? []
    if has.contains(server.history.lastProcessed) { broken.insert(.cheapest) }
  }

  /// A server acted: what it has must be what the leader has.
  public mutating func look(at node: Node, _ id: NodeID) {
    let server = node.server
    if id == leader { read(server) }
    guard let place = seen.firstIndex(where: { $0.id == id }) else { return }
    synchronize(server, id)
    seen[place].log = server.history.log.map(\.zxid)
    if server.currentEpoch < seen[place].served { broken.insert(.servedKept) }
    guard server.currentEpoch == epoch, epoch > 0 else { return }
    if server.history.last < begun || !isMade(whole(server.history), server.history.last) {
      broken.insert(.epochMeansHistory)
    }
    guard server.isServing else { return }
    seen[place].served = epoch
    if !isMade(server.history.service, server.history.lastProcessed) {
      broken.insert(.sameHistory)
    }
  }

  private func isMade(_ store: KeyValueStore, _ zxid: Zxid) -> Bool {
    made.contains(Made(zxid: zxid, store: store))
  }

  /// What a history makes when all of it is applied.
  private func whole(_ history: History<KeyValueStore>) -> KeyValueStore {
    var store = history.service
    for proposal in history.pending { _ = store.apply(proposal.transaction) }
    return store
  }

  /// Keeps what the leader's transactions make, from the beginning of its epoch on.
  private mutating func read(_ server: Server) {
    guard case .leading(let leading) = server.role else { return }
    let history = server.history
    switch leading.phase {
    case .collecting, .proposing: return
    case .synchronizing(let begins), .broadcasting(let begins):
      if begins != epoch {
        (epoch, begun) = (begins, history.last)
        made.removeAll { $0.zxid > history.snapshot.zxid }
      }
    }
    var store = history.snapshot.service
    keep(history.snapshot.zxid, store)
    for proposal in history.log {
      // What an epoch begins with was made by all before.
      if proposal.zxid.epoch == epoch { keep(Zxid(epoch, 0), store) }
      _ = store.apply(proposal.transaction)
      keep(proposal.zxid, store)
    }
    keep(Zxid(epoch, 0), store)
    // An epoch that was established before this one, and brought nothing.
    keep(history.lastProcessed, history.service)
  }

  /// Keeps what was made under a number, unless that is known.
  private mutating func keep(_ zxid: Zxid, _ store: KeyValueStore) {
    let place = made.firstIndex { $0.zxid >= zxid } ?? made.endIndex
    guard place == made.endIndex || made[place].zxid != zxid else { return }
    made.insert(Made(zxid: zxid, store: store), at: place)
  }

  typealias Server = DataSynchronization.Server

  /// Whether a property has held so far.
  public func holds(_ property: DataSynchronization.Property) -> Bool {
    !broken.contains(property)
  }

  /// Whether the condition holds of a server that is up.
  public func holds(
    _ condition: DataSynchronization.Condition, at id: NodeID, in scene: Scene<Node>
  ) -> Bool {
    func isSynchronized(_ way: ZAB.Way) -> Bool {
      ways.contains(ZAB.Monitor.Synchronized(learner: id, way: way))
    }
    switch condition {
    case .serving: return scene[id]?.server.isServing ?? false
    case .upToDate:
      guard let server = scene[id]?.server, let sitting = scene[leader]?.server else {
        return false
      }
      return server.isServing && sitting.isServing
        && server.history.service == sitting.history.service
    case .diffed: return isSynchronized(.diff)
    case .wasTruncated: return isSynchronized(.trunc) || isSynchronized(.truncDiff)
    case .truncatedAndDiffed: return isSynchronized(.truncDiff)
    case .snapped: return isSynchronized(.snap)
    }
  }
}
