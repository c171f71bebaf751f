public import ProtocolCore

/// A cluster in motion: hosts, what is under way between them, and the monitor.
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
  public private(set) var envelopes: [Envelope<Words>] = []
  /// The links on which nothing passes.
  public private(set) var cuts: Set<Link> = []
  /// What must hold, as far as it was seen.
  public private(set) var monitor: C.Monitor
  /// What came of starting the nodes for the first time.
  public private(set) var opening: [Incident<Words>] = []

  private var nextSerial = 0
  private var lastAct = LastAct()

  /// What the last act's node wrote and sent, in order: what a crash in the middle of it undoes.
  private struct LastAct {
    var node: NodeID?
    var traces: [Int?] = []  // the serial number of an envelope; nil for a record
  }

  /// All nodes of the cluster, started with empty disks.
  public init(_ cluster: Cluster<C>) {
    self.cluster = cluster
    hosts = zip(cluster.topology, cluster.machines).map {
      Host($0.id, $1, flaw: [nil, $0.id].contains(cluster.flawed) ? cluster.flaw : nil)
    }
    monitor = C.monitor(cluster.topology, variant: cluster.variant)
    for index in hosts.indices { opening += stir(index, .start, isOpening: true) }
    lastAct = LastAct()
  }

  /// The place of a node in the topology.
  public func index(of id: NodeID) -> Int? { hosts.firstIndex { $0.id == id } }

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
    guard let envelope = envelopes.first(where: { $0.serial == serial }) else { return nil }
    var place = 0
    for other in envelopes where other.link == envelope.link {
      if other.serial == serial { return (envelope.link, place) }
      place += 1
    }
    return nil
  }
}

/// A message under way.
public struct Envelope<Words: Vocabulary>: Hashable, Sendable {
  /// The sender and the receiver.
  public let link: Link
  /// What it says.
  public let message: Words.Message
  /// Its number in the run, for drivers and diagrams.
  public let serial: Int
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
}

// MARK: Acts

extension SystemState {
  /// Makes the act happen.
  ///
  /// - Throws: `Disabled`, and nothing has changed, when it cannot happen now.
  @discardableResult
  public mutating func perform(_ act: Act<Words>) throws(Disabled) -> Step<Words> {
    var envelope: Envelope<Words>?
    var incidents: [Incident<Words>] = []
    let before = lastAct
    lastAct = LastAct()
    do throws(Disabled) {
      switch act {
      case .deliver(let link, let place):
        let position = try find(link, place)
        guard !cuts.contains(link) else { throw Disabled.cut(link) }
        let arrived = envelopes.remove(at: position)
        envelope = arrived
        if let index = index(of: link.to), hosts[index].node != nil {
          incidents = stir(index, .receive(arrived.message, from: link.from))
        }
      case .lose(let link, let place):
        envelope = envelopes.remove(at: try find(link, place))
        monitor.observe(.lost, at: link.from)
      case .duplicate(let link, let place):
        let original = envelopes[try find(link, place)]
        envelope = original
        envelopes.append(Envelope(link: link, message: original.message, serial: draw()))
        monitor.observe(.doubled, at: link.from)
      case .expire(let id, let timer):
        let index = try up(id)
        guard hosts[index].isSet(timer) else {
          throw Disabled.notSet("\(timer)", set: hosts[index].alarms.map { "\($0.timer)" })
        }
        incidents = stir(index, .expire(timer))
      case .store(let id, let first):
        let index = try up(id)
        let count = hosts[index].unstable.count
        guard count > 0, (1...count).contains(first ?? count) else {
          throw Disabled.unstable(id, count)
        }
        incidents = stir(index, .store(first ?? count))
      case .crash(let id, let losing, let unsent):
        incidents = try crash(try up(id), losing: losing, unsent: unsent, before)
      case .restart(let id):
        guard let index = index(of: id) else { throw Disabled.noNode(id) }
        guard hosts[index].node == nil else { throw Disabled.up(id) }
        incidents = stir(index, .start)
      case .ask(let id, let request):
        incidents = stir(try up(id), .ask(request))
      case .cut(let links):
        try cut(links)
      case .heal:
        guard !cuts.isEmpty else { throw Disabled.pointless }
        cuts = []
      }
    } catch {
      lastAct = before
      throw error
    }
    return Step(act: act, envelope: envelope, incidents: incidents)
  }

  private func up(_ id: NodeID) throws(Disabled) -> Int {
    guard let index = index(of: id) else { throw .noNode(id) }
    guard hosts[index].node != nil else { throw .down(id) }
    return index
  }

  private func find(_ link: Link, _ place: Int) throws(Disabled) -> Int {
    let positions = envelopes(on: link)
    guard positions.indices.contains(place) else { throw .noMessage(link) }
    return positions[place]
  }

  private mutating func cut(_ links: [Link]) throws(Disabled) {
    for link in links {
      for id in [link.from, link.to] where index(of: id) == nil { throw .noNode(id) }
    }
    guard !Set(links).isSubset(of: cuts) else { throw .pointless }
    cuts.formUnion(links)
  }

  private mutating func draw() -> Int {
    defer { nextSerial += 1 }
    return nextSerial
  }

  /// Does something to a host, puts what it sends on its way and tells the monitor.
  private mutating func stir(
    _ index: Int, _ stimulus: Stimulus<Words>, isOpening: Bool = false
  ) -> [Incident<Words>] {
    let id = hosts[index].id
    lastAct.node = id
    var incidents: [Incident<Words>] = []
    for happening in hosts[index].take(stimulus) {
      var serial: Int?
      if case .sent(let message, let receiver) = happening {
        let envelope = Envelope<Words>(
          link: Link(from: id, to: receiver), message: message, serial: draw())
        envelopes.append(envelope)
        serial = envelope.serial
        lastAct.traces.append(envelope.serial)
      }
      if case .persisted = happening { lastAct.traces.append(nil) }
      if let observation = happening.observation, !(isOpening && happening == .started) {
        monitor.observe(observation, at: id)
      }
      incidents.append(Incident(node: id, happening: happening, serial: serial))
    }
    if let node = hosts[index].node { monitor.look(at: node, id) }
    return incidents
  }

  /// A crash, perhaps in the middle of the node's last act.
  ///
  /// What a node did in one act it did in order: a record that it wrote after a message that never
  /// left was not written either.
  private mutating func crash(
    _ index: Int, losing: Int, unsent: Int, _ last: LastAct
  ) throws(Disabled) -> [Incident<Words>] {
    let id = hosts[index].id
    let unstable = hosts[index].unstable.count
    guard (0...unstable).contains(losing) else { throw .unstable(id, unstable) }
    var serials: [Int] = []
    var recordsAfter = 0
    if last.node == id {
      for trace in last.traces.reversed() {
        guard let serial = trace else {
          if serials.count < unsent { recordsAfter += 1 }
          continue
        }
        guard envelopes.contains(where: { $0.serial == serial }) else { break }
        if serials.count < unsent { serials.append(serial) }
      }
    }
    guard serials.count == unsent else { throw .unsent(id, serials.count) }
    guard losing >= recordsAfter else { throw .unstable(id, unstable) }
    envelopes.removeAll { serials.contains($0.serial) }
    let incidents = stir(index, .crash(losing: losing))
    lastAct = LastAct()
    return incidents
  }
}
