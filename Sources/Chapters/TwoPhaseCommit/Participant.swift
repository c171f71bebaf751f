public import AtomicCommitment
public import ProtocolCore

/// A process that has done a part of the transaction.
public struct Participant: Hashable, Sendable, Ruled {
  /// The process that decides.
  let coordinator: NodeID
  /// The other participants.
  let peers: [NodeID]
  /// What the coordinator answers when it has forgotten.
  let presumption: Presumption
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A participant that knows of no transaction.
  public init(
    coordinator: NodeID, peers: [NodeID], presumption: Presumption = .nothing,
    without: Set<Rule> = []
  ) {
    self.coordinator = coordinator
    self.peers = peers
    self.presumption = presumption
    self.without = without
  }

  /// Where a participant stands.
  public enum State: Hashable, Sendable {
    /// It knows nothing: not begun, lost in a crash, or it only read and left. Next: working.
    case idle
    /// Its part is done, nothing is promised: it may abort. Next: prepared, decided, idle.
    case working(Words.Work)
    /// It has voted yes, and is uncertain. Next: decided; heuristic.
    case prepared
    /// It knows the decision. The end.
    case decided(Decision)
    /// An operator has decided. Next: decided, if that was right; damaged if not.
    case heuristic(Decision)
    /// An operator has decided, and wrongly. The end.
    case damaged(Decision)
  }
}

// MARK: Transitions

extension Participant: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.idle, .asked(.work(let work), _)): begin(work)
    case (.prepared, .asked(.heuristic(let decision), _)): decideHeuristically(decision)
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.working(let work), .received(.prepare, _)): vote(on: work)
    case (.working, .expired(.request)) where obey(.requestTimesOut): abortAlone()
    case (.idle, .received(.prepare, _)), (.decided(.abort), .received(.prepare, _)):
      obey(.lateRequestRefused) ? refuse() : vote(on: .update)

    case (.prepared, .received(.decide(let decision), _)): decide(decision)
    case (.working, .received(.decide(.abort), _)): abortAlone() + acknowledge(.abort)
    case (.heuristic(let own), .received(.decide(let decision), _)),
      (.damaged(let own), .received(.decide(let decision), _)):
      compare(own, with: decision)
    case (.idle, .received(.decide(let decision), coordinator)): acknowledge(decision)
    case (.decided, .received(.decide(let decision), coordinator)):
      obey(.ackIsRepeated) ? acknowledge(decision) : []

    case (.prepared, .expired(.decision)): obey(.uncertainWaits) ? inquire() : decide(.abort)
    case (.heuristic, .expired(.decision)): inquire()
    case (.damaged, .expired(.decision)): report()
    case (.damaged, .received(.ack, _)): [.cancel(.decision)]
    case (.decided(let decision), .received(.inquire, let peer)): tell(peer, decision)
    case (.working, .received(.inquire, let peer)): abort(for: peer)
    case (.idle, .received(.inquire, let peer)): confessIgnorance(to: peer)
    // What an operator decided is not what was decided; one that was wrong knows what is right.
    case (.prepared, .received(.inquire, let peer)), (.heuristic, .received(.inquire, let peer)):
      [.send(.uncertain, to: peer)]
    case (.damaged(let own), .received(.inquire, let peer)): tell(peer, own.opposite)

    case (_, .stored(let records)): records.notes

    // A request that arrives again: the vote is under way, or the decision is known.
    case (.prepared, .received(.prepare, _)), (.decided(.commit), .received(.prepare, _)),
      (.heuristic, .received(.prepare, _)), (.damaged, .received(.prepare, _)):
      []
    // A peer tells what this process knows by now.
    case (.decided, .received(.decide, _)): []
    // A peer does not know the decision either, or no longer needs to.
    case (.prepared, .received(.uncertain, _)), (.decided, .received(.uncertain, _)),
      (.heuristic, .received(.uncertain, _)), (.damaged, .received(.uncertain, _)):
      []
    // The coordinator has heard of the damage, and the participant has crashed meanwhile.
    case (.heuristic, .received(.ack, _)): []
    // What only participants say to a coordinator; a commit without this vote; an answer to what
    // this process has not asked.
    case (_, .received(let message, let sender)): [.note(.unexpected(message, from: sender))]
    // The timer's rule is left out; every other timer is cancelled when its state is left. And
    // there are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  private mutating func begin(_ work: Words.Work) -> [Effect<Words>] {
    state = .working(work)
    return [.set(.request, after: Patience.request)]
  }

  // begin voting
  private mutating func vote(on work: Words.Work) -> [Effect<Words>] {
    switch work {
    case .update:
      state = .prepared
      return [
        .cancel(.request),
        .persist(.yes),
        .send(.vote(.yes), to: coordinator, release(.voteStoredFirst)),
        .set(.decision, after: Patience.decision),
      ]
    case .read:
      state = .idle
      return [.cancel(.request), .note(.left), .send(.vote(.readOnly), to: coordinator)]
    case .doomed:
      return abortAlone() + refuse()
    }
  }
  // end voting

  private func refuse() -> [Effect<Words>] {
    [.send(.vote(.no), to: coordinator)]
  }

  /// Before it has voted a participant may abort by itself.
  ///
  /// It needs no record of that: one that knows nothing votes no.
  mutating func abortAlone() -> [Effect<Words>] {
    state = .decided(.abort)
    return [.cancel(.request), .note(.decided(.abort))]
  }

  mutating func decide(_ decision: Decision) -> [Effect<Words>] {
    state = .decided(decision)
    return [.cancel(.decision), .persist(.decided(decision))] + acknowledge(decision)
  }

  private func acknowledge(_ decision: Decision) -> [Effect<Words>] {
    guard presumption.acknowledges(decision) else { return [] }
    return [.send(.ack, to: coordinator, release(.ackStoredFirst))]
  }

  /// What a participant that starts again finds in its journal, and does about it.
  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    if let decision = log.decision {
      state = .decided(decision)
      return [.note(.decided(decision))]
    }
    if let decision = log.heuristicDecision {
      state = .heuristic(decision)
      return [.note(.heuristic(decision))] + inquire()  // right or wrong, it must find out
    }
    guard log.contains(.yes) else { return [] }
    guard obey(.voteOutlivesCrash) else { return decide(.abort) }
    state = .prepared
    return inquire()
  }
}

extension Participant: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .working(let work): "working (\(work.rawValue))"
    case .prepared: "prepared, in doubt"
    case .decided(let decision): "decided \(decision)"
    case .heuristic(let decision): "heuristically decided \(decision)"
    case .damaged(let decision): "heuristically decided \(decision), wrongly"
    }
  }
}
