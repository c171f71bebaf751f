public import ProtocolCore
import SharedStorage

/// A node of a store with a primary and backups.
///
/// The primary orders all writes. It answers a write when all its backups keep it, or, where it
/// does not wait, at once. When an operator promotes a backup it leads in a new **view**; who hears
/// of a newer view stops leading, and follows when it has taken over what the new primary keeps.
///
/// Sources: Alsberg, Day, "A Principle for Resilient Sharing of Distributed Resources", ICSE 1976
/// (primary and backups); Oki, Liskov, "Viewstamped Replication", PODC 1988 (views).
public struct PrimaryReplica: Hashable, Sendable, Keeping {
  /// Its name.
  public let id: NodeID
  /// The others.
  let peers: [NodeID]
  /// Whether it waits for its backups before it answers.
  let waits: Bool
  /// The view before anybody was promoted.
  let first: View
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The view that it knows of.
  public internal(set) var view: View
  /// The view in which it last led or followed: what it keeps is of that.
  var followed: View
  /// What it keeps.
  public internal(set) var contents = Contents()
  /// How many attempts it has begun.
  var last = 0
  /// Where it stands.
  public internal(set) var state = State.following

  /// Where a node stands.
  public enum State: Hashable, Sendable {
    /// It orders writes: with these backups, with what is under way to them, and with those that
    /// may not know that it leads. Next: joining.
    case leading([NodeID], [Attempt], unaware: [NodeID])
    /// It was promoted, and takes over what the others keep. Next: leading, joining.
    case takingOver(TakingOver)
    /// It keeps what the primary says. Next: leading, joining.
    case following
    /// It has heard of a newer view, and not yet what is kept there. Next: following, joining.
    case joining
  }

  /// What one that was promoted has heard.
  public struct TakingOver: Hashable, Sendable {
    /// Those that have not joined: all but the old primary.
    public internal(set) var missing: [NodeID]
    /// Those that have.
    var joined: [NodeID] = []
    /// The newest view of which anything was told.
    var newest: View
    /// Who waits for it to lead; nobody, if it has crashed since it was asked.
    let client: RequestID?
  }

  /// Something that the primary has its backups keep.
  public struct Attempt: Hashable, Sendable {
    /// Its number.
    public let number: Int
    let key: String
    let version: Version?
    /// Who waits for it, and for which answer; nobody where it is answered.
    let client: RequestID?
    let reply: Words.Reply
    /// The backups that have not answered.
    public internal(set) var missing: [NodeID]
  }

  /// A node that keeps nothing.
  init(
    _ id: NodeID, peers: [NodeID], primary: NodeID, variant: Variant, without: Set<Rule> = []
  ) {
    self.id = id
    self.peers = peers
    waits = variant == .synchronous
    first = View(1, primary)
    view = first
    followed = first
    self.without = without
  }
}

// MARK: Transitions

