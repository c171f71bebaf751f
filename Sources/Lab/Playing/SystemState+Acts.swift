import ProtocolCore

extension SystemState {
  /// Makes the act happen.
  ///
  /// - Throws: `Disabled`, and nothing has changed, when it cannot happen now.
  @discardableResult
  public mutating func perform(_ act: Act<Words>) throws(Disabled) -> Step<Words> {
    let before = lastAct
    lastAct = LastAct()
    let sent = envelopes.last?.serial ?? -1
    do throws(Disabled) {
      var report = Report()
      switch act {
      case .deliver, .lose, .duplicate: try performOnEnvelope(act, &report)
      case .ask(let id, let request, let client):
        try ask(try up(id), request, by: client, &report)
      case .abandon(let client): try abandon(client, &report)
      case .crash(let id, let losing, let unsent):
        try crash(try up(id), losing: losing, unsent: unsent, before, &report)
      default: report.incidents = try performOnHost(act)
      }
      tellClients(&report)
      let ends = Words.channels.isEmpty ? [] : newEnds(after: sent)
      return Step(
        act: act, envelope: report.envelope, incidents: report.incidents, ends: ends,
        seen: report.seen)
    } catch {
      lastAct = before
      throw error
    }
  }

  /// What came of an act so far.
  struct Report {
    var envelope: Envelope<Words>?
    var incidents: [Incident<Words>] = []
    var seen: [(client: ClientID, event: ClientEvent<Words>)] = []
  }

  private func newEnds(after serial: Int) -> [Envelope<Words>] {
    envelopes.filter { envelope in
      if case .end = envelope.content { envelope.serial > serial } else { false }
    }
  }

  private mutating func performOnEnvelope(
    _ act: Act<Words>, _ report: inout Report
  ) throws(Disabled) {
    switch act {
    case .deliver(let link, let place):
      let position = try find(link, place)
      guard !cuts.contains(link) else { throw Disabled.cut(link) }
      guard isFirstOfStream(position) else { throw Disabled.overtakes(link) }
      let arrived = envelopes.remove(at: position)
      report.envelope = arrived
      guard let index = index(of: link.to), hosts[index].isUp else { return }
      switch arrived.content {
      case .message(let message):
        report.incidents = stir(index, .receive(message, from: link.from))
      case .end(let channel): report.incidents = stir(index, .disconnect(link.from, channel))
      }
    case .lose(let link, let place):
      let position = try find(link, place)
      guard isLosable(position) else { throw Disabled.keeps(link) }
      report.envelope = envelopes.remove(at: position)
      if isWatched { monitor.observe(.lost, at: link.from) }
    case .duplicate(let link, let place):
      let original = envelopes[try find(link, place)]
      guard original.content.channel == nil else { throw Disabled.keeps(link) }
      report.envelope = original
      _ = send(original.content, on: link)
      if isWatched { monitor.observe(.doubled, at: link.from) }
    default: break  // the caller's other acts
    }
  }

  private mutating func performOnHost(_ act: Act<Words>) throws(Disabled) -> [Incident<Words>] {
    switch act {
    case .expire(let id, let timer):
      let index = try up(id)
      guard hosts[index].isSet(timer) else {
        throw Disabled.notSet("\(timer)", set: hosts[index].alarms.map { "\($0.timer)" })
      }
      return stir(index, .expire(timer))
    case .store(let id, let first):
      let index = try up(id)
      let count = hosts[index].unstableCount
      guard count > 0, (1...count).contains(first ?? count) else {
        throw Disabled.unstable(id, count)
      }
      return stir(index, .store(first ?? count))
    case .restart(let id): return stir(try down(id), .start)
    case .forget(let id, let last):
      let index = try down(id)
      let count = hosts[index].disk.count
      guard count > 0, (1...count).contains(last ?? count) else { throw Disabled.stable(id, count) }
      return stir(index, .forget(last))
    case .clock(let id, let reading):
      guard let index = index(of: id) else { throw Disabled.noNode(id) }
      guard hosts[index].reading < reading else {
        throw Disabled.backwards(id, hosts[index].reading)
      }
      return stir(index, .clock(reading))
    case .cut(let links): try cut(links)
    case .heal:
      guard !cuts.isEmpty else { throw Disabled.pointless }
      cuts = []
    case .sever(let a, let b, let channel): try sever(a, b, channel)
    case .deliver, .lose, .duplicate, .crash, .ask, .abandon: break  // performed elsewhere
    }
    return []
  }

