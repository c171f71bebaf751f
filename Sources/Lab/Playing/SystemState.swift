public import ProtocolCore

/// A cluster in motion: hosts, what is under way between them, clients, and the monitor.
///
/// It does nothing by itself: drivers perform acts on it.
public struct SystemState<C: Model>: Sendable {
  /// What the protocol speaks about.
  public typealias Words = C.Words

  /// The setting.
  public let cluster: Cluster<C>
  /// The hosts, in the order of the topology.
  public internal(set) var hosts: [Host<C.Node>]
  /// The messages under way, in the order in which they left.
  public internal(set) var envelopes: [Envelope<Words>] = []
  /// The links on which nothing passes.
  public internal(set) var cuts: Set<Link> = []
  /// The streams that are open.
  public internal(set) var streams: Set<StreamName> = []
  /// What clients wait for.
  public internal(set) var outstanding: [Outstanding<Words>] = []
  /// What clients ask again when nothing fails any more, unless they wait for it.
  var wanted: [Wanted<Words>] = []
  /// What must hold, as far as it was seen.
  public internal(set) var monitor: C.Monitor
  /// Whether the monitor is told what happens.
  let isWatched: Bool
  /// What came of starting the nodes for the first time.
  public private(set) var opening: [Incident<Words>] = []

  private var nextSerial = 0
  var lastAct = LastAct()

  /// What the last act's node wrote and sent, in order: what a crash in the middle of it undoes.
  struct LastAct {
    var node: NodeID?
    var traces: [Trace] = []
  }

  /// Something that a node did in an act.
  enum Trace: Equatable {
    /// It wrote a record.
    case record
    /// It sent the envelope of this number.
    case envelope(Int)
    /// It opened or closed a stream, which a crash in the middle does not undo.
    case stream
  }

  /// All nodes of the cluster, started with empty disks, but for those that start late.
  public init(_ cluster: Cluster<C>) { self.init(cluster, isWatched: true) }

  /// The same, and where it is not watched nothing is ever violated.
  init(_ cluster: Cluster<C>, isWatched: Bool) {
    self.cluster = cluster
    self.isWatched = isWatched
    hosts = zip(cluster.topology, cluster.machines).map {
      Host($0.id, $1, flaw: [nil, $0.id].contains(cluster.flawed) ? cluster.flaw : nil)
    }
    monitor = C.monitor(cluster.topology, variant: cluster.variant)
    for index in hosts.indices where !cluster.late.contains(hosts[index].id) {
      opening += stir(index, .start, isOpening: true)
    }
    lastAct = LastAct()
  }

  /// The cluster when its prelude is over; an act of it that cannot happen is left out.
  public static func begun(_ cluster: Cluster<C>) -> SystemState {
    var system = SystemState(cluster)
    for act in cluster.prelude { _ = try? system.perform(act) }
    return system
  }

  /// The place of a node in the topology.
  public func index(of id: NodeID) -> Int? { cluster.nodes.firstIndex(of: id) }

  /// The nodes as conditions see them.
  public var scene: Scene<C.Node> {
    Scene(nodes: hosts.map { ($0.id, $0.node) }, cuts: cuts)
  }

  /// The positions in `envelopes` of what is under way on a link, the oldest first.
  public func envelopes(on link: Link) -> [Int] {
    envelopes.indices.filter { envelopes[$0].link == link }
  }

  /// The position of an envelope among those under way on its link.
  public func place(of serial: Int) -> (link: Link, place: Int)? {
    guard let position = position(of: serial) else { return nil }
    let link = envelopes[position].link
    var place = 0
    for earlier in 0..<position where envelopes[earlier].link == link { place += 1 }
    return (link, place)
  }

  /// The position in `envelopes` of the envelope of this number, among the youngest first.
  func position(of serial: Int) -> Int? {
    // By position: an element that is bound is a copy of its message.
    var position = envelopes.count
    while position > 0 {
      position -= 1
      if envelopes[position].serial == serial { return position }
    }
    return nil
  }

  /// Puts something on its way.
  mutating func send(_ content: Content<Words>, on link: Link) -> Envelope<Words> {
    let envelope = Envelope(link: link, content: content, serial: nextSerial)
    nextSerial += 1
    envelopes.append(envelope)
    return envelope
  }
}

/// Something under way.
public struct Envelope<Words: Vocabulary>: Hashable, Sendable {
  /// The sender and the receiver.
  public let link: Link
  /// What it holds.
  public let content: Content<Words>
  /// Its number in the run, for drivers and diagrams.
  public let serial: Int

  /// The message, if it holds one.
  public var message: Words.Message? {
    if case .message(let message) = content { message } else { nil }
  }
}

/// What is under way: a message, or the end of a stream.
public enum Content<Words: Vocabulary>: Hashable, Sendable {
  /// A message.
  case message(Words.Message)
  /// The end of a stream, behind all that was sent on it.
  case end(Channel)

  /// The stream's channel; nil for a datagram.
  public var channel: Channel? {
    switch self {
    case .end(let channel): channel
    case .message(let message):
      if case .stream(let channel) = Words.carriage(of: message) { channel } else { nil }
    }
  }
}

extension Content: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .message(let message): "\(message)"
    case .end(let channel): "end" + channel.suffix
    }
  }
}

/// Something that happened at a node in an act.
public struct Incident<Words: Vocabulary>: Hashable, Sendable {
  /// Where.
  public let node: NodeID
  /// What.
  public let happening: Happening<Words>
  /// The number of the envelope, of a message that left.
  public let serial: Int?
}

/// An act that was performed, and what came of it.
public struct Step<Words: Vocabulary>: Hashable, Sendable {
  /// The act.
  public let act: Act<Words>
  /// The envelope that it delivered, lost or doubled.
  public let envelope: Envelope<Words>?
  /// What followed, in order.
  public let incidents: [Incident<Words>]
  /// The ends of streams that are under way since, for drivers.
  public let ends: [Envelope<Words>]
  /// What clients saw, in order.
  public let seen: [(client: ClientID, event: ClientEvent<Words>)]

  /// Steps are equal whose acts are, and what followed; what clients saw follows from these.
  public static func == (a: Step, b: Step) -> Bool {
    a.act == b.act && a.envelope == b.envelope && a.incidents == b.incidents && a.ends == b.ends
  }

  /// By the act and what followed.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(act)
    hasher.combine(incidents)
  }
}
