public import ProtocolCore
public import ReplicatedLog

extension ZAB {
  /// What ZAB promises.
  ///
  /// The first six are the paper's (section 3), whose names the TLA+ specifications of ZooKeeper
  /// keep; there `leadership` is Leadership1 and Leadership2.
  public enum Property: String, ReplicatedLogProperty {
    /// What is delivered was broadcast.
    case integrity
    /// Who delivers a transaction has delivered before it what anybody did who delivers it.
    case totalOrder
    /// Of two that are delivered anywhere, nobody delivers one alone while another has the other
    /// alone.
    case agreement
    /// What one primary broadcast is delivered in its order, and none left out.
    case localPrimaryOrder
    /// What an earlier primary broadcast is delivered before what a later one did.
    case globalPrimaryOrder
    /// Before it broadcasts, a primary has delivered all of earlier primaries that anybody does.
    case primaryIntegrity
    /// An epoch has at most one primary.
    case leadership
    /// What was delivered is in the history with which every later epoch is established.
    case durability
    /// What a server serves is what the transactions make that it delivered, and the configuration
    /// in force is the last that it delivered.
    case stateConsistency
    /// The replicated log's: see ``ReplicatedLog/ReplicatedLog/Property``.
    case validity, exactlyOnce, linearizable, termination, progress, convergence, applies
    /// Who delivers a reconfiguration first finds it in the histories of a quorum of the old
    /// configuration, and of a quorum of the new.
    case quorumsMeet
    /// Who leads is a member, by what it has delivered when its epoch is established, and whenever
    /// it broadcasts.
    case membersLead
    /// The replicated log's, of operators: see ``ReplicatedLog/ReplicatedLog/Property``.
    case operatorTold
    /// When every failure is repaired, every operator that asks until it is answered is answered.
    case operatorsAnswered
    /// Members are changed.
    case reconfigures
    /// Two lead at a time, each in its epoch.
    case rivals
    /// A learner is sent what it lacks.
    case diffs
    /// A learner drops what it has too much.
    case truncs
    /// A learner is sent everything.
    case snaps

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .integrity, .totalOrder, .agreement, .localPrimaryOrder, .globalPrimaryOrder,
        .primaryIntegrity, .leadership, .durability, .stateConsistency, .validity, .exactlyOnce,
        .quorumsMeet, .membersLead, .operatorTold:
        .always
      case .operatorsAnswered: .recovers(.operatorsAnswered, repaired: true)
      case .reconfigures: .sometimes(.reconfigured)
      case .linearizable, .termination, .progress, .convergence, .applies: replicatedLogForm
      case .rivals: .sometimes(.rival)
      case .diffs: .sometimes(.diffed)
      case .truncs: .sometimes(.truncated)
      case .snaps: .sometimes(.snapped)
      }
    }

    /// Whether it is promised only where members can be changed.
    var isOfReconfiguration: Bool {
      switch self {
      case .quorumsMeet, .membersLead, .operatorTold, .operatorsAnswered, .reconfigures: true
      case .integrity, .totalOrder, .agreement, .localPrimaryOrder, .globalPrimaryOrder,
        .primaryIntegrity, .leadership, .durability, .stateConsistency, .validity,
        .exactlyOnce, .linearizable, .termination, .progress, .convergence, .applies, .rivals,
        .diffs, .truncs, .snaps:
        false
      }
    }
  }

  /// What may be said of a server at a moment.
  public enum Condition: String, ReplicatedLogCondition {
    /// It has delivered something.
    case applied
    /// It has delivered what any server has.
    case current
    /// No client waits for a command, for whichever server.
    case answered
    /// No client waits, and no operator.
    case operatorsAnswered = "operators answered"
    /// No client waits; or no quorum is up and connected.
    case answeredByMajority = "answered by a quorum"
    /// It has delivered a reconfiguration.
    case reconfigured
    /// It votes, by what was delivered last anywhere.
    case voting
    /// It leads, and a quorum has acknowledged that.
    case leading
    /// It leads so, and so does another.
    case rival
    /// It looks for a leader.
    case looking
    /// It serves clients.
    case serving
    /// It has been sent what it lacked.
    case diffed
    /// It has been told to drop something.
    case truncated
    /// It has been sent everything.
    case snapped
    /// It has the same texts as every other server that is up.
    case same
  }
}

extension ZAB.Monitor {
  /// Whether nothing that never should happen has happened.
  public func holds(_ property: ZAB.Property) -> Bool {
    log.holds(property) && !broken.contains(property)
  }

  /// Whether the condition holds of a server that is up.
  public func holds(_ condition: ZAB.Condition, at id: NodeID, in scene: Scene<Node>) -> Bool {
    switch condition {
    // One that observes, or does not vote any more, follows as well.
    case .current: return log.hasAll(at: id)
    // An operator may want what cannot be.
    case .answered: return log.areCommandsAnswered
    case .operatorsAnswered: return log.isAnswered
    case .answeredByMajority: return log.areCommandsAnswered || !isQuorumConnected(in: scene)
    case .reconfigured: return members.hasDelivered(id)
    case .voting: return members.isMember(id)
    case .applied: return log.applied(at: id) > 0
    case .diffed: return ways.contains(Synchronized(learner: id, way: .diff))
    case .truncated:
      return ways.contains(Synchronized(learner: id, way: .trunc))
        || ways.contains(Synchronized(learner: id, way: .truncDiff))
    case .snapped: return ways.contains(Synchronized(learner: id, way: .snap))
    case .leading, .rival, .looking, .serving, .same:
      return scene[id].map { holds(condition, of: $0, in: scene) } ?? false
    }
  }

  private func holds(_ condition: ZAB.Condition, of server: Node, in scene: Scene<Node>) -> Bool {
    let others = scene.nodes.filter { $0.id != server.id }.compactMap(\.node)
    switch condition {
    case .leading: return server.isEstablished
    case .rival: return server.isEstablished && others.contains { $0.isEstablished }
    case .looking: return server.isLooking
    case .serving: return server.isServing
    case .same: return others.allSatisfy { $0.history.service == server.history.service }
    case .current, .answered, .operatorsAnswered, .answeredByMajority, .applied, .reconfigured,
      .voting, .diffed, .truncated, .snapped:
      return false
    }
  }

  /// Whether a quorum is up and connected with each other.
  ///
  /// A server that some of them can talk with and others cannot, or that is heard and hears nobody,
  /// can keep a quorum from coming to a leader: they vote for it, and cannot connect. So can one
  /// whose votes they are told by another. Fast Leader Election promises nothing then.
  private func isQuorumConnected(in scene: Scene<Node>) -> Bool {
    guard !scene.cuts.contains(where: { !scene.cuts.contains($0.reversed) }) else { return false }
    func isNear(_ a: NodeID, _ b: NodeID) -> Bool { !scene.cuts.contains(Link(from: a, to: b)) }
    let up = scene.nodes.compactMap { $0.node == nil ? nil : $0.id }
    func grow(_ group: [NodeID], _ rest: ArraySlice<NodeID>) -> Bool {
      var near = group
      while let next = up.first(where: { one in
        !near.contains(one) && near.contains { isNear($0, one) }
      }) {
        near.append(next)
      }
      let isClosed = near.allSatisfy { one in group.allSatisfy { isNear($0, one) } }
      if isClosed, members.areQuorums(group, near: near) { return true }
      guard let next = rest.first else { return false }
      let others = rest.dropFirst()
      return group.allSatisfy { isNear($0, next) } && grow(group + [next], others)
        || grow(group, others)
    }
    return grow([], members.voters.filter { scene[$0] != nil }[...])
  }
}
