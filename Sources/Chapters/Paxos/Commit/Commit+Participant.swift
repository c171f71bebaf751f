public import AtomicCommitment
public import ProtocolCore

extension PaxosCommit {
  /// A process that has done a part of the transaction: a resource manager.
  public struct Participant: Hashable, Sendable, Ruled {
    /// Its name.
    public let id: NodeID
    /// Those that remember votes.
    let acceptors: [NodeID]
    /// The rules that it does not obey.
    public var without: Set<Rule>
    /// Where it stands.
    public internal(set) var state = State.idle

    /// A participant that knows of no transaction.
    public init(_ id: NodeID, acceptors: [NodeID], without: Set<Rule> = []) {
      self.id = id
      self.acceptors = acceptors
      self.without = without
    }

    /// Where a participant stands.
    public enum State: Hashable, Sendable {
      /// It knows nothing: not begun, or lost in a crash. Next: working, prepared, decided.
      case idle
      /// Its part is done, nothing is promised. Next: prepared, decided.
      case working(Commitment.Work)
      /// It has voted yes, and is in doubt. Next: decided.
      case prepared
      /// It knows the decision, or has voted no. The end.
      case decided(Decision)
    }
  }
}

// MARK: Transitions

extension PaxosCommit.Participant: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(
    _ event: Event<PaxosCommit.Words>
  ) -> [Effect<PaxosCommit.Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.idle, .asked(.work(let work), _)): begin(work)
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.working(let work), .received(.prepare, _)):
      [.cancel(.request)] + (work == .update ? vote() : refuse())
    case (.idle, .received(.prepare, _)), (.decided(.abort), .received(.prepare, _)):
      obey(.lateRequestRefused) ? refuse() : vote()
    case (.working, .expired(.request)) where obey(.requestTimesOut): decide(.abort)

    case (.prepared, .received(.decide(let decision), _)): decide(decision)
    case (.working, .received(.decide(.abort), _)): [.cancel(.request)] + decide(.abort)
    case (.prepared, .expired(.decision)): obey(.uncertainWaits) ? inquire() : decide(.abort)

    case (_, .stored(let records)): records.notes

    // A request that arrives again: the vote is under way, or the decision is known.
    case (.prepared, .received(.prepare, _)), (.decided(.commit), .received(.prepare, _)): []
    // It knows; and to one that never began, or lost its work, an abort is nothing new.
    case (.decided, .received(.decide, _)), (.idle, .received(.decide(.abort), _)): []
    // What only acceptors say to each other; a commit without this one's vote.
    case (_, .received(let message, let sender)): [.note(.unexpected(message, from: sender))]
    // The timer's rule is left out; every other timer is cancelled when its state is left. And
    // there are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  private mutating func begin(_ work: Commitment.Work) -> [Effect<PaxosCommit.Words>] {
    state = .working(work)
    return [.set(.request, after: PaxosCommit.Words.Timer.request.patience)]
  }

  // begin voting
  /// Votes yes: it proposes that in ballot 0 of its own instance, which needs no phase 1.
  private mutating func vote() -> [Effect<PaxosCommit.Words>] {
    state = .prepared
    return [.persist(.yes)] + propose(.yes, release(.voteStoredFirst))
      + [.set(.decision, after: PaxosCommit.Words.Timer.decision.patience)]
  }

  /// Votes no, and need not wait for the record: should it forget and say yes later, F + 1
  /// acceptors keep the first that they heard, and nothing is chosen unless they agree.
  private mutating func refuse() -> [Effect<PaxosCommit.Words>] {
    let record = state == .decided(.abort) ? [] : decide(.abort)
    return record + propose(.no, .atOnce)
  }

  /// Tells as many acceptors as are enough when none fails.
  private func propose(
    _ vote: PaxosCommit.Vote, _ release: Release
  ) -> [Effect<PaxosCommit.Words>] {
    let ballot = Ballot(0, acceptors.first ?? "")
    return acceptors.prefix(PaxosCommit.majority(of: acceptors)).map {
      .send(.accept(ballot, [PaxosCommit.InstanceVote(id, vote)]), to: $0, release)
    }
  }
  // end voting

  private func inquire() -> [Effect<PaxosCommit.Words>] {
    let asked: [Effect<PaxosCommit.Words>] =
      obey(.uncertainAsks) ? acceptors.map { .send(.inquire, to: $0) } : []
    return asked + [.set(.decision, after: PaxosCommit.Words.Timer.decision.patience)]
  }

  private mutating func decide(_ decision: Decision) -> [Effect<PaxosCommit.Words>] {
    let wasInDoubt = state == .prepared
    state = .decided(decision)
    return (wasInDoubt ? [.cancel(.decision)] : []) + [.persist(.decided(decision))]
  }

  /// What a participant that starts again finds in its journal, and does about it.
  private mutating func recover(
    from log: [PaxosCommit.Words.Record]
  ) -> [Effect<PaxosCommit.Words>] {
    if let decision = log.decision {
      state = .decided(decision)
      return [.note(.decided(decision))]
    }
    guard log.contains(.yes) else { return [] }
    guard obey(.voteOutlivesCrash) else { return decide(.abort) }
    state = .prepared
    return inquire()
  }
}

extension [PaxosCommit.Words.Record] {
  /// The decision in the journal, if there is one.
  fileprivate var decision: Decision? {
    for case .decided(let decision) in self { return decision }
    return nil
  }

  /// A decision is made when it can no longer be lost.
  fileprivate var notes: [Effect<PaxosCommit.Words>] {
    compactMap { record in
      switch record {
      case .decided(let decision): .note(.decided(decision))
      case .yes, .promised, .accepted: nil
      }
    }
  }
}

extension PaxosCommit.Participant: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .working(let work): "working (\(work.rawValue))"
    case .prepared: "prepared, in doubt"
    case .decided(let decision): "decided \(decision)"
    }
  }
}
