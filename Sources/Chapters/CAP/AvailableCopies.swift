public import ProtocolCore
import SharedStorage

/// A node of a store that assumes that there is no partition: whoever is silent has crashed.
///
/// A write is kept by all copies that are available, and so is what a read found here before it is
/// answered; one copy suffices to read. Who does not answer in time is left out until it asks what
/// it has missed. So the store goes on while any node is up, and is consistent, as long as
/// time-outs are right.
///
/// Source: Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems",
/// 1987, chapter 8 (available copies; not correct when communication fails).
public struct AvailableCopies: Hashable, Sendable, Keeping {
  /// Its name.
  public let id: NodeID
  /// The others.
  let peers: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// What it keeps.
  public internal(set) var contents = Contents()
  /// How many attempts it has begun.
  var last = 0
  /// The others that it takes for crashed, in order.
  public internal(set) var down: [NodeID] = []
  /// Where it stands.
  public internal(set) var state = State.rejoining([], heard: [], isCurrent: false)

  /// Where a node stands.
  public enum State: Hashable, Sendable {
    /// It starts, perhaps not for the first time; these have told what it may have missed, these
    /// are up, and whether one that told had missed nothing. Next: available.
    case rejoining([NodeID], heard: [NodeID], isCurrent: Bool)
    /// It answers; what it has others keep. Next: rejoining, after a crash.
    case available([Attempt])
  }

  /// Something that it has all available copies keep.
  public struct Attempt: Hashable, Sendable {
    /// Its number.
    public let number: Int
    let key: String
    let version: Version
    let client: RequestID
    let reply: Words.Reply
    /// Those that have not answered.
    public internal(set) var missing: [NodeID]
  }

  /// A node that keeps nothing.
  init(_ id: NodeID, peers: [NodeID], without: Set<Rule> = []) {
    self.id = id
    self.peers = peers
    self.without = without
  }
}

// MARK: Transitions

