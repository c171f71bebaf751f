public import ProtocolCore
import SharedStorage

/// A node of a store that is atomic as long as no message is lost, and answers all the same when
/// some are.
///
/// One node is the centre, and orders all writes. The others ask it, and send it what they write;
/// when no answer comes in time a message must have been lost, since the network is known to be so
/// fast: then they answer by what they know, and go on sending what they wrote until it has
/// arrived.
///
/// Source: Gilbert, Lynch 2002, 4, the modified centralized algorithm: t-connected
/// consistency. No node fails there.
public struct ConnectedReplica: Hashable, Sendable, Keeping {
  /// Its name.
  public let id: NodeID
  /// The others.
  let peers: [NodeID]
  /// The node that orders all writes.
  public let centre: NodeID
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// The best that it knows; at the centre, what is.
  public internal(set) var contents = Contents()
  /// How many attempts it has begun.
  var last = 0
  /// The reads that wait for the centre.
  var reads: [Read] = []
  /// What it wrote and the centre has not said to have, in order.
  public internal(set) var unsent: [Write] = []
  /// At the centre: how many writes of each other node are done.
  var done: [Int]
  /// At the centre: what came before what its node had written earlier.
  var early: [Early] = []
  /// How many writes it has begun.
  var written = 0

  struct Early: Hashable {
    let node: NodeID
    let number: Int
    let key: String
    let value: Int
  }

  struct Read: Hashable {
    let number: Int
    let key: String
    let client: RequestID
  }

  /// Something that it wrote.
  public struct Write: Hashable, Sendable {
    /// Which of its writes.
    public let number: Int
    let key: String
    let value: Int
    /// Who waits for it; nobody when it is answered.
    var client: RequestID?
  }

  /// A node that knows nothing.
  init(_ id: NodeID, peers: [NodeID], centre: NodeID, without: Set<Rule> = []) {
    self.id = id
    self.peers = peers
    self.centre = centre
    self.without = without
    done = peers.map { _ in 0 }
  }
}

// MARK: Transitions

extension ConnectedReplica: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started: return []
    case .asked(.read(let key), let client): return read(key, for: client)
    case .asked(.write(let key, let value), let client):
      return id == centre
        ? order(key, value) + [.reply(.done, to: client)]
        : submit(key, value, for: client)
    case .asked(.promote, let client): return [.reply(.refused, to: client)]
    case .received(.ask(let number, _), let sender) where id == centre:
      return [.send(.tell(number, contents, done: done(of: sender)), to: sender)]
    case .received(.submit(let number, let key, let value), let sender) where id == centre:
      return accept(number, key, value, from: sender)
    case .received(.tell(let number, let all, let done), centre):
      return learn(all, done) + answer(number)
    case .received(.submitted(let number, let all), centre): return learn(all, number)
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    case .expired(.attempt(let number)): return answerAnyway(number)
    case .expired(.resend): return resend()
    case .expired(.gossip): return spread()
    // Nothing is written down, and nobody joins; there are no connections, only datagrams.
    case .expired(.join), .stored, .disconnected: return []
    }
  }

  private mutating func read(_ key: String, for client: RequestID) -> [Effect<Words>] {
    guard id != centre, obey(.centreAsked) else {
      return [.reply(.value(contents[key]?.value), to: client)]
    }
    last += 1
    reads.append(Read(number: last, key: key, client: client))
    let timer = Words.Timer.attempt(last)
    return [.send(.ask(last, key), to: centre), .set(timer, after: timer.patience)]
  }

  // begin connected
  private mutating func submit(
    _ key: String, _ value: Int, for client: RequestID
  ) -> [Effect<Words>] {
    written += 1
    unsent.append(Write(number: written, key: key, value: value, client: client))
    return [
      .send(.submit(written, key, value), to: centre),
      .set(.resend, after: Words.Timer.resend.patience),
    ]
  }

  /// No answer has come in time: a message was lost.
  private mutating func answerAnyway(_ number: Int) -> [Effect<Words>] {
    guard let place = reads.firstIndex(where: { $0.number == number }), obey(.answeredAnyway)
    else { return [] }
    let read = reads.remove(at: place)
    return [.reply(.value(best(read.key)), to: read.client)]
  }

  /// What it wrote and the centre may not have; else the best that it was told.
  private func best(_ key: String) -> Int? {
    // What is not answered yet may take effect later; what was answered anyway it has to see.
    let own =
      obey(.ownWritesSeen) ? unsent.last { $0.key == key && $0.client == nil }?.value : nil
    return own ?? contents[key]?.value
  }

  private mutating func answer(_ number: Int) -> [Effect<Words>] {
    guard let place = reads.firstIndex(where: { $0.number == number }) else { return [] }
    let read = reads.remove(at: place)
    return [.cancel(.attempt(number)), .reply(.value(best(read.key)), to: read.client)]
  }

  /// Says that its writes are done, and goes on sending them.
  private mutating func resend() -> [Effect<Words>] {
    guard !unsent.isEmpty else { return [] }
    var effects: [Effect<Words>] = []
    for place in unsent.indices {
      if let client = unsent[place].client, obey(.answeredAnyway) {
        effects.append(.reply(.done, to: client))
        unsent[place].client = nil
      }
    }
    guard obey(.askedAgain) else { return effects }
    return effects
      + unsent.map { .send(.submit($0.number, $0.key, $0.value), to: centre) }
      + [.set(.resend, after: Words.Timer.resend.patience)]
  }

  private mutating func forget(upTo number: Int) -> [Effect<Words>] {
    let arrived = unsent.filter { $0.number <= number }
    unsent.removeAll { $0.number <= number }
    return (unsent.isEmpty && !arrived.isEmpty ? [.cancel(.resend)] : [])
      + arrived.compactMap(\.client).map { .reply(.done, to: $0) }
  }
  // end connected
}

