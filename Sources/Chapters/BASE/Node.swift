public import ProtocolCore

/// A server, or the session of a client.
public enum Node: Hashable, Sendable {
  /// It keeps cells.
  case replica(Replica)
  /// It asks servers.
  case session(Session)
}

extension Node: Machine {
  /// A server stamps what it writes.
  public static var readsClock: Bool { true }

  /// Hands the event to the role, at the beginning of time.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] { step(event, at: 0) }

  /// Hands the event to the role.
  public mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    switch self {
    case .replica(var replica):
      defer { self = .replica(replica) }
      return replica.step(event, at: reading)
    case .session(var session):
      defer { self = .session(session) }
      return session.step(event)
    }
  }
}

extension Node: Ruled {
  /// The rules that the role does not obey.
  public var without: Set<Rule> {
    get {
      switch self {
      case .replica(let replica): replica.without
      case .session(let session): session.without
      }
    }
    set {
      switch self {
      case .replica(var replica):
        replica.without = newValue
        self = .replica(replica)
      case .session(var session):
        session.without = newValue
        self = .session(session)
      }
    }
  }
}

extension Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .replica(let replica): replica.description
    case .session(let session): session.description
    }
  }
}
