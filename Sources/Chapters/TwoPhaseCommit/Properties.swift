public import AtomicCommitment
public import ProtocolCore

/// What atomic commitment promises, and what it cannot.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, 7.3: AC1 to AC5.
public enum Property: String, CommitmentProperty {
  /// Atomic commitment's, and what the client is told: see
  /// ``AtomicCommitment/Commitment/Property``.
  case AC1, AC2, AC3, AC4, AC5, told
  /// What an operator decides stays where it was decided: processes that decide by themselves
  /// decide the same.
  case contained
  /// An operator's decision that was wrong is reported to the coordinator.
  case reported
  /// Without any repair, all that are up decide, but for those that are rightly blocked: the
  /// coordinator is out of reach, and all that they reach are uncertain too, or find no record of
  /// the transaction: they may have aborted alone, or read and left.
  case termination
  /// The window: a participant can be blocked.
  case window
  /// Both decisions happen: see ``AtomicCommitment/Commitment/Property``.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .commits, .aborts: commitmentForm
    case .contained: .always
    case .reported: .recovers(.reported, repaired: true)
    case .termination: .recovers(.excused, repaired: false)
    case .window: .sometimes(.blocked)
    }
  }
}

/// What may be said of a process at a moment.
public enum Condition: String, CommitmentCondition {
  /// It has decided commit.
  case committed = "decided commit"
  /// It has decided abort; a participant that forgot its work has, too.
  case aborted = "decided abort"
  /// It has decided neither.
  case undecided
  /// It has voted yes and does not know the decision.
  case uncertain
  /// It is uncertain, the coordinator is out of reach, and no participant that it reaches
  /// remembers a decision or can still abort alone. (One that finds no record is no help, though it
  /// may count as aborted. What is under way counts when it arrives.)
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

/// Judges a run: atomic commitment's properties, and what operators did.
public struct TwoPhaseCommitMonitor: Hashable, Sendable {
  private let participants: [NodeID]
  private var commitment: Commitment.Monitor
  /// The processes that have begun, and cannot vote yes.
  private var doomed: Set<NodeID> = []
  /// The processes for which an operator decided.
  private var overruled: Set<NodeID> = []
  /// The participants of whose damage the coordinator has heard.
  private var damaged: Set<NodeID> = []
  /// Whether what operators decided has stayed where they did so far.
  private var isContained = true

  /// A monitor of these processes; those that are no participants do not vote.
  public init(processes: [NodeID], participants: [NodeID]) {
    self.participants = participants
    commitment = Commitment.Monitor(
      processes: processes, coordinator: processes.first { !participants.contains($0) })
  }

