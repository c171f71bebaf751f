public import ProtocolCore
import SharedStorage

/// A node of a store in which each answers for itself, and tells the others in the background.
///
/// Of two versions the one with the greater tag stays, so that all come to the same in the end.
///
/// Source: Gilbert, Lynch 2002, 3.2 (available, and trivially so); Thomas, TODS 4(2), 1979, whose
/// write rule keeps the later of two updates.
public struct LocalReplica: Hashable, Sendable, Keeping {
  /// Its name.
  public let id: NodeID
  /// The others.
  let peers: [NodeID]
  /// The rules that it does not obey.
  public var without: Set<Rule>
  /// What it keeps.
  public internal(set) var contents = Contents()

  /// A node that keeps nothing.
  init(_ id: NodeID, peers: [NodeID], without: Set<Rule> = []) {
    self.id = id
    self.peers = peers
    self.without = without
  }
}

extension LocalReplica: Machine {
  /// Takes one event and returns what is to be done about it.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch event {
    case .started(let log):
      contents = obey(.contentsOutliveCrash) ? log.contents : Contents()
      return [.set(.gossip, after: Words.Timer.gossip.patience)]
    // begin local
    case .asked(.read(let key), let client):
      return [.reply(.value(contents[key]?.value), to: client)]
    case .asked(.write(let key, let value), let client):
      let number = obey(.tagsRise) ? (contents[key]?.tag.number ?? 0) + 1 : 1
      let version = Version(Tag(number, obey(.tagsDiffer) ? id : ""), value)
      return keep(version, key)
        + [.reply(.done, to: client, release(.answerStoredFirst))]
        + peers.map { .send(.spread(contents), to: $0) }
    case .received(.spread(let all), _): return keep(all: all)
    case .expired(.gossip):
      guard obey(.gossiped) else { return [] }
      let told: [Effect<Words>] =
        contents.entries.isEmpty ? [] : peers.map { .send(.spread(contents), to: $0) }
      return told + [.set(.gossip, after: Words.Timer.gossip.patience)]
    // end local
    case .asked(.promote, let client): return [.reply(.refused, to: client)]
    case .received(let message, let sender): return [.note(.unexpected(message, from: sender))]
    // It waits for nothing else, and for no record; there are no connections, only datagrams.
    case .expired, .stored, .disconnected: return []
    }
  }
}

extension LocalReplica: CustomStringConvertible {
  /// What it keeps.
  public var description: String { "keeps \(contents)" }
}
