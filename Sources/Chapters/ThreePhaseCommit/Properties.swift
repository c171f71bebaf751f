public import ProtocolCore

/// What nonblocking atomic commitment promises.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987: AC1 to AC5 in 7.3, NB in 7.5.
public enum Property: String, PropertyName {
  /// No two processes decide differently.
  case AC1
  /// No process reverses its decision.
  case AC2
  /// Commit only if all voted yes.
  case AC3
  /// If all can say yes and nothing fails, the decision is commit.
  case AC4
  /// When every failure is repaired, all come to a decision.
  case AC5
  /// What the client is told is what is decided.
  case told
  /// While a process is up and uncertain, none has committed, not even one that is down.
  case NB
  /// Without any repair, all who are up decide, but for those who started again while nobody is
  /// left who knows, or can find out.
  case nonblocking
  /// Such a process exists: after a total failure.
  case window
  /// A backup coordinator takes over.
  case succession
  /// Both outcomes happen.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .told, .NB: .always
    case .AC5: .recovers(.settled, repaired: true)
    case .nonblocking: .recovers(.excused, repaired: false)
    case .window: .sometimes(.blocked)
    case .succession: .sometimes(.leading)
    case .commits: .sometimes(.committed)
    case .aborts: .sometimes(.aborted)
    }
  }
}

/// What may be said of a process at a moment.
public enum Condition: String, Named {
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
  /// It recovers, and nobody who is up knows the decision or can find it out.
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

/// Folds what the processes did into what must hold of it.
public struct ThreePhaseCommitMonitor: Hashable, Sendable {
  private let processes: [NodeID]
  private var decisions: [Outcome?]
  private var progress: [Progress]
  private var told: Outcome?
  /// The processes that are up, have not crashed since they voted, and are uncertain.
  private var uncertain: Set<NodeID> = []
  /// Something happened that excuses an abort.
  private var isExcused = false
  private var broken: Set<Property> = []

  /// How far a process has come; the coordinator does not vote.
  private enum Progress: Hashable { case unasked, begun, voted }

  /// A judgement of these processes, the coordinator first.
  public init(processes: [NodeID]) {
    self.processes = processes
    decisions = processes.map { _ in nil }
    progress = processes.map { _ in .unasked }
  }

  private mutating func decide(_ outcome: Outcome, at id: NodeID) {
    guard let index = processes.firstIndex(of: id) else { return }
    if let earlier = decisions[index], earlier != outcome { broken.insert(.AC2) }
    if decisions.contains(where: { $0 != nil && $0 != outcome }) { broken.insert(.AC1) }
    if let told, told != outcome { broken.insert(.told) }
    if outcome == .commit, !progress.dropFirst().allSatisfy({ $0 == .voted }) {
      broken.insert(.AC3)
    }
    if outcome == .abort, !isExcused { broken.insert(.AC4) }
    decisions[index] = outcome
  }

  private func decision(of id: NodeID) -> Outcome? {
    processes.firstIndex(of: id).flatMap { decisions[$0] }
  }

  private mutating func advance(_ id: NodeID, to stage: Progress) {
    guard let index = processes.firstIndex(of: id) else { return }
    progress[index] = stage
  }

  private mutating func judgeNB() {
    if !uncertain.isEmpty, decisions.contains(.commit) { broken.insert(.NB) }
  }
}

extension ThreePhaseCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = Process

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .noted(.decided(let outcome)):
      uncertain.remove(id)
      decide(outcome, at: id)
      judgeNB()
    case .replied(.decided(let outcome), _):
      told = outcome
      if decisions.contains(where: { $0 != nil && $0 != outcome }) { broken.insert(.told) }
    case .asked(.work(let work), _):
      advance(id, to: .begun)
      if work == .doomed { isExcused = true }
    case .asked(.commit, _):
      advance(id, to: .begun)
      if progress.contains(.unasked) { isExcused = true }
    case .crashed:
      uncertain.remove(id)
      isExcused = true
    case .expired, .lost: isExcused = true
    case .replied(.refused, _), .restarted, .doubled: break
    }
  }

  /// Sees votes and stages in the process's state; and that it has forgotten what it had begun,
  /// which is an abort.
  public mutating func look(at node: Process, _ id: NodeID) {
    if node.hasVoted { advance(id, to: .voted) }
    if node.stage == .uncertain { uncertain.insert(id) } else { uncertain.remove(id) }
    if node.state == .idle, decision(of: id) == nil, let index = processes.firstIndex(of: id),
      progress[index] != .unasked
    {
      decide(.abort, at: id)
    }
    judgeNB()
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Process>) -> Bool {
    switch condition {
    case .committed: return decision(of: id) == .commit
    case .aborted: return decision(of: id) == .abort
    case .undecided: return decision(of: id) == nil
    case .uncertain, .committable, .recovering, .blocked, .settled, .excused, .leading, .idle: break
    }
    guard let node = scene[id] else { return false }
    switch condition {
    case .uncertain: return node.stage == .uncertain
    case .committable: return node.stage == .committable
    case .recovering: return node.isRecovering
    case .blocked: return isBlocked(node, in: scene)
    case .settled: return node.isSettled
    case .excused: return node.isSettled || isBlocked(node, in: scene)
    case .leading: return node.isBackup
    case .idle: return node.state == .idle
    case .committed, .aborted, .undecided: return false
    }
  }

  /// Whether a process recovers and cannot be helped: it did not know the decision before it
  /// crashed, nobody who is up knows it or goes on without it, and the journals of those who
  /// recover do not tell.
  private func isBlocked(_ node: Process, in scene: Scene<Process>) -> Bool {
    guard let own = node.journal, decision(of: node.id) == nil else { return false }
    let others = scene.reachable(from: node.id)
    guard others.allSatisfy({ $1.isRecovering }) else { return false }
    let journals = [own] + others.compactMap { $1.journal }
    let candidates = journals.candidates(among: processes)
    let found = journals.filter { candidates.contains($0.owner) }
    if journals.count == processes.count { return false }
    return found.count < candidates.count || Set(found.map(\.stage)).count > 1
  }
}
