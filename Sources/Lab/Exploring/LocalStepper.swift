import ProtocolCore

/// Knows the protocol: answers the requests of a expander by letting a host, or a monitor, take one
/// step, and numbers what comes of it.
struct LocalStepper<C: Model> {
  typealias Words = C.Words

  let cluster: Cluster<C>
  let renaming: Renaming<C>?
  let judged: Set<C.Property>
  var hosts: [Interner<Host<C.Node>>]
  var envelopes = Interner<Transmission>()
  var monitors = Interner<C.Monitor>()
  var budgets = Interner<Budget>()
  /// The acts of the choices in the menus, by number.
  private(set) var choices: [Act<Words>] = []
  /// The requests, by number.
  private(set) var requests: [(node: NodeID, request: Words.Request)] = []
  /// The crashes in the middle, by the number of their transitions.
  private(set) var interruptions: [Int32: Interruption] = [:]
  /// How many steps hosts took.
  private(set) var steps = 0
  private var observed = Interner<[Observed]>()
  let mayCrash: Bool

  /// A message on its way, whichever of its copies.
  struct Transmission: Hashable {
    let link: Link
    let message: Words.Message
  }

  /// What a monitor gets to see of one act: what happened at a node, and then the node, if it
  /// is up.
  struct Observed: Hashable {
    let id: NodeID
    let observations: [Observation<Words>]
    let node: C.Node?
  }

  init(_ explorer: Explorer<C>) {
    cluster = explorer.cluster
    renaming = explorer.symmetry
    judged = explorer.judged
    hosts = cluster.nodes.map { _ in Interner() }
    mayCrash = explorer.mayCrash
    _ = observed.intern([])
  }

  /// TransitionTable and symmetry before anything was learnt.
  mutating func firstTables(isLasting: Bool) -> ExplorerTables {
    var table = TransitionTable(nodes: cluster.nodes.count, isLasting: isLasting)
    for ask in cluster.asks {
      let first = requests.count
      requests += ask.requests.map { (ask.node, $0) }
      if let node = cluster.nodes.firstIndex(of: ask.node) {
        table.asks.append((node, first..<requests.count))
      }
    }
    let alike = renaming?.alike.compactMap { cluster.nodes.firstIndex(of: $0) } ?? []
    let symmetry = alike.count > 1 ? Symmetry(nodes: alike, of: table.nodes) : nil
    return ExplorerTables(table: table, symmetry: symmetry)
  }
}

// MARK: Answers

extension LocalStepper {
  /// Adds the answer to what is known.
  mutating func answer(_ miss: TableMiss, in known: inout ExplorerTables) {
    switch miss {
    case .delivery(let host, let envelope):
      let transmission = envelopes[envelope]
      let transition =
        node(host).node == nil
        ? known.add(LocalTransition(isIdle: true))  // a node that is down ignores it
        : learn(.receive(transmission.message, from: transmission.link.from), host, in: &known)
      let column = Int(known.table.envelopes[envelope].column)
      known.table.deliveries[host, column] = transition
    case .menu(let host):
      learnMenu(host, in: &known)
    case .ask(let host, let number):
      let transition = learn(.ask(requests[number].request), host, in: &known)
      known.table.answers[host, number] = transition
    case .observation(let monitor, let observation):
      var after = monitors[monitor]
      for look in observed[observation] {
        for observation in look.observations { after.observe(observation, at: look.id) }
        if let node = look.node { after.look(at: node, look.id) }
      }
      known.table.monitors[monitor, observation] = Int32(intern(after, in: &known))
    case .spending(let budget, let price):
      let rest = budgets[budget].paying(price).map { Int32(intern($0, in: &known)) }
      known.table.budgets[budget, price] = rest ?? Grid.nothing
    }
  }

  /// The host of this number among all hosts.
  private func node(_ host: Int) -> Host<C.Node> {
    hosts[host % hosts.count][host / hosts.count]
  }

  /// What a host can do by itself.
  private mutating func learnMenu(_ number: Int, in known: inout ExplorerTables) {
    let host = node(number)
    var menu: [(stimulus: Stimulus<Words>, act: Act<Words>, price: Int)] = []
    if host.node == nil {
      menu.append((.start, .restart(host.id), TransitionTable.Price.restart))
    } else {
      for alarm in host.alarms {
        let act = Act<Words>.expire(host.id, alarm.timer)
        menu.append((.expire(alarm.timer), act, TransitionTable.Price.expiry))
      }
      let unstable = host.unstable.count
      for count in 0..<unstable {
        let act = Act<Words>.store(host.id, first: count + 1 == unstable ? nil : count + 1)
        menu.append((.store(count + 1), act, TransitionTable.Price.none))
      }
      if mayCrash {
        for losing in 0...unstable {
          let act = Act<Words>.crash(host.id, losing: losing, unsent: 0)
          menu.append((.crash(losing: losing), act, TransitionTable.Price.crash))
        }
      }
    }
    let transitions = menu.map { learn($0.stimulus, number, in: &known) }
    known.table.hosts[number].menuStart = Int32(known.table.menu.count)
    for (entry, transition) in zip(menu, transitions) {
      known.table.menu.append(Choice(transition: transition, price: entry.price))
      choices.append(entry.act)
    }
    known.table.hosts[number].menuEnd = Int32(known.table.menu.count)
  }

