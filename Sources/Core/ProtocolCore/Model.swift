/// A protocol with all that a driver needs to know to play it.
public protocol Model: Sendable {
  /// Any role of the protocol.
  associatedtype Node: Machine & Ruled
  /// What must hold.
  associatedtype Monitor: ProtocolCore.Monitor where Monitor.Node == Node
  /// The forms of the protocol, the usual one first.
  associatedtype Variant: Named

  /// How the command names it: `2pc`. Its runs' ids begin with it, in capitals.
  static var name: String { get }

  /// What it promises its properties under; the drivers do nothing else to it.
  static var faults: Set<Fault> { get }

  /// What can be asked, for those who write runs by hand.
  static var requests: [Words.Request] { get }

  /// The usual topology with so many participants, servers, acceptors…
  static func topology(_ size: Int) -> [Member]

  /// The node that plays a part.
  static func node(
    for member: Member, in topology: [Member], variant: Variant, without: Set<Node.Rule>
  ) throws(TopologyError) -> Node

  /// What is asked in a run, in this order, each once.
  static func asks(of topology: [Member]) -> [Ask<Words>]

  /// A monitor of this topology.
  static func monitor(_ topology: [Member], variant: Variant) -> Monitor
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

/// A part in a topology: `c coordinator(a b)`.
public struct Member: Hashable, Sendable {
  /// Who plays it.
  public let id: NodeID
  /// The name of the role.
  public let role: String
  /// What stands in the parentheses.
  public let arguments: [String]

  /// A part.
  public init(_ id: NodeID, _ role: String, _ arguments: [String] = []) {
    self.id = id
    self.role = role
    self.arguments = arguments
  }
}

extension Member: CustomStringConvertible {
  /// As a run file writes it.
  public var description: String {
    let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: " ")))"
    return "\(id) \(role)\(list)"
  }
}

/// Why a part cannot be played.
public enum TopologyError: Error, Hashable, Sendable {
  /// No such role; these there are.
  case unknownRole(String, known: [String])
  /// An argument names no node of the topology.
  case unknownNode(String)
  /// The role wants other arguments, or the topology other parts.
  case wants(String)
}

extension TopologyError: CustomStringConvertible {
  /// The reason in a line.
  public var description: String {
    switch self {
    case .unknownRole(let role, let known):
      "unknown role '\(role)'; there are \(known.joined(separator: ", "))"
    case .unknownNode(let name): "no node is called '\(name)'"
    case .wants(let what): what
    }
  }
}

/// Something that is asked once in a run: one of the requests, of one node.
public struct Ask<Words: Vocabulary>: Hashable, Sendable {
  /// Who is asked.
  public let node: NodeID
  /// What may be asked, the usual first.
  public let requests: [Words.Request]

  /// One of these requests, of this node.
  public init(_ node: NodeID, oneOf requests: [Words.Request]) {
    self.node = node
    self.requests = requests
  }
}
