import Lab
import ProtocolCore

/// The same search without any art: every act tried on every system, a set of whole states.
///
/// What the explorer knows by number is done here by `SystemState.perform` each time.
struct Naive<C: Model> {
  let cluster: Cluster<C>
  /// Acts that come before the first state, by clients of the cluster too.
  var prelude: [Act<C.Words>] = []

  /// All of a state that what follows can depend on.
  struct State: Hashable {
    let hosts: [HostState]
    let monitor: C.Monitor
    let bags: [String: Int]
    let queues: [String: [String]]
    let streams: Set<StreamName>
    let cuts: Set<Link>
    let bounds: Bounds
    let nextAsk: Int
    let clients: [Client]
    let outstanding: Set<Outstanding<C.Words>>
  }

  /// A client: which of its asks is next, and what it has chosen of that.
  struct Client: Hashable {
    let id: ClientID
    var next = 0
    var chosen: C.Words.Request?
  }

  /// A host; where nothing crashes, what is held behind one record has no order.
  enum HostState: Hashable {
    case whole(Host<C.Node>)
    case unordered(C.Node?, [C.Words.Record], [[String: Int]], [Host<C.Node>.Alarm], Ticks)

    init(_ host: Host<C.Node>, isOrdered: Bool) {
      guard !isOrdered else {
        self = .whole(host)
        return
      }
      var held: [[String: Int]] = []
      for waiting in host.queue {
        if case .record = waiting { held.append([:]) }
        held[held.count - 1]["\(waiting)", default: 0] += 1
      }
      self = .unordered(host.node, host.disk, held, host.alarms, host.reading)
    }
  }

  struct Point {
    var system: SystemState<C>
    var bounds: Bounds
    var nextAsk = 0
    var clients: [Client]
    let isOrdered: Bool

    var state: State {
      var bags: [String: Int] = [:]
      var queues: [String: [String]] = [:]
      let isFree = system.cluster.faults.contains(.reordering)
      for envelope in system.envelopes {
        let text = "\(envelope.content)"
        if let channel = envelope.content.channel {
          queues["\(envelope.link) \(channel) stream", default: []].append(text)
        } else if isFree {
          bags["\(envelope.link) \(text)", default: 0] += 1
        } else {
          queues["\(envelope.link)", default: []].append(text)
        }
      }
      return State(
        hosts: system.hosts.map { HostState($0, isOrdered: isOrdered) },
        monitor: system.monitor, bags: bags, queues: queues, streams: system.streams,
        cuts: system.cuts, bounds: bounds, nextAsk: nextAsk, clients: clients,
        outstanding: Set(system.outstanding))
    }

    /// Does an act, and lets clients go on.
    mutating func perform(_ act: Act<C.Words>, _ asks: [Ask<C.Words>]) -> Bool {
      guard let step = try? system.perform(act) else { return false }
      if case .ask(_, let request, let id?) = act,
        let index = clients.firstIndex(where: { $0.id == id })
      {
        clients[index].chosen = request
      }
      for (id, event) in step.seen {
        guard let index = clients.firstIndex(where: { $0.id == id }) else { continue }
        switch event {
        case .invoked, .refused, .unknown: break
        case .returned, .gaveUp:
          clients[index].next += 1
          clients[index].chosen = nil
        }
      }
      return true
    }
  }

  /// The number of states, by the number of acts to them.
  func layers() -> [Int] {
    var bounds = cluster.bounds
    if !cluster.faults.contains(.crash) { bounds.crashes = 0 }
    if !cluster.faults.contains(.loss) { bounds.losses = 0 }
    var ids: [ClientID] = []
    for case let id? in cluster.asks.map(\.client) where !ids.contains(id) { ids.append(id) }
    var first = Point(
      system: SystemState.begun(cluster), bounds: bounds, clients: ids.map { Client(id: $0) },
      isOrdered: bounds.crashes > 0 || !cluster.faults.contains(.reordering)
        || !C.Words.channels.isEmpty)
    for act in prelude { _ = first.perform(act, cluster.asks) }
    var seen: Set<State> = [first.state]
    var layer = [first]
    var interrupted: [Point] = []
    var sizes = [1]
    while !layer.isEmpty || !interrupted.isEmpty {
      var next: [Point] = []
      var interruptedNext: [Point] = []
      func add(_ point: Point, to list: inout [Point]) {
        if seen.insert(point.state).inserted { list.append(point) }
      }
      for point in layer {
        for (act, after) in options(at: point) {
          var follower = after
          guard follower.perform(act, cluster.asks), isWithinEpoch(follower) else { continue }
          add(follower, to: &next)
          interruptedNext += interruptions(of: follower, after: act)
        }
      }
      for point in interrupted { add(point, to: &next) }
      if !next.isEmpty { sizes.append(next.count) } else if interruptedNext.isEmpty { break }
      layer = next
      interrupted = interruptedNext
    }
    return sizes
  }

