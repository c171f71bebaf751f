public import Consensus
public import ProtocolCore

/// What the Synod promises.
///
/// Source: Lamport, "Paxos Made Simple", 2001, 2.1 and 2.4.
public enum Property: String, ConsensusProperty {
  /// Consensus': see ``Consensus/Consensus/Property``.
  case validity, agreement, stability, told, termination
  /// While a partition lasts and nothing is repaired, a proposer that reaches enough acceptors and
  /// a learner is answered, and a learner that is reached so learns.
  case progress
  /// A value is chosen.
  case chooses
  /// A proposer whose value was not chosen learns another's.
  case adopts
  /// A proposer lets another go first.
  case duels
  /// An acceptance is outvoted: what was accepted by too few is not what is chosen.
  case vanishes

  /// In which sense it must hold.
  public var form: PropertyForm<Condition> {
    switch self {
    case .validity, .agreement, .stability, .told, .termination, .chooses: consensusForm
    case .progress: .recovers(.served, repaired: false, healed: false)
    case .adopts: .sometimes(.adopted)
    case .duels: .sometimes(.preempted)
    case .vanishes: .sometimes(.outvoted)
    }
  }
}

/// What may be said of a process at a moment.
public enum Condition: String, ConsensusCondition {
  /// It has learnt which value is chosen.
  case learnt
  /// No client waits for it; a learner knows what anybody knows.
  case settled
  /// It is settled, or can reach too few.
  case served
  /// A proposer knows that a value is chosen which is not its client's.
  case adopted
  /// A proposer lets another go first.
  case preempted = "pre-empted"
  /// An acceptor has accepted another value than the one that is chosen.
  case outvoted
  /// An acceptor has promised something.
  case promised
  /// An acceptor has accepted something.
  case accepted
}

/// Judges a run: consensus' properties.
public struct PaxosMonitor: Hashable, Sendable {
  private let members: [Member<Role>]
  private let enough: Int
  private var consensus: Consensus.Monitor
  /// What each proposer was asked last, as long as it is not answered otherwise.
  private var asked: [Value?]
  /// What was learnt first.
  private var chosen: Value?

  /// A monitor of this topology.
  public init(_ topology: [Member<Role>], variant: Variant) {
    members = topology
    let acceptors = topology.count { $0.role == .acceptor }
    // Not asked of the protocol, whose quorums may be too large.
    enough =
      variant == .flexible ? acceptors - max(1, acceptors / 2) + 1 : acceptors / 2 + 1
    consensus = Consensus.Monitor(
      learners: topology.filter { $0.role == .learner }.map(\.id))
    asked = topology.map { _ in nil }
  }
}

extension PaxosMonitor: Monitor {
  /// The processes.
  public typealias Node = Paxos.Node

  /// Something happened at a process.
  public mutating func observe(_ observation: Observation<Words>, at id: NodeID) {
    consensus.observe(observation, at: id)
    if case .noted(.learnt(let value)) = observation, chosen == nil { chosen = value }
    guard let place = members.firstIndex(where: { $0.id == id }) else { return }
    switch observation {
    case .asked(.propose(let value), _): asked[place] = value
    case .crashed: asked[place] = nil
    case .replied(.chosen(asked[place]), _): asked[place] = nil
    case .replied, .refused, .repliedAgain, .noted, .expired, .lost, .doubled, .restarted, .forgot:
      break
    }
  }

  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Property) -> Bool { consensus.holds(property) }

  /// Whether the condition holds of a process that is up.
  public func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Paxos.Node>) -> Bool {
    switch condition {
    case .learnt: return consensus.value(at: id) != nil
    case .settled: return consensus.isSettled(at: id)
    case .served: return consensus.isSettled(at: id) || !canBeServed(id, in: scene)
    case .adopted, .preempted, .outvoted, .promised, .accepted: break
    }
    guard let place = members.firstIndex(where: { $0.id == id }) else { return false }
    switch (condition, scene[id]) {
    case (.adopted, .proposer(let proposer)?):
      if case .decided(let value) = proposer.state, let asked = asked[place] {
        return asked != value
      }
      return false
    case (.preempted, .proposer(let proposer)?): return proposer.state == .preempted
    case (.outvoted, .acceptor(let acceptor)?):
      guard let chosen, let vote = acceptor.vote else { return false }
      return vote.value != chosen
    case (.promised, .acceptor(let acceptor)?): return acceptor.promised != nil
    case (.accepted, .acceptor(let acceptor)?): return acceptor.vote != nil
    default: return false
    }
  }

  /// Whether a proposer and a learner, one of which it is, and enough acceptors are up and all of
  /// them are connected.
  private func canBeServed(_ id: NodeID, in scene: Scene<Paxos.Node>) -> Bool {
    func among(_ role: Role) -> [NodeID] {
      let all = members.filter { $0.role == role }.map(\.id)
      return all.contains(id) ? [id] : all
    }
    func isNear(_ a: NodeID, _ b: NodeID) -> Bool {
      scene[a] != nil && scene[b] != nil && !scene.cuts.contains(Link(from: a, to: b))
        && !scene.cuts.contains(Link(from: b, to: a))
    }
    guard members.contains(where: { $0.id == id && $0.role != .acceptor }) else { return false }
    let acceptors = among(.acceptor)
    return among(.proposer).contains { proposer in
      among(.learner).contains { learner in
        isNear(proposer, learner)
          && acceptors.count { isNear($0, proposer) && isNear($0, learner) } >= enough
      }
    }
  }
}
