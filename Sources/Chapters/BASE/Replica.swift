public import ProtocolCore

/// A server: it keeps cells, and does with the others what sessions ask.
///
/// Sources: DeCandia and others 2007; Demers and others 1987 for what goes on in the background.
public struct Replica: Hashable, Sendable, Ruled {
  /// Its name.
  public let id: NodeID
  /// The other servers that keep every key.
  let peers: [NodeID]
  /// Those that stand in for a server that is not reached.
  let spares: [NodeID]
  /// The form of the store.
  let variant: Variant
  /// How many must keep a write, and be asked for a read.
  let quorum: Int
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// What it keeps.
  public internal(set) var cells = Cells()
  /// What it keeps for others, by node.
  public internal(set) var hints: [Hint] = []
  /// How many attempts it has begun.
  var last = 0
  /// What it does with others for a session.
  public internal(set) var attempts: [Attempt] = []

  /// What is kept for another.
  public struct Hint: Hashable, Sendable {
    /// For whom.
    public let node: NodeID
    /// Under which key.
    public let key: String
    /// What.
    public internal(set) var cell: Cell
    /// The attempt in which it was handed over last; zero before.
    var attempt = 0
    /// What was handed over then.
    var sent = VersionVector()
  }

  /// Something that several servers do.
  public struct Attempt: Hashable, Sendable {
    /// Its number here, and at its session.
    public let number: Int
    let session: NodeID
    let asked: Int
    let key: String
    /// What was told so far, or is to be kept.
    var cell: Cell
    /// Who has told which cell, or keeps it.
    public internal(set) var answers: [Answer]
    let isRead: Bool
    var isAnswered = false
    /// For whom which spares were asked to keep it.
    var hinted: [Hinted] = []
  }

  struct Hinted: Hashable {
    let spare: NodeID
    let node: NodeID
  }

  /// An answer.
  public struct Answer: Hashable, Sendable {
    /// Who.
    public let node: NodeID
    /// What it keeps.
    public let cell: Cell
  }

  /// A server that keeps nothing.
  init(
    _ id: NodeID, peers: [NodeID], spares: [NodeID], variant: Variant, without: Set<Rule> = []
  ) {
    self.id = id
    self.peers = peers
    self.spares = spares
    self.variant = variant
    let hasQuorums = variant == .sloppy || variant == .readRepair
    quorum = hasQuorums ? (peers.count + 1) / 2 + 1 : 1
    self.without = without
  }
}

// MARK: Transitions

extension Replica {
  /// Takes one event and what the clock reads; returns what is to be done.
  mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    switch event {
    case .started(let log): return recover(from: log)
    case .received(let message, let sender): return receive(message, from: sender, at: reading)
    case .expired(.gossip): return gossip()
    case .expired(.handoff): return handOff()
    case .expired(.attempt(let number)): return standIn(number)
    case .asked(_, let client): return [.reply(.refused, to: client)]
    // Its own record counts when an answer leaves, which waits for it; there are no connections.
    case .stored, .disconnected: return []
    }
  }

  private mutating func receive(
    _ message: Words.Message, from sender: NodeID, at reading: Ticks
  ) -> [Effect<Words>] {
    switch message {
    case .get(let asked, let key, let seen): get(asked, key, seen, for: sender)
    case .put(let asked, let key, let value, let seen):
      put(asked, key, value, seen, for: sender, at: reading)
    case .store(let number, let key, let cell, nil):
      merge(cell, key) + [.send(.stored(number, hint: nil), to: sender, release(.cellStoredFirst))]
    case .store(let number, let key, let cell, let node?):
      keep(cell, key, for: node, number, sender)
    case .stored(let number, let node): count(number, sender, hint: node)
    case .query(let number, let key): [.send(.answer(number, key, held(key)), to: sender)]
    case .answer(let number, let key, let cell): count(number, key, cell, sender)
    case .root(let hash): compare(hash, with: sender)
    case .leaves(let hashes): compare(hashes, with: sender)
    case .cells(let all): take(all)
    case .got, .putDone, .behind: [.note(.unexpected(message, from: sender))]
    }
  }
}

// MARK: Sessions

extension Replica {
  private mutating func get(
    _ asked: Int, _ key: String, _ seen: VersionVector, for session: NodeID
  ) -> [Effect<Words>] {
    guard require(.sessionsChecked, cells[key].clock.covers(seen)) else {
      return [.send(.behind(asked), to: session)]
    }
    guard quorum > 1 else { return [.send(.got(asked, cells[key]), to: session)] }
    return begin(asked, key, cells[key], isRead: true, for: session)
      + peers.map { .send(.query(last, key), to: $0) }
  }

