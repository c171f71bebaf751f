/// A protocol with all that a driver needs to know to run it.
public protocol Model: Sendable {
  /// Any role of the protocol.
  associatedtype Node: Machine & Ruled
  /// What must hold.
  associatedtype Monitor: ProtocolCore.Monitor where Monitor.Node == Node
  /// The forms of the protocol, the usual one first.
  associatedtype Variant: Named
  /// What a node can be: coordinator, participant, leader…
  associatedtype Role: Named

  /// How the command names it: `2pc`. Its runs' ids begin with it, in capitals.
  static var name: String { get }

  /// The faults that its properties hold under; the drivers inject no others.
  static var faults: Set<Fault> { get }

  /// The faults that its properties hold under in this form, if they are not those of all forms: a
  /// form may want ordered links, or a network that is synchronous.
  static func faults(of variant: Variant) -> Set<Fault>

  /// Of a hundred ticks of true time, between how many the clock of a node counts, where this form
  /// of the protocol trusts clocks; nil where a time-out may come at any time.
  ///
  /// A simulator keeps to it. An explorer knows no time, and shows what comes of it when clocks
  /// drift.
  static func clockRates(of variant: Variant) -> ClosedRange<Int>?

  /// Whether this timer runs out in time, where a form of the protocol trusts clocks: it relies on
  /// that, as whoever holds a lease relies on knowing its end. Any other timer may run out late, as
  /// on a slow node; none runs out early.
  static func isTimely(_ timer: Words.Timer) -> Bool

  /// What can be asked in a run that is written by hand; examples, where `request(reading:)` reads
  /// more.
  static var requests: [Words.Request] { get }

  /// The request that reads so: `put k 3`. It prints as it reads.
  static func request(reading text: String) -> Words.Request?

  /// The conditions that tell what came of a run, as the end of a counterexample shows them.
  static var outcomes: [Condition] { get }

  /// The usual topology with so many participants, servers, acceptors…
  static func topology(_ size: Int) -> [Member<Role>]

  /// The machine of a node, before anything has happened to it.
  ///
  /// - Throws: `TopologyError`, when the topology is none of the protocol's.
  static func node(
    for member: Member<Role>, in topology: [Member<Role>], variant: Variant, without: Set<Node.Rule>
  ) throws(TopologyError) -> Node

  /// What is asked in a run, in this order, each once.
  static func asks(of topology: [Member<Role>]) -> [Ask<Words>]

  /// What is asked in a run of this form of the protocol, if it is not what all forms are asked.
  static func asks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>]

  /// What several clients ask beside each other, where a model is asked that too; its requests come
  /// in any order but for each client's own.
  static func concurrentAsks(of topology: [Member<Role>]) -> [Ask<Words>]

  /// Whether this form of the protocol promises a property: drivers judge it by no other, unless
  /// they are told to.
  static func promises(_ property: Property, in variant: Variant) -> Bool

  /// A monitor of this topology.
  static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor

  /// How long it may take, when nothing fails any more, until what *recovers* has recovered.
  static var patience: Ticks { get }

  /// About how many acts pass before the protocol does what it is for: simulated runs are longer by
  /// so many.
  static var preamble: Int { get }

  /// By how many acts at most simulated runs are longer, so that what the protocol does happens
  /// several times in a run: a leader leads, is gone, and finds another when it is back.
  static var span: Int { get }

  /// What clients ask in simulated runs in the place of the usual asks, so that there is something
  /// to do as long as faults last.
  static func longAsks(of topology: [Member<Role>]) -> [Ask<Words>]

  /// The same of this form of the protocol, if it is not what all forms are asked.
  static func longAsks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>]

  /// The kinds of timers that can be bounded apart, such as elections; eight at most.
  static var timerKinds: [String] { get }

  /// Of which of these kinds a timer is; nil for one of the others.
  static func kind(of timer: Words.Timer) -> String?

  /// The term, ballot or epoch that a node has come to, for bounds; zero where there is none.
  static func epoch(of node: Node) -> Int

  /// Whether a run is one transaction, without a name: to ask a node twice for its part begins
  /// another, of which nothing is promised.
  static var isOneTransaction: Bool { get }

  /// Whether a run writes each value of a key once, because judges tell by the value which write a
  /// read saw: of a run that writes one again nothing is promised.
  static var isValueWrittenOnce: Bool { get }

  /// Whether a node is asked by one client alone, whose session it is: of a run in which another
  /// asks it nothing is promised.
  static func isOneClients(_ member: Member<Role>) -> Bool

  /// What a request is in a history of what clients saw; nil for one that no history tells.
  static func call(of request: Words.Request) -> Call?

  /// Whether a reply says that nobody is sure whether the request was done: a history tells it as
  /// an outcome that is not known.
  static func isUnsure(_ reply: Words.Reply) -> Bool

  /// What a reply brings back, in a history.
  static func result(of reply: Words.Reply, to request: Words.Request) -> Datum
}

