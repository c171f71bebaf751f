public import AtomicCommitment
public import ProtocolCore

extension PaxosCommit {
  /// A process that remembers votes, and may lead.
  ///
  /// The first of them leads ballot 0, and is asked to commit: it is the transaction manager.
  public struct Acceptor: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// All of them, the first leader first.
    let acceptors: [NodeID]
    /// Those that vote.
    let participants: [NodeID]
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// The ballot below which it accepts nothing.
    public internal(set) var promised: Ballot
    /// The greatest round of which it has heard.
    public internal(set) var round = 0
    /// The votes that it has been told in ballot 0, by participant, until it accepts them.
    var heard: [InstanceVote] = []
    /// What it has accepted last.
    public internal(set) var accepted: Accepted?
    /// Whether that is on disk.
    var isStored = true
    /// The request to answer when it has decided.
    public internal(set) var client: RequestID?
    /// Where it stands.
    public internal(set) var standing = Standing.following

    /// An acceptor that has promised nothing.
    public init(
      _ id: NodeID, acceptors: [NodeID], participants: [NodeID], without: Set<Rule> = []
    ) {
      self.id = id
      self.acceptors = acceptors
      self.participants = participants
      self.without = without
      promised = Ballot(0, acceptors.first ?? id)
    }

    /// Where it stands, as a leader.
    public enum Standing: Hashable, Sendable {
      /// It leads nothing. Next: counting, waiting, decided.
      case following
      /// It will lead, if nobody else has decided before. Next: preparing.
      case waiting
      /// It has asked for promises. Next: counting, waiting, preparing, decided.
      case preparing(Ballot, [Promise])
      /// It counts what is accepted in its ballot. Next: decided, waiting, preparing.
      case counting(Ballot, [Promise])
      /// It knows the decision. The end.
      case decided(Decision)
    }

    /// What an acceptor has told that it has accepted: in a promise, or in an acceptance.
    public struct Promise: Hashable, Sendable {
      /// The acceptor.
      public let acceptor: NodeID
      /// What it has accepted.
      public let accepted: Accepted?
    }
  }
}

// MARK: Transitions