  private mutating func decide(_ decision: Decision, at id: NodeID) {
    guard !commitment.isLater(id) else { return }
    if !overruled.contains(id),
      !overruled.isSuperset(of: commitment.deciding(otherThan: decision))
    {
      isContained = false
    }
    commitment.decide(decision, at: id, exempt: overruled)
    // Whether a process could have voted yes matters no more: the explorer has fewer states.
    doomed.remove(id)
  }
}

extension TwoPhaseCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = TwoPhaseCommit.Node

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    commitment.follow(observation, at: id) { $0 == .commit }
    switch observation {
    case .noted(.decided(let decision)): decide(decision, at: id)
    case .noted(.heuristic(let decision)):
      overruled.insert(id)
      decide(decision, at: id)
    case .noted(.damage(let participant)): damaged.insert(participant)
    case .replied(.decided(let decision), _): commitment.tell(decision, by: id, exempt: overruled)
    case .noted(.left):
      commitment.leave(at: id)
      doomed.remove(id)
    case .asked(.work(let work), _):
      commitment.begin(at: id)
      if work == .doomed {
        doomed.insert(id)
        commitment.excuse()
      } else {
        doomed.remove(id)
      }
    case .asked(.commit, _): commitment.start(at: id)
    // A doubled message is a failure, too: asked twice, a participant that only read, left and
    // forgot says no the second time.
    case .asked(.heuristic, _), .expired, .lost, .doubled, .crashed, .forgot:
      commitment.excuse()
    case .repliedAgain: commitment.answerAgain()
    case .replied(.refused, _), .refused, .noted(.unexpected), .restarted: break
    }
  }

  /// Sees a yes in the process's state; and that it has forgotten its work, which is an abort.
  public mutating func look(at node: Node, _ id: NodeID) {
    guard participants.contains(id) else { return }
    switch node.standing {
    case .uncertain:
      commitment.vote(at: id)
      doomed.remove(id)
    case .idle:
      if commitment.isOpen(at: id) { decide(.abort, at: id) }
    case .decided:
      // The last of a line, and the last of peers to vote, say yes by deciding.
      guard commitment.hasOnlyBegun(at: id), !doomed.contains(id) else { return }
      switch node {
      case .chained(let last) where last.state == .decided(.commit): commitment.vote(at: id)
      case .peer(let last) where last.state == .decided(.commit): commitment.vote(at: id)
      case .chained, .peer, .coordinator, .participant: break
      }
    case .working, .collecting, .telling, .overruled: break
    }
  }

  /// Whether a process owes nothing.
  func isClosed(at id: NodeID) -> Bool { commitment.isClosed(at: id) }

  /// Whether no property is violated.
  var isKept: Bool { isContained && commitment.isKept }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool {
    property == .contained ? isContained : commitment.holds(property)
  }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Node>) -> Bool {
    switch condition {
    case .committed: return commitment.decision(at: id) == .commit
    case .aborted: return commitment.decision(at: id) == .abort
    case .undecided: return commitment.decision(at: id) == nil
    case .reported: return !isDamaged(id) || damaged.contains(id)
    case .uncertain, .blocked, .settled, .excused, .idle: break
    }
    guard let node = scene[id] else { return false }
    let standing = node.standing
    var isAlone: Bool { !scene.reachable(from: id).contains { canHelp($0, $1) } }
    switch condition {
    case .uncertain: return standing == .uncertain
    case .blocked: return standing == .uncertain && isAlone
    case .settled:
      return (standing == .idle || standing == .decided) && commitment.isClosed(at: id)
    case .excused:
      switch standing {
      case .idle, .decided, .telling: return commitment.isClosed(at: id)
      case .uncertain, .overruled: return isAlone
      case .working, .collecting: return false
      }
    case .idle: return standing == .idle
    case .committed, .aborted, .undecided, .reported: return false
    }
  }

  /// Whether a process in doubt that reaches this one can learn what becomes of the transaction.
  ///
  /// A coordinator knows, or says what is presumed. A participant that has decided, or has not
  /// voted, can say so; one that finds no record of the transaction may have read and left. Where
  /// no process leaves early it cannot have voted, and aborts.
  private func canHelp(_ id: NodeID, _ node: Node) -> Bool {
    guard participants.contains(id) else { return true }
    switch (node.standing, node) {
    case (.working, _), (.decided, _): return !commitment.isLater(id)
    case (.idle, .chained), (.idle, .peer): return true
    case (.idle, _), (.uncertain, _), (.overruled, _), (.collecting, _), (.telling, _): return false
    }
  }

  /// Whether an operator decided here otherwise than a process decided by itself.
  private func isDamaged(_ id: NodeID) -> Bool {
    guard overruled.contains(id), let own = commitment.decision(at: id) else { return false }
    return !overruled.isSuperset(of: commitment.deciding(otherThan: own))
  }
}

extension TwoPhaseCommitMonitor {
  /// The monitor when two participants have changed names.
  func renamed(by swap: Swap) -> TwoPhaseCommitMonitor {
    var image = self
    image.commitment = commitment.renamed(by: swap)
    image.doomed = Set(doomed.map { swap($0) })
    image.overruled = Set(overruled.map { swap($0) })
    image.damaged = Set(damaged.map { swap($0) })
    return image
  }
}