extension PrimaryReplica: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch (state, event) {
    case (_, .started(let log)): return recover(from: log)
    case (.leading, .asked(.read(let key), let client)): return read(key, for: client)
    case (.leading, .asked(.write(let key, let value), let client)):
      return write(key, value, for: client)
    case (.following, .asked(.read(let key), let client)) where !waits:
      return [.reply(.value(contents[key]?.value), to: client)]
    case (.following, .asked(.promote, let client)): return promote(client)
    case (_, .asked(_, let client)): return [.reply(.refused, to: client)]
    case (_, .received(let message, let sender)): return receive(message, from: sender)
    case (.leading(_, let attempts, let unaware), .expired(.resend)):
      return obey(.askedAgain) ? resend(attempts, unaware) : []
    case (.takingOver, .expired(.resend)): return resend([], peers)
    case (.joining, .expired(.join)): return join()
    // It has stopped leading, or has joined, since it set the timer; its own record counts when an
    // answer leaves, which waits for it; there are no connections, only datagrams.
    case (_, .expired), (_, .stored), (_, .disconnected): return []
    }
  }

  private mutating func receive(_ message: Words.Message, from sender: NodeID) -> [Effect<Words>] {
    switch (state, message) {
    case (_, .replicate(let number, let attempt, let key, let version)):
      return follow(View(number, sender), attempt, key, version)
    case (.leading(let backups, let attempts, let unaware), .replicated(view.number, let attempt)):
      return count(sender, attempt, backups, attempts, unaware)
    case (_, .viewed(let newer)) where newer > view: return enter(newer)
    // One that stands still may not know that its view is over, or has not heard that it follows.
    case (_, .viewed(let older)) where older < view: return [.send(.viewed(view), to: sender)]
    case (.following, .viewed(view)): return [.send(.joined(view.number), to: sender)]
    case (.leading(let backups, let attempts, let unaware), .join(view.number, _, _)):
      return install(at: sender, backups, attempts, unaware)
    case (.takingOver(let taking), .join(view.number, let last, let all)):
      return takeOver(last, all, of: sender, taking)
    case (.leading(let backups, let attempts, let unaware), .joined(view.number)):
      return know(sender, backups, attempts, unaware)
    case (.following, .join(let number, let last, let all)) where View(number, id) > view:
      return resume(View(number, id), last, all, of: sender)
    case (_, .join(let number, _, _)) where number < view.number:
      return [.send(.viewed(view), to: sender)]
    case (.joining, .install(view, let all)): return take(all)
    // Of a view that is over, or repeated.
    case (_, .replicated), (_, .viewed), (_, .join), (_, .install), (_, .joined): return []
    case (_, .query), (_, .version), (_, .store), (_, .stored), (_, .rejoin), (_, .copies),
      (_, .spread), (_, .ask), (_, .tell), (_, .submit), (_, .submitted):
      return [.note(.unexpected(message, from: sender))]
    }
  }
}

// MARK: The primary

extension PrimaryReplica {
  private mutating func read(_ key: String, for client: RequestID) -> [Effect<Words>] {
    let reply = Words.Reply.value(contents[key]?.value)
    guard waits, obey(.readsConfirmed) else { return [.reply(reply, to: client)] }
    return replicate(key, contents[key], reply, for: client)
  }

  private mutating func write(
    _ key: String, _ value: Int, for client: RequestID
  ) -> [Effect<Words>] {
    let version = Version(Tag(contents.number + 1, id), value)
    contents[key] = version
    let kept: [Effect<Words>] = [.persist(.kept(key, version))]
    if waits, obey(.backupsFirst) { return kept + replicate(key, version, .done, for: client) }
    return kept + [.reply(.done, to: client, release(.answerStoredFirst))]
      + replicate(key, version, .done, for: nil)
  }

  // begin primary
  /// Has the backups keep a version, and say that they follow.
  private mutating func replicate(
    _ key: String, _ version: Version?, _ reply: Words.Reply, for client: RequestID?
  ) -> [Effect<Words>] {
    guard case .leading(let backups, let attempts, let unaware) = state else { return [] }
    last += 1
    let attempt = Attempt(
      number: last, key: key, version: version, client: client, reply: reply, missing: backups)
    guard !backups.isEmpty else {
      return client.map { [.reply(reply, to: $0, release(.answerStoredFirst))] } ?? []
    }
    state = .leading(backups, attempts + [attempt], unaware: unaware)
    let timer: [Effect<Words>] =
      attempts.isEmpty && unaware.isEmpty ? [.set(.resend, after: Words.Timer.resend.patience)] : []
    return [.persist(.attempted(last))] + send(attempt) + timer
  }

  private func send(_ attempt: Attempt) -> [Effect<Words>] {
    attempt.missing.map {
      .send(
        .replicate(view.number, attempt.number, attempt.key, attempt.version), to: $0,
        release(.attemptStoredFirst))
    }
  }

