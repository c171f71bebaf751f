public import ProtocolCore
import SharedStorage

/// A node of a store with quorums: each does what its clients ask with as many others as it takes.
///
/// To write it asks R nodes for their versions, takes a greater tag, and has W nodes keep the value
/// under it. To read it asks R nodes, takes the newest version and, if it writes back, has W nodes
/// keep that before it answers.
///
/// Sources: Attiya, Bar-Noy, Dolev 1995; Lynch, Shvartsman 1997; Gifford 1979.
public struct QuorumReplica: Hashable, Sendable, Keeping {
  /// Its name.
  public let id: NodeID
  /// The others.
  let peers: [NodeID]
  /// How many are enough.
  let quorums: Quorums
  /// Whether a read has its version kept before it is answered.
  let writesBack: Bool
  /// Whether a request of which nothing has come yet is refused after a time-out.
  let refuses: Bool
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// What it keeps.
  public internal(set) var contents = Contents()
  /// How many attempts it has begun.
  var last = 0
  /// What it does for its clients, in the order in which it was begun.
  public internal(set) var attempts: [Attempt] = []

  /// Something that it does for a client.
  public struct Attempt: Hashable, Sendable {
    /// Its number.
    public let number: Int
    /// Who waits for it.
    public let client: RequestID
    let key: String
    /// What is to be written; nil for a read.
    public let value: Int?
    /// Where it stands.
    public internal(set) var phase: Phase
  }

  /// Where an attempt stands.
  public enum Phase: Hashable, Sendable {
    /// It has asked for versions; who has answered, and the newest. Next: storing, the end.
    case querying([NodeID], Version?)
    /// It has others keep a version; who does. Next: the end.
    case storing([NodeID], Version)
  }

  /// A node that keeps nothing.
  init(
    _ id: NodeID, peers: [NodeID], variant: Variant, without: Set<Rule> = []
  ) {
    self.id = id
    self.peers = peers
    quorums = Quorums(of: peers.count + 1, variant: variant, without: without)
    writesBack = variant == .writeBack || variant == .minorityRefuses
    refuses = variant == .minorityRefuses
    self.without = without
  }
}

// MARK: Transitions

