public import AtomicCommitment
public import Lab
public import ProtocolCore
public import ThreePhaseCommit
public import TwoPhaseCommit

/// How far a process has come, as the theory of commit protocols tells it.
///
/// Source: Skeen, "Nonblocking Commit Protocols", SIGMOD 1981.
public enum Phase: String, Named {
  /// q: it has promised nothing.
  case initial = "q"
  /// w: the coordinator has asked for votes; a participant has voted yes.
  case waiting = "w"
  /// p: it knows that all have voted yes.
  case prepared = "p"
  /// a: it has aborted.
  case aborted = "a"
  /// c: it has committed.
  case committed = "c"
}

/// What a process of one role can be in: a state of its automaton.
public struct LocalState: Hashable, Sendable {
  /// Its role, as a topology writes it.
  public let role: String
  /// How far it has come.
  public let phase: Phase

  /// A process of this role that has come so far.
  public init(_ role: String, _ phase: Phase) {
    self.role = role
    self.phase = phase
  }
}

extension LocalState: Comparable {
  /// By role, then from q to c.
  public static func < (a: LocalState, b: LocalState) -> Bool {
    (a.role, a.phase.place) < (b.role, b.phase.place)
  }
}

extension LocalState: CustomStringConvertible {
  /// As tables print it: `participant w`.
  public var description: String { "\(role) \(phase.rawValue)" }
}

extension Phase {
  /// Its place among all.
  fileprivate var place: Int { Phase.allCases.firstIndex(of: self) ?? 0 }
}

/// A chapter whose processes go through Skeen's phases.
public protocol Phased: Laboratory {
  /// How far a process has come.
  ///
  /// A decision that is not stable yet is none.
  static func phase(of id: NodeID, _ node: Subject.Node, in system: SystemState<Subject>) -> Phase

  /// Whether a node of this role votes.
  static func votes(_ role: Subject.Role) -> Bool

  /// What is asked so that each process can vote yes, and can vote no.
  static func ballot(of topology: [Member<Subject.Role>]) -> [Ask<Subject.Words>]
}

extension Phased where Subject.Role: CommitmentRole {
  /// All vote but the coordinator.
  public static func votes(_ role: Subject.Role) -> Bool { role != .coordinator }
}

extension Phased {
  /// All that can be asked.
  public static func ballot(of topology: [Member<Subject.Role>]) -> [Ask<Subject.Words>] {
    Subject.asks(of: topology)
  }
}

extension TwoPhaseCommitLaboratory: Phased {
  /// A participant that only reads neither waits nor decides, so none does.
  public static func ballot(of topology: [Member<Subject.Role>]) -> [Ask<TwoPhaseCommit.Words>] {
    Subject.asks(of: topology).map { ask in
      Ask(ask.node, oneOf: ask.requests.filter { $0 != .work(.read) })
    }
  }

  /// There is nothing between waiting and a decision.
  public static func phase(
    of id: NodeID, _ node: TwoPhaseCommit.Node, in system: SystemState<Subject>
  ) -> Phase {
    let scene = system.scene
    if system.monitor.holds(.committed, at: id, in: scene) { return .committed }
    if system.monitor.holds(.aborted, at: id, in: scene) { return .aborted }
    let isInitial: Bool
    switch node {
    case .coordinator(let coordinator): isInitial = coordinator.state == .idle
    case .participant(let participant): isInitial = participant.isInitial
    case .chained(let process): isInitial = process.isInitial
    case .peer(let process): isInitial = process.isInitial
    }
    return isInitial ? .initial : .waiting
  }
}

extension Participant {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .prepared, .decided, .heuristic, .damaged: false
    }
  }
}

extension Chained {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .prepared, .decided: false
    }
  }
}

extension Peer {
  fileprivate var isInitial: Bool {
    switch state {
    case .idle, .working: true
    case .voted, .decided: false
    }
  }
}

extension ThreePhaseCommitLaboratory: Phased {
  /// A process that has written a commit, and not stored it, is prepared.
  public static func phase(of id: NodeID, _ node: Process, in system: SystemState<Subject>) -> Phase
  {
    let scene = system.scene
    if system.monitor.holds(.committed, at: id, in: scene) { return .committed }
    if system.monitor.holds(.aborted, at: id, in: scene) { return .aborted }
    return switch node.state {
    case .idle, .working: .initial
    case .collecting, .following(.uncertain), .probing(.uncertain, _): .waiting
    case .polling(let poll): poll.own == .uncertain ? .waiting : .prepared
    case .readying, .following(.committable), .probing(.committable, _): .prepared
    case .decided(.commit): .prepared
    case .decided(.abort): .waiting
    case .recovering(let journals):
      journals.contains { $0.owner == id && $0.stage == .committable } ? .prepared : .waiting
    }
  }
}
