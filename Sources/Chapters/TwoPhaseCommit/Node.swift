public import ProtocolCore

/// A process of the protocol, in any role.
public enum Node: Hashable, Sendable {
  /// It asks for votes, decides and tells.
  case coordinator(Coordinator)
  /// It votes.
  case participant(Participant)
  /// It stands in a line, in linear two-phase commit.
  case chained(Chained)
  /// It votes to all and decides by itself, in decentralized two-phase commit.
  case peer(Peer)
}

extension Node: Machine {
  /// Hands the event to the role.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch self {
    case .coordinator(var coordinator):
      defer { self = .coordinator(coordinator) }
      return coordinator.step(event)
    case .participant(var participant):
      defer { self = .participant(participant) }
      return participant.step(event)
    case .chained(var chained):
      defer { self = .chained(chained) }
      return chained.step(event)
    case .peer(var peer):
      defer { self = .peer(peer) }
      return peer.step(event)
    }
  }
}

extension Node: Ruled {
  /// The rules that the role does not obey.
  public var without: Set<Rule> {
    get {
      switch self {
      case .coordinator(let coordinator): coordinator.without
      case .participant(let participant): participant.without
      case .chained(let chained): chained.without
      case .peer(let peer): peer.without
      }
    }
    set {
      switch self {
      case .coordinator(var coordinator):
        coordinator.without = newValue
        self = .coordinator(coordinator)
      case .participant(var participant):
        participant.without = newValue
        self = .participant(participant)
      case .chained(var chained):
        chained.without = newValue
        self = .chained(chained)
      case .peer(var peer):
        peer.without = newValue
        self = .peer(peer)
      }
    }
  }
}

extension Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .coordinator(let coordinator): coordinator.description
    case .participant(let participant): participant.description
    case .chained(let chained): chained.description
    case .peer(let peer): peer.description
    }
  }
}
