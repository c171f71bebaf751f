public import ProtocolCore

extension PaxosCommit {
  /// A process of Paxos Commit, in either role.
  public enum Node: Hashable, Sendable {
    /// It remembers votes, and may lead.
    case acceptor(Acceptor)
    /// It votes.
    case participant(Participant)
  }
}

extension PaxosCommit.Node: Machine {
  /// Hands the event to the role.
  public mutating func step(_ event: Event<PaxosCommit.Words>) -> [Effect<PaxosCommit.Words>] {
    switch self {
    case .acceptor(var acceptor):
      defer { self = .acceptor(acceptor) }
      return acceptor.step(event)
    case .participant(var participant):
      defer { self = .participant(participant) }
      return participant.step(event)
    }
  }
}

extension PaxosCommit.Node: Ruled {
  /// The rules that the role does not obey.
  public var without: Set<PaxosCommit.Rule> {
    get {
      switch self {
      case .acceptor(let acceptor): acceptor.without
      case .participant(let participant): participant.without
      }
    }
    set {
      switch self {
      case .acceptor(var acceptor):
        acceptor.without = newValue
        self = .acceptor(acceptor)
      case .participant(var participant):
        participant.without = newValue
        self = .participant(participant)
      }
    }
  }
}

extension PaxosCommit.Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .acceptor(let acceptor): acceptor.description
    case .participant(let participant): participant.description
    }
  }
}
