public import ProtocolCore

/// A process of the Synod, in any role.
public enum Node: Hashable, Sendable {
  /// It proposes.
  case proposer(Proposer)
  /// It votes.
  case acceptor(Acceptor)
  /// It learns.
  case learner(Learner)
}

extension Node: Machine {
  /// Hands the event to the role.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch self {
    case .proposer(var proposer):
      defer { self = .proposer(proposer) }
      return proposer.step(event)
    case .acceptor(var acceptor):
      defer { self = .acceptor(acceptor) }
      return acceptor.step(event)
    case .learner(var learner):
      defer { self = .learner(learner) }
      return learner.step(event)
    }
  }
}

extension Node: Ruled {
  /// The rules that the role does not obey.
  public var without: Set<Rule> {
    get {
      switch self {
      case .proposer(let proposer): proposer.without
      case .acceptor(let acceptor): acceptor.without
      case .learner(let learner): learner.without
      }
    }
    set {
      switch self {
      case .proposer(var proposer):
        proposer.without = newValue
        self = .proposer(proposer)
      case .acceptor(var acceptor):
        acceptor.without = newValue
        self = .acceptor(acceptor)
      case .learner(var learner):
        learner.without = newValue
        self = .learner(learner)
      }
    }
  }
}

extension Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .proposer(let proposer): proposer.description
    case .acceptor(let acceptor): acceptor.description
    case .learner(let learner): learner.description
    }
  }
}
