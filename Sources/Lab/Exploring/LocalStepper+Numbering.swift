import ProtocolCore

// Everything gets its number here, and with it what is known of it from the start. Where nodes are
// alike, the images of what is new are numbered with it.

extension LocalStepper {
  /// The number of a host among those of its node.
  mutating func intern(
    _ host: Host<C.Node>, at place: Int, in known: inout ExplorerTables
  ) -> Int {
    let host = inOrder(host, in: &known)
    if let number = hosts[place].number(of: host) { return number }
    let kind = Int32(known.symmetry?.nextKind() ?? 0)
    var fresh = [(place: place, number: add(host, at: place, kind, in: &known))]
    let local = fresh[0].number
    guard let renaming else { return local }
    while let (place, number) = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let image = inOrder(renaming.host(hosts[place][number], swap), in: &known)
        guard let target = cluster.nodes.firstIndex(of: image.id) else { continue }
        let imageNumber: Int
        if let old = hosts[target].number(of: image) {
          imageNumber = old
        } else {
          imageNumber = add(image, at: target, kind, in: &known)
          fresh.append((target, imageNumber))
        }
        known.symmetry?.hostImages[number * hosts.count + place, index] = Int32(imageNumber)
      }
    }
    return local
  }

  /// The host, with what is held behind one record in an order of its own, where no order matters.
  ///
  /// It leaves together, and on its way no order is kept; only a crash in its middle would show
  /// one.
  private mutating func inOrder(
    _ host: Host<C.Node>, in known: inout ExplorerTables
  ) -> Host<C.Node> {
    guard !mayCrash, cluster.faults.contains(.reordering), Words.channels.isEmpty else {
      return host
    }
    var ranks: [QueueRank] = []
    var records = 0
    for (place, waiting) in host.queue.enumerated() {
      var rank = QueueRank(records: records, place: place)
      switch waiting {
      case .record:
        records += 1
        rank.records = records
      case .reply: (rank.kind, rank.number) = (1, place)
      case .send(let message, let receiver):
        let transmission = Transmission(link: Link(from: host.id, to: receiver), message: message)
        (rank.kind, rank.number) = (2, intern(transmission, in: &known) ?? 0)
      }
      ranks.append(rank)
    }
    var ordered = host
    ordered.queue = QueueRank.places(ranks).map { host.queue[$0] }
    return ordered
  }

  private mutating func add(
    _ host: Host<C.Node>, at place: Int, _ kind: Int32, in known: inout ExplorerTables
  ) -> Int {
    let local = hosts[place].intern(host).number
    let number = local * hosts.count + place
    while known.table.hosts.count <= number {
      known.table.hosts.append(HostFacts(mix: mix(known.table.hosts.count, of: 0)))
      known.symmetry?.hostKinds.append(0)
    }
    known.table.hosts[number].isUp = host.isUp
    known.table.hosts[number].isBusy = !host.queue.isEmpty
    known.table.hosts[number].nextRequest = Int32(host.nextRequest.number)
    known.symmetry?.hostKinds[number] = kind
    return local
  }

  /// The number of an envelope; nil for one that is addressed to no node of the cluster.
  mutating func intern(_ transmission: Transmission, in known: inout ExplorerTables) -> Int? {
    if let number = envelopes.number(of: transmission) { return number }
    guard let first = add(transmission, in: &known) else { return nil }
    guard let renaming else { return first }
    var fresh = [first]
    while let number = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let original = envelopes[number]
        let image = renamed(original, swap, renaming)
        if let old = envelopes.number(of: image) {
          known.symmetry?.envelopeImages[number, index] = Int32(old)
        } else if let new = add(image, in: &known) {
          known.symmetry?.envelopeImages[number, index] = Int32(new)
          fresh.append(new)
        }
      }
    }
    return first
  }

  private func renamed(
    _ original: Transmission, _ swap: Swap, _ renaming: Renaming<C>
  ) -> Transmission {
    let link = Link(from: swap(original.link.from), to: swap(original.link.to))
    if case .message(let message)? = original.content {
      return Transmission(link: link, message: renaming.message(message, swap))
    }
    return Transmission(link: link, content: original.content, channel: original.channel)
  }

  private mutating func add(_ transmission: Transmission, in known: inout ExplorerTables) -> Int? {
    guard let node = cluster.nodes.firstIndex(of: transmission.link.to) else { return nil }
    let number = envelopes.intern(transmission).number
    let weight = mix(number, of: 1)
    var loss = LocalTransition()
    loss.observation = intern([
      Observed(id: transmission.link.from, observations: [.lost], node: nil)
    ])
    var duplication = LocalTransition(firstSend: Int32(known.table.sends.count), sendCount: 1)
    duplication.observation = intern([
      Observed(id: transmission.link.from, observations: [.doubled], node: nil)
    ])
    duplication.delta = weight
    known.table.sends.append(Int32(number))
    known.table.envelopes.append(
      EnvelopeFacts(
        mix: weight, node: Int32(node),
        column: Int32(known.table.envelopes.count { $0.node == node }),
        key: Int32(key(of: transmission, number)),
        loss: known.add(loss), duplication: known.add(duplication),
        kind: transmission.kind, link: bit(of: transmission.link),
        isQueued: transmission.channel != nil || !cluster.faults.contains(.reordering)))
    return number
  }

  /// Where messages do not overtake each other, those of a link are a queue; and so are those of a
  /// stream, one way, with the end of a connection behind them.
  private func key(of transmission: Transmission, _ number: Int) -> Int {
    guard let from = cluster.nodes.firstIndex(of: transmission.link.from),
      let to = cluster.nodes.firstIndex(of: transmission.link.to)
    else { return number }
    let link = from * hosts.count + to
    if let channel = transmission.channel {
      let place = Words.channels.firstIndex(of: channel) ?? Words.channels.count
      let base = transmission.content == nil ? 1 << 25 : 1 << 24
      return base + place * hosts.count * hosts.count + link
    }
    return cluster.faults.contains(.reordering) ? number : link
  }

  /// The number of a monitor.
  mutating func intern(_ monitor: C.Monitor, in known: inout ExplorerTables) -> Int {
    if let number = monitors.number(of: monitor) { return number }
    let first = add(monitor, in: &known)
    guard let renaming else { return first }
    var fresh = [first]
    while let number = fresh.popLast() {
      for (index, swap) in renaming.swaps.enumerated() {
        let image = renaming.monitor(monitors[number], swap)
        if let old = monitors.number(of: image) {
          known.symmetry?.monitorImages[number, index] = Int32(old)
        } else {
          let new = add(image, in: &known)
          known.symmetry?.monitorImages[number, index] = Int32(new)
          fresh.append(new)
        }
      }
    }
    return first
  }

  private mutating func add(_ monitor: C.Monitor, in known: inout ExplorerTables) -> Int {
    let number = monitors.intern(monitor).number
    known.table.monitorMix.append(mix(number, of: 2))
    known.table.isViolated.append(violated(by: monitor) != nil)
    return number
  }

  /// What should always hold, is judged, and does not.
  func violated(by monitor: C.Monitor) -> C.Property? {
    C.Property.allCases.first { property in
      property.form == .always && judged.contains(property) && !monitor.holds(property)
    }
  }

  /// The number of a budget.
  mutating func intern(_ budget: Budget, in known: inout ExplorerTables) -> Int {
    let (number, isNew) = budgets.intern(budget)
    if isNew {
      known.table.budgetMix.append(mix(number, of: 3))
      known.table.nextAsk.append(budget.nextAsk)
      known.table.cut.append(Int32(budget.cut))
      known.table.isMute.append(budget.isCalm && budget.cut > 0)
      known.table.cutMask.append(cuts(in: number).reduce(0) { $0 | bit(of: $1) })
      known.table.ready.append(
        clientAsks.indices.filter { index in
          let ask = clientAsks[index]
          return budget.clients[ask.client].canAsk(
            ask.ask, ask.choice, isCalm: budget.isCalm)
        }.map { Int32($0) })
    }
    return number
  }
}

/// Where something that waits for the disk stands in an order of its own: behind how many records,
/// then by kind, then by number.
private struct QueueRank: Comparable {
  var records: Int
  var kind = 0
  var number = 0
  let place: Int

  /// The places, in order of rank.
  static func places(_ ranks: [QueueRank]) -> [Int] { ranks.sorted().map(\.place) }

  static func < (a: QueueRank, b: QueueRank) -> Bool {
    (a.records, a.kind, a.number, a.place) < (b.records, b.kind, b.number, b.place)
  }
}

extension LocalStepper.Transmission {
  /// What it is, to the expander.
  var kind: EnvelopeKind {
    switch content {
    case nil: .stream
    case .end?: .end
    case .message?: channel == nil ? .datagram : .streamed
    }
  }
}
