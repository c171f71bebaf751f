public import ProtocolCore

/// What atomic commitment promises, and what it cannot.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, 7.3: AC1 to AC5.
public enum Property: String, PropertyName {
  /// No two processes decide differently.
  case AC1
  /// No process reverses its decision.
  case AC2
  /// Commit only if all voted yes (or only read).
  case AC3
  /// If all can say yes and nothing fails, the decision is commit.
  case AC4
  /// When every failure is repaired, all come to a decision, and the coordinator can forget.
  case AC5
  /// What the client is told is what is decided.
  case told
  /// What an operator decides stays where it was decided: processes that decide by themselves
  /// decide the same.
  case contained
  /// An operator's decision that was wrong is reported to the coordinator.
  case reported
  /// Without any repair, all who are up decide, but for those who are rightly blocked: the
  /// coordinator is out of reach, and all whom they reach are uncertain too.
  case termination
  /// The window: a participant can be blocked.
  case window
  /// Both outcomes happen.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .told, .contained: .always
    case .reported: .recovers(.reported, repaired: true)
    case .AC5: .recovers(.settled, repaired: true)
    case .termination: .recovers(.excused, repaired: false)
    case .window: .sometimes(.blocked)
    case .commits: .sometimes(.committed)
    case .aborts: .sometimes(.aborted)
    }
  }
}

/// What may be said of a process at a moment.
public enum Condition: String, Named {
  /// It has decided commit.
  case committed = "decided commit"
  /// It has decided abort; a participant that forgot its work has, too.
  case aborted = "decided abort"
  /// It has decided neither.
  case undecided
  /// It has voted yes and does not know the decision.
  case uncertain
  /// It is uncertain, the coordinator is out of reach, and so is everybody who could decide.
  case blocked
  /// Nothing of the transaction is open here.
  case settled
  /// Nothing is open here that could be closed: settled, blocked, or waiting for acknowledgements.
  case excused
  /// It knows of no transaction.
  case idle
  /// No operator has decided otherwise here, or the coordinator has heard of it.
  case reported
}

/// Folds what the processes did into what must hold of it.
public struct TwoPhaseCommitMonitor: Hashable, Sendable {
  private let processes: [NodeID]
  private let participants: [NodeID]
  private var decisions: [Outcome?]
  /// For whom an operator decided.
  private var overruled: Set<NodeID> = []
  /// Of whose damage the coordinator has heard.
  private var damaged: Set<NodeID> = []
  private var told: Outcome?
  private var readiness: [Readiness]
  /// Something happened that excuses an abort.
  private var isExcused = false
  private var broken: Set<Property> = []

  /// How far a participant has come.
  private enum Readiness: Hashable { case unasked, working, doomed, prepared, left }

  /// A judgement of these processes.
  public init(processes: [NodeID], participants: [NodeID]) {
    self.processes = processes
    self.participants = participants
    decisions = processes.map { _ in nil }
    readiness = participants.map { _ in .unasked }
  }

  private mutating func decide(_ outcome: Outcome, at id: NodeID) {
    guard let index = processes.firstIndex(of: id) else { return }
    if let earlier = decisions[index], earlier != outcome { broken.insert(.AC2) }
    for (other, earlier) in zip(processes, decisions) where earlier != nil && earlier != outcome {
      broken.insert(.AC1)
      if !overruled.contains(other), !overruled.contains(id) { broken.insert(.contained) }
    }
    if let told, told != outcome, !overruled.contains(id) { broken.insert(.told) }
    if outcome == .commit, !readiness.allSatisfy({ $0 == .prepared || $0 == .left }) {
      broken.insert(.AC3)
    }
    if outcome == .abort, !isExcused { broken.insert(.AC4) }
    decisions[index] = outcome
    // That it could say no alone matters no more: the explorer has fewer states.
    if let part = participants.firstIndex(of: id), readiness[part] == .doomed {
      readiness[part] = .working
    }
  }

  private func decision(of id: NodeID) -> Outcome? {
    processes.firstIndex(of: id).flatMap { decisions[$0] }
  }
}

