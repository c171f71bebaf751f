import AtomicCommitment
import ProtocolCore

// What an acceptor does as a leader.

extension PaxosCommit.Acceptor {
  /// How many acceptors are enough.
  private var majority: Int { PaxosCommit.majority(of: acceptors) }

  // begin leader
  /// Asks for votes; ballot 0 is the participants'.
  mutating func ask(for client: RequestID) -> [Effect<PaxosCommit.Words>] {
    if case .decided(let decision) = standing { return [.reply(.decided(decision), to: client)] }
    guard id == acceptors.first, standing == .following, round == 0 else {
      return [.reply(.refused, to: client)]
    }
    self.client = client
    standing = .counting(promised, [])
    return participants.map { .send(.prepare, to: $0, .atOnce) }
      + [.set(.ballot, after: PaxosCommit.Words.Timer.ballot.patience)]
      + (accepted.map { count(acceptance: $0.ballot, $0.votes, of: id) } ?? [])
  }

  /// Begins a ballot that is greater than any of which it has heard. (phase 1a)
  mutating func lead() -> [Effect<PaxosCommit.Words>] {
    let last = max(round, promised.round)
    round = last == .max ? last : last + 1  // what a peer made up must not stop the process
    let ballot = Ballot(round, obey(.ballotsDiffer) ? id : "")
    promised = ballot
    standing = .preparing(ballot, [])
    let asked: [Effect<PaxosCommit.Words>] = acceptors.filter { $0 != id }.map {
      .send(.nextBallot(ballot), to: $0, release(.promiseStoredFirst))
    }
    let own = Promise(acceptor: id, accepted: obey(.voteReported) ? accepted : nil)
    return [.persist(.promised(ballot))] + asked
      + [.set(.ballot, after: PaxosCommit.Words.Timer.ballot.patience)]
      + count(promise: ballot, own)
  }

  /// Counts a promise, and proposes a vote in each instance when there are enough. (phase 2a)
  mutating func count(
    promise promised: Ballot, _ promise: Promise
  ) -> [Effect<PaxosCommit.Words>] {
    guard case .preparing(let ballot, let earlier) = standing,
      acceptors.contains(promise.acceptor), require(.thisBallotPromised, promised == ballot),
      !earlier.contains(where: { $0.acceptor == promise.acceptor })  // doubled
    else { return [] }
    let promises = (earlier + [promise]).sorted { $0.acceptor < $1.acceptor }
    standing = .preparing(ballot, promises)
    guard require(.quorumPromises, promises.count >= majority) else { return [] }
    let votes = participants.sorted().map {
      PaxosCommit.InstanceVote($0, adopted(for: $0, from: promises))
    }
    standing = .counting(ballot, [])
    return acceptors.filter { $0 != id }.map { .send(.accept(ballot, votes), to: $0) }
      + accept(ballot, votes, of: id)
  }

  /// The vote to propose in an instance: what the greatest ballot says, or no if none does.
  ///
  /// If none does, no yes can have been chosen: a majority would have accepted it, and one of that
  /// majority has promised.
  private func adopted(for participant: NodeID, from promises: [Promise]) -> PaxosCommit.Vote {
    let reports = promises.compactMap { promise in
      promise.accepted.flatMap { accepted in
        accepted.votes.vote(of: participant).map { (ballot: accepted.ballot, vote: $0) }
      }
    }
    let report =
      obey(.highestAdopted)
      ? reports.max { $0.ballot < $1.ballot } : reports.min { $0.ballot < $1.ballot }
    if let report, obey(.acceptedAdopted) { return report.vote }
    return obey(.unreportedRefused) ? .no : .yes
  }

