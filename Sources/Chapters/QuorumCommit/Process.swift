public import AtomicCommitment
public import ProtocolCore

/// A process of the protocol.
///
/// The first in the order is the coordinator; the others vote; each has one vote in a quorum, and
/// each may lead.
public struct Process: Hashable, Sendable, Ruled {
  /// Its name.
  public let id: NodeID
  /// All processes, the coordinator first.
  let order: [NodeID]
  /// The form of the protocol.
  let variant: Variant
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The request to answer when it has decided.
  var client: RequestID?
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A process that knows of no transaction.
  ///
  /// - Precondition: it is one of the `order`.
  public init(
    _ id: NodeID, of order: [NodeID], variant: Variant = .quorum, without: Set<Rule> = []
  ) {
    precondition(order.contains(id), "a process is one of those that vote")
    self.id = id
    self.order = order
    self.variant = variant
    self.without = without
  }

  /// Where a process stands.
  public enum State: Hashable, Sendable {
    /// It knows nothing: not begun, or lost in a crash. Next: collecting; working; decided.
    case idle
    /// Participant: its part is done, nothing is promised. Next: following, decided.
    case working(Words.Work)
    /// Coordinator: it has asked for votes. Next: attempting, decided.
    case collecting(missing: [NodeID])
    /// It is in doubt and waits for a leader. Next: following, polling, decided.
    case following(Standing)
    /// It has asked the others where they stand. Next: following, attempting, decided.
    case polling(Poll)
    /// It leads, and has told the others on which side to stand. Next: following, decided.
    case attempting(Round)
    /// It knows the decision. The end.
    case decided(Decision)
  }

  /// What a process that polls has heard.
  public struct Poll: Hashable, Sendable {
    /// Where it stands itself; the poll is in the election that it took part in last.
    public let own: Standing
    /// The answers, by name.
    public internal(set) var answers: [Answer] = []
  }

  /// An answer to a poll.
  public struct Answer: Hashable, Sendable {
    /// The process that gave it.
    public let owner: NodeID
    /// Where it stands.
    public let standing: Standing
  }

  /// An attempt to decide.
  public struct Round: Hashable, Sendable {
    /// For what.
    public let decision: Decision
    /// Where the leader stands itself.
    public let own: Standing
    /// The processes that stand on that side, by name.
    public internal(set) var side: [NodeID]
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
    case (.idle, .asked(.work(let work), _)) where id != order.first: become(.working(work))
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.working, .expired(.request)) where obey(.requestTimesOut): abortAlone()
    case (.collecting, .expired(.votes)) where obey(.votesTimeOut): decide(.abort, telling: others)
    case (.following(let standing), .expired(.leader)) where obey(.leaderTimesOut):
      poll(from: standing)
    case (.polling(let poll), .expired(.states)) where obey(.statesTimeOut): terminate(poll)
    case (.attempting(let round), .expired(.acks)) where obey(.acksTimeOut):
      become(.following(round.own))

    // The timer's rule is left out; every other timer is cancelled when its state is left. And
    // there are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
    guard mayReceive(message) else { return [.note(.unexpected(message, from: sender))] }
    return switch (state, message) {
    case (.working(let work), .canCommit): vote(on: work, to: sender)
    case (.idle, .canCommit), (.decided(.abort), .canCommit): [.send(.vote(.no), to: sender)]
    case (.collecting(let missing), .vote(let vote)): count(vote, of: sender, missing: missing)

    case (.following(let standing), .stateRequest(let election)):
      answer(sender, election, from: standing)
    case (.polling(let poll), .stateRequest(let election)):
      answer(sender, election, from: poll.own)
    case (.attempting(let round), .stateRequest(let election)):
      answer(sender, election, from: round.own)
    case (.decided(let decision), .stateRequest):
      obey(.decidedAnswers) ? [.send(.decide(decision), to: sender)] : []
    case (.idle, .stateRequest), (.working, .stateRequest):
      obey(.unvotedAborts) ? abortAlone() + [.send(.decide(.abort), to: sender)] : []
    case (.collecting, .stateRequest):
      obey(.unvotedAborts) ? decide(.abort, telling: others) : []

    case (.polling(let poll), .state(let standing)): add(standing, of: sender, to: poll)
    case (.following(let standing), .attempt(let decision, let election)):
      follow(sender, decision, election, from: standing)
    case (.polling(let poll), .attempt(let decision, let election)):
      follow(sender, decision, election, from: poll.own)
    case (.attempting(let round), .attempt(let decision, let election)):
      follow(sender, decision, election, from: round.own)
    case (.attempting(let round), .ack(let decision, let election)):
      add(sender, decision, election, to: round)
    case (_, .decide(let decision)): learn(decision, from: sender)

    // The request to vote arrives again, or a vote after the coordinator has what it needs.
    case (.following, .canCommit), (.polling, .canCommit), (.attempting, .canCommit),
      (.decided(.commit), .canCommit), (_, .vote):
      []
    // An answer to a poll or an attempt that is over.
    case (.following, .state), (.attempting, .state), (.following, .ack), (.polling, .ack): []
    // A process that has decided needs no more; if it is polled again, it tells.
    case (.decided, .state), (.decided, .attempt), (.decided, .ack): []
    // An attempt without this vote, or an answer to what this process has not asked.
    case (.idle, _), (.working, _), (.collecting, _):
      [.note(.unexpected(message, from: sender))]
    }
  }

  /// Whether the protocol ever sends this to a process in this role: only the coordinator is voted
  /// to, and only the others are asked for a vote.
  private func mayReceive(_ message: Words.Message) -> Bool {
    switch message {
    case .canCommit: id != order.first
    case .vote: id == order.first
    case .stateRequest, .state, .attempt, .ack, .decide: true
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

  /// What a process that starts finds in its journal; it stands where it stood.
  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    if let decision = log.decision {
      state = .decided(decision)
      return [.note(.decided(decision))]
    }
    return log.standing.map { become(.following($0)) } ?? []
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
    case .polling: .states
    case .attempting: .acks
    }
  }
}

extension Words.Timer {
  /// How long a process waits, in ticks; a message takes one or a few.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .votes, .acks, .states: 30...40
    case .request, .leader: 60...120
    }
  }
}
