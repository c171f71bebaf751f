import ProtocolCore

// What is known before anything was learnt: what is asked, what may be cut, which streams there
// are.

extension LocalStepper {
  /// The tables before anything was learnt.
  mutating func firstTables(isLasting: Bool) -> ExplorerTables {
    var table = TransitionTable(nodes: cluster.nodes.count, isLasting: isLasting)
    for node in cluster.nodes.indices { _ = price(.crash(node: node)) }
    _ = (price(.loss), price(.duplicate))
    for (number, ask) in cluster.asks.filter({ $0.client == nil }).enumerated() {
      let first = requests.count
      requests += ask.requests.map { (ask.node, $0, false) }
      if let node = cluster.nodes.firstIndex(of: ask.node) {
        table.asks.append((node, first..<requests.count, price(.ask(number))))
      }
    }
    addClients(to: &table)
    let alike = renaming?.alike.compactMap { cluster.nodes.firstIndex(of: $0) } ?? []
    let symmetry = alike.count > 1 ? Symmetry(nodes: alike, of: table.nodes) : nil
    var known = ExplorerTables(table: table, symmetry: symmetry)
    addStreams(to: &known)
    addGlobals(to: &known)
    return known
  }

  private mutating func addClients(to table: inout TransitionTable) {
    for (client, entry) in clients.enumerated() {
      for (ask, what) in entry.asks.enumerated() {
        for node in what.nodes.compactMap({ cluster.nodes.firstIndex(of: $0) }) {
          for (choice, request) in what.requests.enumerated() {
            clientAsks.append(
              ClientAsk(
                client: client, ask: ask, node: node, choice: choice, request: requests.count))
            table.clientAsks.append((node, requests.count))
            requests.append((cluster.nodes[node], request, what.awaits))
          }
        }
      }
    }
  }

  private mutating func addStreams(to known: inout ExplorerTables) {
    for channel in Words.channels {
      for near in cluster.nodes.indices {
        for far in cluster.nodes.indices where far > near {
          let link = Link(from: cluster.nodes[near], to: cluster.nodes[far])
          let numbers = [
            Transmission(link: link, content: nil, channel: channel),
            Transmission(link: link, content: .end(channel), channel: channel),
            Transmission(link: link.reversed, content: .end(channel), channel: channel),
          ].compactMap { intern($0, in: &known) }
          guard numbers.count == 3 else { continue }
          known.table.streams.append(
            StreamFacts(
              nodes: (near, far), token: numbers[0], ends: (numbers[1], numbers[2]),
              links: bit(of: link) | bit(of: link.reversed)))
        }
      }
    }
  }

  /// An operation on the stream between two nodes; nil for a stream that there is not.
  func operation(
    _ kind: StreamOperation.Kind, _ id: NodeID, _ other: NodeID, _ channel: Channel,
    _ envelope: Int = -1
  ) -> Deed? {
    guard let a = cluster.nodes.firstIndex(of: id), let b = cluster.nodes.firstIndex(of: other),
      a != b, let place = Words.channels.firstIndex(of: channel)
    else { return nil }
    let (near, far, count) = (min(a, b), max(a, b), cluster.nodes.count)
    let pairs = count * (count - 1) / 2
    let pair = near * (2 * count - near - 1) / 2 + far - near - 1
    return .stream(
      StreamOperation(
        kind: kind, stream: Int32(place * pairs + pair), isNear: a == near,
        envelope: Int32(envelope)))
  }

  private mutating func addGlobals(to known: inout ExplorerTables) {
    let bounds = cluster.bounds
    func add(_ act: Act<Words>, _ spending: Spending, _ transition: LocalTransition) {
      globals.append(act)
      known.table.globals.append(
        Choice(transition: known.add(transition), price: price(spending)))
    }
    var idle = LocalTransition()
    idle.isIdle = true
    if cluster.faults.contains(.cut), bounds.cuts > 0 {
      for (number, links) in cluster.partitions.enumerated() {
        add(.cut(links), .cut(number + 1), idle)
      }
    }
    if cluster.faults.contains(.cut), bounds.cuts > 0 || beginsCut { add(.heal, .heal, idle) }
    for (number, client) in clients.enumerated() {
      add(.abandon(client.id), .abandon(client: number), idle)
    }
    guard cluster.faults.contains(.sever), bounds.severs > 0 else { return }
    for channel in Words.channels {
      for near in cluster.nodes.indices {
        for far in cluster.nodes.indices where far > near {
          let (a, b) = (cluster.nodes[near], cluster.nodes[far])
          guard case .stream(let sever)? = operation(.sever, a, b, channel) else { continue }
          var transition = idle
          transition.firstOperation = Int32(known.table.streamOperations.count)
          transition.operationCount = 1
          known.table.streamOperations.append(sever)
          add(.sever(a, b, channel), .sever, transition)
        }
      }
    }
  }

  /// The bit that stands for a link where links are cut.
  func bit(of link: Link) -> UInt64 {
    guard let from = cluster.nodes.firstIndex(of: link.from),
      let to = cluster.nodes.firstIndex(of: link.to), cluster.nodes.count <= 8
    else { return 0 }
    return 1 << UInt64(from * 8 + to)
  }

  /// The links that are cut in a budget.
  func cuts(in budget: Int) -> Set<Link> {
    let number = budgets[budget].cut
    return number == 0 ? [] : Set(cluster.partitions[number - 1])
  }

  /// What clients see, in words, as an observation.
  mutating func intern(_ views: [ClientView]) -> Int32 {
    let seen = views.map { sight -> Seen in
      switch sight {
      case .invoked(let client, let ask, let choice):
        Seen(
          client: clients[client].id,
          event: .invoked(clients[client].asks[ask].requests[choice]))
      case .answered(let client, let reply, let isRefusal):
        Seen(
          client: clients[client].id,
          event: isRefusal ? .refused(replies[reply]) : .returned(replies[reply]))
      case .unknown(let client): Seen(client: clients[client].id, event: .unknown)
      case .gaveUp(let client): Seen(client: clients[client].id, event: .gaveUp)
      }
    }
    return intern([Observed(id: "", observations: [], node: nil, clients: seen)])
  }
}
