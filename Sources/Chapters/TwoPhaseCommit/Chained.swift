public import AtomicCommitment
public import ProtocolCore

/// A process of linear two-phase commit.
///
/// The processes stand in a line. The first votes and passes its yes to the right; each adds its
/// own by passing it on; the last one has all votes and decides, and the decision runs back to the
/// left. That costs 2n messages for n processes beside the first, the fewest, and takes 2n
/// message delays, the most. No process acknowledges, so none forgets. (Gray 1978, 5.8.3.4;
/// Bernstein, Hadzilacos, Goodman 1987, 7.4.)
///
///     idle ──► working ──► prepared ──► decided
///                 └────────────────────────►┘   abort, alone
public struct Chained: Hashable, Sendable, Ruled {
  /// The process to which it passes votes; nil for the last, which decides.
  let right: NodeID?
  /// The process to which it passes the decision; nil for the first.
  let left: NodeID?
  /// All other processes, to be asked when in doubt.
  let others: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// Where it stands.
  public internal(set) var state = State.idle

  /// A process of the line that knows of no transaction.
  public init(in line: [NodeID], at index: Int, without: Set<Rule> = []) {
    left = index > 0 ? line[index - 1] : nil
    right = index + 1 < line.count ? line[index + 1] : nil
    others = line.indices.filter { $0 != index }.map { line[$0] }
    self.without = without
  }

  /// Where a process of the line stands.
  public enum State: Hashable, Sendable {
    /// It knows nothing. Next: working.
    case idle
    /// Its part is done, nothing is promised. Next: prepared, decided.
    case working(Words.Work)
    /// All up to here have voted yes. Next: decided.
    case prepared
    /// It knows the decision. The end.
    case decided(Decision)
  }
}

// MARK: Transitions

extension Chained: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): recover(from: log)
    case (.idle, .asked(.work(let work), _)): begin(work)
    case (.working(let work), .asked(.commit, let client)):
      left == nil ? vote(on: work) : [.reply(.refused, to: client)]
    case (_, .asked(_, let client)): [.reply(.refused, to: client)]

    case (.working(let work), .received(.vote(.yes), _)): vote(on: work)
    case (.working, .expired(.request)): abortAlone()
    case (.idle, .received(.vote(.yes), let neighbour)),
      (.decided(.abort), .received(.vote(.yes), let neighbour)):
      [.send(.decide(.abort), to: neighbour)]  // too late for a yes

    case (.prepared, .received(.decide(let decision), let source)): learn(decision, from: source)
    case (.working, .received(.decide(.abort), _)): abortAlone()

    case (.prepared, .expired(.decision)): obey(.uncertainWaits) ? inquire() : decide(.abort)
    case (.prepared, .received(.inquire, let asker)): [.send(.uncertain, to: asker)]
    case (.decided(let decision), .received(.inquire, let asker)):
      [.send(.decide(decision), to: asker)]
    case (.working, .received(.inquire, let asker)):
      abortAlone() + [.send(.decide(.abort), to: asker)]
    case (.idle, .received(.inquire, let asker)):
      // No process leaves the line early: one that knows nothing has not voted, and will not.
      [.send(.decide(.abort), to: asker)]

    case (_, .stored(let records)): records.notes

    // A vote or a decision that arrives again.
    case (.prepared, .received(.vote(.yes), _)), (.decided(.commit), .received(.vote(.yes), _)),
      (.decided, .received(.decide, _)):
      []
    // A neighbour has aborted before this process had its part: it will not be asked to commit.
    case (.idle, .received(.decide(.abort), _)): []
    // Another process does not know the decision either, or no longer needs to.
    case (.prepared, .received(.uncertain, _)), (.decided, .received(.uncertain, _)): []
    // What is said in other forms of the protocol; a commit without this vote; an answer to what
    // this process has not asked.
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

  /// All to the left have voted yes.
  private mutating func vote(on work: Words.Work) -> [Effect<Words>] {
    if work == .doomed { return abortAlone() }
    guard let right else { return [.cancel(.request)] + decide(.commit) }
    state = .prepared
    return [
      .cancel(.request),
      .persist(.yes),
      .send(.vote(.yes), to: right, release(.voteStoredFirst)),
      .set(.decision, after: Patience.decision),
    ]
  }

  /// Tells both neighbours: one in doubt learns the decision, one at work aborts as well.
  private mutating func abortAlone() -> [Effect<Words>] {
    state = .decided(.abort)
    return [.cancel(.request), .note(.decided(.abort))]
      + [left, right].compactMap { $0.map { .send(.decide(.abort), to: $0) } }
  }

  private mutating func decide(_ decision: Decision) -> [Effect<Words>] {
    state = .decided(decision)
    var effects: [Effect<Words>] = [.cancel(.decision), .persist(.decided(decision))]
    if let left { effects += [.send(.decide(decision), to: left, release(.decisionStoredFirst))] }
    return effects
  }

  private mutating func learn(_ decision: Decision, from source: NodeID) -> [Effect<Words>] {
    var effects = decide(decision)
    // An abort can come from the left, and then those to the right wait for nothing.
    if source == left, let right { effects += [.send(.decide(decision), to: right)] }
    return effects
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
    state = .prepared
    return inquire()
  }
}

extension Chained: CustomStringConvertible {
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
