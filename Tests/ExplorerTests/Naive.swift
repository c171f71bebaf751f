import Lab
import ProtocolCore

/// The same search without any art: every act tried on every system, a set of whole states.
///
/// What the explorer knows by number is done here by `SystemState.perform` each time.
struct Naive<C: Model> {
  let cluster: Cluster<C>

  /// All of a state that what follows can depend on.
  struct State: Hashable {
    let hosts: [HostState]
    let monitor: C.Monitor
    let envelopes: [String: Int]
    let bounds: Bounds
    let nextAsk: Int
  }

  /// A host; where nothing crashes, what is held behind one record has no order.
  enum HostState: Hashable {
    case whole(Host<C.Node>)
    case unordered(C.Node?, [C.Words.Record], [[String: Int]], [Host<C.Node>.Alarm])

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
      self = .unordered(host.node, host.disk, held, host.alarms)
    }
  }

  struct Point {
    var system: SystemState<C>
    var bounds: Bounds
    var nextAsk = 0
    let mayCrash: Bool

    var state: State {
      var envelopes: [String: Int] = [:]
      for envelope in system.envelopes {
        envelopes["\(envelope.link) \(envelope.message)", default: 0] += 1
      }
      return State(
        hosts: system.hosts.map { HostState($0, isOrdered: mayCrash) }, monitor: system.monitor,
        envelopes: envelopes, bounds: bounds,
        nextAsk: nextAsk)
    }
  }

  /// The number of states, by the number of acts to them.
  func layers() -> [Int] {
    var bounds = cluster.bounds
    if !C.faults.contains(.crash) { bounds.crashes = 0 }
    if !C.faults.contains(.loss) { bounds.losses = 0 }
    let first = Point(system: SystemState(cluster), bounds: bounds, mayCrash: bounds.crashes > 0)
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
          guard (try? follower.system.perform(act)) != nil else { continue }
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
          if (try? crashed.system.perform(crash)) != nil { found.append(crashed) }
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
      let left = [bounds.crashes, bounds.losses, bounds.duplicates, bounds.expiries]
      if left.allSatisfy({ $0 >= 0 }) { options.append((act, after)) }
    }
    for link in Set(point.system.envelopes.map(\.link)) {
      for place in point.system.envelopes(on: link).indices {
        offer(.deliver(link, place))
        offer(.lose(link, place)) { $0.bounds.losses -= 1 }
        offer(.duplicate(link, place)) { $0.bounds.duplicates -= 1 }
      }
    }
    for host in point.system.hosts {
      for alarm in host.alarms {
        let expiry = Act<C.Words>.expire(host.id, alarm.timer)
        guard point.system.isBorne(expiry) else { continue }
        offer(expiry) { if $0.bounds.expiries != .max { $0.bounds.expiries -= 1 } }
      }
      for count in 1...4 { offer(.store(host.id, first: count)) }
      for losing in 0...4 {
        offer(.crash(host.id, losing: losing, unsent: 0)) { $0.bounds.crashes -= 1 }
      }
      offer(.restart(host.id))
    }
    for (number, ask) in cluster.asks.enumerated().dropFirst(point.nextAsk) {
      for request in ask.requests { offer(.ask(ask.node, request)) { $0.nextAsk = number + 1 } }
      if let index = point.system.index(of: ask.node), point.system.hosts[index].node != nil {
        break
      }
    }
    return options
  }
}