  // begin put
  private mutating func put(
    _ asked: Int, _ key: String, _ value: Int?, _ seen: VersionVector, for session: NodeID,
    at reading: Ticks
  ) -> [Effect<Words>] {
    var cell = cells[key]
    switch variant {
    case .mergedClocks: cell.writeWithoutDots(value, over: seen, at: id)
    case .lastWriterWins:
      cell.writeStamped(value, at: id, stamp: reading.count)
      if obey(.laterStampWins) { cell.keepLast() }
    case .siblings, .sloppy, .sessions, .readRepair:
      cell.write(value, over: seen, at: id, keepsSeen: !obey(.seenRemoved))
    }
    if value == nil, !obey(.tombstoneKept), cell.values.isEmpty { cell = Cell() }
    let kept =
      keep(cell, key)
      + (variant == .lastWriterWins ? [.note(.took(key, value, Dot(id, cell.clock[id])))] : [])
    guard quorum > 1, obey(.writeQuorumKeeps) else {
      return kept
        + [.send(.putDone(asked, cell.clock), to: session, release(.cellStoredFirst))]
        + peers.map { .send(.cells(Cells(key, cell)), to: $0) }
    }
    return kept + begin(asked, key, cell, isRead: false, for: session)
      + keepers.map { .send(.store(last, key, cell, hint: nil), to: $0) }
  }
  // end put

  /// The others that are to keep a write; where reads repair, no more than must.
  private var keepers: [NodeID] {
    variant == .readRepair ? Array(peers.prefix(quorum - 1)) : peers
  }

  private mutating func begin(
    _ asked: Int, _ key: String, _ cell: Cell, isRead: Bool, for session: NodeID
  ) -> [Effect<Words>] {
    last += 1
    attempts.append(
      Attempt(
        number: last, session: session, asked: asked, key: key, cell: cell,
        answers: [Answer(node: id, cell: cell)], isRead: isRead))
    let timer = Words.Timer.attempt(last)
    return [.persist(.attempted(last)), .set(timer, after: timer.patience)]
  }
}

// MARK: Cells

extension Replica {
  private mutating func keep(_ cell: Cell, _ key: String) -> [Effect<Words>] {
    guard cells[key] != cell else { return [] }
    cells[key] = cell
    return [.persist(.kept(key, cell))]
  }

  /// Comes to keep what another keeps as well.
  private mutating func merge(_ other: Cell, _ key: String) -> [Effect<Words>] {
    keep(merged(cells[key], other), key)
  }

  private func merged(_ cell: Cell, _ other: Cell) -> Cell {
    guard obey(.concurrentKept) else { return cell.clock.covers(other.clock) ? cell : other }
    var both = cell
    if variant == .lastWriterWins, !obey(.laterStampWins) {
      both.merge(other)
    } else {
      both.merge(other, as: variant)
    }
    return both
  }

  private mutating func recover(from log: [Words.Record]) -> [Effect<Words>] {
    cells = obey(.cellsOutliveCrash) ? log.cells : Cells()
    last = log.attempted
    for case .hint(let node, let key, let cell) in log
    where obey(.hintsOutliveCrash) && !cell.isEmpty {
      hints.append(Hint(node: node, key: key, cell: cell))
    }
    let timers: [Effect<Words>] =
      variant == .readRepair ? [] : [.set(.gossip, after: Words.Timer.gossip.patience)]
    return hints.isEmpty
      ? timers : timers + [.set(.handoff, after: Words.Timer.handoff.patience)]
  }
}

// MARK: Several servers

extension Replica {
  /// Counts a server that keeps what was written, or what was handed to it.
  private mutating func count(
    _ number: Int, _ sender: NodeID, hint node: NodeID?
  ) -> [Effect<Words>] {
    if let place = hints.firstIndex(where: { $0.attempt == number && $0.node == sender }) {
      let hint = hints.remove(at: place)
      return [
        .persist(.hint(hint.node, hint.key, Cell())),
        .note(.handedOff(sender, hint.key, hint.sent)),
      ]
    }
    guard let place = attempts.firstIndex(where: { $0.number == number && !$0.isRead }),
      !attempts[place].answers.contains(where: { $0.node == sender })
    else { return [] }  // late, or doubled
    attempts[place].answers.append(Answer(node: sender, cell: attempts[place].cell))
    var notes: [Effect<Words>] = []
    if let node = node ?? attempts[place].hinted.first(where: { $0.spare == sender })?.node {
      notes = [.note(.hinted(sender, for: node, attempts[place].key, attempts[place].cell.clock))]
    }
    guard attempts[place].answers.count >= quorum else { return notes }
    let attempt = attempts.remove(at: place)
    return notes + [
      .cancel(.attempt(number)),
      .send(.putDone(attempt.asked, attempt.cell.clock), to: attempt.session),
    ]
  }

