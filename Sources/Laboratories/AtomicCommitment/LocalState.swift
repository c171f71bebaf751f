public import AtomicCommitment
public import Lab
public import ProtocolCore

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
