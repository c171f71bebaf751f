public import Lab
import ProtocolCore

/// Which local states can be occupied at the same time, found by going through everything that can
/// happen while nothing fails.
///
/// Skeen's theorem says by looking at them whether a protocol is nonblocking: whether the operating
/// processes can always decide, whoever has failed. It is exactly when no local state
///
/// 1. can stand beside a commit and also beside an abort, nor
/// 2. can stand beside a commit, although not all need have voted yes while it is occupied.
///
/// Source: Skeen, "Nonblocking Commit Protocols", SIGMOD 1981, the fundamental nonblocking theorem.
public struct ConcurrencySets: Hashable, Sendable {
  /// Each local state that is ever occupied, and all that others can occupy at the same time.
  public private(set) var sets: [LocalState: Set<LocalState>] = [:]
  /// The local states in which nobody is unless all have voted yes.
  public private(set) var committable: Set<LocalState> = []
  /// The steps of each role's automaton, by what brought them about.
  public private(set) var transitions: [String: Set<Transition>] = [:]
  /// How many global states were seen.
  public private(set) var states = 0

  /// A step of a process from one phase to another.
  public struct Transition: Hashable, Sendable {
    /// The phases before and after.
    public let from, to: Phase
    /// The message that arrived, `⤓` and the last record that became stable, or what was asked.
    public let cause: String
  }

  /// Those of these processes, whether each can say yes or not.
  ///
  /// Each process does its part before the first is asked to commit; nobody crashes, no message is
  /// lost and no time-out runs out; messages arrive in any order.
  public init<S: Phased>(_ laboratory: S.Type, in cluster: Cluster<S.Subject>) {
    var openings = [SystemState(cluster)]
    for ask in S.ballot(of: cluster.topology) {
      openings = openings.flatMap { system in
        ask.requests.compactMap { follow(laboratory, .ask(ask.node, $0), on: system) }
      }
    }
    var seen: Set<Moment<S.Subject>> = []
    var waiting = openings.filter { seen.insert(Moment($0)).inserted }
    var suspects: Set<LocalState> = []
    while let system = waiting.popLast() {
      note(laboratory, system, &suspects)
      for act in system.quietActs {
        guard let next = follow(laboratory, act, on: system), seen.insert(Moment(next)).inserted
        else { continue }
        waiting.append(next)
      }
    }
    states = seen.count
    committable = Set(sets.keys).subtracting(suspects)
  }

  /// The state that follows from an act, if it can happen; and whose phase it changes.
  private mutating func follow<S: Phased>(
    _ laboratory: S.Type, _ act: Act<S.Subject.Words>, on system: SystemState<S.Subject>
  ) -> SystemState<S.Subject>? {
    var next = system
    guard let step = try? next.perform(act), let actor = act.actor,
      let place = system.index(of: actor), let before = system.hosts[place].node,
      let after = next.hosts[place].node
    else { return nil }
    let from = S.phase(of: actor, before, in: system)
    let to = S.phase(of: actor, after, in: next)
    if from != to {
      let role = system.cluster.topology[place].role.rawValue
      let transition = Transition(from: from, to: to, cause: ConcurrencySets.cause(of: step))
      transitions[role, default: []].insert(transition)
    }
    return next
  }

  private static func cause<Words: Vocabulary>(of step: Step<Words>) -> String {
    if let envelope = step.envelope { return "\(envelope.content)" }
    for incident in step.incidents {
      switch incident.happening {
      case .stored(let records): return records.last.map { "⤓ \($0)" } ?? ""
      case .asked(let request, _): return "asked \(request)"
      default: break
      }
    }
    return ""
  }

