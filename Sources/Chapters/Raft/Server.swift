public import ProtocolCore
public import ReplicatedLog

extension Raft {
  /// A server: follower, candidate or leader, with its log and its copy of the machine.
  public struct Server: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// The form of the protocol.
    let variant: Variant
    /// The rules that it does not obey.
    public var without: Set<Rule>

    // On disk. (figure 2, persistent state)
    /// The latest term that it has seen.
    public internal(set) var term = 0
    /// For whom it has voted in this term.
    public internal(set) var votedFor: NodeID?
    /// The entries behind the snapshot.
    public internal(set) var log: [LogEntry] = []
    /// What stands in place of those before.
    public var snapshot: Snapshot

    // In memory. (figure 2, volatile state)
    /// Up to which index it knows entries to be committed.
    public internal(set) var commitIndex = 0
    /// The last entry that it has applied.
    public internal(set) var applied = Position.zero
    /// What these entries have made.
    public var store = KeyValueStore()
    /// Where it stands.
    public internal(set) var role = Role.follower
    /// The leader of this term, if it has heard of one.
    public internal(set) var leader: NodeID?
    /// Whether it has heard of it within the least election time-out; in the thesis' forms.
    public internal(set) var hearsLeader = false
    /// The latest members that its log tells of, whether committed or not, and the entry's index.
    public internal(set) var configuration: Configuration
    var configurationIndex = 0
    /// The indices of the entries that were written and are not stable, in the order of writing.
    var unstable: [Int] = []
    /// Who waits for what to be applied.
    public internal(set) var waiting: [Waiting] = []
    /// The operators that wait for other members.
    public internal(set) var operators: [Operator] = []
    /// Those who read here, although it does not lead.
    var readers: [Reader] = []
    /// How many of these it has asked its leader for in this term, and the term in which it
    /// restarted: what it asked before may still be answered there.
    var readsAsked = 0
    var restartTerm = 0
    /// The hand-overs of which it is not known yet whether the other leads.
    var handedOver: [Transfer] = []
    /// The pieces of a snapshot that have come.
    var incoming: Incoming?

    /// A server that knows nothing but who votes at first; one that knows nobody is a spare, and
    /// waits to be let in.
    public init(
      _ id: NodeID, members: [NodeID], variant: Variant = .paper, without: Set<Rule> = []
    ) {
      self.id = id
      self.variant = variant
      self.without = without
      configuration = Configuration(members)
      snapshot = Snapshot(last: .zero, configuration: configuration, store: KeyValueStore())
    }

    /// Where a server stands.
    public enum Role: Hashable, Sendable {
      /// It follows whoever leads. Next: candidate.
      case follower
      /// It asks for votes. Next: candidate, leader, follower.
      case candidate(Candidacy)
      /// It takes commands. Next: follower.
      case leader(Leading)
    }

    /// A command that waits until it is applied.
    public struct Waiting: Hashable, Sendable {
      /// What was asked.
      public let command: ReplicatedLog.Command
      /// Who is to be answered.
      public let client: RequestID
    }

    /// An operator that waits for members.
    public struct Operator: Hashable, Sendable {
      /// The members that it wants.
      public let members: [NodeID]
      /// Who is to be answered.
      public let client: RequestID
      /// What was the last index, and what the term, when it asked.
      public let asked: Position
    }
  }
}

// MARK: Transitions

