public import ProtocolCore
public import ReplicatedLog

/// ZAB, for the drivers.
public enum ZABModel: Model {
  /// The servers.
  public typealias Node = ZAB.Server<KeyValueStore>
  /// What must hold of them.
  public typealias Monitor = ZAB.Monitor
  /// The forms of the protocol.
  public typealias Variant = ZAB.Variant

  /// What a node can be.
  public enum Role: String, Named {
    /// It votes; in a group and with a weight, where these are told.
    case server
    /// It observes.
    case observer
    /// It is no member at first: it follows, and is not counted.
    case joiner
  }

  /// How the command names it.
  public static let name = "zab"

  /// What is sent arrives in order, or is lost; connections break; disks are good.
  public static let faults: Set<Fault> = [.crash, .loss, .cut, .suspicion, .sever]

  /// What can be asked: two clients, each command with its number; and by operators.
  public static let requests: [Words.Request] =
    ReplicatedLog.commands + [.members(["a", "b", "d"])]

  /// The request that reads so: `x1 append k a`, `members a b d`.
  public static func request(reading text: String) -> Words.Request? {
    ReplicatedLog.request(reading: text)
  }

  /// Who leads, and what was delivered.
  public static let outcomes: [Condition] = [.leading, .applied]

  /// Every kind is bounded apart.
  public static let timerKinds = [
    "notification", "finalize", "elected", "connect", "initLimit", "ping", "syncLimit",
  ]

  /// Of which of these kinds a timer is.
  public static func kind(of timer: Words.Timer) -> String? {
    switch timer {
    case .notification: "notification"
    case .finalize: "finalize"
    case .elected: "elected"
    case .connect: "connect"
    case .initLimit: "initLimit"
    case .ping: "ping"
    case .syncLimit: "syncLimit"
    }
  }

  /// The epoch that a server has accepted.
  public static func epoch(of node: Node) -> Int { node.acceptedEpoch }

  /// So many servers, called by letters from a on; of an even number the last observes, since an
  /// even number that votes bears no more than one less.
  public static func topology(_ size: Int) -> [Member<Role>] {
    let names = "abcdefghij".map(String.init).prefix(size)
    return names.enumerated().map { place, name in
      let observes = place == size - 1 && size.isMultiple(of: 2)
      return Member(NodeID(name), observes ? .observer : .server)
    }
  }

  /// A server that has written nothing.
  public static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant,
    without: Set<Rule>
  ) throws(TopologyError) -> Node {
    for other in topology where !isWellFormed(other) {
      throw .wants("a server takes nothing, or a group and a weight; the others take nothing")
    }
    let ensemble = ensemble(of: topology)
    guard ensemble.voters.contains(where: { $0.weight > 0 }) else {
      throw .wants("one of the nodes must be a server that votes")
    }
    return Node(member.id, of: ensemble, settings: variant.settings, without: without)
  }

  private static func isWellFormed(_ member: Member<Role>) -> Bool {
    guard !member.arguments.isEmpty else { return true }
    let numbers = member.arguments.compactMap { Int($0) }
    return member.role == .server && numbers.count == 2 && member.arguments.count == 2
      && numbers.allSatisfy { (0...100).contains($0) }
  }

  /// Who votes, and who observes.
  private static func ensemble(of topology: [Member<Role>]) -> ZAB.Ensemble {
    ZAB.Ensemble(
      voters: topology.filter { $0.role == .server }.map { member in
        let numbers = member.arguments.compactMap { Int($0) }
        return ZAB.Ensemble.Voter(
          member.id, group: numbers.first ?? 1, weight: numbers.dropFirst().first ?? 1)
      },
      observers: topology.filter { $0.role == .observer }.map(\.id))
  }

  /// Two clients, each of which adds to the same text and then reads it, of any server, until
  /// they are answered.
  public static func asks(of topology: [Member<Role>]) -> [Ask<Words>] {
    ReplicatedLog.asks(of: topology.map(\.id))
  }

  /// Three clients that go on.
  public static func longAsks(of topology: [Member<Role>]) -> [Ask<Words>] {
    ReplicatedLog.longAsks(of: topology.map(\.id))
  }

  /// The same, and an operator that changes members.
  public static func asks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>] {
    asks(of: topology) + (variant.isReconfigured ? operators(topology, rounds: 2) : [])
  }

  /// The same, and an operator that changes members time and again.
  public static func longAsks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>] {
    longAsks(of: topology) + (variant.isReconfigured ? operators(topology, rounds: 6) : [])
  }

  /// One that wants other members so many times: any among whom those that observe at first, whom a
  /// leader does not count before they vote, are the fewer.
  private static func operators(_ topology: [Member<Role>], rounds: Int) -> [Ask<Words>] {
    let all = topology.map(\.id)
    let sets = (1..<1 << topology.count).map { bits in
      topology.indices.filter { bits >> $0 & 1 == 1 }.map { topology[$0] }
    }
    let wanted = sets.filter { set in set.count { $0.role != .observer } * 2 > set.count }
    return (0..<rounds).map { _ in
      Ask("op", of: all, oneOf: wanted.map { .members($0.map(\.id)) }, insists: true)
    }
  }

  /// A leader is elected, deposed, and another one is elected.
  public static let preamble = 150

  /// Some elections more, with what is broadcast between them.
  public static let span = 800

  /// An election that may answer anything may never answer what would do.
  public static func promises(_ property: Property, in variant: Variant) -> Bool {
    if property.isOfReconfiguration, !variant.isReconfigured { return false }
    guard variant == .any || variant == .anyReconfigured, case .recovers = property.form else {
      return true
    }
    return false
  }

  /// A monitor of this topology.
  public static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor {
    Monitor(
      ensemble(of: topology), joiners: topology.filter { $0.role == .joiner }.map(\.id),
      isSynced: variant == .synced)
  }

  /// A command as a history tells it.
  public static func call(of request: Words.Request) -> Call? {
    ReplicatedLog.call(of: request)
  }

  /// What a read brings back.
  public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum {
    ReplicatedLog.result(of: reply, to: request)
  }
}