  /// Adds what can be occupied together in this global state.
  private mutating func note<S: Phased>(
    _ laboratory: S.Type, _ system: SystemState<S.Subject>, _ suspects: inout Set<LocalState>
  ) {
    let nodes = zip(system.cluster.topology, system.hosts).compactMap { member, host in
      host.node.map { (member.role, S.phase(of: member.id, $0, in: system)) }
    }
    let haveAllVotedYes = nodes.allSatisfy { role, phase in
      !S.votes(role) || [.waiting, .prepared, .committed].contains(phase)
    }
    let locals = nodes.map { LocalState($0.rawValue, $1) }
    for (index, local) in locals.enumerated() {
      for (other, beside) in locals.enumerated() where other != index {
        sets[local, default: []].insert(beside)
      }
      if !haveAllVotedYes { suspects.insert(local) }
    }
  }
}

/// All of a system that what follows can depend on.
private struct Moment<C: Model>: Hashable {
  let hosts: [Host<C.Node>]
  let envelopes: [Envelope: Int]
  let monitor: C.Monitor

  struct Envelope: Hashable {
    let link: Link
    let content: Content<C.Words>
  }

  init(_ system: SystemState<C>) {
    hosts = system.hosts
    envelopes = system.envelopes.reduce(into: [:]) {
      $0[Envelope(link: $1.link, content: $1.content), default: 0] += 1
    }
    monitor = system.monitor
  }
}

extension SystemState {
  /// What can happen while nothing fails and nobody is impatient.
  fileprivate var quietActs: [Act<Words>] {
    var places: [Link: Int] = [:]
    let deliveries = envelopes.map { envelope -> Act<Words> in
      defer { places[envelope.link, default: 0] += 1 }
      return .deliver(envelope.link, places[envelope.link, default: 0])
    }
    return deliveries + hosts.filter { !$0.unstable.isEmpty }.map { .store($0.id, first: nil) }
  }
}

// MARK: The theorem

extension ConcurrencySets {
  /// Why a protocol blocks.
  public enum Violation: Hashable, Sendable {
    /// Somebody in this state cannot know whether another has committed or aborted.
    case bothOutcomes(LocalState)
    /// Somebody in this state may not commit, and another may have.
    case commitBesideUncommittable(LocalState)
  }

  /// What the theorem forbids, by local state; none, and the protocol is nonblocking.
  public var violations: [Violation] {
    sets.keys.sorted().flatMap { local -> [Violation] in
      let phases = Set(sets[local, default: []].map(\.phase))
      guard phases.contains(.committed) else { return [] }
      return (phases.contains(.aborted) ? [.bothOutcomes(local)] : [])
        + (committable.contains(local) ? [] : [.commitBesideUncommittable(local)])
    }
  }

  /// A row for each local state: it, what can stand beside it, whether all have voted yes then, and
  /// what the theorem says against it.
  public var rows: [[String]] {
    sets.keys.sorted().map { local in
      [
        "\(local)", beside(local), committable.contains(local) ? "yes" : "no",
        violations.compactMap { $0.local == local ? $0.sentence : nil }.joined(separator: "; "),
      ]
    }
  }

  /// What can stand beside a local state: `coordinator q w, participant q w a`.
  private func beside(_ local: LocalState) -> String {
    let others = sets[local, default: []].sorted()
    var roles: [String] = []
    for other in others where !roles.contains(other.role) { roles.append(other.role) }
    return roles.map { role in
      ([role] + others.filter { $0.role == role }.map(\.phase.rawValue)).joined(separator: " ")
    }.joined(separator: ", ")
  }
}

extension ConcurrencySets.Violation {
  /// Of which local state it is.
  public var local: LocalState {
    switch self {
    case .bothOutcomes(let local), .commitBesideUncommittable(let local): local
    }
  }

  /// What it says.
  public var sentence: String {
    switch self {
    case .bothOutcomes: "beside both outcomes"
    case .commitBesideUncommittable: "beside a commit that it may not follow"
    }
  }
}

extension ConcurrencySets.Violation: CustomStringConvertible {
  /// In a few words: `participant w is beside both outcomes`.
  public var description: String { "\(local) is \(sentence)" }
}
