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

  /// What can be asked in a run that is written by hand.
  static var requests: [Words.Request] { get }

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

  /// A monitor of this topology.
  static func monitor(_ topology: [Member<Role>], variant: Variant) -> Monitor
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

/// Something that is asked once in a run: one of the requests, of one node.
public struct Ask<Words: Vocabulary>: Hashable, Sendable {
  /// The node that is asked.
  public let node: NodeID
  /// What may be asked, the usual first.
  public let requests: [Words.Request]

  /// One of these requests, of this node.
  public init(_ node: NodeID, oneOf requests: [Words.Request]) {
    self.node = node
    self.requests = requests
  }
}
