public import AtomicCommitment
public import ProtocolCore

extension PaxosCommit {
  /// What Paxos Commit promises.
  ///
  /// Source: Gray and Lamport 2006, 2 and 4.2.
  public enum Property: String, CommitmentProperty {
    /// Atomic commitment's, and what the client is told: see
    /// ``AtomicCommitment/Commitment/Property``.
    case AC1, AC2, AC3, AC4, AC5, told
    /// Without any repair, and while a partition lasts, every participant decides that reaches an
    /// acceptor which reaches a majority: F acceptors may be down, the leader among them.
    case nonblocking
    /// A participant is in doubt, and too few acceptors can be reached.
    case window
    /// An acceptor that was not asked to commit leads, and decides.
    case succession
    /// Both decisions happen: see ``AtomicCommitment/Commitment/Property``.
    case commits, aborts

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .AC1, .AC2, .AC3, .AC4, .AC5, .told, .commits, .aborts: commitmentForm
      case .nonblocking: .recovers(.served, repaired: false, healed: false)
      case .window: .sometimes(.blocked)
      case .succession: .sometimes(.succeeded)
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
    /// A participant has voted yes, and does not know the decision.
    case uncertain
    /// It is uncertain, and reaches no acceptor that reaches a majority.
    case blocked
    /// Nothing of the transaction is open here.
    case settled
    /// It is settled, or reaches too few.
    case served
    /// An acceptor other than the first knows the decision.
    case succeeded
    /// An acceptor has accepted votes.
    case accepted
    /// An acceptor leads a ballot.
    case leading
  }

  /// Judges a run: atomic commitment's properties; which acceptors decide is a part of them.
  public struct Monitor: Hashable, Sendable {
    private let acceptors: [NodeID]
    private var commitment: Commitment.Monitor

    /// A monitor of these processes; the first acceptor is asked to commit.
    public init(acceptors: [NodeID], participants: [NodeID]) {
      self.acceptors = acceptors
      commitment = Commitment.Monitor(
        processes: acceptors + participants, coordinator: acceptors.first,
        neverVoting: Array(acceptors.dropFirst()))
    }
  }
}

extension PaxosCommit.Monitor: Monitor {
  /// The processes.
  public typealias Node = PaxosCommit.Node
  /// What is promised.
  public typealias Property = PaxosCommit.Property
  /// What may be said of a process.
  public typealias Condition = PaxosCommit.Condition

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<PaxosCommit.Words>, at id: NodeID) {
    commitment.observe(observation, at: id)
  }

  /// Sees a yes in a participant's state; and that it has forgotten its work, which is an abort.
  public mutating func look(at node: PaxosCommit.Node, _ id: NodeID) {
    guard case .participant(let participant) = node else { return }
    switch participant.state {
    case .prepared: commitment.vote(at: id)
    case .idle: commitment.forget(at: id)
    case .working, .decided: break
    }
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: PaxosCommit.Property) -> Bool { commitment.holds(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(
    _ condition: PaxosCommit.Condition, at id: NodeID, in scene: Scene<PaxosCommit.Node>
  ) -> Bool {
    switch condition {
    case .committed: return commitment.decision(at: id) == .commit
    case .aborted: return commitment.decision(at: id) == .abort
    case .undecided: return commitment.decision(at: id) == nil
    case .uncertain, .blocked, .settled, .served, .succeeded, .accepted, .leading: break
    }
    guard let node = scene[id] else { return false }
    switch (condition, node) {
    case (.uncertain, .participant(let participant)): return participant.state == .prepared
    case (.blocked, .participant(let participant)):
      return participant.state == .prepared && !canBeServed(id, in: scene)
    case (.settled, _): return isSettled(node) && commitment.isClosed(at: id)
    case (.served, _):
      return isSettled(node) && commitment.isClosed(at: id) || !canBeServed(id, in: scene)
    case (.succeeded, .acceptor(let acceptor)):
      guard case .decided = acceptor.standing else { return false }
      return id != acceptors.first
    case (.accepted, .acceptor(let acceptor)): return acceptor.accepted != nil
    case (.leading, .acceptor(let acceptor)):
      switch acceptor.standing {
      case .preparing, .counting: return true
      case .following, .waiting, .decided: return false
      }
    default: return false
    }
  }

  /// Whether nothing is open that this process would have to end.
  private func isSettled(_ node: PaxosCommit.Node) -> Bool {
    switch node {
    case .participant(let participant):
      switch participant.state {
      case .idle, .decided: return true
      case .working, .prepared: return false
      }
    case .acceptor(let acceptor):
      switch acceptor.standing {
      case .following, .decided: return true
      case .waiting, .preparing, .counting: return false
      }
    }
  }

  /// Whether an acceptor that is up, and this one or connected with it both ways, is so connected
  /// with a majority.
  private func canBeServed(_ id: NodeID, in scene: Scene<PaxosCommit.Node>) -> Bool {
    func near(_ id: NodeID) -> [NodeID] {
      ([id] + scene.reachable(from: id).map(\.id)).filter(acceptors.contains)
    }
    return near(id).contains { near($0).count * 2 > acceptors.count }
  }
}