  /// Counts a backup that has answered; and answers the client when none is missing.
  private mutating func count(
    _ backup: NodeID, _ number: Int, _ backups: [NodeID], _ attempts: [Attempt],
    _ unaware: [NodeID]
  ) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }) else { return [] }
    var rest = attempts
    rest[place].missing.removeAll { $0 == backup }
    guard rest[place].missing.isEmpty else {
      state = .leading(backups, rest, unaware: unaware)
      return []
    }
    let attempt = rest.remove(at: place)
    state = .leading(backups, rest, unaware: unaware)
    let timer: [Effect<Words>] = rest.isEmpty && unaware.isEmpty ? [.cancel(.resend)] : []
    return timer
      + (attempt.client.map { [.reply(attempt.reply, to: $0, release(.answerStoredFirst))] } ?? [])
  }
  // end primary

  private func resend(_ attempts: [Attempt], _ unaware: [NodeID]) -> [Effect<Words>] {
    unaware.map { .send(.viewed(view), to: $0) } + attempts.flatMap { send($0) }
      + [.set(.resend, after: Words.Timer.resend.patience)]
  }
}

// MARK: Views

extension PrimaryReplica {
  // begin views
  /// An operator has it lead: the old primary is taken for dead, and is not waited for.
  private mutating func promote(_ client: RequestID) -> [Effect<Words>] {
    let others = peers.filter { $0 != view.primary }
    view = View(view.number + 1, id)
    if waits, !others.isEmpty, obey(.newestTakenOver) {
      state = .takingOver(TakingOver(missing: others, newest: followed, client: client))
      return resend([], peers)
    }
    followed = view
    state = .leading(others, [], unaware: peers)
    return [.persist(.leads(view)), .note(.leads)]
      + peers.map { .send(.viewed(view), to: $0) }
      + [.set(.resend, after: Words.Timer.resend.patience), .reply(.done, to: client)]
  }

  /// It was promoted, and crashed before it led; those that it had told wait for it.
  private mutating func resume(
    _ promoted: View, _ last: View, _ all: Contents, of sender: NodeID
  ) -> [Effect<Words>] {
    let others = peers.filter { $0 != view.primary }
    guard waits, !others.isEmpty else { return [] }
    view = promoted
    let taking = TakingOver(missing: others, newest: followed, client: nil)
    state = .takingOver(taking)
    return resend([], peers) + takeOver(last, all, of: sender, taking)
  }

  /// All but the old primary have said what they keep: whatever was answered is among that, since
  /// all that followed kept it.
  private mutating func takeOver(
    _ last: View, _ all: Contents, of sender: NodeID, _ taking: TakingOver
  ) -> [Effect<Words>] {
    var taking = taking
    guard taking.missing.contains(sender) else { return [] }  // the old primary is told later
    if last > taking.newest { contents = all }
    if last == taking.newest {
      for entry in all.entries where contents[entry.key].map({ $0.tag < entry.version.tag }) ?? true
      {
        contents[entry.key] = entry.version
      }
    }
    taking.missing.removeAll { $0 == sender }
    taking.joined = (taking.joined + [sender]).sorted()
    taking.newest = max(taking.newest, last)
    state = .takingOver(taking)
    guard taking.missing.isEmpty else { return [] }
    followed = view
    state = .leading(taking.joined, [], unaware: peers)
    return [.persist(.installed(view, contents)), .note(.leads)]
      + taking.joined.map { .send(.install(view, contents), to: $0) }
      + (taking.client.map { [.reply(.done, to: $0)] } ?? [])
  }

  /// A backup keeps what the primary of its view says, and tells one of an older view that it is
  /// over.
  private mutating func follow(
    _ told: View, _ attempt: Int, _ key: String, _ version: Version?
  ) -> [Effect<Words>] {
    if told > view { return enter(told) }
    guard require(.viewsGrow, told == view) else {
      return [.send(.viewed(view), to: told.primary)]
    }
    switch state {
    case .following:
      return (version.map { keep($0, key) } ?? [])
        + [
          .send(
            .replicated(told.number, attempt), to: told.primary, release(.versionStoredFirst))
        ]
    case .joining: return []  // it will be told all
    case .leading, .takingOver: return [.send(.viewed(view), to: told.primary)]
    }
  }