extension TwoPhaseCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = TwoPhaseCommit.Node

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    switch observation {
    case .noted(.decided(let outcome)): decide(outcome, at: id)
    case .noted(.heuristic(let outcome)):
      overruled.insert(id)
      decide(outcome, at: id)
    case .noted(.damage(let participant)): damaged.insert(participant)
    case .replied(.decided(let outcome), _):
      told = outcome
      for (process, decision) in zip(processes, decisions)
      where decision != nil && decision != outcome && !overruled.contains(process) {
        broken.insert(.told)
      }
    case .noted(.left): advance(id, to: .left)
    case .asked(.work(let work), _):
      advance(id, to: work == .doomed ? .doomed : .working)
      if work == .doomed { isExcused = true }
    case .asked(.commit, _): if readiness.contains(.unasked) { isExcused = true }
    // A doubled message is a failure, too: asked twice, a participant that only read, left and
    // forgot says no the second time.
    case .asked(.heuristic, _), .expired, .lost, .doubled, .crashed: isExcused = true
    case .replied(.refused, _), .restarted: break
    }
  }

  /// Sees a yes in the process's state; and that it has forgotten its work, which is an abort.
  public mutating func look(at node: Node, _ id: NodeID) {
    guard let index = participants.firstIndex(of: id) else { return }
    switch node.standing {
    case .uncertain: readiness[index] = .prepared
    case .idle:
      guard decision(of: id) == nil else { return }
      switch readiness[index] {
      case .working, .doomed, .prepared: decide(.abort, at: id)
      case .unasked, .left: break
      }
    case .decided:
      // The last of a line, and the last of peers to vote, say yes by deciding.
      guard readiness[index] == .working else { return }
      switch node {
      case .chained(let last) where last.state == .decided(.commit): readiness[index] = .prepared
      case .peer(let last) where last.state == .decided(.commit): readiness[index] = .prepared
      case .chained, .peer, .coordinator, .participant: break
      }
    case .working, .collecting, .telling, .overruled: break
    }
  }

  private mutating func advance(_ id: NodeID, to stage: Readiness) {
    guard let index = participants.firstIndex(of: id) else { return }
    readiness[index] = stage
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { !broken.contains(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Node>) -> Bool {
    switch condition {
    case .committed: return decision(of: id) == .commit
    case .aborted: return decision(of: id) == .abort
    case .undecided: return decision(of: id) == nil
    case .reported: return !isDamaged(id) || damaged.contains(id)
    case .uncertain, .blocked, .settled, .excused, .idle: break
    }
    guard let node = scene[id] else { return false }
    let standing = node.standing
    var isAlone: Bool { !scene.reachable(from: id).contains { $1.canHelp } }
    switch condition {
    case .uncertain: return standing == .uncertain
    case .blocked: return standing == .uncertain && isAlone
    case .settled: return standing == .idle || standing == .decided
    case .excused:
      switch standing {
      case .idle, .decided, .telling: return true
      case .uncertain, .overruled: return isAlone
      case .working, .collecting: return false
      }
    case .idle: return standing == .idle
    case .committed, .aborted, .undecided, .reported: return false
    }
  }

  /// Whether an operator decided here otherwise than somebody decided by himself.
  private func isDamaged(_ id: NodeID) -> Bool {
    guard overruled.contains(id), let own = decision(of: id) else { return false }
    return zip(processes, decisions).contains { other, outcome in
      outcome != nil && outcome != own && !overruled.contains(other)
    }
  }
}

extension TwoPhaseCommitMonitor {
  /// The judgement when two participants have changed names.
  func renamed(by swap: Swap) -> TwoPhaseCommitMonitor {
    var image = self
    image.decisions = processes.map { decision(of: swap($0)) }
    image.readiness = participants.map { id in
      participants.firstIndex(of: swap(id)).map { readiness[$0] } ?? .unasked
    }
    image.overruled = Set(overruled.map { swap($0) })
    image.damaged = Set(damaged.map { swap($0) })
    return image
  }
}