  private func up(_ id: NodeID) throws(Disabled) -> Int {
    guard let index = index(of: id) else { throw .noNode(id) }
    guard hosts[index].isUp else { throw .down(id) }
    return index
  }

  private func down(_ id: NodeID) throws(Disabled) -> Int {
    guard let index = index(of: id) else { throw .noNode(id) }
    guard !hosts[index].isUp else { throw .up(id) }
    return index
  }

  private func find(_ link: Link, _ place: Int) throws(Disabled) -> Int {
    var rest = place
    for position in envelopes.indices where envelopes[position].link == link {
      if rest == 0 { return position }
      rest -= 1
    }
    throw .noMessage(link)
  }

  private mutating func cut(_ links: [Link]) throws(Disabled) {
    for link in links {
      for id in [link.from, link.to] where index(of: id) == nil { throw .noNode(id) }
    }
    guard !Set(links).isSubset(of: cuts) else { throw .pointless }
    cuts.formUnion(links)
  }

  /// Does something to a host, puts what it sends on its way and tells the monitor.
  mutating func stir(
    _ index: Int, _ stimulus: Stimulus<Words>, isOpening: Bool = false
  ) -> [Incident<Words>] {
    let id = cluster.nodes[index]
    lastAct.node = id
    var incidents: [Incident<Words>] = []
    let happenings = hosts[index].take(stimulus)
    incidents.reserveCapacity(happenings.count)
    for happening in happenings {
      switch happening {
      case .sent(let message, let receiver):
        let link = Link(from: id, to: receiver)
        guard isCarried(message, on: link) else {
          incidents.append(
            Incident(node: id, happening: .dropped(message, to: receiver), serial: nil))
          continue
        }
        let envelope = send(.message(message), on: link)
        lastAct.traces.append(.envelope(envelope.serial))
        incidents.append(Incident(node: id, happening: happening, serial: envelope.serial))
        continue
      case .persisted: lastAct.traces.append(.record)
      case .connects(let other, let channel):
        lastAct.traces.append(.stream)
        connect(id, to: other, channel)
      case .disconnects(let other, let channel):
        lastAct.traces.append(.stream)
        disconnect(id, from: other, channel)
      default: break
      }
      incidents.append(Incident(node: id, happening: happening, serial: nil))
    }
    if isWatched {
      let isAsked = if case .ask = stimulus { true } else { false }
      watch(happenings, of: index, isAsked: isAsked, isOpening: isOpening)
    }
    return incidents
  }

  /// Tells the monitor what a host did, and what has become of it.
  private mutating func watch(
    _ happenings: [Happening<Words>], of index: Int, isAsked: Bool, isOpening: Bool
  ) {
    let id = cluster.nodes[index]
    if isAsked {
      for observation in happenings.observations() { monitor.observe(observation, at: id) }
    } else {
      for place in happenings.indices where happenings[place].isObserved {
        guard let observation = happenings[place].observation else { continue }
        if isOpening, case .restarted = observation { continue }
        monitor.observe(observation, at: id)
      }
    }
    if C.Monitor.watchesTimers {
      for case .set(let timer, let ticks) in happenings {
        monitor.observe(timer, setFor: ticks, at: id)
      }
    }
    if let node = hosts[index].node {
      monitor.look(at: node, id, reading: hosts[index].reading)
    }
  }

  /// A crash, perhaps in the middle of the node's last act.
  ///
  /// What a node did in one act it did in order: a record that it wrote after a message that never
  /// left was not written either.
  private mutating func crash(
    _ index: Int, losing: Int, unsent: Int, _ last: LastAct, _ report: inout Report
  ) throws(Disabled) {
    let id = cluster.nodes[index]
    let unstable = hosts[index].unstableCount
    guard (0...unstable).contains(losing) else { throw .unstable(id, unstable) }
    var serials: [Int] = []
    var recordsAfter = 0
    if last.node == id {
      scan: for trace in last.traces.reversed() {
        switch trace {
        case .record: if serials.count < unsent { recordsAfter += 1 }
        case .stream: break scan
        case .envelope(let serial):
          guard envelopes.contains(where: { $0.serial == serial }) else { break scan }
          if serials.count < unsent { serials.append(serial) }
        }
      }
    }
    guard serials.count == unsent else { throw .unsent(id, serials.count) }
    guard losing >= recordsAfter else { throw .unstable(id, unstable) }
    envelopes.removeAll { serials.contains($0.serial) }
    report.incidents = stir(index, .crash(losing: losing))
    endStreams(of: id)
    loseClients(of: id, &report)
    lastAct = LastAct()
  }
}
