public import AtomicCommitment
public import ProtocolCore

/// The process that asks for votes, decides and tells.
public struct Coordinator: Hashable, Sendable, Ruled {
  /// The participants, in the order in which they are told.
  let participants: [NodeID]
  /// What it answers when it has forgotten.
  let presumption: Presumption
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A coordinator that knows of no transaction.
  public init(
    participants: [NodeID], presumption: Presumption = .nothing, without: Set<Rule> = []
  ) {
    self.participants = participants
    self.presumption = presumption
    self.without = without
  }

  /// Where a coordinator stands.
  public enum State: Hashable, Sendable {
    /// It has not begun, or has forgotten. Next: collecting; after a crash telling.
    case idle
    /// It has asked for votes. Next: telling, or idle when none need acknowledge.
    case collecting(Ballot)
    /// It has decided. Next: idle, when all have acknowledged.
    case telling(Decision, unacknowledged: [NodeID])
  }

  /// The votes so far.
  public struct Ballot: Hashable, Sendable {
    /// The request to answer.
    public internal(set) var client: RequestID
    /// The participants that have not voted yet.
    public internal(set) var missing: [NodeID]
    /// The participants that may be in doubt: all but those that voted no or only read.
    public internal(set) var concerned: [NodeID]
  }
}

// MARK: Transitions

