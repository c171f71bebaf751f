public import AtomicCommitment
public import ProtocolCore

/// A process of the protocol.
///
/// The first in the order is the coordinator; the others take part, and each leads when all before
/// it are gone.
public struct Process: Hashable, Sendable, Ruled {
  /// Its name.
  public let id: NodeID
  /// All processes in the order in which they lead, the coordinator first.
  let order: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The processes that are not known to be gone, in order; the first of them leads.
  public internal(set) var up: [NodeID]
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A process that knows of no transaction.
  ///
  /// - Precondition: it is one of the `order`.
  public init(_ id: NodeID, of order: [NodeID], without: Set<Rule> = []) {
    precondition(order.contains(id), "a process is one of those that lead")
    self.id = id
    self.order = order
    self.without = without
    up = order
  }

  /// Where a process stands.
  public enum State: Hashable, Sendable {
    /// It knows nothing: not begun, or lost in a crash. Next: collecting; working; decided.
    case idle
    /// Participant: its part is done, nothing is promised. Next: following, decided.
    case working(Words.Work)
    /// Coordinator: it has asked for votes. Next: readying, decided.
    case collecting(Ballot)
    /// It has voted yes and waits for its leader. Next: following, probing, decided.
    case following(Stage)
    /// It has asked those before it whether they are there. Next: following, polling, decided.
    case probing(Stage, silent: [NodeID])
    /// It leads and has asked the others how far they are. Next: readying, decided.
    case polling(Poll)
    /// It leads and has told the uncertain that all voted yes. Next: decided.
    case readying(Round)
    /// It crashed in doubt, and asks. Next: decided.
    case recovering([Journal])
    /// It knows the decision. The end.
    case decided(Decision)
  }

  /// The votes so far.
  public struct Ballot: Hashable, Sendable {
    /// The request to answer.
    public let client: RequestID
    /// The participants that have not voted yet.
    public internal(set) var missing: [NodeID]
    /// The participants that voted yes, in the order in which they did.
    public internal(set) var yes: [NodeID] = []
  }

  /// The states that a new leader knows of.
  public struct Poll: Hashable, Sendable {
    /// Its own.
    public let own: Stage
    /// The processes that have not told their state yet.
    public internal(set) var missing: [NodeID]
    /// The processes that are uncertain, the leader aside.
    public internal(set) var uncertain: [NodeID] = []
    /// Whether a process is committable.
    public internal(set) var isCommittable: Bool
  }

  /// A round of preCommit.
  public struct Round: Hashable, Sendable {
    /// The request to answer; a backup coordinator has none.
    public let client: RequestID?
    /// The processes that have not acknowledged yet.
    public internal(set) var missing: [NodeID]
  }

  /// What a process in doubt found in its journal.
  public struct Journal: Hashable, Sendable {
    /// The process whose it is.
    public let owner: NodeID
    /// How far its owner was.
    public let stage: Stage
    /// The processes that were not gone.
    public let up: [NodeID]
  }
}

// MARK: Transitions