  /// Lets a host take a step.
  private mutating func learn(
    _ stimulus: Stimulus<Words>, _ number: Int, in known: inout ExplorerTables
  ) -> Int32 {
    steps += 1
    let place = number % hosts.count
    let before = node(number)
    var host = before
    let happenings = host.take(stimulus)
    let look = Observed(
      id: host.id, observations: happenings.compactMap { $0.observation }, node: host.node)
    var traces: [Int?] = []
    for happening in happenings {
      switch happening {
      case .sent(let message, let receiver):
        let transmission = Transmission(link: Link(from: host.id, to: receiver), message: message)
        if let envelope = intern(transmission, in: &known) { traces.append(envelope) }
      case .persisted: traces.append(nil)
      default: break
      }
    }
    let transition = describe(
      from: number, to: host, at: place, sending: traces.compactMap { $0 }, [look], in: &known)
    let number = known.add(transition)
    if mayCrash, host.node != nil {
      learnInterruptions(of: number, before: before, host, at: place, traces, look, in: &known)
    }
    return number
  }

  private mutating func describe(
    from number: Int, to host: Host<C.Node>, at place: Int, sending envelopes: [Int],
    _ seen: [Observed], in known: inout ExplorerTables
  ) -> LocalTransition {
    let local = intern(host, at: place, in: &known)
    var transition = LocalTransition(node: Int32(place))
    let after = local * hosts.count + place
    if after != number {
      transition.host = Int32(local)
      transition.delta = known.table.hosts[after].mix &- known.table.hosts[number].mix
    }
    var sends = envelopes
    if known.table.isLasting {
      sends = envelopes.indices.filter { !envelopes[..<$0].contains(envelopes[$0]) }.map {
        envelopes[$0]
      }
    }
    transition.firstSend = Int32(known.table.sends.count)
    transition.sendCount = Int32(sends.count)
    // By key; of one key in the order in which they were sent.
    sends = sends.indices.sorted { (known.key(sends[$0]), $0) < (known.key(sends[$1]), $1) }.map {
      sends[$0]
    }
    for envelope in sends {
      known.table.sends.append(Int32(envelope))
      transition.delta &+= known.table.envelopes[envelope].mix
    }
    transition.isIdle = after == number && sends.isEmpty
    let isNothing = seen.allSatisfy { $0.observations.isEmpty && $0.node == nil }
    transition.observation = isNothing ? 0 : intern(seen)
    return transition
  }

  /// The crashes in the middle of what a host did: the last messages never left, and what was
  /// written after them was not written either.
  private mutating func learnInterruptions(
    of number: Int32, before: Host<C.Node>, _ host: Host<C.Node>, at place: Int,
    _ traces: [Int?], _ look: Observed, in known: inout ExplorerTables
  ) {
    let envelopes = traces.compactMap { $0 }
    guard !envelopes.isEmpty else { return }
    guard let old = hosts[place].number(of: before) else { return }
    let unstable = host.unstable.count
    var found: [Interruption] = []
    for unsent in 1...envelopes.count {
      for losing in LocalStepper.records(after: envelopes.count - unsent, of: traces)...unstable {
        var crashed = host
        let observations = crashed.take(.crash(losing: losing)).compactMap { $0.observation }
        let transition = describe(
          from: old * hosts.count + place, to: crashed, at: place,
          sending: Array(envelopes.dropLast(unsent)),
          [look, Observed(id: host.id, observations: observations, node: nil)], in: &known)
        found.append(
          Interruption(transition: known.add(transition), losing: losing, unsent: unsent))
      }
    }
    known.table.transitions[Int(number)].firstInterruption =
      Int32(known.table.interruptions.count)
    known.table.transitions[Int(number)].interruptionCount = Int32(found.count)
    known.table.interruptions += found
    for interruption in found { interruptions[interruption.transition] = interruption }
  }

  /// How many records were written after so many messages had been sent, and the next was not.
  private static func records(after sent: Int, of traces: [Int?]) -> Int {
    var count = 0
    let rest = traces.drop { trace in
      if trace != nil { count += 1 }
      return count <= sent
    }
    return rest.count { $0 == nil }
  }

  /// The number of what a monitor gets to see.
  mutating func intern(_ seen: [Observed]) -> Int32 { Int32(observed.intern(seen).number) }
}
