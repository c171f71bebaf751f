public import ProtocolCore

// Elections. (paper, 5.2 and 5.4.1; thesis, 9.6 and 4.2.3)

extension Raft.Server {
  /// What a server keeps that asks for votes.
  public struct Candidacy: Hashable, Sendable {
    /// Which kind of election it is.
    public let election: Raft.Election
    /// Those who have voted for it, by name.
    public internal(set) var voters: [NodeID] = []
  }

  /// Whether it may begin elections: it is a member, or not known to be none any more.
  var mayBeElected: Bool {
    guard !isLeading else { return false }
    return configuration.contains(id) || configurationIndex > commitIndex
  }

  // begin electing
  /// It has heard of no leader for too long, or was not elected in time.
  mutating func electionTimeout() -> Out {
    guard obey(.electionTimesOut), mayBeElected else { return [] }
    guard !believesInLeader else { return awaitLeader() }
    return variant.isThesis && obey(.preVoteFirst) ? askForPreVotes() : beginElection(.usual)
  }

  /// Begins a term, votes for itself and asks the others. (figure 2, candidates)
  mutating func beginElection(_ election: Raft.Election) -> Out {
    term += term == .max ? 0 : 1
    (votedFor, readsAsked) = (id, 0)
    (role, leader) = (.candidate(Candidacy(election: election)), nil)
    // They are asked while its vote goes to disk, but not while its log does: it must not have
    // less than it says when it comes back.
    let asked: Out = configuration.all.filter { $0 != id }.map {
      .send(.requestVote(term: term, last: last, election), to: $0, release(.logStoredFirst))
    }
    let own = obey(.ownVoteStoredFirst) ? [] : countOwnVote()
    return asked + [.persist(.term(term, votedFor: id))] + refuseReaders() + awaitLeader() + own
  }

  /// Asks whether it would be elected in the next term, and begins none. (thesis, 9.6)
  private mutating func askForPreVotes() -> Out {
    (role, leader) = (.candidate(Candidacy(election: .pre, voters: [id])), nil)
    let asked: Out = configuration.all.filter { $0 != id }.map {
      .send(.requestVote(term: term + 1, last: last, .pre), to: $0)
    }
    return refuseReaders() + asked + awaitLeader() + countVotes()
  }

  /// Votes, or not. (figure 2, RequestVote)
  mutating func consider(
    _ candidate: NodeID, term asked: Int, last: Position, _ election: Raft.Election
  ) -> Out {
    if election != .transferred, believesInLeader { return [] }
    let isUpToDate = require(.upToDateCheck, last.isUpToDate(beside: self.last))
    if election == .pre {
      guard asked > term, isUpToDate else {
        return [.send(.vote(term: term, granted: false, .pre), to: candidate)]
      }
      return [.send(.vote(term: asked, granted: true, .pre), to: candidate)]
    }
    var effects = heed(asked)
    let isFree = require(.oneVotePerTerm, votedFor == nil || votedFor == candidate)
    guard require(.staleTermRejected, asked >= term), isFree, isUpToDate else {
      return effects + [.send(.vote(term: term, granted: false, .usual), to: candidate)]
    }
    if votedFor != candidate {
      votedFor = candidate
      if case .persist(.term)? = effects.first { effects.removeFirst() }
      effects.insert(.persist(.term(term, votedFor: candidate)), at: 0)
    }
    return effects + [
      .send(.vote(term: asked, granted: true, .usual), to: candidate, release(.voteStoredFirst))
    ] + awaitLeader()
  }

  /// Whether it votes for no other, since it hears a leader, or leads. (thesis, 4.2.3)
  private var believesInLeader: Bool {
    variant.isThesis && obey(.leaderBelieved) && (hearsLeader || isLeading)
  }
  // end electing

  /// It has not heard of its leader for as long as an election takes at least.
  mutating func forgetLeader() -> Out {
    hearsLeader = false
    return []
  }

  /// Its own vote is on disk.
  mutating func countOwnVote() -> Out {
    guard case .candidate(let candidacy) = role, candidacy.election != .pre else { return [] }
    return add(id, to: candidacy)
  }

  /// Counts a vote that it was given in this term.
  mutating func count(
    vote granted: Bool, of voter: NodeID, term: Int, _ election: Raft.Election
  ) -> Out {
    let isPre = election == .pre
    guard granted else { return heed(term) }
    let effects = isPre ? [] : heed(term)
    guard case .candidate(let candidacy) = role, (candidacy.election == .pre) == isPre,
      term == self.term + (isPre ? 1 : 0)
    else { return effects }  // of an election that is over
    return effects + add(voter, to: candidacy)
  }

  private mutating func add(_ voter: NodeID, to candidacy: Candidacy) -> Out {
    guard !candidacy.voters.contains(voter) else { return [] }  // doubled
    var candidacy = candidacy
    candidacy.voters = (candidacy.voters + [voter]).sorted()
    role = .candidate(candidacy)
    return countVotes()
  }

  /// Leads when a majority has voted for it; or begins the term for which it has asked.
  ///
  /// Its own vote must be among them, also where the others are enough: a leader that forgot its
  /// term in a crash could be elected in it again, and fill it with other entries.
  private mutating func countVotes() -> Out {
    guard case .candidate(let candidacy) = role else { return [] }
    let isElected =
      candidacy.voters.contains(id)
      && configuration.isMajority(jointly: obey(.bothMajorities)) {
        candidacy.voters.contains($0)
      }
    guard require(.majorityElects, isElected) else { return [] }
    return candidacy.election == .pre ? beginElection(.usual) : lead()
  }
}
