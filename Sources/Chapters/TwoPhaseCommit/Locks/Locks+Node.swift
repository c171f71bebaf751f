public import ProtocolCore

extension Locks {
  /// A process, in either role.
  public enum Node: Hashable, Sendable {
    /// It leads a transaction.
    case lead(Lead)
    /// It keeps an item.
    case site(Site)
  }
}

extension Locks.Node: Machine {
  /// Hands the event to the role.
  public mutating func step(_ event: Event<Locks.Words>) -> [Effect<Locks.Words>] {
    switch self {
    case .lead(var lead):
      defer { self = .lead(lead) }
      return lead.step(event)
    case .site(var site):
      defer { self = .site(site) }
      return site.step(event)
    }
  }
}

extension Locks.Node: Ruled {
  /// The rules that the role does not obey.
  public var without: Set<Locks.Rule> {
    get {
      switch self {
      case .lead(let lead): lead.without
      case .site(let site): site.without
      }
    }
    set {
      switch self {
      case .lead(var lead):
        lead.without = newValue
        self = .lead(lead)
      case .site(var site):
        site.without = newValue
        self = .site(site)
      }
    }
  }
}

extension Locks.Node: CustomStringConvertible {
  /// Where it stands.
  public var description: String {
    switch self {
    case .lead(let lead): "\(lead.coordinator)"
    case .site(let site): "\(site)"
    }
  }
}
