public import AtomicCommitment
public import ProtocolCore

/// A process of decentralized two-phase commit: it votes to all and decides by itself.
///
/// No process decides for the others: each tells its vote to all, and decides when it has all
/// votes. That takes two message delays, the fewest, and n² + n messages for n processes beside the
/// first, the most. (Skeen 1981; Bernstein, Hadzilacos, Goodman 1987, 7.4.)
///
///     idle ──► working ──► voted ──► decided
///                 └──────────────────────►┘   abort, alone
public struct Peer: Hashable, Sendable, Ruled {
  /// All other processes.
  let others: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// Where it stands.
  public internal(set) var state = State.idle
  /// The processes whose yes has not come yet.
  public internal(set) var missing: [NodeID]

  /// A process that knows of no transaction.
  public init(others: [NodeID], without: Set<Rule> = []) {
    self.others = others
    self.without = without
    missing = others
  }

  /// Where such a process stands.
  public enum State: Hashable, Sendable {
    /// It knows nothing. Next: working.
    case idle
    /// Its part is done, nothing is promised. Next: voted, decided.
    case working(Words.Work)
    /// It has told all its yes. Next: decided.
    case voted
    /// It knows the decision. The end.
    case decided(Decision)
  }
}

// MARK: Transitions

extension Peer: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.idle, .asked(.work(let work), _)): begin(work)
    case (.working(let work), .asked(.commit, _)): vote(on: work)
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    // The first yes that comes asks for ours.
    case (.working(let work), .received(.vote(.yes), let voter)): vote(on: work) + count(voter)
    case (.voted, .received(.vote(.yes), let voter)): count(voter)
    case (.working, .received(.vote(.no), _)), (.working, .received(.decide(.abort), _)),
      (.working, .expired(.request)):
      abortAlone()
    case (.voted, .received(.vote(.no), _)): decide(.abort)
    case (.voted, .received(.decide(let decision), _)): decide(decision)
    case (.idle, .received(.vote(.yes), let voter)): [.send(.vote(.no), to: voter)]

    case (.voted, .expired(.decision)): obey(.uncertainWaits) ? inquire() : decide(.abort)
    case (.voted, .received(.inquire, let asker)): [.send(.vote(.yes), to: asker)]
    case (.decided(let decision), .received(.inquire, let asker)),
      (.decided(let decision), .received(.vote(.yes), let asker)):
      [.send(.decide(decision), to: asker)]
    case (.working, .received(.inquire, _)): abortAlone()
    case (.idle, .received(.inquire, let asker)): [.send(.vote(.no), to: asker)]

    case (_, .stored(let records)): records.notes

    // Another process has aborted, and so has this one or will, without a part in it; or an answer
    // to a question that has been answered.
    case (.idle, .received(.vote(.no), _)), (.decided, .received(.vote(.no), _)),
      (.decided, .received(.decide, _)):
      []
    // What is said in other forms of the protocol, or a decision that this process has not asked
    // for.
    case (_, .received(let message, let sender)): [.note(.unexpected(message, from: sender))]
    // A timer is cancelled when its state is left. And there
    // are no connections, only datagrams.
    case (_, .expired), (_, .disconnected): []
    }
  }

  private mutating func begin(_ work: Words.Work) -> [Effect<Words>] {
    state = .working(work)
    return [.set(.request, after: Patience.request)]
  }

  private mutating func vote(on work: Words.Work) -> [Effect<Words>] {
    if work == .doomed { return abortAlone() }
    state = .voted
    var effects: [Effect<Words>] = [.cancel(.request), .persist(.yes)]
    effects += others.map { .send(.vote(.yes), to: $0, release(.voteStoredFirst)) }
    effects += [.set(.decision, after: Patience.decision)]
    return effects
  }

  private mutating func count(_ voter: NodeID) -> [Effect<Words>] {
    guard state == .voted else { return [] }
    missing.removeAll { $0 == voter }
    guard require(.unanimity, missing.isEmpty) else { return [] }
    return decide(.commit)
  }

  private mutating func abortAlone() -> [Effect<Words>] {
    state = .decided(.abort)
    return [.cancel(.request), .note(.decided(.abort))]
      + others.map { .send(.vote(.no), to: $0) }
  }

  /// No other process waits to hear of it, so nothing waits for this record: if it is lost, this
  /// process asks again.
  private mutating func decide(_ decision: Decision) -> [Effect<Words>] {
    state = .decided(decision)
    return [.cancel(.decision), .persist(.decided(decision))]
  }

  private func inquire() -> [Effect<Words>] {
    var effects: [Effect<Words>] = others.map { .send(.inquire, to: $0) }
    effects += [.set(.decision, after: Patience.decision)]
    return effects
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    if let decision = log.decision {
      state = .decided(decision)
      return [.note(.decided(decision))]
    }
    guard log.contains(.yes) else { return [] }
    state = .voted
    return inquire()
  }
}

extension Peer: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .idle: "idle"
    case .working(let work): "working (\(work.rawValue))"
    case .voted: "voted yes, without \(missing.list)"
    case .decided(let decision): "decided \(decision)"
    }
  }
}
