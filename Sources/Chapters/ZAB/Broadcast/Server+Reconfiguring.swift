package import ProtocolCore

// Members that change. (Shraer, Reed, Malkhi, Junqueira, "Dynamic Reconfiguration of Primary/Backup
// Clusters", USENIX ATC 2012; Leader.tryToCommit, QuorumPeer.processReconfig)

// MARK: Which configurations count

extension ZAB.Server {
  /// The version of the configuration in force.
  private var version: Zxid { quorumVerifier?.version ?? .zero }

  /// The configurations that were seen behind the one in force, as far as this server knows, in
  /// their order; any of them may be in force by now.
  ///
  /// They stand in the log, or in the snapshot, so that they are written, and dropped, with what
  /// names them. Apache's servers keep the last one in a file apart, and no other.
  var seenQuorumVerifiers: [ZAB.Configuration] {
    guard settings.reconfigEnabled else { return [] }
    let seen = history.seen.filter { $0.version > version }
    return obey(.everySeenCounts) ? seen : seen.suffix(1)
  }

  /// Whether a server votes, by the configuration in force or by one that was seen behind it.
  /// (validVoter)
  func isValidVoter(_ server: NodeID) -> Bool {
    ensemble.isVoter(server) || seenQuorumVerifiers.contains { $0.members.contains(server) }
  }

  /// Whether it votes, by the configuration in force.
  var isMember: Bool { ensemble.isVoter(id) }

  /// Whether it observes; who neither votes nor observes follows, and is not counted.
  var isObserver: Bool { ensemble.isObserver(id) }

  /// Whether a learner shall vote, and observes as yet: it acknowledges no proposal.
  func isObserverYet(_ learner: ZAB.Leading.Learner) -> Bool {
    learner.isObserver && isValidVoter(learner.id)
  }

  /// Those that an election can answer.
  var candidates: [NodeID] {
    let known = ensemble.voters.map(\.id).filter { ensemble.mayLead($0) }
    return seenQuorumVerifiers.reduce(known) { known, seen in
      known + seen.members.filter { !known.contains($0) }
    }
  }

  /// Whether a server may be voted for.
  func mayLead(_ server: NodeID) -> Bool {
    ensemble.mayLead(server) || seenQuorumVerifiers.contains { $0.members.contains(server) }
  }

  /// Whether these are a quorum of the configuration in force, and of each that was seen behind it.
  func areQuorums(_ isCounted: (NodeID) -> Bool) -> Bool {
    isQuorum(isCounted) && areSeenQuorums(isCounted)
  }

  /// Whether these are a quorum of each configuration that was seen behind the one in force.
  func areSeenQuorums(_ isCounted: (NodeID) -> Bool) -> Bool {
    require(.lastSeenCounts, seenQuorumVerifiers.allSatisfy { $0.isQuorum(isCounted) })
  }

  // begin reconfiguring
  /// Whether quorums have a proposal: of the configuration in force, and of the one that it names.
  ///
  /// What follows is committed behind it, by the new configuration alone. In Apache's servers a
  /// proposal keeps the configurations with which it was made.
  func isAcknowledged(_ proposal: ZAB.Leading.Outstanding) -> Bool {
    guard let next = seenQuorumVerifiers.last, next.version == proposal.zxid else {
      return isQuorum { proposal.acks.contains($0) }
    }
    return require(.oldQuorumCommits, isQuorum { proposal.acks.contains($0) })
      && require(.newQuorumCommits, next.isQuorum { proposal.acks.contains($0) })
  }

  /// Whether a request is none for other members, or may be proposed here and now.
  ///
  /// Apache's servers pass it on to their leader; here the leader is asked.
  func mayTake(_ request: Service.Request) -> Bool {
    guard let members = Service.members(in: request) else { return true }
    guard settings.reconfigEnabled, !members.isEmpty, ensemble.isMajority,
      case .leading(let leading) = role
    else { return false }
    // NewConfigNoQuorum; what is sent to observers they do not acknowledge.
    let isSynchronized = ZAB.Configuration(.zero, members: members).isQuorum { member in
      member == id
        || leading.learners.contains {
          $0.id == member && $0.stage == .acknowledged && !$0.isObserver
        }
    }
    return require(.oneReconfiguration, seenQuorumVerifiers.isEmpty)
      && require(.newQuorumSynchronized, isSynchronized)
  }

