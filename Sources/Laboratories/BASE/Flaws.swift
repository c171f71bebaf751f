import BASE
import Lab
import ProtocolCore

/// Bugs that are not the absence of a rule: what goes wrong between a protocol and its code.
enum Flaws {
  static let nodeForgotten = Flaw<Node>(
    "nodeForgotten", "a vector that is sent forgets the writes of its sender",
    editing: { node, _, effect in
      guard case .replica(let replica) = node,
        case .send(.cells(let cells), let to, let release) = effect
      else { return [effect] }
      var all = Cells()
      for entry in cells.entries { all[entry.key] = entry.cell.forgetting(replica.id) }
      return [.send(.cells(all), to: to, release)]
    })

  static let collectedEarly = Flaw<Node>(
    "collectedEarly", "a tombstone is forgotten before all have it"
  ) { node, event in
    guard case .replica(let replica) = node, event == .expired(.gossip) else {
      return node.step(event)
    }
    var log: [Words.Record] = replica.cells.entries.filter { !$0.cell.values.isEmpty }
      .map { .kept($0.key, $0.cell) }
    let forgotten = replica.cells.entries.filter { $0.cell.values.isEmpty }
    guard !forgotten.isEmpty else { return node.step(event) }
    log += replica.hints.map { .hint($0.node, $0.key, $0.cell) }
    _ = node.step(.started(log))
    return forgotten.map { .persist(.kept($0.key, Cell())) } + node.step(event)
  }

  static let mergesByCount = Flaw<Node>(
    "mergesByCount", "of two cells the one that knows of more writes is taken whole",
    step: { node, event in
      guard case .replica(let replica) = node,
        case .received(.cells(let cells), let sender) = event
      else { return node.step(event) }
      var some = Cells()
      for entry in cells.entries where size(entry.cell) > size(replica.cells[entry.key]) {
        some[entry.key] = entry.cell
      }
      node.without.insert(.concurrentKept)
      defer { node.without.remove(.concurrentKept) }
      return node.step(.received(.cells(some), from: sender))
    })

  private static func size(_ cell: Cell) -> Int { cell.clock.entries.reduce(0) { $0 + $1.count } }

  static let contextIsServers = Flaw<Node>(
    "contextIsServers", "a write is over all that the server has, and not what the client saw"
  ) { node, event in
    guard case .replica(let replica) = node,
      case .received(.put(let number, let key, let value, _), let session) = event
    else { return node.step(event) }
    return node.step(
      .received(.put(number, key, value, replica.cells[key].clock), from: session))
  }

  static let hintTakenForOwn = Flaw<Node>(
    "hintTakenForOwn", "a spare takes what it is to keep for another for its own",
    step: { node, event in
      guard case .received(.store(let number, let key, let cell, _?), let sender) = event else {
        return node.step(event)
      }
      return node.step(.received(.store(number, key, cell, hint: nil), from: sender))
    })

  static let leavesNotCompared = Flaw<Node>(
    "leavesNotCompared", "where roots differ only the first bucket is looked into"
  ) { node, event in
    guard case .received(.leaves(let hashes), let sender) = event, case .replica(let replica) = node
    else { return node.step(event) }
    let own = MerkleTree(replica.cells).leaves
    return node.step(
      .received(.leaves(Array(hashes.prefix(1)) + own.dropFirst()), from: sender))
  }

  static let siblingsAddedUp = Flaw<Node>(
    "siblingsAddedUp", "a session makes one value of several by adding them up",
    editing: { _, _, effect in
      guard case .reply(.values(let values), let client, let release) = effect, values.count > 1
      else { return [effect] }
      return [.reply(.values([values.reduce(0, +)]), to: client, release)]
    })

  static let behindAnswersAnyway = Flaw<Node>(
    "behindAnswersAnyway", "a server that is behind a session answers with what it has",
    editing: { node, event, effect in
      guard case .replica(let replica) = node,
        case .received(.get(let number, let key, _), _) = event,
        case .send(.behind, let to, let release) = effect
      else { return [effect] }
      return [.send(.got(number, replica.cells[key]), to: to, release)]
    })

  static let deletionNotLearned = Flaw<Node>(
    "deletionNotLearned", "a session does not learn what a server knows after its deletion"
  ) { node, event in
    guard case .session(let session) = node,
      case .received(.putDone(let number, _), let server) = event,
      session.open.contains(where: { $0.number == number && $0.isDeletion })
    else { return node.step(event) }
    return node.step(.received(.putDone(number, VersionVector()), from: server))
  }

  static let earlierStampKept = Flaw<Node>(
    "earlierStampKept", "of two cells the value with the earlier stamp stays",
    step: { node, event in
      guard case .replica(let replica) = node,
        case .received(.cells(let cells), let sender) = event
      else { return node.step(event) }
      var first = Cells()
      for entry in cells.entries {
        let (own, other) = (replica.cells[entry.key], entry.cell)
        guard let here = own.siblings.first, let there = other.siblings.first, here != there else {
          first[entry.key] = other
          continue
        }
        var cell = own
        cell.merge(other)
        cell.keep((here.stamp, here.dot) < (there.stamp, there.dot) ? here : there)
        first[entry.key] = cell
      }
      node.without.insert(.concurrentKept)
      defer { node.without.remove(.concurrentKept) }
      return node.step(.received(.cells(first), from: sender))
    })
}