extension Process: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (_, .stored(let records)): records.notes
    case (_, .received(let message, let sender)): receive(message, from: sender)

    case (.idle, .asked(.commit, let client)) where id == order.first: askForVotes(for: client)
    case (.idle, .asked(.work(let work), _)) where id != order.first: begin(work)
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.working, .expired(.request)) where obey(.requestTimesOut): abortAlone()
    case (.collecting(let ballot), .expired(.votes)) where obey(.votesTimeOut):
      decide(.abort, telling: ballot.yes + ballot.missing, answering: ballot.client)
    case (.readying(let round), .expired(.acks)) where obey(.acksTimeOut):
      drop(round.missing) + commit(at: Round(client: round.client, missing: []))
    case (.following(let stage), .expired(.leader)) where obey(.leaderTimesOut):
      obey(.noneDecidesAlone) ? probe(stage) : decide(stage == .committable ? .commit : .abort)
    case (.probing(let stage, let silent), .expired(.answers)) where obey(.silentAreGone):
      succeed(silent, stage)
    case (.polling(let poll), .expired(.states)) where obey(.statesTimeOut):
      drop(poll.missing) + terminate(poll)
    case (.recovering, .expired(.news)) where obey(.recoveredAsks): ask()

    // The timer's rule is left out; every other timer is cancelled when its state is left. And
    // there are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
    guard mayReceive(message) else { return [.note(.unexpected(message, from: sender))] }
    return switch (state, message) {
    case (.working(let work), .canCommit): vote(on: work, to: sender)
    case (.idle, .canCommit), (.decided(.abort), .canCommit):
      obey(.noIsFinal) ? refuse(sender) : vote(on: .update, to: sender)
    case (.collecting(let ballot), .vote(let vote)): count(vote, of: sender, in: ballot)

    case (.following(let stage), .preCommit), (.probing(let stage, _), .preCommit):
      getReady(from: stage, for: sender)
    case (.readying(let round), .ack): count(ackOf: sender, in: round)
    case (_, .decide(let decision)): learn(decision, from: sender)

    case (.decided(let decision), .inquire), (.decided(let decision), .stateRequest):
      obey(.decidedAnswers) ? [.send(.decide(decision), to: sender)] : []
    case (.idle, .inquire), (.idle, .stateRequest), (.working, .inquire), (.working, .stateRequest):
      abort(for: sender)
    case (.recovering(let journals), .inquire): show(journals, to: sender)
    case (.collecting, .inquire), (.following, .inquire), (.probing, .inquire),
      (.polling, .inquire), (.readying, .inquire):
      [.send(.here, to: sender)]
    case (.probing(let stage, let silent), .here): hear(from: sender, among: silent, stage)

    case (.following(let stage), .stateRequest), (.probing(let stage, _), .stateRequest):
      report(stage, to: sender)
    case (.polling(let poll), .state(let stage)): add(stage, of: sender, to: poll)
    case (.recovering(let journals), .recovering(let stage, let up)):
      add(Journal(owner: sender, stage: stage, up: up), to: journals)

    // The request to vote arrives again, or a vote after the coordinator has what it needs.
    case (.following, .canCommit), (.probing, .canCommit), (.polling, .canCommit),
      (.readying, .canCommit), (.recovering, .canCommit), (.decided(.commit), .canCommit),
      (_, .vote):
      []
    // A leader speaks that this process takes for gone, or that took a live coordinator for gone.
    case (.collecting, .preCommit), (.polling, .preCommit), (.readying, .preCommit),
      (.collecting, .stateRequest), (.polling, .stateRequest), (.readying, .stateRequest):
      []
    // A process that recovers has no say, whatever it is told or answered; one that has decided
    // needs no more.
    case (.recovering, _), (.decided, _): []
    // An answer to what this process has asked, when it has gone on without.
    case (.following, .here), (.polling, .here), (.readying, .here), (.readying, .state),
      (.following, .recovering), (.probing, .recovering), (.polling, .recovering),
      (.readying, .recovering):
      []
    // A preCommit without this vote, or an answer to what this process has not asked.
    case (.idle, _), (.working, _), (.collecting, _), (.following, _), (.probing, _),
      (.polling, _), (.readying, _):
      [.note(.unexpected(message, from: sender))]
    }
  }

  /// Whether the protocol ever sends this to a process in this role: only the coordinator is voted
  /// to, and only the others are asked for a vote.
  private func mayReceive(_ message: Words.Message) -> Bool {
    switch message {
    case .canCommit: id != order.first
    case .vote: id == order.first
    case .preCommit, .ack, .decide, .inquire, .here, .recovering, .stateRequest, .state: true
    }
  }

  /// Enters a state, and waits for what a process waits for there.
  mutating func become(_ next: State) -> [Effect<Words>] {
    let earlier = state.timer
    state = next
    var effects: [Effect<Words>] = []
    if let earlier, earlier != next.timer { effects += [.cancel(earlier)] }
    if let timer = next.timer { effects += [.set(timer, after: timer.patience)] }
    return effects
  }
}

extension Process.State {
  /// What a process waits for in this state.
  var timer: Words.Timer? {
    switch self {
    case .idle, .decided: nil
    case .working: .request
    case .collecting: .votes
    case .following: .leader
    case .probing: .answers
    case .polling: .states
    case .readying: .acks
    case .recovering: .news
    }
  }
}

extension Words.Timer {
  /// How long a process waits, in ticks; a message takes one or a few.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .votes, .acks, .answers, .states: 30...40
    case .request, .leader, .news: 60...80
    }
  }
}