  private func isWithinEpoch(_ point: Point) -> Bool {
    point.system.hosts.allSatisfy { host in
      host.node.map { C.epoch(of: $0) <= cluster.bounds.epoch } ?? true
    }
  }

  /// Crashes in the middle of what just happened.
  private func interruptions(of point: Point, after act: Act<C.Words>) -> [Point] {
    guard point.bounds.crashes > 0 else { return [] }
    var found: [Point] = []
    for id in cluster.nodes {
      for losing in 0...3 {
        for unsent in 1...8 {
          var crashed = point
          crashed.bounds.crashes -= 1
          let crash = Act<C.Words>.crash(id, losing: losing, unsent: unsent)
          if crashed.perform(crash, cluster.asks) { found.append(crashed) }
        }
      }
    }
    return found
  }

  private func options(at point: Point) -> [(Act<C.Words>, Point)] {
    var options: [(Act<C.Words>, Point)] = []
    func offer(_ act: Act<C.Words>, _ spend: (inout Point) -> Void = { _ in }) {
      var after = point
      spend(&after)
      let bounds = after.bounds
      let left = [
        bounds.crashes, bounds.losses, bounds.duplicates, bounds.expiries, bounds.cuts,
        bounds.severs, bounds.forgettings, bounds.abandons,
      ]
      if (left + bounds.kinds.values).allSatisfy({ $0 >= 0 }) { options.append((act, after)) }
    }
    for link in Set(point.system.envelopes.map(\.link)) {
      for place in point.system.envelopes(on: link).indices {
        if point.system.isBorne(.deliver(link, place)) { offer(.deliver(link, place)) }
        offer(.lose(link, place)) { $0.bounds.losses -= 1 }
        offer(.duplicate(link, place)) { $0.bounds.duplicates -= 1 }
      }
    }
    for host in point.system.hosts {
      for alarm in host.alarms {
        let expiry = Act<C.Words>.expire(host.id, alarm.timer)
        guard point.system.isBorne(expiry) else { continue }
        offer(expiry) { point in
          if let kind = C.kind(of: alarm.timer), let count = point.bounds.kinds[kind] {
            point.bounds.kinds[kind] = count - 1
          } else if point.bounds.expiries != .max {
            point.bounds.expiries -= 1
          }
        }
      }
      for count in 1...4 { offer(.store(host.id, first: count)) }
      for losing in 0...4 {
        offer(.crash(host.id, losing: losing, unsent: 0)) { $0.bounds.crashes -= 1 }
      }
      offer(.restart(host.id))
      for last in 1...4 { offer(.forget(host.id, last: last)) { $0.bounds.forgettings -= 1 } }
      let least = point.system.hosts.map(\.reading.count).min() ?? 0
      if C.Node.readsClock, host.reading.count < cluster.bounds.clock,
        host.reading.count - least < cluster.clocks.skew.count
      {
        offer(.clock(host.id, host.reading + 1))
      }
    }
    offerAsks(at: point, offer)
    offerNetwork(at: point, offer)
    return options
  }

  private func offerAsks(
    at point: Point, _ offer: (Act<C.Words>, (inout Point) -> Void) -> Void
  ) {
    for (number, ask) in cluster.asks.filter({ $0.client == nil }).enumerated()
      .dropFirst(point.nextAsk)
    {
      for request in ask.requests { offer(.ask(ask.node, request)) { $0.nextAsk = number + 1 } }
      if let index = point.system.index(of: ask.node), point.system.hosts[index].node != nil {
        break
      }
    }
    for waiting in point.system.outstanding {
      offer(.abandon(waiting.client)) { $0.bounds.abandons -= 1 }
    }
    for (index, client) in point.clients.enumerated() {
      let asks = cluster.asks.filter { $0.client == client.id }
      guard client.next < asks.count else { continue }
      let ask = asks[client.next]
      for node in ask.nodes {
        for request in client.chosen.map({ [$0] }) ?? ask.requests {
          guard ask.awaits else {
            offer(.ask(node, request)) { $0.clients[index].next += 1 }
            continue
          }
          offer(.ask(node, request, by: client.id)) { $0.clients[index].chosen = request }
        }
      }
    }
  }

  private func offerNetwork(
    at point: Point, _ offer: (Act<C.Words>, (inout Point) -> Void) -> Void
  ) {
    if point.system.cuts.isEmpty, cluster.faults.contains(.cut) {
      for links in cluster.partitions { offer(.cut(links)) { $0.bounds.cuts -= 1 } }
    }
    if cluster.bounds.cuts > 0 { offer(.heal) { _ in } }
    guard cluster.faults.contains(.sever) else { return }
    for name in point.system.streams {
      offer(.sever(name.near, name.far, name.channel)) { $0.bounds.severs -= 1 }
    }
  }
}
