public import Consensus
public import ProtocolCore

/// A proposer: it has a value chosen for its client, its own or one that it must adopt.
public struct Proposer: Hashable, Sendable, Ruled {
  /// Its name.
  public let id: NodeID
  /// Those that vote.
  let acceptors: [NodeID]
  /// How many of them are enough.
  let quorums: Quorums
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The last round that it, or somebody of whom it heard, has tried.
  public internal(set) var round = 0
  /// The request to answer when a value is chosen.
  var client: RequestID?
  /// The client's value.
  var own: Value?
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A proposer that was asked nothing.
  public init(
    _ id: NodeID, acceptors: [NodeID], quorums: Quorums, without: Set<Rule> = []
  ) {
    self.id = id
    self.acceptors = acceptors
    self.quorums = quorums
    self.without = without
  }

  /// Where a proposer stands.
  public enum State: Hashable, Sendable {
    /// It has nothing to propose. Next: preparing.
    case idle
    /// It has asked for promises. Next: proposing, preempted, preparing, decided.
    case preparing(Ballot, [Promise])
    /// It has asked for acceptances. Next: preempted, preparing, decided.
    case proposing(Ballot, Value)
    /// It has heard of a proposal with a greater number, and lets it go first. Next: preparing,
    /// decided.
    case preempted
    /// It knows what is chosen. The end.
    case decided(Value)
  }

  /// The promise of an acceptor.
  public struct Promise: Hashable, Sendable {
    /// The acceptor.
    public let acceptor: NodeID
    /// The proposal that it had accepted.
    public let vote: Vote?
  }
}

// MARK: Transitions

extension Proposer: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.decided(let value), .asked(_, let client)): [.reply(.chosen(value), to: client)]
    case (_, .asked(.propose(let value), let client)): take(value, client)
    case (_, .received(let message, let sender)): receive(message, from: sender)
    case (.preparing, .expired(.ballot)) where obey(.ballotTimesOut),
      (.proposing, .expired(.ballot)) where obey(.ballotTimesOut),
      (.preempted, .expired(.retry)) where obey(.preemptedRetries):
      prepare()
    // The timer's rule is left out; every other timer is cancelled when its state is left. What is
    // stored needs no more words, and there are no connections, only datagrams.
    case (_, .expired), (_, .stored), (_, .disconnected): []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
    switch (state, message) {
    case (.preparing(let ballot, let promises), .promise(let promised, let vote)):
      count(Promise(acceptor: sender, vote: vote), to: promised, for: ballot, promises)
    case (.preparing(let ballot, _), .reject(let higher)) where higher > ballot,
      (.proposing(let ballot, _), .reject(let higher)) where higher > ballot:
      yield(to: higher)
    case (.idle, .inquire): obey(.inquiryProposes) ? prepare() : []
    case (.decided(let value), .inquire): [.send(.chosen(value), to: sender)]
    case (.decided, .chosen): []  // told again
    case (_, .chosen(let value)): decide(value)
    // Enough have promised, or the ballot is over; or the question is being found out.
    case (.idle, .promise), (.proposing, .promise), (.preempted, .promise), (.decided, .promise),
      (_, .reject), (_, .inquire):
      []
    case (_, .prepare), (_, .accept), (_, .accepted): [.note(.unexpected(message, from: sender))]
    }
  }

  private mutating func take(_ value: Value, _ client: RequestID) -> [Effect<Words>] {
    guard self.client == nil else { return [.reply(.refused, to: client)] }
    self.client = client
    own = value
    return state == .idle ? prepare() : []
  }

  // begin proposer
  /// Begins a ballot with a greater number than any before. (phase 1a)
  private mutating func prepare() -> [Effect<Words>] {
    round += round == .max ? 0 : 1  // what a peer made up must not stop the process
    let ballot = Ballot(round, obey(.ballotsDiffer) ? id : "")
    let asked: [Effect<Words>] = acceptors.map {
      .send(.prepare(ballot), to: $0, release(.ballotStoredFirst))
    }
    return [.persist(.attempted(round))] + asked + become(.preparing(ballot, []))
  }

  /// Counts a promise, and proposes when there are enough. (phase 2a)
  private mutating func count(
    _ promise: Promise, to promised: Ballot, for ballot: Ballot, _ earlier: [Promise]
  ) -> [Effect<Words>] {
    guard require(.thisBallotPromised, promised == ballot),
      !earlier.contains(where: { $0.acceptor == promise.acceptor })  // doubled
    else { return [] }
    let promises = (earlier + [promise]).sorted { $0.acceptor < $1.acceptor }
    state = .preparing(ballot, promises)
    guard require(.quorumPromises, promises.count >= quorums.first) else { return [] }
    // Nothing was accepted, and its client, if it has one, has no value: there is no question.
    guard let value = adopted(from: promises) ?? own else { return become(.idle) }
    return acceptors.map { .send(.accept(ballot, value), to: $0, release(.ballotStoredFirst)) }
      + become(.proposing(ballot, value))
  }

  /// The value that must be proposed, if these have accepted any. (P2c)
  private func adopted(from promises: [Promise]) -> Value? {
    guard obey(.acceptedAdopted) else { return nil }
    let votes = promises.compactMap(\.vote)
    return obey(.highestAdopted)
      ? votes.max { $0.ballot < $1.ballot }?.value : votes.min { $0.ballot < $1.ballot }?.value
  }
  // end proposer

  /// Abandons its ballot, because a greater number is about.
  private mutating func yield(to higher: Ballot) -> [Effect<Words>] {
    round = max(round, higher.round)
    return become(.preempted)
  }

  private mutating func decide(_ value: Value) -> [Effect<Words>] {
    let answer: [Effect<Words>] = client.map { [.reply(.chosen(value), to: $0)] } ?? []
    client = nil
    own = nil
    return answer + become(.decided(value))
  }

  /// Enters a state, and waits for what a proposer waits for there.
  private mutating func become(_ next: State) -> [Effect<Words>] {
    let earlier = state.timer
    state = next
    var effects: [Effect<Words>] = []
    if let earlier, earlier != next.timer { effects += [.cancel(earlier)] }
    if let timer = next.timer { effects += [.set(timer, after: timer.patience)] }
    return effects
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    round = obey(.ballotOutlivesCrash) ? log.attempted : 0
    return []
  }
}

extension Proposer.State {
  /// What a proposer waits for in this state.
  var timer: Words.Timer? {
    switch self {
    case .idle, .decided: nil
    case .preparing, .proposing: .ballot
    case .preempted: .retry
    }
  }
}

extension Words.Timer {
  /// How long a process waits, in ticks; a message takes one or a few.
  ///
  /// One that was pre-empted waits for a time that is drawn from a wide range, so that two do not
  /// go on pre-empting each other.
  var patience: ClosedRange<Ticks> {
    switch self {
    case .ballot: 30...60
    case .retry: 5...80
    case .inquiry: 100...200
    }
  }
}

extension Proposer: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .preparing(let ballot, let promises):
      "preparing \(ballot), promised: "
        + (promises.isEmpty ? "nobody" : promises.map { $0.acceptor.name }.joined(separator: " "))
    case .proposing(let ballot, let value): "proposing \(ballot) \(value)"
    case .preempted: "pre-empted"
    case .decided(let value): "knows that \(value) is chosen"
    }
  }
}
