public import ProtocolCore

/// A process of the protocol, in either role.
public enum Node: Hashable, Sendable {
  /// It decides.
  case coordinator(Coordinator)
  /// It votes.
  case participant(Participant)
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
    }
  }
}
