/// What must hold of runs: a fold over what happened, and conditions of a moment.
///
/// A monitor sees each node only when that node acts, and keeps what its properties need of the
/// past. So an explorer keeps it as one more component of the state, and asks it about each state
/// no more than once.
public protocol Monitor: Hashable, Sendable {
  /// What it observes.
  associatedtype Node: Machine
  /// What must hold, each in a `form`.
  associatedtype Property: PropertyName where Property.Condition == Condition
  /// What may be said of a node at a moment: `blocked`, `decided commit`.
  associatedtype Condition: Named

  /// Something happened at a node.
  mutating func observe(_ observation: Observation<Node.Words>, at id: NodeID)

  /// A client asked, or was answered, or knows that it will not be.
  mutating func observe(_ event: ClientEvent<Node.Words>, of client: ClientID)

  /// A node acted, and this is what it is now; not called for a node that is down.
  mutating func look(at node: Node, _ id: NodeID)

  /// The same of a node that reads its clock, and what the clock read.
  mutating func look(at node: Node, _ id: NodeID, reading: Ticks)

  /// A node has set a timer, which runs out when so many ticks have passed; told behind what was
  /// observed of the same act, and before `look`.
  mutating func observe(
    _ timer: Node.Words.Timer, setFor ticks: ClosedRange<Ticks>, at id: NodeID)

  /// Whether it is told of timers that are set.
  static var watchesTimers: Bool { get }

  /// Whether a property whose form is `always` has held so far.
  func holds(_ property: Property) -> Bool

  /// Whether the condition holds of a node that is up.
  func holds(_ condition: Condition, at id: NodeID, in scene: Scene<Node>) -> Bool

  /// Whether a condition is of what remains possible: it is said of a node only if it goes on to
  /// hold there, however long nothing is repaired and nothing heals.
  ///
  /// The driver finds that out; no monitor asks the protocol what it would do.
  static func lasts(_ condition: Condition) -> Bool
}

extension Monitor {
  /// Conditions are of their moment.
  public static func lasts(_ condition: Condition) -> Bool { false }

  /// Nothing is learnt from looking.
  public mutating func look(at node: Node, _ id: NodeID) {}

  /// It is not told of timers.
  public static var watchesTimers: Bool { false }

  /// What timers are set does not matter.
  public mutating func observe(
    _ timer: Node.Words.Timer, setFor ticks: ClosedRange<Ticks>, at id: NodeID
  ) {}

  /// What the clock read does not matter.
  public mutating func look(at node: Node, _ id: NodeID, reading: Ticks) { look(at: node, id) }

  /// What clients see does not matter.
  public mutating func observe(_ event: ClientEvent<Node.Words>, of client: ClientID) {}
}

/// What a monitor is told.
public enum Observation<Words: Vocabulary>: Hashable, Sendable {
  /// A request arrived, and was not refused at once.
  case asked(Words.Request, RequestID)
  /// A reply left the node.
  case replied(Words.Reply, RequestID)
  /// A reply left the node that says that nothing was, or will be, done about the request.
  case refused(Words.Reply, RequestID)
  /// A reply left the node to a request that is not open: it was answered before, or never asked.
  case repliedAgain(Words.Reply, RequestID)
  /// The node said something.
  case noted(Words.Note)
  /// A timer ran out.
  case expired(Words.Timer)
  /// A message that this node had sent was lost.
  case lost
  /// A message that this node had sent was doubled.
  case doubled
  /// The node crashed.
  case crashed
  /// The node started again; told before `look`.
  case restarted
  /// The node's disk forgot what had been stable.
  case forgot
}

/// What a client sees; it does one thing after the other.
public enum ClientEvent<Words: Vocabulary>: Hashable, Sendable {
  /// It asks.
  case invoked(Words.Request)
  /// It is answered.
  case returned(Words.Reply)
  /// It is refused: what it asked was not done, and will not be.
  case refused(Words.Reply)
  /// It will hear no more of what it asked, which may have been done, or may still be; it insists,
  /// and will ask the same again.
  case unknown
  /// It will hear no more of what it asked, which may have been done, or may still be; it does not
  /// ask again.
  case gaveUp
}

/// The name of a property and its form.
public protocol PropertyName: Named {
  /// The conditions that forms speak about.
  associatedtype Condition: Named

  /// In which sense it must hold.
  var form: PropertyForm<Condition> { get }
}

/// In which sense a property must hold.
public enum PropertyForm<Condition: Named>: Hashable, Sendable {
  /// In every state of every run.
  case always
  /// Some run comes to a state in which the condition holds of some node: a witness.
  case sometimes(Condition)
  /// From every state, if nothing fails any more, the condition comes to hold of every node;
  /// `repaired` says whether nodes that are down are restarted for that, or not counted; `healed`
  /// whether what is cut passes again, or stays cut for as long as it takes.
  case recovers(Condition, repaired: Bool, healed: Bool = true)
}

/// The nodes at a moment, as a condition sees them.
public struct Scene<Node: Machine>: Sendable {
  /// The nodes in the order of the topology; nil is a node that is down.
  public let nodes: [(id: NodeID, node: Node?)]
  /// The links on which nothing passes.
  public let cuts: Set<Link>

  /// The nodes at a moment.
  public init(nodes: [(id: NodeID, node: Node?)], cuts: Set<Link> = []) {
    self.nodes = nodes
    self.cuts = cuts
  }

  /// The node with this name, if it is up.
  public subscript(id: NodeID) -> Node? { nodes.first { $0.id == id }?.node }

  /// The other nodes that are up and with which this one can talk both ways, in order.
  public func reachable(from id: NodeID) -> [(id: NodeID, node: Node)] {
    nodes.compactMap { other in
      let link = Link(from: id, to: other.id)
      guard other.id != id, let node = other.node else { return nil }
      guard !cuts.contains(link), !cuts.contains(link.reversed) else { return nil }
      return (other.id, node)
    }
  }

  /// How many nodes can talk to this one both ways, itself counted; those that are down cannot.
  public func connected(with id: NodeID) -> Int {
    reachable(from: id).count + (self[id] == nil ? 0 : 1)
  }
}