  /// Counts an acceptance, and decides when enough have accepted enough. (phase 2b)
  mutating func count(
    acceptance accepted: Ballot, _ votes: [PaxosCommit.InstanceVote], of acceptor: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    guard case .counting(let ballot, let earlier) = standing, acceptors.contains(acceptor),
      require(.thisBallotCounted, accepted == ballot)
    else { return [] }
    // In ballot 0 an acceptor tells more when it hears more; what was overtaken tells less.
    if let known = earlier.first(where: { $0.acceptor == acceptor })?.accepted?.votes,
      known.count >= votes.count
    {
      return []
    }
    let new = Promise(acceptor: acceptor, accepted: PaxosCommit.Accepted(ballot, votes))
    let told = (earlier.filter { $0.acceptor != acceptor } + [new]).sorted {
      $0.acceptor < $1.acceptor
    }
    standing = .counting(ballot, told)
    return outcome(of: told).map { decide($0, in: ballot, told) } ?? []
  }

  /// What follows from what is chosen: nil while something is missing.
  private func outcome(of told: [Promise]) -> Decision? {
    let enough = obey(.quorumAccepts) ? majority : 1
    func isChosen(_ vote: PaxosCommit.Vote, _ participant: NodeID) -> Bool {
      told.count { $0.accepted?.votes.vote(of: participant) == vote } >= enough
    }
    if !obey(.unanimity), participants.contains(where: { isChosen(.yes, $0) }) { return .commit }
    if participants.contains(where: { isChosen(.no, $0) }) { return .abort }
    return participants.allSatisfy { isChosen(.yes, $0) } ? .commit : nil
  }

  /// Tells all but those that have said no; what it has accepted itself must be on disk by then.
  private mutating func decide(
    _ decision: Decision, in ballot: Ballot, _ told: [Promise]
  ) -> [Effect<PaxosCommit.Words>] {
    let release = release(.acceptanceStoredFirst)
    let concerned = participants.filter { participant in
      ballot.round > 0
        || !told.contains { $0.accepted?.votes.vote(of: participant) == .no }
    }
    return learn(decision) + concerned.map { .send(.decide(decision), to: $0, release) }
  }
  // end leader

  /// Knows the decision: by counting, or from another that knew.
  mutating func learn(_ decision: Decision) -> [Effect<PaxosCommit.Words>] {
    if case .decided = standing { return [] }  // told again
    let timers: [Effect<PaxosCommit.Words>] =
      switch standing {
      case .following, .decided: []
      case .waiting: [.cancel(.lead)]
      case .preparing, .counting: [.cancel(.ballot)]
      }
    standing = .decided(decision)
    var effects = timers
    if isStored { effects += [.note(.decided(decision))] }
    if let client { effects += [.reply(.decided(decision), to: client)] }
    client = nil
    return effects
  }

  /// Abandons its ballot, because a greater one is about, and tries again later.
  mutating func yield(to higher: Ballot) -> [Effect<PaxosCommit.Words>] {
    round = max(round, higher.round)
    switch standing {
    case .preparing(let ballot, _) where ballot < higher,
      .counting(let ballot, _) where ballot < higher:
      standing = .waiting
      let timer: [Effect<PaxosCommit.Words>] =
        obey(.preemptedRetries)
        ? [.set(.lead, after: PaxosCommit.Words.Timer.lead.patience)] : []
      return [.cancel(.ballot)] + timer
    // Its ballot is over, or is the greater one.
    case .following, .waiting, .preparing, .counting, .decided: return []
    }
  }

  /// Tells a participant in doubt what was decided, or sees to it that something is.
  mutating func inform(_ participant: NodeID) -> [Effect<PaxosCommit.Words>] {
    switch standing {
    case .decided(let decision):
      return obey(.decidedAnswers) ? [.send(.decide(decision), to: participant)] : []
    case .following where obey(.askedLeads):
      standing = .waiting
      return [.set(.lead, after: PaxosCommit.Words.Timer.lead.patience)]
    // A ballot is under way, or will be; or the rule is left out.
    case .following, .waiting, .preparing, .counting: return []
    }
  }
}