extension Model {
  /// What the protocol speaks about.
  public typealias Words = Node.Words
  /// The rules of the protocol.
  public typealias Rule = Node.Rule
  /// The properties of the protocol.
  public typealias Property = Monitor.Property
  /// The conditions of the protocol.
  public typealias Condition = Monitor.Condition
}

extension Model {
  /// None: the states of the nodes tell it.
  public static var outcomes: [Condition] { [] }

  /// Those of all forms.
  public static func faults(of variant: Variant) -> Set<Fault> { faults }

  /// Every form promises all.
  public static func promises(_ property: Property, in variant: Variant) -> Bool { true }

  /// Clocks are not trusted.
  public static func clockRates(of variant: Variant) -> ClosedRange<Int>? { nil }

  /// Nothing relies on it.
  public static func isTimely(_ timer: Words.Timer) -> Bool { false }

  /// The first of `requests` that prints so.
  public static func request(reading text: String) -> Words.Request? {
    requests.first { "\($0)" == text }
  }

  /// Some twenty of the longest time-outs that our chapters have.
  public static var patience: Ticks { 2_000 }

  /// What all forms are asked.
  public static func asks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>] {
    asks(of: topology)
  }

  /// What all forms are asked.
  public static func longAsks(of topology: [Member<Role>], in variant: Variant) -> [Ask<Words>] {
    longAsks(of: topology)
  }

  /// The usual asks are enough.
  public static func longAsks(of topology: [Member<Role>]) -> [Ask<Words>] { asks(of: topology) }

  /// None: it does it once.
  public static var span: Int { 0 }

  /// None: it begins at once.
  public static var preamble: Int { 0 }

  /// None.
  public static func concurrentAsks(of topology: [Member<Role>]) -> [Ask<Words>] { [] }

  /// None: all timers are bounded together.
  public static var timerKinds: [String] { [] }

  /// Of none.
  public static func kind(of timer: Words.Timer) -> String? { nil }

  /// None.
  public static func epoch(of node: Node) -> Int { 0 }

  /// It is whatever its clients ask.
  public static var isOneTransaction: Bool { false }

  /// Judges do not go by values.
  public static var isValueWrittenOnce: Bool { false }

  /// Whoever likes asks it.
  public static func isOneClients(_ member: Member<Role>) -> Bool { false }

  /// No history tells it.
  public static func call(of request: Words.Request) -> Call? { nil }

  /// Every answer says what was done.
  public static func isUnsure(_ reply: Words.Reply) -> Bool { false }

  /// Nothing.
  public static func result(of reply: Words.Reply, to request: Words.Request) -> Datum { .null }
}

/// What a protocol may have to bear.
public enum Fault: String, Named {
  /// A node stops, loses what was not stable, and may start again.
  case crash
  /// A message is lost.
  case loss
  /// A message arrives twice.
  case duplication
  /// A message overtakes another on its link.
  case reordering
  /// Nothing passes between some nodes for a while.
  case cut
  /// A timer runs out although what it waits for is on its way. Where this is not among a chapter's
  /// faults, time passes only when nothing else can happen: the network is synchronous.
  case suspicion
  /// A stream breaks, though neither end wants it to.
  case sever
  /// A disk loses what had been stable, while its node is down.
  case forgetting
  /// A clock is behind another, faster or slower, by more than the setting says that clocks are; no
  /// driver does that.
  case drift
}

extension Fault {
  /// The faults of a network of datagrams and of nodes whose disks are good.
  public static let usual: Set<Fault> = [
    .crash, .loss, .duplication, .reordering, .cut, .suspicion,
  ]
}

/// A node in a topology: `c coordinator(a b)`.
public struct Member<Role: Named>: Hashable, Sendable {
  /// Its name.
  public let id: NodeID
  /// What it is.
  public let role: Role
  /// What stands in the parentheses: the nodes that it knows, as a rule.
  public let arguments: [String]

  /// A node of this name and role.
  public init(_ id: NodeID, _ role: Role, _ arguments: [String] = []) {
    self.id = id
    self.role = role
    self.arguments = arguments
  }
}

extension Member: CustomStringConvertible {
  /// As a run file writes it.
  public var description: String {
    let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: " ")))"
    return "\(id) \(role.rawValue)\(list)"
  }
}

/// Why a topology is none of the protocol's.
public enum TopologyError: Error, Hashable, Sendable {
  /// An argument names no node of the topology.
  case unknownNode(String)
  /// A role wants other arguments, or the topology other nodes.
  case wants(String)
}

extension TopologyError: CustomStringConvertible {
  /// The reason in a line.
  public var description: String {
    switch self {
    case .unknownNode(let name): "no node is called '\(name)'"
    case .wants(let what): what
    }
  }
}