extension QuorumReplica: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log): return recover(from: log)
    case .asked(.read(let key), let client): return begin(key, nil, for: client)
    case .asked(.write(let key, let value), let client): return begin(key, value, for: client)
    case .asked(.promote, let client): return [.reply(.refused, to: client)]
    case .received(.query(let number, let key), let sender):
      return [.send(.version(number, contents[key]), to: sender)]
    case .received(.version(let number, let version), let sender):
      return count(version, of: sender, in: number)
    case .received(.store(let number, let key, let version), let sender):
      return keep(version, key)
        + [.send(.stored(number), to: sender, release(.versionStoredFirst))]
    case .received(.stored(let number), let sender): return count(sender, in: number)
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    case .expired(.attempt(let number)): return tryAgain(number)
    // No other timer is set; a node's own record counts when its answer leaves, which waits for
    // it; there are no connections, only datagrams.
    case .expired, .stored, .disconnected: return []
    }
  }

  // begin quorum
  private mutating func begin(
    _ key: String, _ value: Int?, for client: RequestID
  ) -> [Effect<Words>] {
    last += 1
    attempts.append(
      Attempt(
        number: last, client: client, key: key, value: value,
        phase: .querying([], nil)))
    let attempted: [Effect<Words>] = [.persist(.attempted(last))]
    let timer: [Effect<Words>] = [.set(.attempt(last), after: Words.Timer.attempt(last).patience)]
    if value != nil, !obey(.tagsQueried) {
      return attempted + timer + store(attempts.count - 1, above: contents[key])
    }
    let asked: [Effect<Words>] = peers.map {
      .send(.query(last, key), to: $0, release(.attemptStoredFirst))
    }
    return attempted + timer + asked + count(contents[key], of: id, in: last)
  }

  /// Counts a version that was told; and goes on when there are enough.
  private mutating func count(
    _ version: Version?, of sender: NodeID, in number: Int
  ) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }),
      case .querying(let told, let newest) = attempts[place].phase, !told.contains(sender)
    else { return [] }  // late, or doubled
    let answered = (told + [sender]).sorted()
    let greater = obey(.newestReturned) ? later(newest, version) : version ?? newest
    attempts[place].phase = .querying(answered, greater)
    guard require(.readQuorumTells, answered.count >= quorums.read) else { return [] }
    if attempts[place].value != nil { return store(place, above: greater) }
    guard let greater, writesBack, obey(.writtenBack) else {
      return finish(place, .value(greater?.value))
    }
    return store(place, greater)
  }

  /// Has a new version kept, newer than what was told and than what it keeps by now: it may have
  /// begun another write of the key meanwhile.
  private mutating func store(_ place: Int, above newest: Version?) -> [Effect<Words>] {
    let own = obey(.tagsRise) ? contents[attempts[place].key] : nil
    let tag = Tag((later(newest, own)?.tag.number ?? 0) + 1, obey(.tagsDiffer) ? id : "")
    return store(place, Version(tag, attempts[place].value ?? 0))
  }

  private mutating func store(_ place: Int, _ version: Version) -> [Effect<Words>] {
    let (number, key) = (attempts[place].number, attempts[place].key)
    attempts[place].phase = .storing([], version)
    let kept = keep(version, key)
    return kept
      + peers.map { .send(.store(number, key, version), to: $0, release(.attemptStoredFirst)) }
      + count(id, in: number)
  }

  /// Counts one that keeps a version; and answers when there are enough.
  private mutating func count(_ sender: NodeID, in number: Int) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }),
      case .storing(let keepers, let version) = attempts[place].phase, !keepers.contains(sender)
    else { return [] }  // late, or doubled
    let kept = (keepers + [sender]).sorted()
    attempts[place].phase = .storing(kept, version)
    guard require(.writeQuorumKeeps, kept.count >= quorums.write) else { return [] }
    return finish(place, attempts[place].value == nil ? .value(version.value) : .done)
  }
  // end quorum

  private mutating func finish(_ place: Int, _ reply: Words.Reply) -> [Effect<Words>] {
    let attempt = attempts.remove(at: place)
    return [
      .cancel(.attempt(attempt.number)),
      .reply(reply, to: attempt.client, release(.answerStoredFirst)),
    ]
  }

  /// Asks again those that have not answered; or gives up.
  private mutating func tryAgain(_ number: Int) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }) else { return [] }
    let attempt = attempts[place]
    let again: [Effect<Words>]
    switch attempt.phase {
    case .querying where refuses && obey(.minorityRefuses): return finish(place, .refused)
    // That others keep what was there before is no harm.
    case .storing where refuses && obey(.minorityRefuses):
      return finish(place, attempt.value == nil ? .refused : .unsure)
    case .querying(let told, _):
      again = peers.filter { !told.contains($0) }.map { .send(.query(number, attempt.key), to: $0) }
    case .storing(let keepers, let version):
      again = peers.filter { !keepers.contains($0) }
        .map { .send(.store(number, attempt.key, version), to: $0) }
    }
    let timer = Words.Timer.attempt(number)
    return (obey(.askedAgain) ? again : []) + [.set(timer, after: timer.patience)]
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    contents = obey(.contentsOutliveCrash) ? log.contents : Contents()
    last = obey(.attemptsOutliveCrash) ? log.attempted : 0
    return []
  }

  private func later(_ a: Version?, _ b: Version?) -> Version? {
    guard let a, let b else { return a ?? b }
    return a.tag < b.tag ? b : a
  }
}

extension QuorumReplica: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    let work = attempts.map { attempt in
      switch attempt.phase {
      case .querying(let told, _): "querying \(attempt.key), told by \(told.count)"
      case .storing(let kept, let version): "storing \(attempt.key) \(version) at \(kept.count)"
      }
    }
    return (["keeps \(contents)"] + work).joined(separator: "; ")
  }
}
