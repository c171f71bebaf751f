public import ProtocolCore

extension Transfer {
  /// What is promised of the money.
  public enum Property: String, PropertyName {
    /// There is never more on the accounts than there was, and no account is overdrawn.
    case nothingMade
    /// When every failure is repaired, what was taken is on the other account, or back.
    case nothingLost
    /// When every failure is repaired, the getter has got what the giver has accepted, unless it is
    /// closed, and no more than was asked for.
    case acceptedMoved
    /// When every failure is repaired, whoever has asked a service that did not crash is answered.
    case termination
    /// In between a sum is on neither account, and a client can see it.
    case between
    /// A sum comes back.
    case comesBack

    /// In which sense it must hold.
    public var form: PropertyForm<Condition> {
      switch self {
      case .nothingMade: .always
      case .nothingLost: .recovers(.whole, repaired: true)
      case .acceptedMoved: .recovers(.delivered, repaired: true)
      case .termination: .recovers(.answered, repaired: true)
      case .between: .sometimes(.missing)
      case .comesBack: .sometimes(.returned)
      }
    }
  }

  /// What may be said of the accounts at a moment.
  public enum Condition: String, Named {
    /// The accounts have together what there was.
    case whole
    /// The getter has got what the giver has accepted, unless it is closed, and no more than was
    /// asked for.
    case delivered
    /// Nobody waits for an answer of the service.
    case answered
    /// They have less.
    case missing
    /// The giver has again all that it had, after it had less.
    case returned
  }

  /// Judges a run: by what is on the accounts, and what was asked and accepted.
  public struct Monitor: Hashable, Sendable {
    private let total: Int
    private let first: [Int]
    private let ids: [NodeID]
    /// What was seen on each account last.
    private var balances: [Int]
    /// What is not answered yet.
    private var open: [Open] = []
    /// How much was asked for and not refused, and how much of it was accepted.
    private var asked = 0
    private var accepted = 0
    private var wasLess = false
    private var isClosed = false
    private var isBroken = false

    private struct Open: Hashable {
      let node: NodeID
      let request: RequestID
      let sum: Int
    }

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

  /// Adds up what was asked and accepted; who has asked a service that crashes hears no more.
  public mutating func observe(
    _ observation: Observation<Transfer.Words>, at id: NodeID
  ) {
    switch observation {
    case .asked(let request, let number):
      var sum = 0
      if case .move(let moved) = request { sum = moved }
      asked += sum
      open.append(Open(node: id, request: number, sum: sum))
    case .replied(_, let number):
      accepted += open.first { $0.node == id && $0.request == number }?.sum ?? 0
      open.removeAll { $0.node == id && $0.request == number }
    case .refused(_, let number):
      asked -= open.first { $0.node == id && $0.request == number }?.sum ?? 0
      open.removeAll { $0.node == id && $0.request == number }
    case .crashed: open.removeAll { $0.node == id }
    case .repliedAgain, .noted, .expired, .lost, .doubled, .restarted, .forgot: break
    }
  }

  /// Sees what is on the account.
  public mutating func look(at node: Transfer.Service, _ id: NodeID) {
    guard let place = ids.firstIndex(of: id) else { return }
    balances[place] = node.balance
    if node.balance < 0 || balances.reduce(0, +) > total { isBroken = true }
    if place == 1, node.isClosed { isClosed = true }
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
    case .delivered: scene[ids[1]].map { isDelivered($0.balance - first[1]) } ?? true
    case .answered: !open.contains { $0.node == id }
    case .missing: isUp && sum < total
    case .returned: wasLess && scene[ids[0]]?.balance == first[0]
    }
  }
}

extension Transfer.Monitor {
  /// Whether so much is enough to have been moved, and not too much.
  private func isDelivered(_ moved: Int) -> Bool {
    (isClosed ? 0 : accepted) <= moved && moved <= asked
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
