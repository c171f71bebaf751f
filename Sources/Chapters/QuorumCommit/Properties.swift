public import AtomicCommitment
public import ProtocolCore

/// What commitment by quorums promises.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, 7.3: AC1 to AC5; Keidar and Dolev 1995: a connected quorum decides.
public enum Property: String, CommitmentProperty {
  /// Atomic commitment's, and what the client is told: see
  /// ``AtomicCommitment/Commitment/Property``.
  case AC1, AC2, AC3, AC4, AC5, told
  /// Without any repair, and while a partition lasts, all processes that are up and connected
  /// decide, unless they are too few; or, where sides are kept, stand on sides that cannot win.
  case quorate
  /// Some are too few, or stand so.
  case window
  /// A majority that is connected waits. It happens where sides are kept, and only there.
  case stuck
  /// A process leads that is not the coordinator.
  case succession
  /// Both decisions happen: see ``AtomicCommitment/Commitment/Property``.
  case commits, aborts

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .commits, .aborts: commitmentForm
    case .quorate: .recovers(.excused, repaired: false, healed: false)
    case .window: .sometimes(.blocked)
    case .stuck: .sometimes(.stuck)
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
  /// It has voted yes, and stands on no side.
  case uncertain
  /// It stands on the side of commit.
  case preCommit
  /// It stands on the side of abort.
  case preAbort
  /// It is in doubt, and so are all that it can reach, and they may go for nothing.
  case blocked
  /// It is in doubt although it can reach a majority, and stays so, however long nothing is
  /// repaired and nothing heals.
  case stuck
  /// Nothing of the transaction is open here.
  case settled
  /// Nothing is open here that could be closed: settled, or blocked.
  case excused
  /// It leads, and is not the coordinator.
  case leading
}

/// Judges a run: atomic commitment's properties; the protocol has none of its own that a run can
/// break.
public struct QuorumCommitMonitor: Hashable, Sendable {
  private let processes: [NodeID]
  private let variant: Variant
  private var commitment: Commitment.Monitor

  /// A monitor of these processes, the coordinator first.
  public init(processes: [NodeID], variant: Variant) {
    self.processes = processes
    self.variant = variant
    commitment = Commitment.Monitor(processes: processes, coordinator: processes.first)
  }
}

extension QuorumCommitMonitor: Monitor {
  /// The processes.
  public typealias Node = Process

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    commitment.observe(observation, at: id)
  }

  /// Sees votes in the process's state; and that it has forgotten what it had begun, which is an
  /// abort.
  public mutating func look(at node: Process, _ id: NodeID) {
    if node.standing != nil { commitment.vote(at: id) }
    if node.state == .idle { commitment.forget(at: id) }
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { commitment.holds(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Process>) -> Bool {
    switch condition {
    case .committed: return commitment.decision(at: id) == .commit
    case .aborted: return commitment.decision(at: id) == .abort
    case .undecided: return commitment.decision(at: id) == nil
    case .uncertain, .preCommit, .preAbort, .blocked, .stuck, .settled, .excused, .leading: break
    }
    guard let node = scene[id] else { return false }
    switch condition {
    case .uncertain: return node.standing?.stage == .uncertain
    case .preCommit: return node.standing?.stage == .preCommit
    case .preAbort: return node.standing?.stage == .preAbort
    case .blocked: return isBlocked(node, in: scene)
    case .stuck:
      return node.standing != nil && scene.connected(with: id) * 2 > processes.count
    case .settled: return node.isSettled && commitment.isClosed(at: id)
    case .excused:
      return node.isSettled && commitment.isClosed(at: id) || isBlocked(node, in: scene)
    case .leading: return node.isLeading && id != processes.first
    case .committed, .aborted, .undecided: return false
    }
  }

  /// The driver finds out whether it stays so.
  public static func lasts(_ condition: Condition) -> Bool { condition == .stuck }

  /// Whether a process is in doubt, and all that it can reach are, and the paper lets them go for
  /// nothing; what the processes themselves would go for is not asked.
  ///
  /// Skeen 1982: a commit wants one on its side, and a majority on it or on none; an abort wants so
  /// many on its side or on none that no majority is left. Keidar and Dolev 1995: a majority
  /// suffices.
  private func isBlocked(_ node: Process, in scene: Scene<Process>) -> Bool {
    guard let own = node.standing else { return false }
    let others = scene.reachable(from: node.id).map { $1.standing }
    guard !others.contains(nil) else { return false }
    let stages = ([own] + others.compactMap(\.self)).map(\.stage)
    let majority = processes.count / 2 + 1
    guard variant == .quorum else { return stages.count < majority }
    func count(_ stage: Stage) -> Int { stages.count { $0 == stage } }
    let ready = count(.preCommit)
    let mayCommit = ready > 0 && ready + count(.uncertain) >= majority
    let mayAbort = count(.preAbort) + count(.uncertain) > processes.count - majority
    return !mayCommit && !mayAbort
  }
}