extension AvailableCopies: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): return recover(from: log)
    case (.available(let attempts), .asked(.read(let key), let client)):
      guard let version = contents[key] else { return [.reply(.value(nil), to: client)] }
      return store(version, key, .value(version.value), for: client, attempts)
    case (.available(let attempts), .asked(.write(let key, let value), let client)):
      let number = obey(.tagsRise) ? (contents[key]?.tag.number ?? 0) + 1 : 1
      let tag = Tag(number, obey(.tagsDiffer) ? id : "")
      return store(Version(tag, value), key, .done, for: client, attempts)
    case (_, .asked(_, let client)): return [.reply(.refused, to: client)]
    case (_, .received(let message, let sender)): return receive(message, from: sender)
    case (.available(let attempts), .expired(.attempt(let number))):
      return obey(.silentLeftOut) ? leaveOut(number, attempts) : []
    case (.rejoining(let told, let heard, let isCurrent), .expired(.join)):
      return rejoinAgain(told, heard, isCurrent)
    // Timers end with what they were set for; its own record counts when an answer leaves, which
    // waits for it; there are no connections, only datagrams.
    case (_, .expired), (_, .stored), (_, .disconnected): return []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
    switch (state, message) {
    case (_, .store(let number, let key, let version)):
      return keep(version, key)
        + [.send(.stored(number), to: sender, release(.versionStoredFirst))]
    case (.available(let attempts), .stored(let number)): return count(sender, number, attempts)
    case (.available(let attempts), .rejoin(let number, _)):
      return takeBack(sender, number, attempts)
    case (.rejoining(let told, let heard, let isCurrent), .rejoin(let number, let all)):
      // Who asks is up; what it keeps may not be all that it will have kept.
      down.removeAll { $0 == sender }
      state = .rejoining(told, heard: heard.adding(sender), isCurrent: isCurrent)
      return [.send(.copies(number, contents, isAvailable: false), to: sender)] + keep(all: all)
    case (.rejoining(let told, let heard, let isCurrent), .copies(last, let all, let isAvailable)):
      return catchUp(all, from: sender, told, heard, isCurrent || isAvailable)
    // Of what was asked before the crash, or told twice.
    case (.rejoining, .stored), (.rejoining, .copies), (.available, .copies): return []
    case (_, .query), (_, .version), (_, .replicate), (_, .replicated), (_, .viewed), (_, .join),
      (_, .install), (_, .joined), (_, .spread), (_, .ask), (_, .tell), (_, .submit),
      (_, .submitted):
      return [.note(.unexpected(message, from: sender))]
    }
  }

  // begin copies
  private mutating func store(
    _ version: Version, _ key: String, _ reply: Words.Reply, for client: RequestID,
    _ attempts: [Attempt]
  ) -> [Effect<Words>] {
    let kept = keep(version, key)
    let others = peers.filter { !down.contains($0) }
    guard !others.isEmpty else {
      return kept + [.reply(reply, to: client, release(.answerStoredFirst))]
    }
    last += 1
    let attempt = Attempt(
      number: last, key: key, version: version, client: client, reply: reply, missing: others)
    state = .available(attempts + [attempt])
    return kept + [.persist(.attempted(last))]
      + others.map { .send(.store(last, key, version), to: $0, release(.attemptStoredFirst)) }
      + [.set(.attempt(last), after: Words.Timer.attempt(last).patience)]
  }

  private mutating func count(
    _ sender: NodeID, _ number: Int, _ attempts: [Attempt]
  ) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }) else { return [] }
    var rest = attempts
    rest[place].missing.removeAll { $0 == sender }
    return finish(&rest)
  }

  /// Tells one that is back what it has missed; and again what it was told while it was down, for
  /// which it is still waited.
  private mutating func takeBack(
    _ sender: NodeID, _ number: Int, _ attempts: [Attempt]
  ) -> [Effect<Words>] {
    down.removeAll { $0 == sender }
    return [.send(.copies(number, contents, isAvailable: true), to: sender)]
      + attempts.filter { $0.missing.contains(sender) }.map {
        .send(.store($0.number, $0.key, $0.version), to: sender)
      }
  }

  /// Whoever has not answered has crashed: nobody waits for it any more.
  private mutating func leaveOut(_ number: Int, _ attempts: [Attempt]) -> [Effect<Words>] {
    let silent = attempts.first { $0.number == number }?.missing ?? []
    down = peers.filter { down.contains($0) || silent.contains($0) }
    var rest = attempts
    for place in rest.indices { rest[place].missing.removeAll { silent.contains($0) } }
    return finish(&rest)
  }
  // end copies

  /// Answers what all have kept that are available.
  private mutating func finish(_ attempts: inout [Attempt]) -> [Effect<Words>] {
    var effects: [Effect<Words>] = []
    for attempt in attempts where attempt.missing.isEmpty {
      effects += [
        .cancel(.attempt(attempt.number)),
        .reply(attempt.reply, to: attempt.client, release(.answerStoredFirst)),
      ]
    }
    state = .available(attempts.filter { !$0.missing.isEmpty })
    return effects
  }

  /// When all have told what they keep, nothing is missing; nor when all have that are up, and one
  /// of them had missed nothing.
  private mutating func catchUp(
    _ all: Contents, from sender: NodeID, _ told: [NodeID], _ heard: [NodeID], _ isCurrent: Bool
  ) -> [Effect<Words>] {
    let kept = keep(all: all)
    let known = told.adding(sender)
    let isKnown = known.count == peers.count - down.count && (down.isEmpty || isCurrent)
    guard isKnown else {
      state = .rejoining(known, heard: heard, isCurrent: isCurrent)
      return kept
    }
    state = .available([])
    return kept + [.cancel(.join)]
  }

  /// Goes on when one that missed nothing has told what it keeps; who has not answered has crashed.
  ///
  /// Before it crashed it may have had a write kept by the others that was never sent here: so they
  /// are asked once more. Where all have failed, those that are back do not know what the last to
  /// fail has kept.
  private mutating func rejoinAgain(
    _ told: [NodeID], _ heard: [NodeID], _ isCurrent: Bool
  ) -> [Effect<Words>] {
    guard require(.currentRejoined, isCurrent) else {
      down = []
      state = .rejoining(told, heard: heard, isCurrent: isCurrent)
      return rejoin()
    }
    let silent = peers.filter {
      !told.contains($0) && !heard.contains($0) && !down.contains($0)
    }
    down = peers.filter { silent.contains($0) || down.contains($0) }
    guard !silent.isEmpty, down.count < peers.count, obey(.survivorsAskedAgain) else {
      state = .available([])
      return []
    }
    state = .rejoining([], heard: heard, isCurrent: false)
    last += 1
    return [.persist(.attempted(last))] + rejoin()
  }

  private func rejoin() -> [Effect<Words>] {
    peers.filter { !down.contains($0) }.map { .send(.rejoin(last, contents), to: $0) }
      + [.set(.join, after: Words.Timer.join.patience)]
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    contents = obey(.contentsOutliveCrash) ? log.contents : Contents()
    last = obey(.attemptsOutliveCrash) ? log.attempted : 0
    down = []
    state = .available([])
    guard obey(.rejoinedFirst), !peers.isEmpty else { return [] }
    state = .rejoining([], heard: [], isCurrent: false)
    last += 1
    return [.persist(.attempted(last))] + rejoin()
  }
}

extension [NodeID] {
  /// These and one more, in order.
  fileprivate func adding(_ id: NodeID) -> [NodeID] { (filter { $0 != id } + [id]).sorted() }
}

extension AvailableCopies: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let without = down.isEmpty ? "" : ", without " + down.map(\.name).joined(separator: " ")
    switch state {
    case .available(let attempts):
      return "keeps \(contents)\(without)"
        + attempts.map { "; waits for \($0.missing.map(\.name).joined(separator: " "))" }.joined()
    case .rejoining: return "rejoins, keeps \(contents)\(without)"
    }
  }
}
