import ProtocolCore

// Fast Leader Election. (FastLeaderElection.lookForLeader; Medeiros 2012, 4.1)

extension ZAB {
  /// What a server keeps that looks for a leader.
  public struct Looking: Hashable, Sendable {
    /// The last word of each in this round.
    var received: [Heard] = []
    /// The last word of each that has a leader.
    var outside: [Heard] = []
    /// Whether its vote has a quorum, and it waits whether a better one comes.
    var isFinalizing = false
  }
}

extension ZAB.Server {
  /// Its own vote: for itself, also of one who shall vote; of all others for nobody.
  ///
  /// Who shall vote may have more than those who do, and be needed for a quorum of the new: then
  /// nobody else can lead.
  private var ownVote: ZAB.Vote {
    if let alone = settings.alone { return alone }
    return (obey(.seenMayLead) ? isValidVoter(id) : isMember)
      ? ZAB.Vote(id, history.lastProcessed, currentEpoch) : ZAB.Vote(id, .least, -1)
  }

  /// What it tells others.
  private var notification: ZAB.Notification {
    ZAB.Notification(
      state, vote, round: round, configuration: obey(.configurationTold) ? quorumVerifier : nil)
  }

  // begin electing
  /// Begins a round, and votes for itself.
  mutating func beginElection() -> Out {
    role = .looking(ZAB.Looking())
    guard settings.election == .fast else {
      return candidates.map { .set(.elected($0), after: ZAB.Timer.elected($0).patience) }
    }
    round += 1
    return propose(ownVote)
      + [.set(.notification, after: ZAB.Timer.notification.patience)] + count()
  }

  /// Takes a vote for its own, and tells all voters.
  private mutating func propose(_ vote: ZAB.Vote) -> Out {
    self.vote = vote
    if case .looking(var looking) = role {
      if isValidVoter(id) { looking.received.hear(notification, from: id) }
      role = .looking(looking)
    }
    return tell()
  }

  private func tell() -> Out {
    recipients.filter { $0 != id }.map { .send(.notification(notification), to: $0, .atOnce) }
  }

  /// Whom it tells: those who vote, by the configuration in force or one that was seen behind it.
  private var recipients: [NodeID] {
    let voters = ensemble.voters.map(\.id)
    return seenQuorumVerifiers.reduce(voters) { voters, seen in
      voters + seen.members.filter { !voters.contains($0) }
    }
  }

  /// Sends its vote again, for the last may be lost.
  mutating func repeatVote() -> Out {
    guard obey(.votesRepeated) else { return [] }
    return tell() + [.set(.notification, after: ZAB.Timer.notification.patience)]
  }

  /// Hears what another votes, or has for a leader.
  mutating func hear(_ told: ZAB.Notification, from sender: NodeID) -> Out {
    guard settings.election == .fast else { return [] }
    // A newer configuration than its own is taken over, and the election begins anew.
    if isLooking, let taken = taken(told.configuration) { return taken + beginElection() }
    // Who looks and does not vote is told of a leader or of a newer configuration, and not counted.
    // In Apache's servers it is told whatever there is to tell: two that hold each other for none
    // that votes then answer each other for ever.
    guard isValidVoter(sender) else {
      let isAnswered = told.state == .looking && (!isLooking || isNewer(than: told.configuration))
      return isAnswered ? answer(sender) : []
    }
    guard case .looking(let looking) = role else {
      return told.state == .looking && obey(.latecomersAnswered) ? answer(sender) : []
    }
    guard mayBeNamed(told.leader, by: told.configuration) else { return [] }
    switch told.state {
    case .looking:
      let isBehind = told.electionEpoch < round
      return (isBehind ? answer(sender) : []) + consider(told, from: sender)
    case .following, .leading: return join(told, from: sender, looking)
    // What observers have for a leader says nothing.
    case .observing: return []
    }
  }

  /// Whether one who votes may have this leader, or vote for it: who votes as far as this server
  /// knows; or any other, for it may stand in a configuration that only the one who votes has seen.
  /// (Of those that an older configuration names some may be removed.)
  private func mayBeNamed(_ leader: NodeID, by configuration: ZAB.Configuration?) -> Bool {
    if isValidVoter(leader) { return true }
    return settings.reconfigEnabled && obey(.seenNamed) && !isNewer(than: configuration)
  }

  /// Takes over a configuration that is newer than its own.
  private mutating func taken(_ configuration: ZAB.Configuration?) -> Out? {
    let activated = activate(configuration)
    return activated.isEmpty ? nil : activated
  }