extension PaxosCommit.Acceptor: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(
    _ event: Event<PaxosCommit.Words>
  ) -> [Effect<PaxosCommit.Words>] {
    switch event {
    case .started(let log): recover(from: log)
    case .asked(.commit, let client): ask(for: client)
    case .asked(.work, let client): [.reply(.refused, to: client)]
    case .received(let message, let sender): receive(message, from: sender)
    case .stored(let records): heed(records)
    case .expired(.ballot) where obey(.ballotTimesOut): lead()
    case .expired(.lead): lead()
    // The timer's rule is left out, or it is a participant's. And there are no connections.
    case .expired, .disconnected: []
    }
  }

  private mutating func receive(
    _ message: PaxosCommit.Words.Message, from sender: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    switch message {
    case .accept(let ballot, let votes) where ballot.round == 0: take(votes, in: ballot)
    case .accept(let ballot, let votes): accept(ballot, votes, of: sender)
    case .nextBallot(let ballot): promise(ballot, to: sender)
    case .promise(let ballot, let accepted):
      count(promise: ballot, PaxosCommit.Acceptor.Promise(acceptor: sender, accepted: accepted))
    case .accepted(let ballot, let votes): count(acceptance: ballot, votes, of: sender)
    case .reject(let ballot): yield(to: ballot)
    case .inquire: inform(sender)
    case .decide(let decision): learn(decision)
    case .prepare: [.note(.unexpected(message, from: sender))]
    }
  }

  // begin acceptor
  /// Hears votes in ballot 0, and accepts them when it has all, or one is no.
  ///
  /// One record and one message then tell of all instances.
  private mutating func take(
    _ votes: [PaxosCommit.InstanceVote], in ballot: Ballot
  ) -> [Effect<PaxosCommit.Words>] {
    guard require(.promiseKept, ballot >= promised) else { return [] }  // it asks again
    let new = votes.filter {
      participants.contains($0.participant) && heard.vote(of: $0.participant) == nil
    }
    guard !new.isEmpty else { return [] }  // doubled
    heard = (heard + new).sorted { $0.participant < $1.participant }
    let isOver = heard.count == participants.count || heard.contains { $0.vote == .no }
    return isOver ? store(PaxosCommit.Accepted(ballot, heard), for: ballot.proposer) : []
  }

  /// Accepts what a leader proposes; that may be this process, and it may have promised more
  /// meanwhile.
  mutating func accept(
    _ ballot: Ballot, _ votes: [PaxosCommit.InstanceVote], of leader: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    guard require(.promiseKept, ballot >= promised) else { return reject(ballot, of: leader) }
    guard accepted?.ballot != ballot else { return [] }  // doubled
    if obey(.acceptancePromises) {
      promised = ballot
      round = max(round, ballot.round)
    }
    return store(PaxosCommit.Accepted(ballot, votes), for: leader)
  }

  /// Writes down what it accepts, and tells the leader, or counts it itself.
  private mutating func store(
    _ new: PaxosCommit.Accepted, for leader: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    accepted = new
    isStored = false
    let record: [Effect<PaxosCommit.Words>] = [.persist(.accepted(new))]
    guard leader != id else {
      return record + count(acceptance: new.ballot, new.votes, of: id)
    }
    let told = PaxosCommit.Words.Message.accepted(new.ballot, new.votes)
    return record + [.send(told, to: leader, release(.acceptanceStoredFirst))]
  }

  /// Promises a ballot, unless it knows what was decided: then there is nothing to find out.
  private mutating func promise(
    _ ballot: Ballot, to leader: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    if case .decided(let decision) = standing { return [.send(.decide(decision), to: leader)] }
    guard require(.laterBallotsOnly, ballot >= promised) else {
      return reject(ballot, of: leader)
    }
    guard accepted?.ballot != ballot else { return [] }  // its answer is overtaken
    let record: [Effect<PaxosCommit.Words>] =
      promised == ballot ? [] : [.persist(.promised(ballot))]
    promised = ballot
    round = max(round, ballot.round)
    let told = obey(.voteReported) ? accepted : nil
    return record + [.send(.promise(ballot, told), to: leader, release(.promiseStoredFirst))]
  }
  // end acceptor

  /// Says what it has promised to whoever asks for less; as a leader it knows by itself.
  private mutating func reject(
    _ ballot: Ballot, of leader: NodeID
  ) -> [Effect<PaxosCommit.Words>] {
    guard ballot < promised else { return [] }
    return leader == id ? yield(to: promised) : [.send(.reject(promised), to: leader)]
  }

  /// A decision is said aloud when what it rests on can no longer be lost.
  private mutating func heed(
    _ records: [PaxosCommit.Words.Record]
  ) -> [Effect<PaxosCommit.Words>] {
    guard let accepted, !isStored, records.contains(.accepted(accepted)) else { return [] }
    isStored = true
    guard case .decided(let decision) = standing else { return [] }
    return [.note(.decided(decision))]
  }

  private mutating func recover(
    from log: [PaxosCommit.Words.Record]
  ) -> [Effect<PaxosCommit.Words>] {
    for record in log {
      switch record {
      case .promised(let ballot) where obey(.promiseOutlivesCrash):
        promised = max(promised, ballot)
      case .accepted(let stored) where obey(.acceptanceOutlivesCrash):
        promised = max(promised, stored.ballot)
        accepted = stored
        if stored.ballot.round == 0 { heard = stored.votes }
      // The rule is left out, or it is a participant's.
      case .promised, .accepted, .yes, .decided: break
      }
    }
    round = promised.round
    return []
  }
}

extension PaxosCommit.Acceptor: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let memory = accepted.map { "accepted \($0)" } ?? "has accepted nothing"
    switch standing {
    case .following: return memory
    case .waiting: return "\(memory), will lead"
    case .preparing(let ballot, _): return "\(memory), preparing \(ballot)"
    case .counting(let ballot, _): return "\(memory), counting \(ballot)"
    case .decided(let decision): return "decided \(decision)"
    }
  }
}