// MARK: The centre

extension ConnectedReplica {
  private mutating func order(_ key: String, _ value: Int) -> [Effect<Words>] {
    contents[key] = Version(Tag(contents.number + 1, id), value)
    return tellAll()
  }

  /// Tells all what it keeps, and each how many of its writes are done.
  private func tellAll() -> [Effect<Words>] {
    peers.map { .send(.submitted(done(of: $0), contents), to: $0) }
      + [.set(.gossip, after: Words.Timer.gossip.patience)]
  }

  private func done(of node: NodeID) -> Int { peers.firstIndex(of: node).map { done[$0] } ?? 0 }

  /// Does the next write of a node, and those behind it that came early; what is doubled was done.
  private mutating func accept(
    _ number: Int, _ key: String, _ value: Int, from sender: NodeID
  ) -> [Effect<Words>] {
    guard let place = peers.firstIndex(of: sender) else { return [] }
    guard obey(.writesDoneOnce) else {
      done[place] = max(number, done[place])
      return order(key, value)
    }
    guard number > done[place] else {
      return [.send(.submitted(done[place], contents), to: sender)]
    }
    early.removeAll { $0.node == sender && $0.number == number }
    early.append(Early(node: sender, number: number, key: key, value: value))
    early.sort { ($0.node, $0.number) < ($1.node, $1.number) }
    var effects: [Effect<Words>] = []
    while let next = early.firstIndex(where: { $0.node == sender && $0.number == done[place] + 1 })
    {
      let write = early.remove(at: next)
      done[place] = write.number
      effects = order(write.key, write.value)
    }
    return effects
  }

  /// Tells all, for as long as anything was written: nobody says whether it has arrived.
  private func spread() -> [Effect<Words>] {
    guard obey(.gossiped) else { return [] }
    return tellAll()
  }

  /// Knows what the centre keeps, and which of its own writes are among that.
  ///
  /// Nothing is written down: no node fails.
  private mutating func learn(_ all: Contents, _ done: Int) -> [Effect<Words>] {
    for entry in all.entries { _ = keep(entry.version, entry.key) }
    return forget(upTo: done)
  }
}

extension ConnectedReplica: CustomStringConvertible {
  /// What it knows.
  public var description: String {
    let open = unsent.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    return (id == centre ? "the centre, keeps " : "knows ") + contents.description
      + (unsent.isEmpty ? "" : "; has sent \(open)")
  }
}
