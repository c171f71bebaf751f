public import AtomicCommitment
public import ProtocolCore

/// What nonblocking atomic commitment promises.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987: AC1 to AC5 in 7.3, NB in 7.5.
public enum Property: String, CommitmentProperty {
  /// Atomic commitment's, and what the client is told: see
  /// ``AtomicCommitment/Commitment/Property``.
  case AC1, AC2, AC3, AC4, AC5, told
  /// While a process is up and uncertain, none has committed, not even one that is down.
  case NB
  /// Without any repair, all that are up decide, but for those that started again while none is
  /// left that knows, or can find out.
  case nonblocking
  /// Such a process exists: after a total failure.
  case window
  /// A backup coordinator takes over.
  case succession
  /// Both decisions happen: see ``AtomicCommitment/Commitment/Property``.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .commits, .aborts: commitmentForm
    case .NB: .always
    case .nonblocking: .recovers(.excused, repaired: false)
    case .window: .sometimes(.blocked)
    case .succession: .sometimes(.leading)
    }
  }
}

/// What may be said of a process at a moment.
public enum Condition: String, CommitmentCondition {
  /// It has decided commit.
  case committed = "decided commit"
  /// It has decided abort; one that forgot the transaction has, too.
  case aborted = "decided abort"
  /// It has decided neither.
  case undecided
  /// It has voted yes, has not crashed since, and does not know that all did.
  case uncertain
  /// It has not crashed, knows that all voted yes, and does not know the decision.
  case committable
  /// It crashed in doubt and asks.
  case recovering
  /// It recovers, and no process that is up knows the decision or can find it out.
  case blocked
  /// Nothing of the transaction is open here.
  case settled
  /// Nothing is open here that could be closed: settled, or blocked.
  case excused
  /// It leads in the coordinator's place.
  case leading
  /// It knows of no transaction.
  case idle
}

/// Judges a run: atomic commitment's properties, and whether an uncertain process stands beside
/// a commit.
public struct ThreePhaseCommitMonitor: Hashable, Sendable {
  private let processes: [NodeID]
  private var commitment: Commitment.Monitor
  /// The processes that are up, have not crashed since they voted, and are uncertain.
  private var uncertain: Set<NodeID> = []
  /// Whether NB has held so far.
  private var isNonblocking = true

  /// A monitor of these processes, the coordinator first.
  public init(processes: [NodeID]) {
    self.processes = processes
    commitment = Commitment.Monitor(processes: processes, coordinator: processes.first)
  }

  private mutating func judgeNB() {
    if !uncertain.isEmpty, commitment.isCommitted { isNonblocking = false }
  }
}

extension ThreePhaseCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = Process

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    commitment.observe(observation, at: id)
    switch observation {
    case .noted(.decided):
      uncertain.remove(id)
      judgeNB()
    case .crashed: uncertain.remove(id)
    case .asked, .replied, .refused, .repliedAgain, .noted(.unexpected), .expired, .lost,
      .doubled, .restarted, .forgot:
      break
    }
  }

  /// Sees votes and stages in the process's state; and that it has forgotten what it had begun,
  /// which is an abort.
  public mutating func look(at node: Process, _ id: NodeID) {
    if node.hasVoted { commitment.vote(at: id) }
    if node.stage == .uncertain { uncertain.insert(id) } else { uncertain.remove(id) }
    if node.state == .idle { commitment.forget(at: id) }
    judgeNB()
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool {
    property == .NB ? isNonblocking : commitment.holds(property)
  }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Process>) -> Bool {
    switch condition {
    case .committed: return commitment.decision(at: id) == .commit
    case .aborted: return commitment.decision(at: id) == .abort
    case .undecided: return commitment.decision(at: id) == nil
    case .uncertain, .committable, .recovering, .blocked, .settled, .excused, .leading, .idle: break
    }
    guard let node = scene[id] else { return false }
    switch condition {
    case .uncertain: return node.stage == .uncertain
    case .committable: return node.stage == .committable
    case .recovering: return node.isRecovering
    case .blocked: return isBlocked(node, in: scene)
    case .settled: return node.isSettled && commitment.isClosed(at: id)
    case .excused:
      return node.isSettled && commitment.isClosed(at: id) || isBlocked(node, in: scene)
    case .leading: return node.isBackup
    case .idle: return node.state == .idle
    case .committed, .aborted, .undecided: return false
    }
  }

  /// Whether a process recovers and cannot be helped: it did not know the decision before it
  /// crashed, none that is up knows it or goes on without it, and the journals of those that
  /// recover do not tell.
  private func isBlocked(_ node: Process, in scene: Scene<Process>) -> Bool {
    guard let own = node.journal, commitment.decision(at: node.id) == nil else { return false }
    let others = scene.reachable(from: node.id)
    guard others.allSatisfy({ $1.isRecovering }) else { return false }
    let journals = [own] + others.compactMap { $1.journal }
    // The processes that may have been the last to fail: each journal knows of them as up.
    let last = processes.filter { id in journals.allSatisfy { $0.up.contains(id) } }
    let found = journals.filter { last.contains($0.owner) }
    if journals.count == processes.count { return false }
    return found.count < last.count || Set(found.map(\.stage)).count > 1
  }
}
