public import ProtocolCore

/// A node of any store of this chapter.
public enum Node: Hashable, Sendable {
  /// Of one with quorums.
  case quorum(QuorumReplica)
  /// Of one with a primary and backups.
  case primary(PrimaryReplica)
  /// Of one that assumes no partition.
  case copies(AvailableCopies)
  /// Of one in which each answers for itself.
  case local(LocalReplica)
  /// Of one with a centre.
  case connected(ConnectedReplica)
}

extension Node: Machine {
  /// Hands the event to the node.
  public mutating func step(_ event: Event<Words>) -> [Effect<Words>] {
    switch self {
    case .quorum(var node):
      defer { self = .quorum(node) }
      return node.step(event)
    case .primary(var node):
      defer { self = .primary(node) }
      return node.step(event)
    case .copies(var node):
      defer { self = .copies(node) }
      return node.step(event)
    case .local(var node):
      defer { self = .local(node) }
      return node.step(event)
    case .connected(var node):
      defer { self = .connected(node) }
      return node.step(event)
    }
  }
}

extension Node: Ruled {
  /// The rules that the node does not obey.
  public var without: Set<Rule> {
    get {
      switch self {
      case .quorum(let node): node.without
      case .primary(let node): node.without
      case .copies(let node): node.without
      case .local(let node): node.without
      case .connected(let node): node.without
      }
    }
    set {
      switch self {
      case .quorum(var node):
        node.without = newValue
        self = .quorum(node)
      case .primary(var node):
        node.without = newValue
        self = .primary(node)
      case .copies(var node):
        node.without = newValue
        self = .copies(node)
      case .local(var node):
        node.without = newValue
        self = .local(node)
      case .connected(var node):
        node.without = newValue
        self = .connected(node)
      }
    }
  }
}

extension Node {
  /// What the node keeps.
  public var contents: Contents {
    switch self {
    case .quorum(let node): node.contents
    case .primary(let node): node.contents
    case .copies(let node): node.contents
    case .local(let node): node.contents
    case .connected(let node): node.contents
    }
  }
}

extension Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .quorum(let node): node.description
    case .primary(let node): node.description
    case .copies(let node): node.description
    case .local(let node): node.description
    case .connected(let node): node.description
    }
  }
}