  /// Whether its own configuration is newer than another's.
  private func isNewer(than configuration: ZAB.Configuration?) -> Bool {
    quorumVerifier.map { $0.version > configuration?.version ?? .zero } ?? false
  }

  private func answer(_ sender: NodeID) -> Out {
    [.send(.notification(notification), to: sender, .atOnce)]
  }

  /// Counts the vote of another that looks for a leader, and takes over a better one.
  private mutating func consider(_ told: ZAB.Notification, from sender: NodeID) -> Out {
    var effects: Out = []
    if told.electionEpoch > round {
      round = told.electionEpoch
      if case .looking(var looking) = role {
        looking.received = []
        role = .looking(looking)
      }
      effects = propose(isBetter(told.vote, than: ownVote) ? told.vote : ownVote)
    } else if told.electionEpoch < round {
      return []  // of a round that is over
    } else if isBetter(told.vote, than: vote) {
      effects = propose(told.vote)
    }
    record(told, from: sender)
    return effects + count()
  }

  private func isBetter(_ vote: ZAB.Vote, than other: ZAB.Vote) -> Bool {
    guard mayLead(vote.leader) || !isValidVoter(vote.leader) else { return false }
    func told(_ vote: ZAB.Vote) -> ZAB.Vote {
      ZAB.Vote(
        vote.leader, obey(.zxidVoted) ? vote.zxid : .zero,
        obey(.epochBeforeZxid) ? vote.peerEpoch : 0)
    }
    return told(vote).isBetter(than: told(other))
  }

  private mutating func record(_ told: ZAB.Notification, from sender: NodeID) {
    guard case .looking(var looking) = role else { return }
    looking.received.hear(told, from: sender)
    role = .looking(looking)
  }

  /// When a quorum votes as it does, it waits for a better vote, for as long as is usual.
  private mutating func count() -> Out {
    guard case .looking(var looking) = role else { return [] }
    let votes = looking.received
    let isElected =
      ensemble.isQuorum { votes.agrees($0, with: notification) }
      && areSeenQuorums { votes.agrees($0, with: notification) }
    guard isElected != looking.isFinalizing else { return [] }
    looking.isFinalizing = isElected
    role = .looking(looking)
    return isElected
      ? [.set(.finalize, after: ZAB.Timer.finalize.patience)] : [.cancel(.finalize)]
  }

  /// No better vote has come.
  mutating func finalize() -> Out {
    guard case .looking(let looking) = role, looking.isFinalizing else { return [] }
    return follow(vote.leader)
  }

  /// Hears of a leader that others have; believes it when a quorum does, and it says so itself.
  private mutating func join(
    _ told: ZAB.Notification, from sender: NodeID, _ before: ZAB.Looking
  ) -> Out {
    var looking = before
    if told.electionEpoch == round { looking.received.hear(told, from: sender) }
    looking.outside.hear(told, from: sender)
    role = .looking(looking)
    let isOfThisRound =
      told.electionEpoch == round && believes(told, by: looking.received)
    guard isOfThisRound || believes(told, by: looking.outside) else { return count() }
    round = told.electionEpoch
    vote = told.vote
    return follow(told.leader)
  }

  private func believes(_ told: ZAB.Notification, by heard: [ZAB.Heard]) -> Bool {
    // Who has a reconfiguration that was dropped meanwhile follows those who have not.
    guard ensemble.isQuorum({ heard.agrees($0, with: told) }) else { return false }
    if told.leader == id { return told.electionEpoch == round }
    return heard.isLeading(told.leader)
  }

  /// The election has come to a leader: it leads, or learns from it.
  mutating func follow(_ leader: NodeID) -> Out {
    if vote.leader != leader { vote = ZAB.Vote(leader, .zero, 0) }
    let over: [ZAB.Timer] =
      settings.election == .fast
      ? [.notification, .finalize] : candidates.map { .elected($0) }
    let effects: Out = over.map { .cancel($0) } + [.note(.elected(leader))]
    guard settings.alone == nil else { return effects + stay() }
    return effects + (leader == id ? beginLeading() : beginLearning(from: leader))
  }
  // end electing

  /// It does nothing but elect: it has a leader until that is found to be wrong.
  private mutating func stay() -> Out {
    role =
      vote.leader == id
      ? .leading(ZAB.Leading())
      : .learning(ZAB.Learning(leader: vote.leader, phase: .connecting(tries: 0)))
    return [.set(.initLimit, after: ZAB.Timer.initLimit.patience)]
  }
}