  // begin repair
  /// Counts a server that has told its cell; answers when there are enough, and tells those whose
  /// cell was old.
  private mutating func count(
    _ number: Int, _ key: String, _ cell: Cell, _ sender: NodeID
  ) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number && $0.isRead }),
      !attempts[place].answers.contains(where: { $0.node == sender })
    else { return [] }  // late, or doubled
    attempts[place].answers.append(Answer(node: sender, cell: cell))
    let all = merged(attempts[place].cell, cell)
    attempts[place].cell = all
    var effects: [Effect<Words>] = []
    if !attempts[place].isAnswered, attempts[place].answers.count >= quorum {
      attempts[place].isAnswered = true
      effects = [.send(.got(attempts[place].asked, all), to: attempts[place].session)]
    }
    guard attempts[place].isAnswered else { return [] }
    let told = attempts[place].answers.filter { peers.contains($0.node) }
    let old = told.filter { $0.cell != all }
    let number = attempts[place].number
    if told.count == peers.count {
      attempts.remove(at: place)
      effects.append(.cancel(.attempt(number)))
    }
    guard obey(.readRepaired) else { return effects }
    return effects + merge(all, key)
      + old.map { .send(.store(number, key, all, hint: nil), to: $0.node) }
  }
  // end repair

  // begin sloppy
  /// What it keeps of a key, for itself or for others.
  private func held(_ key: String) -> Cell {
    var all = cells[key]
    for hint in hints where hint.key == key { all.merge(hint.cell) }
    return all
  }

  /// Has spares keep for others what these have not said to keep, and answer reads in their place;
  /// and asks them again.
  private mutating func standIn(_ number: Int) -> [Effect<Words>] {
    guard let place = attempts.firstIndex(where: { $0.number == number }) else { return [] }
    let attempt = attempts[place]
    let timer = Words.Timer.attempt(number)
    let asked = attempt.isRead ? peers : keepers
    let missing = asked.filter { peer in !attempt.answers.contains { $0.node == peer } }
    let pairs = variant == .sloppy ? zip(missing, spares).map { ($0, $1) } : []
    guard !attempt.isRead else {
      return (missing + pairs.map { $1 }).map { .send(.query(number, attempt.key), to: $0) }
        + [.set(timer, after: timer.patience)]
    }
    for pair in pairs.map({ Hinted(spare: $1, node: $0) })
    where !attempts[place].hinted.contains(pair) {
      attempts[place].hinted.append(pair)
    }
    return pairs.map { .send(.store(number, attempt.key, attempt.cell, hint: $0), to: $1) }
      + missing.map { .send(.store(number, attempt.key, attempt.cell, hint: nil), to: $0) }
      + [.set(timer, after: timer.patience)]
  }

  private mutating func keep(
    _ cell: Cell, _ key: String, for node: NodeID, _ number: Int, _ sender: NodeID
  ) -> [Effect<Words>] {
    let timer: [Effect<Words>] =
      hints.isEmpty ? [.set(.handoff, after: Words.Timer.handoff.patience)] : []
    let place = hints.firstIndex { $0.node == node && $0.key == key }
    var hint = place.map { hints[$0] } ?? Hint(node: node, key: key, cell: Cell())
    hint.cell.merge(cell)
    hint.attempt = 0  // what was handed over is not all any more
    if let place { hints[place] = hint } else { hints.append(hint) }
    hints.sort { ($0.node, $0.key) < ($1.node, $1.key) }
    return timer + [
      .persist(.hint(node, key, hint.cell)),
      .send(.stored(number, hint: node), to: sender, release(.hintStoredFirst)),
    ]
  }

  /// Hands what it keeps for others to them.
  private mutating func handOff() -> [Effect<Words>] {
    guard !hints.isEmpty, obey(.hintsHandedOff) else { return [] }
    var effects: [Effect<Words>] = []
    for place in hints.indices {
      last += 1
      hints[place].attempt = last
      hints[place].sent = hints[place].cell.clock
      effects += [
        .persist(.attempted(last)),
        .send(.store(last, hints[place].key, hints[place].cell, hint: nil), to: hints[place].node),
      ]
    }
    if !obey(.hintKeptUntilStored) {
      effects += hints.map { .persist(.hint($0.node, $0.key, Cell())) }
      hints = []
      return effects
    }
    return effects + [.set(.handoff, after: Words.Timer.handoff.patience)]
  }
  // end sloppy
}

// MARK: In the background

extension Replica {
  // begin gossip
  private func gossip() -> [Effect<Words>] {
    guard obey(.gossiped) else { return [] }
    return peers.map { .send(.root(MerkleTree(cells).root), to: $0) }
      + [.set(.gossip, after: Words.Timer.gossip.patience)]
  }

  private func compare(_ root: UInt64, with peer: NodeID) -> [Effect<Words>] {
    let own = MerkleTree(cells)
    return own.root == root ? [] : [.send(.leaves(own.leaves), to: peer)]
  }

  private func compare(_ leaves: [UInt64], with peer: NodeID) -> [Effect<Words>] {
    let differing = MerkleTree(cells).differences(from: MerkleTree(leaves: leaves)).buckets
    guard !differing.isEmpty else { return [] }
    return [.send(.cells(cells.within(differing)), to: peer)]
  }

  private mutating func take(_ all: Cells) -> [Effect<Words>] {
    all.entries.flatMap { merge($0.cell, $0.key) }
  }
  // end gossip
}

extension Replica: CustomStringConvertible {
  /// What it keeps.
  public var description: String {
    "keeps \(cells)" + hints.map { ", for \($0.node) \($0.key) \($0.cell)" }.joined()
  }
}
