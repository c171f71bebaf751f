public import ProtocolCore

/// A session: the library of one client, which asks servers in its name and remembers what it has
/// seen.
///
/// What it has read under a key goes with what it writes there, so that a server knows what was
/// written over knowingly. Where guarantees are promised, what it has read and written goes with
/// each request, and a server that does not know of all that does not answer.
///
/// Source: Terry and others, "Session Guarantees for Weakly Consistent Replicated Data", PDIS 1994;
/// DeCandia and others 2007, 4.4, for the context.
public struct Session: Hashable, Sendable, Ruled {
  /// The servers that it asks, in turn.
  let servers: [NodeID]
  /// Whether it demands of servers what it has seen.
  let demands: Bool
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// What it has read, by key.
  public internal(set) var read: [Known] = []
  /// What it has written, by key.
  public internal(set) var written: [Known] = []
  /// How many attempts it has begun.
  var last = 0
  /// How many servers it has asked.
  var turn = 0
  /// What its client waits for.
  public internal(set) var open: [Open] = []

  /// What is known under a key.
  public struct Known: Hashable, Sendable {
    /// The key.
    public let key: String
    /// What.
    public internal(set) var clock: VersionVector
  }

  /// Something that it was asked.
  public struct Open: Hashable, Sendable {
    /// The number of the attempt.
    public let number: Int
    let client: RequestID
    let request: Words.Request
    /// What was read there when it was asked: what it writes over.
    let over: VersionVector
    /// How many servers were asked.
    var tried: Int

    /// Whether it is to delete.
    public var isDeletion: Bool {
      if case .delete = request { true } else { false }
    }
  }

  /// A session that has seen nothing.
  init(servers: [NodeID], demands: Bool, without: Set<Rule> = []) {
    self.servers = servers
    self.demands = demands
    self.without = without
  }
}

// MARK: Transitions

extension Session {
  /// Takes one event and returns what is to be done about it.
  mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log):
      last = log.attempted
      return []
    case .asked(let request, let client):
      last += 1
      let over = clock(of: request.key, in: read)
      open.append(Open(number: last, client: client, request: request, over: over, tried: 0))
      return [.persist(.attempted(last))] + ask(open.count - 1)
    case .received(.got(let number, let cell), _): return got(number, cell)
    case .received(.putDone(let number, let clock), _): return done(number, clock)
    case .received(.behind(let number), _):
      return open.firstIndex { $0.number == number }.map { askAnother($0) } ?? []
    case .expired(.attempt(let number)):
      guard obey(.anotherTried) else { return [] }
      return open.firstIndex { $0.number == number }.map { askAnother($0) } ?? []
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    // Nothing else was set; it needs no word when its number is on disk; there are no connections.
    case .expired, .stored, .disconnected: return []
    }
  }

  // begin session
  private mutating func ask(_ place: Int) -> [Effect<Words>] {
    let (number, request) = (open[place].number, open[place].request)
    let server = servers[turn % servers.count]
    turn = (turn + 1) % servers.count
    open[place].tried += 1
    let message: Words.Message =
      switch request {
      case .read(let key): .get(number, key, demands ? seen(key) : VersionVector())
      case .write(let key, let value): .put(number, key, value, open[place].over)
      case .delete(let key): .put(number, key, nil, open[place].over)
      }
    return [
      .send(message, to: server),
      .set(.attempt(number), after: Words.Timer.attempt(number).patience),
    ]
  }

  /// What a server must know of so that this client does not go back.
  private func seen(_ key: String) -> VersionVector {
    var seen = VersionVector()
    if obey(.sessionRemembersReads) { seen.merge(clock(of: key, in: read)) }
    if obey(.sessionRemembersWrites) { seen.merge(clock(of: key, in: written)) }
    return seen
  }
  // end session

  /// Asks the next server; a read that none can answer is refused.
  private mutating func askAnother(_ place: Int) -> [Effect<Words>] {
    guard open[place].tried >= servers.count else { return ask(place) }
    if case .read = open[place].request {
      let read = open.remove(at: place)
      return [.cancel(.attempt(read.number)), .reply(.refused, to: read.client)]
    }
    return ask(place)
  }

  private mutating func got(_ number: Int, _ cell: Cell) -> [Effect<Words>] {
    guard let place = open.firstIndex(where: { $0.number == number }),
      case .read(let key) = open[place].request
    else { return [] }  // answered before
    let asked = open.remove(at: place)
    Self.learn(cell.clock, key, in: &read)
    let values = Set(cell.values).sorted()
    return [.cancel(.attempt(number)), .reply(.values(values), to: asked.client)]
  }

  private mutating func done(_ number: Int, _ clock: VersionVector) -> [Effect<Words>] {
    guard let place = open.firstIndex(where: { $0.number == number }) else { return [] }
    let asked = open.remove(at: place)
    switch asked.request {
    case .read: break
    case .write(let key, _), .delete(let key): Self.learn(clock, key, in: &written)
    }
    return [.cancel(.attempt(number)), .reply(.done, to: asked.client)]
  }

  private func clock(of key: String, in known: [Known]) -> VersionVector {
    known.first { $0.key == key }?.clock ?? VersionVector()
  }

  private static func learn(_ clock: VersionVector, _ key: String, in known: inout [Known]) {
    var entry = known.first { $0.key == key } ?? Known(key: key, clock: VersionVector())
    entry.clock.merge(clock)
    known.removeAll { $0.key == key }
    known.append(entry)
    known.sort { $0.key < $1.key }
  }
}

extension Session: CustomStringConvertible {
  /// What it waits for, and has read.
  public var description: String {
    let seen = read.map { "\($0.key) \($0.clock)" }.joined(separator: ", ")
    return (read.isEmpty ? "has read nothing" : "has read \(seen)")
      + open.map { "; waits for \($0.request)" }.joined()
  }
}
