public import ProtocolCore
public import ReplicatedLog

extension MultiPaxos {
  /// What Multi-Paxos promises.
  public enum Property: String, ReplicatedLogProperty {
    /// The replicated log's: see ``ReplicatedLog/ReplicatedLog/Property``.
    case stateMachineSafety, validity, inOrder, exactlyOnce, linearizable, termination, progress
    /// The replicated log's as well.
    case convergence, operatorTold
    /// What a server's machine and its checkpoint hold is what the entries up to their last make:
    /// texts, answers, and from which number on who votes.
    case stateConsistency
    /// Something is applied.
    case applies
    /// Two lead at a time, each in its ballot.
    case rivals
    /// A server executes a no-op.
    case fills
    /// A server knows that something is chosen, and cannot execute it yet.
    case gaps

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .stateMachineSafety, .validity, .inOrder, .exactlyOnce, .linearizable, .termination,
        .progress, .convergence, .operatorTold, .applies:
        replicatedLogForm
      case .stateConsistency: .always
      case .rivals: .sometimes(.rival)
      case .fills: .sometimes(.filled)
      case .gaps: .sometimes(.waiting)
      }
    }
  }

  /// What may be said of a server at a moment.
  public enum Condition: String, ReplicatedLogCondition {
    /// It has applied something.
    case applied
    /// It has applied what any server has, or is no member.
    case current
    /// No client waits, for whichever server.
    case answered
    /// No client waits; or no majority is up and connected.
    case answeredByMajority = "answered by a majority"
    /// It leads.
    case leading
    /// It leads, and so does another.
    case rival
    /// It knows that something is chosen, and not what comes before it.
    case waiting
    /// It has executed a no-op.
    case filled
    /// It has a lease.
    case leased
    /// It does not vote, because its disk was lost.
    case rebuilding
    /// It has the same texts as every other server that is up.
    case same
  }

  /// Judges a run: the replicated log's properties, and what machines and checkpoints hold.
  public struct Monitor: Hashable, Sendable {
    private var log: ReplicatedLog.Monitor
    /// Who votes at first.
    private let first: Checkpoint.Configuration
    /// What each server had come to, and its checkpoint, when it acted last, while it is up.
    private var last: [NodeID: Looked] = [:]
    private var isConsistent = true
    /// The servers whose disks were lost, so that they are to vote no more.
    private var aside: Set<NodeID> = []

    /// A monitor of these servers, those who vote at first among them.
    public init(servers: [NodeID], members: [NodeID]) {
      log = ReplicatedLog.Monitor(servers: servers, members: members)
      first = Checkpoint.Configuration(from: 1, members: members.sorted())
    }

    private struct Looked: Hashable {
      let machine: Checkpoint
      let checkpoint: Checkpoint
    }
  }
}

extension MultiPaxos.Monitor: ProtocolCore.Monitor {
  /// The servers.
  public typealias Node = MultiPaxos.Server

  /// Something happened at a server.
  public mutating func observe(_ observation: Observation<MultiPaxos.Words>, at id: NodeID) {
    log.observe(observation, at: id)
    switch observation {
    case .asked(.rebuild, _): aside.insert(id)
    case .crashed: last[id] = nil
    default: break
    }
  }

  /// A server acted.
  public mutating func look(at server: MultiPaxos.Server, _ id: NodeID) {
    let before = last[id]
    if server.machine != before?.machine {
      let isTold = server.machine.number == log.applied(at: id)
      if !isTold || !isMade(server.machine) { isConsistent = false }
    }
    if server.checkpoint != before?.checkpoint, !isMade(server.checkpoint) { isConsistent = false }
    last[id] = Looked(machine: server.machine, checkpoint: server.checkpoint)
  }

  /// Whether something holds what the entries up to its number make.
  private func isMade(_ checkpoint: Checkpoint) -> Bool {
    var voting = [first]
    for number in stride(from: 1, through: checkpoint.number, by: 1) {
      guard let entry = log.entry(number) else { return true }  // nobody knows
      guard case .members(let members) = entry else { continue }
      voting.append(.init(from: number + MultiPaxos.window, members: members))
    }
    return checkpoint.configurations == voting
      && log.makes(checkpoint.store, upTo: checkpoint.number)
  }

  /// A client asked, or was answered.
  public mutating func observe(_ event: ClientEvent<MultiPaxos.Words>, of client: ClientID) {
    log.observe(event, of: client)
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: MultiPaxos.Property) -> Bool {
    property == .stateConsistency ? isConsistent : log.holds(property)
  }

  /// Whether the condition holds of a server that is up.
  public func holds(
    _ condition: MultiPaxos.Condition, at id: NodeID, in scene: Scene<MultiPaxos.Server>
  ) -> Bool {
    switch condition {
    case .current: return log.isCurrent(at: id)
    case .answered: return log.isAnswered
    case .answeredByMajority:
      return log.isAnswered || !log.isMajorityConnected(in: scene, without: aside)
    case .applied: return log.applied(at: id) > 0
    case .filled:
      let number = log.applied(at: id)
      return number > 0 && (1...number).contains { log.entry($0) == .noop }
    case .leading, .rival, .waiting, .leased, .rebuilding, .same: break
    }
    guard let server = scene[id] else { return false }
    switch condition {
    case .leading: return server.isLeading
    case .rival:
      return server.isLeading
        && scene.nodes.contains { $0.id != id && $0.node?.isLeading ?? false }
    case .waiting: return server.chosen.contains { $0.number > server.machine.number + 1 }
    case .leased: return server.mayRead
    case .rebuilding: return server.isRebuilding
    case .same:
      return scene.nodes.allSatisfy { _, node in
        node.map { $0.machine.store == server.machine.store } ?? true
      }
    case .current, .answered, .answeredByMajority, .applied, .filled: return false
    }
  }
}
