public import ProtocolCore

extension ZAB {
  /// A server of an ensemble: it looks for a leader, learns from one, or leads.
  public struct Server<Service: ReplicatedService>: Hashable, Sendable, Ruled {
    /// Its name, which is its sid.
    public let id: NodeID
    /// Who votes, and who observes, at first.
    let first: Ensemble
    /// The same by the configuration in force.
    package var ensemble: Ensemble
    /// How it is set.
    let settings: Settings
    /// The rules that it does not obey.
    public var without: Set<Rule>

    // On disk.
    /// The greatest epoch that a leader told it of.
    public internal(set) var acceptedEpoch = 0
    /// The epoch of the last leader to whose history it came.
    public internal(set) var currentEpoch = 0
    /// What it has written, and applied.
    public internal(set) var history = History<Service>()
    /// The configuration in force, as far as it knows; nil for the one with which all begin.
    public internal(set) var quorumVerifier: Configuration?

    // In memory.
    /// Where it stands.
    public internal(set) var role = Role.idle
    /// The round of elections.
    public internal(set) var round = 0
    /// Whom it would have lead, or has for a leader.
    public internal(set) var vote: Vote
    /// What it delivered last; nil before it has delivered anything.
    var delivered: Zxid?
    /// The epoch whose leader had it go back behind its own snapshot, so that it needs everything
    /// anew; a leader of another epoch is told how far it has come, and looks itself.
    var useless: Int?
    /// The clients that wait here, and for what.
    var waiting: [Waiting] = []
    /// Who waits for SYNC, in the order in which they asked.
    package var syncing: [Waiting] = []

    /// A server that has written nothing.
    public init(
      _ id: NodeID, of ensemble: Ensemble, settings: Settings = Settings(),
      without: Set<Rule> = []
    ) {
      self.id = id
      (first, self.ensemble) = (ensemble, ensemble)
      self.settings = settings
      self.without = without
      vote = Vote(id, .zero, 0)
    }

    /// Where a server stands.
    public enum Role: Hashable, Sendable {
      /// It has not started. Next: looking.
      case idle
      /// It looks for a leader. Next: learning, leading.
      case looking(Looking)
      /// It follows or observes a leader. Next: looking.
      case learning(Learning<Service>)
      /// It leads. Next: looking.
      case leading(Leading)
    }

    /// A client, and what it waits for.
    package struct Waiting: Hashable, Sendable {
      let request: Service.Request
      let client: RequestID
    }
  }

  /// How a server is set.
  public struct Settings: Hashable, Sendable {
    /// How it comes to know a leader.
    public var election = ElectionKind.fast
    /// How far it has come, of a server that does nothing but elect.
    public var alone: Vote?
    /// The counter before the first of epoch 1; of every other epoch it is zero.
    public var firstCounter: UInt32 = 0
    /// Whether learners are always sent a snapshot. (zookeeper.forceSnapshotSync)
    public var sendsSnapshotsOnly = false
    /// So many committed transactions are kept in memory for learners. (zookeeper.commitLogCount,
    /// 500)
    public var commitLogCount = 2
    /// A snapshot is taken each time so many have been applied. (snapCount, 100,000)
    public var snapCount = 4
    /// A learner connects to its leader so often at most. (5)
    public var tries = 5
    /// Whether reads are answered from a server's own copy, behind a SYNC; otherwise they are
    /// proposed, too.
    public var readsBehindSync = false
    /// Whether members can be changed. (reconfigEnabled)
    public var reconfigEnabled = false

    /// As usual.
    public init() {}
  }

  /// How a server comes to know a leader.
  public enum ElectionKind: Hashable, Sendable {
    /// By Fast Leader Election.
    case fast
    /// An election may answer anything: time tells.
    case any
  }
}

// MARK: Transitions