extension Coordinator: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.idle, .asked(.commit, let client)): begin(for: client)
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.collecting(let ballot), .received(.vote(let vote), let voter)):
      count(vote, of: voter, in: ballot)
    case (.collecting(let ballot), .expired(.votes)) where obey(.votesTimeOut):
      decide(.abort, ballot)

    case (_, .stored(let records)): records.notes

    case (.telling(let decision, let waiting), .received(.ack, let participant)):
      strike(participant, from: waiting, decision)
    case (.telling(let decision, let waiting), .received(.damage, let participant)):
      hear(ofDamageAt: participant) + strike(participant, from: waiting, decision)
    case (_, .received(.damage, let participant)): hear(ofDamageAt: participant)
    case (.telling(let decision, let waiting), .expired(.acks)) where obey(.decisionIsRepeated):
      tell(decision, to: waiting)

    case (.telling(let decision, _), .received(.inquire, let participant)):
      [.send(.decide(decision), to: participant)]
    case (.idle, .received(.inquire, let participant)) where obey(.forgottenIsPresumed):
      // Held, like every send: a commit that is forgotten at once may not be on disk yet.
      [.send(.decide(presumption.answer), to: participant)]

    // A vote is late when the decision is made, an acknowledgement when it is forgotten.
    case (.idle, .received(.vote, _)), (.telling, .received(.vote, _)),
      (.idle, .received(.ack, _)), (.collecting, .received(.ack, _)):
      []
    // There is no decision to tell yet; the participant will ask again. Without the rule, never.
    case (.collecting, .received(.inquire, _)), (.idle, .received(.inquire, _)): []
    // What only this process says, or participants tell each other.
    case (_, .received(let message, let sender)): [.note(.unexpected(message, from: sender))]
    // The timer's rule is left out; every other timer is cancelled when its state is left. And
    // there are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  /// The first phase.
  private mutating func begin(for client: RequestID) -> [Effect<Words>] {
    state = .collecting(
      Ballot(client: client, missing: participants, concerned: participants))
    var effects: [Effect<Words>] = []
    if presumption.recordsStart { effects += [.persist(.start)] }
    // Presuming abort or nothing, a start that is lost means abort all the same; presuming
    // commit, it would mean commit.
    let release = presumption == .commit ? release(.startStoredFirst) : .atOnce
    effects += participants.map { .send(.prepare, to: $0, release) }
    effects += [.set(.votes, after: Patience.votes)]
    return effects
  }

  private mutating func count(
    _ vote: Words.Vote, of voter: NodeID, in ballot: Ballot
  ) -> [Effect<Words>] {
    guard ballot.missing.contains(voter) else { return [] }  // doubled
    var ballot = ballot
    ballot.missing.removeAll { $0 == voter }
    if vote != .yes { ballot.concerned.removeAll { $0 == voter } }
    state = .collecting(ballot)
    if vote == .no { return decide(.abort, ballot) }
    guard require(.unanimity, ballot.missing.isEmpty) else { return [] }
    return decide(.commit, ballot)
  }

  // begin deciding
  /// The second phase.
  private mutating func decide(_ decision: Decision, _ ballot: Ballot) -> [Effect<Words>] {
    assert(decision == .abort || ballot.missing.isEmpty || !obey(.unanimity))
    var effects: [Effect<Words>] = [.cancel(.votes)]
    // Where all only read no process will ask; presuming abort, nothing was written down so far.
    let isForgotten = ballot.concerned.isEmpty && !presumption.recordsStart
    effects +=
      presumption.records(decision) && !isForgotten
      ? [.persist(.decided(decision))]
      : [.note(.decided(decision))]  // the lack of a record says it, or no process can ask
    effects += [.reply(.decided(decision), to: ballot.client)]
    if isForgotten { state = .idle } else { effects += tell(decision, to: ballot.concerned) }
    return effects
  }

  /// Tells the decision, and remembers it for as long as a participant may ask.
  private mutating func tell(_ decision: Decision, to concerned: [NodeID]) -> [Effect<Words>] {
    state = .idle
    var effects: [Effect<Words>] = concerned.map {
      .send(.decide(decision), to: $0, release(.decisionStoredFirst))
    }
    guard presumption.acknowledges(decision) else { return effects }
    if require(.allAcknowledgedBeforeForgetting, concerned.isEmpty) {
      effects += forget()
    } else {
      state = .telling(decision, unacknowledged: concerned)
      effects += [.set(.acks, after: Patience.acks)]
    }
    return effects
  }
  // end deciding

  private mutating func strike(
    _ participant: NodeID, from waiting: [NodeID], _ decision: Decision
  ) -> [Effect<Words>] {
    let waiting = waiting.filter { $0 != participant }
    state = .telling(decision, unacknowledged: waiting)
    return waiting.isEmpty ? forget() : []
  }

  private func hear(ofDamageAt participant: NodeID) -> [Effect<Words>] {
    [.note(.damage(at: participant)), .send(.ack, to: participant, .atOnce)]
  }

  private mutating func forget() -> [Effect<Words>] {
    state = .idle
    // Nothing waits for this record: if it is lost, all are told once more.
    return [.cancel(.acks), .persist(.end)]
  }

  /// What a coordinator that starts again finds in its journal, and does about it.
  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    if let decision = log.decision, obey(.decisionOutlivesCrash) {
      return [.note(.decided(decision))] + tellAgain(decision)
    }
    guard log.contains(.start), obey(.startMeansAbort) else { return [] }
    if presumption.records(.abort) {
      return [.persist(.decided(.abort))] + tell(.abort, to: participants)
    }
    return [.note(.decided(.abort))] + tell(.abort, to: participants)
  }

  /// What is presumed is not told again: a participant in doubt will ask.
  private mutating func tellAgain(_ decision: Decision) -> [Effect<Words>] {
    presumption.acknowledges(decision) ? tell(decision, to: participants) : []
  }
}

extension Coordinator: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .collecting(let ballot): "collecting, without \(ballot.missing.list)"
    case .telling(let decision, let waiting): "telling \(decision), no ack from \(waiting.list)"
    }
  }
}

extension [NodeID] {
  /// The names, for a line of text.
  var list: String { map(\.name).joined(separator: " ") }
}

/// How long a process waits for what, in ticks; a message takes one or a few.
enum Patience {
  static let votes: ClosedRange<Ticks> = 30...40
  static let acks: ClosedRange<Ticks> = 30...40
  static let request: ClosedRange<Ticks> = 60...80
  static let decision: ClosedRange<Ticks> = 30...40
}