  /// It follows from now on, and has first to hear what it must hold.
  private mutating func enter(_ newer: View) -> [Effect<Words>] {
    var effects: [Effect<Words>] = []
    if case .leading(_, let attempts, _) = state {
      effects = [.cancel(.resend)]
      // A read that is refused has done nothing; what became of a write nobody here can say.
      for attempt in attempts {
        guard let client = attempt.client else { continue }
        effects.append(.reply(attempt.reply == .done ? .unsure : .refused, to: client))
      }
    }
    if case .takingOver(let taking) = state {
      effects = [.cancel(.resend)] + (taking.client.map { [.reply(.refused, to: $0)] } ?? [])
    }
    view = newer
    state = obey(.installedFirst) ? .joining : .following
    return effects
      + (state == .joining ? join() : [.send(.joined(view.number), to: view.primary)])
  }

  private func join() -> [Effect<Words>] {
    [
      .send(.join(view.number, followed, contents), to: view.primary),
      .set(.join, after: Words.Timer.join.patience),
    ]
  }

  /// From the moment at which one is told all, it is waited for.
  private mutating func install(
    at sender: NodeID, _ backups: [NodeID], _ attempts: [Attempt], _ unaware: [NodeID]
  ) -> [Effect<Words>] {
    let isNew = !backups.contains(sender)
    var open = attempts
    if isNew { for place in open.indices { open[place].missing.append(sender) } }
    state = .leading(isNew ? (backups + [sender]).sorted() : backups, open, unaware: unaware)
    return [.send(.install(view, contents), to: sender)]
  }

  /// One has on disk that it follows: whatever happens to it, it knows who leads.
  private mutating func know(
    _ sender: NodeID, _ backups: [NodeID], _ attempts: [Attempt], _ unaware: [NodeID]
  ) -> [Effect<Words>] {
    let rest = unaware.filter { $0 != sender }
    state = .leading(backups, attempts, unaware: rest)
    return rest.isEmpty && attempts.isEmpty && !unaware.isEmpty ? [.cancel(.resend)] : []
  }

  private mutating func take(_ all: Contents) -> [Effect<Words>] {
    contents = all
    followed = view
    state = .following
    return [
      .cancel(.join), .persist(.installed(view, all)),
      .send(.joined(view.number), to: view.primary),
    ]
  }
  // end views

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    contents = obey(.contentsOutliveCrash) ? log.contents : Contents()
    last = obey(.attemptsOutliveCrash) ? log.attempted : 0
    view = obey(.viewOutlivesCrash) ? log.view ?? first : first
    followed = view
    guard view.primary == id else { return [] }
    let unaware = view == first ? [] : peers
    state = .leading(peers, [], unaware: unaware)
    let timer: [Effect<Words>] =
      unaware.isEmpty ? [] : [.set(.resend, after: Words.Timer.resend.patience)]
    // What it keeps its backups may lack.
    return timer
      + contents.entries.flatMap { replicate($0.key, $0.version, .done, for: nil) }
  }
}

extension PrimaryReplica: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch state {
    case .leading(_, let attempts, _):
      "leads view \(view.number), keeps \(contents)"
        + attempts.map { "; \($0.key) waits for \($0.missing.map(\.name).joined(separator: " "))" }
        .joined()
    case .takingOver(let taking):
      "takes over in view \(view.number), waits for "
        + taking.missing.map(\.name).joined(separator: " ") + ", keeps \(contents)"
    case .following: "follows view \(view.number), keeps \(contents)"
    case .joining: "joins view \(view.number)"
    }
  }
}
