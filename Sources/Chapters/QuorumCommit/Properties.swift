public import ProtocolCore

/// What commitment by quorums promises.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, 7.3: AC1 to AC5; Keidar and Dolev 1995: a connected quorum decides.
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
  /// Without any repair, all who are up and can talk decide, unless they are too few; or, where
  /// sides are kept, stand on sides that cannot win.
  case quorate
  /// Some are too few, or stand so.
  case window
  /// A majority that is connected waits. It happens where sides are kept, and only there.
  case stuck
  /// Somebody leads whom nobody made coordinator.
  case succession
  /// Both outcomes happen.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .told: .always
    case .AC5: .recovers(.settled, repaired: true)
    case .quorate: .recovers(.excused, repaired: false)
    case .window: .sometimes(.blocked)
    case .stuck: .sometimes(.stuck)
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
  /// It has voted yes, and stands on no side.
  case uncertain
  /// It stands on the side of commit.
  case preCommit
  /// It stands on the side of abort.
  case preAbort
  /// It is in doubt, and so are all whom it can reach, and they may go for nothing.
  case blocked
  /// It is blocked, although it can reach a majority.
  case stuck
  /// Nothing of the transaction is open here.
  case settled
  /// Nothing is open here that could be closed: settled, or blocked.
  case excused
  /// It leads, and is not the coordinator.
  case leading
}

/// Folds what the processes did into what must hold of it.
public struct QuorumCommitMonitor: Hashable, Sendable {
  private let processes: [NodeID]
  private var decisions: [Outcome?]
  private var progress: [Progress]
  private var told: Outcome?
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
}

extension QuorumCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = Process

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .noted(.decided(let outcome)): decide(outcome, at: id)
    case .replied(.decided(let outcome), _):
      told = outcome
      if decisions.contains(where: { $0 != nil && $0 != outcome }) { broken.insert(.told) }
    case .asked(.work(let work), _):
      advance(id, to: .begun)
      if work == .doomed { isExcused = true }
    case .asked(.commit, _):
      advance(id, to: .begun)
      if progress.contains(.unasked) { isExcused = true }
    case .crashed, .expired, .lost: isExcused = true
    case .replied(.refused, _), .restarted, .doubled: break
    }
  }

  /// Sees votes in the process's state; and that it has forgotten what it had begun, which is an
  /// abort.
  public mutating func look(at node: Process, _ id: NodeID) {
    if node.standing != nil { advance(id, to: .voted) }
    if node.state == .idle, decision(of: id) == nil, let index = processes.firstIndex(of: id),
      progress[index] != .unasked
    {
      decide(.abort, at: id)
    }
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Process>) -> Bool {
    switch condition {
    case .committed: return decision(of: id) == .commit
    case .aborted: return decision(of: id) == .abort
    case .undecided: return decision(of: id) == nil
    case .uncertain, .preCommit, .preAbort, .blocked, .stuck, .settled, .excused, .leading: break
    }
    guard let node = scene[id] else { return false }
    switch condition {
    case .uncertain: return node.standing?.stage == .uncertain
    case .preCommit: return node.standing?.stage == .preCommit
    case .preAbort: return node.standing?.stage == .preAbort
    case .blocked: return isBlocked(node, in: scene)
    case .stuck:
      let connected = scene.reachable(from: id).count + 1
      return connected * 2 > processes.count && isBlocked(node, in: scene)
    case .settled: return node.isSettled
    case .excused: return node.isSettled || isBlocked(node, in: scene)
    case .leading: return node.isLeading && id != processes.first
    case .committed, .aborted, .undecided: return false
    }
  }

  /// Whether a process is in doubt, and all whom it can reach are, and may go for nothing.
  private func isBlocked(_ node: Process, in scene: Scene<Process>) -> Bool {
    guard let own = node.standing else { return false }
    let others = scene.reachable(from: node.id).map { $1.standing }
    guard !others.contains(nil) else { return false }
    return node.choice(among: [own] + others.compactMap(\.self)) == nil
  }
}