extension ZAB.Server: Machine {
  /// What it speaks.
  public typealias Words = ZAB.Words<Service>
  /// The rules that it obeys.
  public typealias Rule = ZAB.Rule
  typealias Out = [Effect<Words>]

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let records): recover(from: records)
    case .received(let message, let sender): receive(message, from: sender)
    case .disconnected(let other, _): lost(other)
    case .stored(let records): stored(records)
    case .asked(let request, let client): take(request, client)
    case .expired(let timer): expire(timer)
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> Out {
    guard sender != id, message.isWithinReason else {
      return [.note(.unexpected(message, from: sender))]
    }
    if case .notification(let notification) = message {
      return hear(notification, from: sender)
    }
    switch role {
    case .idle, .looking: return refuse(message, of: sender)
    case .learning(let learning):
      return learning.leader == sender
        ? learn(message, learning) : refuse(message, of: sender)
    case .leading: return lead(message, from: sender)
    }
  }

  /// Nobody listens here: the connection is closed.
  private func refuse(_ message: Words.Message, of sender: NodeID) -> Out {
    switch message {
    case .followerInfo, .observerInfo: [.disconnect(sender)]
    // What is left of a connection that is over, or from a server that this one took for a leader.
    case .notification, .request, .proposal, .ack, .commit, .commitAndActivate, .ping, .sync,
      .inform, .informAndActivate, .newLeader, .upToDate, .diff, .trunc, .snap, .leaderInfo,
      .ackEpoch:
      []
    }
  }

  private mutating func lost(_ other: NodeID) -> Out {
    switch role {
    // It has closed that connection itself.
    case .idle, .looking: []
    case .learning(let learning): learning.leader == other ? lostLeader(learning) : []
    case .leading: lostLearner(other)
    }
  }

  private mutating func expire(_ timer: ZAB.Timer) -> Out {
    switch (timer, role) {
    case (.notification, .looking): return repeatVote()
    case (.finalize, .looking): return finalize()
    case (.elected(let leader), .looking): return follow(leader)
    case (.connect, .learning(let learning)): return connect(to: learning)
    case (.initLimit, .learning): return giveUp()
    case (.syncLimit, .learning): return obey(.leaderAwaited) ? giveUp() : []
    case (.initLimit, .leading), (.syncLimit, .leading): return checkQuorum(timer)
    case (.ping, .leading): return ping()
    // A timer of a role that is over.
    case (.notification, _), (.finalize, _), (.elected, _), (.connect, _), (.initLimit, _),
      (.syncLimit, _), (.ping, _):
      return []
    }
  }

  private mutating func stored(_ records: [Words.Record]) -> Out {
    guard case .leading = role else { return [] }
    var effects: Out = []
    for record in records {
      switch record {
      case .acceptedEpoch(let epoch): effects += acceptedOwn(epoch)
      case .currentEpoch(let epoch): effects += acknowledgedOwn(epoch)
      case .proposal(let proposal): effects += acknowledged(proposal.zxid, by: id)
      case .quorumVerifier(let configuration): effects += written(configuration)
      // Nobody counts a snapshot.
      case .snapshot, .installed: break
      }
    }
    return effects
  }

  /// It is back, with what its disk holds; all that it has written it applies.
  private mutating func recover(from records: [Words.Record]) -> Out {
    for record in records {
      switch record {
      case .snapshot(let snapshot), .installed(let snapshot, _):
        if snapshot.zxid.isWithinReason { history = History(snapshot) }
      case .acceptedEpoch, .currentEpoch, .proposal, .quorumVerifier: break
      }
    }
    for record in records {
      switch record {
      case .acceptedEpoch(let epoch): acceptedEpoch = max(acceptedEpoch, epoch.inReason)
      case .currentEpoch(let epoch): currentEpoch = epoch.inReason
      case .installed(_, let epoch?): currentEpoch = epoch.inReason
      case .proposal(let proposal):
        // What a snapshot holds, or is no transaction, is left out.
        if proposal.isWithinReason { _ = history.append(proposal) }
      case .quorumVerifier(let configuration): _ = activate(configuration)
      case .snapshot, .installed(_, nil): break
      }
    }
    history.applyAll()
    return beginElection()
  }

  /// It looks for a leader again, or goes to the one that was designated.
  mutating func giveUp() -> Out {
    if case .leading(let leading) = role, let designated = leading.designated {
      return leave() + turn(to: designated)
    }
    return leave() + beginElection()
  }

  /// It leaves its leader or its learners; those that wait here will hear no more.
  mutating func leave() -> Out {
    var effects: Out = []
    switch role {
    case .idle, .looking: break
    case .learning(let learning):
      effects = [
        .disconnect(learning.leader), .cancel(.connect), .cancel(.initLimit), .cancel(.syncLimit),
      ]
    case .leading(let leading):
      effects = leading.learners.map { .disconnect($0.id) }
      effects += [.cancel(.initLimit), .cancel(.ping), .cancel(.syncLimit)]
    }
    waiting = []
    syncing = []
    if obey(.memoryMeetsLog) { history.applyAll() } else { history.forgetPending() }
    return effects
  }
}

// MARK: Queries

extension ZAB.Server {
  /// Whether it serves clients.
  public var isServing: Bool {
    switch role {
    case .idle, .looking: false
    case .learning(let learning): learning.isServing
    case .leading(let leading): leading.isEstablished && leading.designated == nil
    }
  }

  /// Whether it leads, and a quorum has acknowledged that.
  public var isEstablished: Bool {
    if case .leading(let leading) = role { leading.isEstablished } else { false }
  }

  /// Whether it looks for a leader.
  public var isLooking: Bool { if case .looking = role { true } else { false } }

  /// What it does, as it tells others.
  var state: ZAB.ServerState {
    switch role {
    case .idle, .looking: .looking
    case .learning: isObserver ? .observing : .following
    case .leading: .leading
    }
  }
}

extension ZAB.Server: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let stands =
      switch role {
      case .idle: "idle"
      case .looking: "looking, round \(round): \(vote)"
      case .learning(let learning): "\(state.rawValue) \(learning)"
      case .leading(let leading): "leading, \(leading)"
      }
    let entries = history.log.map { "\($0)" }.joined(separator: ", ")
    let configuration = quorumVerifier.map { "; configuration \($0)" } ?? ""
    return "\(stands)\(configuration); accepted \(acceptedEpoch), current \(currentEpoch), "
      + "log \(entries.isEmpty ? "\(history.snapshot.zxid)" : entries), "
      + "processed \(history.lastProcessed): \(history.service)"
  }
}