extension Raft.Server: Machine {
  typealias Out = [Effect<Raft.Words>]

  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Raft.Words>) -> [Effect<Raft.Words>] {
    switch event {
    case .received(let message, let sender): receive(message, from: sender)
    case .stored(let records): stored(records)
    case .asked(let request, let client): take(request, client)
    case .expired(.election): electionTimeout()
    case .expired(.beat): beat()
    case .expired(.heard): forgetLeader()
    case .expired(.quorum): checkQuorum()
    case .expired(.transfer): endTransfer()
    case .expired(.lease(let round)): endLease(of: round)
    case .started(let records): recover(from: records)
    // There are no connections, only datagrams.
    case .disconnected: []
    }
  }

  private mutating func receive(_ message: Raft.Words.Message, from sender: NodeID) -> Out {
    guard sender != id, message.isWithinReason else {
      return [.note(.unexpected(message, from: sender))]
    }
    switch message {
    case .requestVote(let term, let last, let election):
      return consider(sender, term: term, last: last, election)
    case .vote(let term, let granted, let election):
      return count(vote: granted, of: sender, term: term, election)
    case .appendEntries(let append): return accept(append, from: sender)
    case .appended(let term, let match, let round):
      return heed(term) + acknowledged(by: sender, term: term, match: match, round: round)
    case .rejected(let term, let after, let conflict, let round):
      return heed(term)
        + rejected(by: sender, term: term, after: after, conflict: conflict, round: round)
    case .outdated(let term): return heed(term)
    case .installSnapshot(let chunk): return install(chunk, from: sender)
    case .installed(let term, let last, let pieces):
      return heed(term) + installed(by: sender, term: term, last: last, pieces: pieces)
    case .timeoutNow(let term): return takeOver(term: term, from: sender)
    case .readIndex(let term, let number):
      return heed(term) + readIndex(term: term, number: number, for: sender)
    case .readAt(let term, let number, let index):
      return readAt(term: term, number: number, index: index)
    }
  }

  /// A message of a greater term: it is the term from now on. (5.1; figure 2, all servers)
  mutating func heed(_ term: Int) -> Out {
    guard term > self.term else { return [] }
    self.term = term
    (votedFor, readsAsked) = (nil, 0)
    let record: Out = [.persist(.term(term, votedFor: nil))]
    guard role == .follower else {
      return obey(.greaterTermDeposes) ? record + becomeFollower() : record
    }
    leader = nil
    return record + refuseReaders()
  }

  /// What it has written is stable.
  private mutating func stored(_ records: [Raft.Words.Record]) -> Out {
    var effects: Out = []
    for record in records {
      switch record {
      case .term(term, votedFor: id): effects += countOwnVote()
      case .entry:
        if !unstable.isEmpty { unstable.removeFirst() }
        effects += advanceCommit()
      // Nobody counts a term without a vote, a vote for another, or a snapshot.
      case .term, .snapshot: break
      }
    }
    return effects
  }

  /// It is back, with what its disk holds.
  private mutating func recover(from records: [Raft.Words.Record]) -> Out {
    var effects: Out = []
    for case .snapshot(let stored) in records where stored.isWithinReason {
      snapshot = stored
      (applied, store, commitIndex) = (stored.last, stored.store, stored.last.index)
      effects = [.note(.restored(stored.last))]
    }
    for record in records where record.isWithinReason {
      switch record {
      case .term(let stored, let candidate): (term, votedFor) = (stored, candidate)
      case .entry(let entry) where entry.index == lastIndex + 1 && entry.term >= last.term:
        log.append(entry)
      // What the snapshot holds, or what hangs in the air.
      case .entry, .snapshot: break
      }
    }
    if last.term > term { (term, votedFor) = (last.term, nil) }  // it has seen that
    if variant.isThesis { restartTerm = term }
    findConfiguration()
    if variant == .lease, !records.isEmpty, obey(.beliefOutlivesCrash) {
      hearsLeader = true
      effects += [.set(.heard, after: Raft.Words.Timer.heard.patience)]
    }
    return effects + awaitLeader()
  }

  /// Follows, and waits for a leader's next word.
  mutating func becomeFollower() -> Out {
    var effects: Out = []
    if case .leader(let leading) = role {
      effects = end(leading)
      if let transfer = leading.transfer { effects += [.cancel(.transfer)] + giveUp(transfer) }
    }
    role = .follower
    leader = nil
    return effects + refuseReaders() + awaitLeader()
  }

  /// Waits for a leader's next word, if it may be elected.
  func awaitLeader() -> Out {
    mayBeElected ? [.set(.election, after: Raft.Words.Timer.election.patience)] : []
  }
}

// MARK: Queries

extension Raft.Server {
  /// Whether it leads.
  public var isLeading: Bool { if case .leader = role { true } else { false } }

  /// Whether it asks for votes, and not only whether it would get them.
  public var isCandidate: Bool {
    if case .candidate(let candidacy) = role { candidacy.election != .pre } else { false }
  }

  /// Whether it may read by lease now.
  public var isLeased: Bool {
    if case .leader(let leading) = role { leading.leased != nil } else { false }
  }
}

extension Raft.Server: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let stands =
      switch role {
      case .follower: configuration.voters.isEmpty ? "spare" : "follows"
      case .candidate(let candidacy):
        (candidacy.election == .pre ? "asks for pre-votes" : "candidate") + ", voted: "
          + candidacy.voters.map(\.name).joined(separator: " ")
      case .leader: "leads"
      }
    let entries = log.map { "\($0)" }.joined(separator: ", ")
    return "\(stands), term \(term), log \(entries.isEmpty ? "\(last)" : entries), "
      + "commit \(commitIndex): \(store)"
  }
}
