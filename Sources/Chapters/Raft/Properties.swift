public import ProtocolCore
public import ReplicatedLog

extension Raft {
  /// What Raft promises. (paper, figure 3)
  public enum Property: String, ReplicatedLogProperty {
    /// The replicated log's: see ``ReplicatedLog/ReplicatedLog/Property``.
    case stateMachineSafety, validity, inOrder, exactlyOnce, linearizable, termination, progress
    /// The replicated log's as well.
    case convergence
    /// The replicated log's as well; told so of a transfer, the server that it wanted has led in a
    /// term behind that of the server that it asked, or, where it asked that very server, leads.
    case operatorTold
    /// What a server's machine and its snapshot hold is what the entries up to their last make:
    /// texts, answers, and in the snapshot the members.
    case stateConsistency
    /// At most one server leads in a term.
    case electionSafety
    /// A leader never overwrites or deletes entries of its log.
    case leaderAppendOnly
    /// Two logs that have an entry of one index and term have the same entries up to it.
    case logMatching
    /// What is committed in a term is in the logs of the leaders of all later ones.
    case leaderCompleteness
    /// While a server is up, its term and its commit index never go back.
    case monotonic
    /// Two snapshots that end with the same entry hold the same: texts, answers and members.
    case snapshotsAgree
    /// When every failure is repaired, nobody leads that is no member any more.
    case abdication
    /// Something is applied.
    case applies
    /// Two lead at a time, each in its term.
    case rivals
    /// Two ask for votes in one term.
    case splits
    /// A server takes over what it was sent as a snapshot.
    case installs

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .stateMachineSafety, .validity, .inOrder, .exactlyOnce, .linearizable, .termination,
        .progress, .convergence, .operatorTold, .applies:
        replicatedLogForm
      case .electionSafety, .leaderAppendOnly, .logMatching, .leaderCompleteness, .monotonic,
        .snapshotsAgree, .stateConsistency:
        .always
      case .abdication: .recovers(.entitled, repaired: true)
      case .rivals: .sometimes(.rival)
      case .splits: .sometimes(.split)
      case .installs: .sometimes(.installed)
      }
    }
  }

  /// What may be said of a server at a moment.
  public enum Condition: String, ReplicatedLogCondition {
    /// It has applied something.
    case applied
    /// It has applied what any server has, or is no member.
    case current
    /// No client waits, for whichever server.
    case answered
    /// No client waits; or no majority is up and connected.
    case answeredByMajority = "answered by a majority"
    /// It leads.
    case leading
    /// It asks for votes.
    case candidate
    /// It leads, and so does another.
    case rival
    /// It asks for votes, and so does another in its term.
    case split
    /// It is a member by what was applied last, or does not lead.
    case entitled
    /// It is a member by its log.
    case member
    /// By its log two sets of members decide together.
    case joint
    /// It has heard a leader within the least election time-out.
    case hearing
    /// It may read by lease.
    case leased
    /// It has taken over a snapshot since it last started.
    case installed
    /// It has the same texts as every other server that is up.
    case same
    /// Its log ends as that of every other server that is up.
    case level
  }
}

extension Raft.Monitor {
  /// Whether nothing that never should happen has happened.
  public func holds(_ property: Raft.Property) -> Bool {
    log.holds(property) && !broken.contains(property)
  }

  /// Whether the condition holds of a server that is up.
  public func holds(
    _ condition: Raft.Condition, at id: NodeID, in scene: Scene<Raft.Server>
  ) -> Bool {
    switch condition {
    case .current: return log.isCurrent(at: id)
    case .answered: return log.isAnswered
    // Operators may ask for members that are cut off.
    case .answeredByMajority:
      return log.areCommandsAnswered || !isMajorityConnected(in: scene)
    case .applied: return log.applied(at: id) > 0
    case .installed: return installed.contains(id)
    case .leading, .candidate, .rival, .split, .entitled, .member, .joint, .hearing, .leased,
      .same, .level:
      return scene[id].map { holds(condition, of: $0, in: scene) } ?? false
    }
  }

  private func holds(
    _ condition: Raft.Condition, of server: Raft.Server, in scene: Scene<Raft.Server>
  ) -> Bool {
    // Looked for only where the server itself is such: they are many, and large.
    var others: [Raft.Server] {
      scene.nodes.filter { $0.id != server.id }.compactMap(\.node)
    }
    switch condition {
    case .leading: return server.isLeading
    case .candidate: return server.isCandidate
    case .rival: return server.isLeading && others.contains { $0.isLeading }
    case .split:
      return server.isCandidate
        && others.contains { $0.isCandidate && $0.term == server.term }
    case .entitled: return !server.isLeading || log.isMember(server.id)
    case .member: return server.configuration.contains(server.id)
    case .joint: return server.configuration.next != nil
    case .hearing: return server.hearsLeader
    case .leased: return server.isLeased
    case .same: return others.allSatisfy { $0.store == server.store }
    case .level: return others.allSatisfy { $0.last == server.last }
    case .current, .answered, .answeredByMajority, .applied, .installed: return false
    }
  }

  /// Whether more than half of the members are up and connected with each other.
  ///
  /// What the paper tells needs more: where a server is heard and hears nobody, its leader does not
  /// give up, and its terms disturb. (thesis, 6.2 and 9.6)
  private func isMajorityConnected(in scene: Scene<Raft.Server>) -> Bool {
    if variant == .paper, scene.cuts.contains(where: { !scene.cuts.contains($0.reversed) }) {
      return false
    }
    return log.isMajorityConnected(in: scene)
  }
}
