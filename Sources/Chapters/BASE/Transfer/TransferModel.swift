public import ProtocolCore

extension Transfer {
  /// What is promised of the money.
  public enum Property: String, PropertyName {
    /// There is never more on the accounts than there was, and no account is overdrawn.
    case nothingMade
    /// When every failure is repaired, what was taken is on the other account, or back.
    case nothingLost
    /// In between a sum is on neither account, and a client can see it.
    case between
    /// A sum comes back.
    case comesBack

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .nothingMade: .always
      case .nothingLost: .recovers(.whole, repaired: true)
      case .between: .sometimes(.missing)
      case .comesBack: .sometimes(.returned)
      }
    }
  }

  /// What may be said of the accounts at a moment.
  public enum Condition: String, Named {
    /// The accounts have together what there was.
    case whole
    /// They have less.
    case missing
    /// The giver has again all that it had, after it had less.
    case returned
  }

  /// Judges a run: by what is on the accounts.
  public struct Monitor: Hashable, Sendable {
    private let total: Int
    private let first: [Int]
    private let ids: [NodeID]
    /// What was seen on each account last.
    private var balances: [Int]
    private var wasLess = false
    private var isBroken = false

    init(_ topology: [Member<Role>]) {
      ids = topology.map(\.id)
      first = topology.map { Int($0.arguments.last ?? "") ?? 0 }
      balances = first
      total = first.reduce(0, +)
    }
  }

  /// What a node is.
  public enum Role: String, Named {
    /// It gives.
    case giver
    /// It gets.
    case getter
  }

  /// The only form.
  public enum Variant: String, Named {
    /// By a queue, with compensations.
    case queued
  }
}

extension Transfer.Monitor: Monitor {
  /// The services.
  public typealias Node = Transfer.Service

  /// What is said and asked does not matter.
  public mutating func observe(
    _ observation: Observation<Transfer.Words>, at id: NodeID
  ) {}

  /// Sees what is on the account.
  public mutating func look(at node: Transfer.Service, _ id: NodeID) {
    guard let place = ids.firstIndex(of: id) else { return }
    balances[place] = node.balance
    if node.balance < 0 || balances.reduce(0, +) > total { isBroken = true }
    if place == 0, node.balance < first[0] { wasLess = true }
  }

  /// Whether nothing was made.
  public func holds(_ property: Transfer.Property) -> Bool { !isBroken }

  /// Whether the condition holds, of whichever service that is up.
  public func holds(
    _ condition: Transfer.Condition, at id: NodeID, in scene: Scene<Transfer.Service>
  ) -> Bool {
    let isUp = ids.allSatisfy { scene[$0] != nil }
    let sum = ids.compactMap { scene[$0]?.balance }.reduce(0, +)
    return switch condition {
    case .whole: !isUp || sum == total
    case .missing: isUp && sum < total
    case .returned: wasLess && scene[ids[0]]?.balance == first[0]
    }
  }
}

extension Transfer {
  /// The transfer as drivers run it.
  public enum Model: ProtocolCore.Model {
    /// The services.
    public typealias Node = Service
    /// What must hold of them.
    public typealias Monitor = Transfer.Monitor
    /// What a node is.
    public typealias Role = Transfer.Role
    /// The only form.
    public typealias Variant = Transfer.Variant

    /// How the command names it.
    public static let name = "transfer"

    /// It bears everything but disks that forget.
    public static let faults = Fault.usual

    /// What can be asked.
    public static let requests: [Words.Request] = [.move(4), .close]

    /// The request that reads so: `move 3`.
    public static func request(reading text: String) -> Words.Request? {
      let words = text.split(separator: " ")
      if words == ["close"] { return .close }
      guard words.count == 2, words[0] == "move", let sum = Int(words[1]), sum > 0 else {
        return nil
      }
      return .move(sum)
    }

    /// A giver with ten and a getter with nothing, whatever the size.
    public static func topology(_ size: Int) -> [Member<Role>] {
      [Member("a", .giver, ["b", "10"]), Member("b", .getter, ["a", "0"])]
    }

    /// A service to which nothing has happened.
    public static func node(
      for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Rule>
    ) throws(TopologyError) -> Service {
      guard member.arguments.count == 2, let first = Int(member.arguments[1]) else {
        throw .wants("a service names the other and what it has: a giver(b 10)")
      }
      let other = NodeID(member.arguments[0])
      guard topology.contains(where: { $0.id == other }) else { throw .unknownNode(other.name) }
      return Service(other: other, gives: member.role == .giver, first: first, without: without)
    }

    /// Two sums are moved, of which there is enough for one and a half; and the getter may close.
    public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
      guard let giver = topology.first(where: { $0.role == .giver })?.id,
        let getter = topology.first(where: { $0.role == .getter })?.id
      else { return [] }
      return [
        Ask(giver, oneOf: [.move(7)]), Ask(giver, oneOf: [.move(7), .move(3)]),
        Ask(getter, oneOf: [.close]),
      ]
    }

    /// A monitor of this topology.
    public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
      Monitor(topology)
    }
  }
}
