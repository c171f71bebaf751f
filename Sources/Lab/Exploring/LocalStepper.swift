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
  var spendings = Interner<Spending>()
  var replies = Interner<Words.Reply>()
  /// The acts of the choices in the menus, by number.
  private(set) var choices: [Act<Words>] = []
  /// The acts that are no host's, by number.
  var globals: [Act<Words>] = []
  /// The requests, by number.
  var requests: [(node: NodeID, request: Words.Request, hasClient: Bool)] = []
  /// The clients, and what each can ask, by number.
  let clients: [SimulatedClient<Words>]
  var clientAsks: [ClientAsk] = []
  /// The crashes in the middle, by the number of their transitions.
  private(set) var interruptions: [Int32: Interruption] = [:]
  /// How many steps hosts took.
  private(set) var steps = 0
  private var observed = Interner<[Observed]>()
  let mayCrash: Bool
  /// Whether something is cut when the prelude is over.
  let beginsCut: Bool

  /// Something on its way, whichever of its copies.
  struct Transmission: Hashable {
    let link: Link
    /// Nil for what is there as long as a stream is open, from its first end to its second.
    let content: Content<Words>?
    /// Of which channel the stream is that it stands for.
    var channel: Channel?

    init(link: Link, message: Words.Message) {
      self.link = link
      content = .message(message)
      channel = content?.channel
    }

    init(link: Link, content: Content<Words>?, channel: Channel?) {
      self.link = link
      self.content = content
      self.channel = channel
    }
  }

  /// What a client can ask: one of its asks, of a node, one of its requests.
  struct ClientAsk {
    let client: Int
    let ask: Int
    let node: Int
    /// Among the requests of that ask.
    let choice: Int
    /// Among all requests.
    let request: Int
  }

  /// What a monitor gets to see of one act: what happened at a node, and then the node, if it
  /// is up.
  struct Observed: Hashable {
    let id: NodeID
    let observations: [Observation<Words>]
    let node: C.Node?
    var reading: Ticks = 0
    var clients: [Seen] = []
    /// The timers that the node has set, if the monitor wants to know.
    var timers: [Host<C.Node>.Alarm] = []
  }

  /// What a client sees.
  struct Seen: Hashable {
    let client: ClientID
    let event: ClientEvent<Words>
  }

  init(_ explorer: Explorer<C>, beginsCut: Bool) {
    cluster = explorer.cluster
    self.beginsCut = beginsCut
    renaming = explorer.symmetry
    judged = explorer.judged
    hosts = cluster.nodes.map { _ in Interner() }
    mayCrash = explorer.mayCrash
    clients = SimulatedClient.all(of: explorer.cluster.asks)
    _ = observed.intern([])
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
        : learn(stimulus(of: transmission), host, in: &known)
      let column = Int(known.table.envelopes[envelope].column)
      known.table.deliveries[host, column] = transition
    case .menu(let host):
      learnMenu(host, in: &known)
    case .ask(let host, let number):
      let asked = requests[number]
      let transition = learn(
        .ask(asked.request, hasClient: asked.hasClient), host, in: &known)
      known.table.answers[host, number] = transition
    case .observation(let monitor, let observation):
      var after = monitors[monitor]
      for look in observed[observation] {
        for seen in look.clients { after.observe(seen.event, of: seen.client) }
        for observation in look.observations { after.observe(observation, at: look.id) }
        for alarm in look.timers {
          after.observe(alarm.timer, setFor: alarm.range, at: look.id)
        }
        if let node = look.node { after.look(at: node, look.id, reading: look.reading) }
      }
      known.table.monitors[monitor, observation] = Int32(intern(after, in: &known))
    case .spending(let budget, let price):
      guard let (rest, views) = budgets[budget].paying(spendings[price]) else {
        known.table.budgets[budget, price] = Grid.nothing
        return
      }
      known.table.budgets[budget, price] = Int32(intern(rest, in: &known))
      known.table.views[budget, price] = views.isEmpty ? 0 : intern(views)
    case .clientPrice(let ask, let number):
      let entry = clientAsks[ask]
      known.table.clientPrices[ask, number] = Int32(
        price(
          .clientAsk(
            client: entry.client, request: entry.choice, node: entry.node, number: number)))
    }
  }

  /// The number of something that takes of a budget.
  mutating func price(_ spending: Spending) -> Int { spendings.intern(spending).number }

  private func stimulus(of transmission: Transmission) -> Stimulus<Words> {
    switch transmission.content {
    case .message(let message)?: .receive(message, from: transmission.link.from)
    case .end(let channel)?: .disconnect(transmission.link.from, channel)
    case nil: preconditionFailure("an open stream does not arrive")
    }
  }

  /// The host of this number among all hosts.
  private func node(_ host: Int) -> Host<C.Node> {
    hosts[host % hosts.count][host / hosts.count]
  }

  /// What a host can do by itself.
  private mutating func learnMenu(_ number: Int, in known: inout ExplorerTables) {
    let host = node(number)
    let menu = menu(of: host, at: number % hosts.count)
    let transitions = menu.map { learn($0.stimulus, number, in: &known) }
    known.table.hosts[number].menuStart = Int32(known.table.menu.count)
    for (entry, transition) in zip(menu, transitions) {
      var isExpiry = false
      if case .expire = entry.stimulus { isExpiry = true }
      known.table.menu.append(
        Choice(transition: transition, price: entry.price, isExpiry: isExpiry))
      choices.append(entry.act)
    }
    known.table.hosts[number].menuEnd = Int32(known.table.menu.count)
  }

  private typealias Entry = (stimulus: Stimulus<Words>, act: Act<Words>, price: Int)

  private mutating func menu(of host: Host<C.Node>, at place: Int) -> [Entry] {
    var menu: [Entry] = []
    if !host.isUp {
      menu.append((.start, .restart(host.id), price(.restart)))
      for count in 0..<(mayForget ? host.disk.count : 0) {
        let last = count + 1 == host.disk.count ? nil : count + 1
        menu.append((.forget(last), .forget(host.id, last: last), price(.forget)))
      }
    } else {
      for alarm in host.alarms {
        let kind = C.kind(of: alarm.timer).flatMap { C.timerKinds.firstIndex(of: $0) }
        let act = Act<Words>.expire(host.id, alarm.timer)
        menu.append((.expire(alarm.timer), act, price(.expiry(kind: kind))))
      }
      let unstable = host.unstable.count
      for count in 0..<unstable {
        let act = Act<Words>.store(host.id, first: count + 1 == unstable ? nil : count + 1)
        menu.append((.store(count + 1), act, TransitionTable.free))
      }
      if mayCrash {
        for losing in 0...unstable {
          let act = Act<Words>.crash(host.id, losing: losing, unsent: 0)
          menu.append((.crash(losing: losing), act, price(.crash(node: place))))
        }
      }
    }
    if C.Node.readsClock, host.reading.count < cluster.bounds.clock {
      let reading = host.reading + 1
      menu.append((.clock(reading), .clock(host.id, reading), price(.clock(node: place))))
    }
    return menu
  }

  private var mayForget: Bool {
    cluster.faults.contains(.forgetting) && cluster.bounds.forgettings > 0
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
    var look = Observed(
      id: host.id, observations: happenings.observations(), node: host.node, reading: host.reading)
    if C.Monitor.watchesTimers {
      for case .set(let timer, let ticks) in happenings {
        look.timers.append(Host<C.Node>.Alarm(timer: timer, range: ticks))
      }
    }
    let deeds = deeds(of: host.id, happenings, in: &known)
    let answers = answers(at: place, happenings)
    let transition = describe(
      from: number, to: host, at: place, deeds, [look], answers, in: &known)
    let number = known.add(transition)
    if mayCrash, host.isUp {
      learnInterruptions(
        of: number, before: before, host, at: place, deeds, look, answers, in: &known)
    }
    return number
  }

  /// What a host did, as far as others hear of it, in order.
  enum Deed {
    case wrote
    case sent(Int)
    case stream(StreamOperation)
    case crashed
  }

  private mutating func deeds(
    of id: NodeID, _ happenings: [Happening<Words>], in known: inout ExplorerTables
  ) -> [Deed] {
    happenings.compactMap { happening in
      switch happening {
      case .sent(let message, let receiver):
        let transmission = Transmission(link: Link(from: id, to: receiver), message: message)
        guard let envelope = intern(transmission, in: &known) else { return nil }
        guard let channel = transmission.channel else { return .sent(envelope) }
        return operation(.send, id, receiver, channel, envelope)
      case .connects(let other, let channel): return operation(.connect, id, other, channel)
      case .disconnects(let other, let channel): return operation(.disconnect, id, other, channel)
      case .persisted: return .wrote
      case .crashed: return .crashed
      default: return nil
      }
    }
  }

  /// What an answer takes of the budget; -1 when no client waits for any.
  private mutating func answers(at place: Int, _ happenings: [Happening<Words>]) -> Int32 {
    guard !clients.isEmpty else { return -1 }
    var answers: [Spending.Answer] = []
    for case .replied(let reply, let number) in happenings {
      answers.append(
        Spending.Answer(
          number: number.number, isRefusal: Words.isRefusal(reply), isLoss: Words.isLoss(reply),
          reply: replies.intern(reply).number))
    }
    return answers.isEmpty ? -1 : Int32(price(.answers(node: place, answers)))
  }

  private mutating func describe(
    from number: Int, to host: Host<C.Node>, at place: Int, _ deeds: [Deed],
    _ seen: [Observed], _ answers: Int32, in known: inout ExplorerTables
  ) -> LocalTransition {
    let local = intern(host, at: place, in: &known)
    var transition = LocalTransition(node: Int32(place))
    let after = local * hosts.count + place
    if after != number {
      transition.host = Int32(local)
      transition.delta = known.table.hosts[after].mix &- known.table.hosts[number].mix
    }
    var sends: [Int] = []
    transition.firstOperation = Int32(known.table.streamOperations.count)
    for deed in deeds {
      switch deed {
      case .sent(let envelope): sends.append(envelope)
      case .stream(let operation): known.table.streamOperations.append(operation)
      case .crashed: if !Words.channels.isEmpty { transition.crashed = Int32(place) }
      case .wrote: break
      }
    }
    transition.operationCount =
      Int32(known.table.streamOperations.count) - transition.firstOperation
    if known.table.isLasting {
      sends = sends.indices.filter { !sends[..<$0].contains(sends[$0]) }.map { sends[$0] }
    }
    transition.firstSend = Int32(known.table.sends.count)
    transition.sendCount = Int32(sends.count)
    sends = known.byKey(sends)
    for envelope in sends {
      known.table.sends.append(Int32(envelope))
      transition.delta &+= known.table.envelopes[envelope].mix
    }
    transition.isIdle = after == number && sends.isEmpty
    transition.answers = answers
    transition.observation = intern(ifAnything: Array(seen.prefix(1)))
    transition.afterAnswers = intern(ifAnything: Array(seen.dropFirst()))
    if cluster.bounds.epoch != .max, let node = host.node {
      transition.epoch = Int32(clamping: C.epoch(of: node))
    }
    return transition
  }

  private mutating func intern(ifAnything seen: [Observed]) -> Int32 {
    let isNothing = seen.allSatisfy { $0.observations.isEmpty && $0.node == nil }
    return isNothing ? 0 : intern(seen)
  }

  /// The crashes in the middle of what a host did: the last messages never left, and what was
  /// written after them was not written either.
  private mutating func learnInterruptions(
    of number: Int32, before: Host<C.Node>, _ host: Host<C.Node>, at place: Int,
    _ deeds: [Deed], _ look: Observed, _ answers: Int32, in known: inout ExplorerTables
  ) {
    let barrier = deeds.lastIndex { deed in
      if case .stream(let operation) = deed { operation.kind != .send } else { false }
    }
    let firm = Array(deeds.prefix((barrier ?? -1) + 1))
    let loose = Array(deeds.dropFirst(firm.count))
    let count = loose.count { $0.isSent }
    guard count > 0, let old = hosts[place].number(of: before) else { return }
    let unstable = host.unstable.count
    var found: [Interruption] = []
    for unsent in 1...count {
      let (sent, after) = LocalStepper.parted(loose, after: count - unsent)
      for losing in after...unstable {
        var crashed = host
        let observations = crashed.take(.crash(losing: losing)).observations()
        let transition = describe(
          from: old * hosts.count + place, to: crashed, at: place, firm + sent + [.crashed],
          [look, Observed(id: host.id, observations: observations, node: nil)], answers,
          in: &known)
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

  /// What was done until so many messages had been sent and the next was not; and how many records
  /// were written after that.
  private static func parted(_ deeds: [Deed], after sent: Int) -> (done: [Deed], records: Int) {
    var count = 0
    let done = deeds.prefix { deed in
      if deed.isSent { count += 1 }
      return count <= sent
    }
    let records = deeds.dropFirst(done.count).count { if case .wrote = $0 { true } else { false } }
    return (Array(done), records)
  }

  /// The number of what a monitor gets to see.
  mutating func intern(_ seen: [Observed]) -> Int32 { Int32(observed.intern(seen).number) }
}

extension LocalStepper.Deed {
  /// Whether a message was sent.
  var isSent: Bool {
    switch self {
    case .sent: true
    case .stream(let operation): operation.kind == .send
    case .wrote, .crashed: false
    }
  }
}