  /// A reconfiguration is committed: it is in force, and all are told who leads from here on, when
  /// that is written.
  mutating func activate(
    _ configuration: ZAB.Configuration, _ proposal: Proposal<Service>,
    _ committed: ZAB.Leading.Outstanding
  ) -> Out {
    guard case .leading(var leading) = role else { return [] }
    let activated = activate(configuration)
    let leader = obey(.removedGivesUp) ? designate(committed, among: configuration.members) : id
    if leader != id { leading.designated = leader }
    if obey(.configurationStoredFirst) { leading.writing = configuration.version }
    role = .leading(leading)
    let release = release(.configurationStoredFirst)
    return activated
      + leading.learners.filter(\.isForwardedTo).map {
        .send(
          $0.isObserver
            ? .informAndActivate(proposal, leader: leader)
            : .commitAndActivate(proposal.zxid, leader: leader), to: $0.id, release)
      }
  }

  /// A configuration is on disk.
  mutating func written(_ configuration: ZAB.Configuration) -> Out {
    guard case .leading(var leading) = role, leading.writing == configuration.version else {
      return []
    }
    leading.writing = nil
    role = .leading(leading)
    return commitAcknowledged()
  }

  /// Who leads from here on: itself, if it is a member; or one that has acknowledged most.
  /// (getDesignatedLeader)
  private func designate(
    _ committed: ZAB.Leading.Outstanding, among members: [NodeID]
  ) -> NodeID {
    guard case .leading(let leading) = role, !members.contains(id) else { return id }
    var best = committed.acks.filter { members.contains($0) }
    for proposal in leading.outstanding {
      let better = best.filter { proposal.acks.contains($0) }
      guard !better.isEmpty else { break }
      best = better
    }
    return best.first ?? members.first ?? id
  }

  /// A reconfiguration is committed, and this one leads from here on.
  mutating func commit(
    _ zxid: Zxid, activating leader: NodeID, _ learning: ZAB.Learning<Service>
  ) -> Out {
    guard let next = history.pending.first, next.zxid == zxid, next.configuration != nil else {
      return [.note(.unexpected(.commitAndActivate(zxid, leader: leader), from: learning.leader))]
    }
    let activated = activate(next.configuration)
    return activated + commit(zxid, learning)
      + (activated.isEmpty ? [] : changed(under: learning.leader, to: leader))
  }

  /// A configuration is in force: who must go to another leader does, and who comes to vote tells
  /// its leader so. (processReconfig)
  mutating func changed(under leader: NodeID, to designated: NodeID? = nil) -> Out {
    guard case .learning(let learning) = role else { return [] }
    if let designated, designated != leader { return leave() + turn(to: designated) }
    // Nobody was designated.
    guard ensemble.isVoter(leader) || !obey(.removedGivesUp) else { return giveUp() }
    return learning.isObserver != isObserver ? leave() + turn(to: leader) : []
  }

  /// Goes to a leader without an election.
  mutating func turn(to leader: NodeID) -> Out {
    vote = ZAB.Vote(leader, history.lastProcessed, currentEpoch)
    return leader == id ? beginLeading() : beginLearning(from: leader)
  }
  // end reconfiguring

  /// From here on a configuration is in force, unless a newer one is.
  package mutating func activate(_ configuration: ZAB.Configuration?) -> [Effect<Words>] {
    guard settings.reconfigEnabled, let configuration, configuration.isWithinReason,
      configuration.version > version
    else { return [] }
    quorumVerifier = configuration
    ensemble = first.reconfigured(configuration.members)
    return [.persist(.quorumVerifier(configuration))]
  }

  /// What NEWLEADER names: the configuration that is in force when UPTODATE comes.
  ///
  /// While an epoch begins that is the last seen, since quorums of both acknowledge it. Later it is
  /// the one in force: what is proposed is not committed yet. (In Apache's servers it is the last
  /// seen, always.)
  func newLeaderConfiguration(_ leading: ZAB.Leading) -> ZAB.Configuration? {
    guard leading.isEstablished, obey(.inForceTold) else {
      return seenQuorumVerifiers.last ?? quorumVerifier
    }
    return quorumVerifier
  }
}
