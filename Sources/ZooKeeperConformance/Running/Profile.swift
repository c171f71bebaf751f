public import ZooKeeper

/// What a target is and can, as probing found it.
public struct Profile: Hashable, Sendable {
  /// What it has.
  public var capabilities: Set<Capability>
  /// The milliseconds of a tick, as far as session timeouts tell.
  public var tick: Int64
  /// The shortest session timeout that it grants, in milliseconds.
  public var shortest: Int32
  /// The longest.
  public var longest: Int32
  /// Whether only a part of the server's tree is given to us.
  public var isConfined = false

  /// The profile of these parts.
  public init(capabilities: Set<Capability>, tick: Int64, shortest: Int32, longest: Int32) {
    self.capabilities = capabilities
    self.tick = tick
    self.shortest = shortest
    self.longest = longest
  }

  /// The edition that it behaves like: the newest of which it has anything.
  ///
  /// Never its version string. 3.7 and 3.8 cannot be told apart by asking, and count as 3.8.
  public var edition: Edition {
    capabilities.compactMap(\.edition).max() ?? Edition(3, 4)
  }

  /// Whether it only reads, so that little else can be found out.
  public var isReadOnly: Bool { capabilities.contains(.readOnly) }

  /// What its edition has and it lacks.
  public var missing: [Capability] {
    if isReadOnly { return [] }
    return Capability.allCases.filter { capability in
      guard let since = capability.edition ?? capability.patch else { return false }
      return since <= edition && !capabilities.contains(capability)
    }
  }

  /// Why a case is not for this target; nil if it is.
  package func reasonAgainst(_ each: ServiceCase) -> String? {
    if !each.editions.contains(edition) {
      return "holds for editions \(each.editions), and the target behaves like \(edition)"
    }
    if isConfined, each.asksTheRoot {
      return "asks the server's root, and the target is a node below it"
    }
    if isReadOnly, !each.isForReadOnly { return "writes, and the target only reads" }
    for need in each.needs where !capabilities.contains(where: { $0.rawValue == need }) {
      return "needs \(Capability(rawValue: need) == .readOnly ? Capability.readOnly.words : need)"
    }
    for other in each.unless where capabilities.contains(where: { $0.rawValue == other }) {
      return "holds for servers without \(other)"
    }
    return nil
  }

  /// How it answers where editions differ: as its edition does, but for what was asked.
  ///
  /// 3.7 and 3.8 cannot be told apart, and count as 3.8.
  public var dialect: Dialect {
    let numbers = "\(edition)."
    var dialect =
      Dialect.editions.first { $0.edition.hasPrefix(numbers) }?.dialect ?? .reference
    dialect.existsNeedsRead = capabilities.contains(.existsNeedsRead)
    dialect.eventsNeedRead = capabilities.contains(.eventsNeedRead)
    dialect.create2InMultiHasStat = capabilities.contains(.multiStats)
    dialect.ipPrefixes = capabilities.contains(.ipPrefixes)
    dialect.ipVersion6 = capabilities.contains(.ipVersion6)
    dialect.notificationsCarryZxid = capabilities.contains(.eventZxid)
    dialect.watchModesAreIndependent = capabilities.contains(.watchModes)
    dialect.checksOwnWatches = capabilities.contains(.ownWatches)
    dialect.refusesUnknownNames = capabilities.contains(.saslNames)
    dialect.hasTTL = capabilities.contains(.ttl)
    dialect.enforcesQuotas = capabilities.contains(.hardQuotas)
    dialect.hasSASL = capabilities.contains(.schemeSASL)
    dialect.hasX509 = capabilities.contains(.schemeX509)
    return dialect
  }

  package var pace: Pace { Pace(tick: tick, shortest: shortest, longest: longest) }
}

extension Profile: CustomStringConvertible {
  /// In a line: `edition 3.6 minus: containers, ttl`.
  public var description: String {
    let lacks = missing.map(\.words).joined(separator: ", ")
    return "edition \(edition)" + (isReadOnly ? ", only reads" : "")
      + (lacks.isEmpty ? "" : " minus: \(lacks)")
  }
}
