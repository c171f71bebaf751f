// What can happen in a state. The order in which it is found is kept: the first runs to what is
// looked for follow from it.

extension StateExpander {
  /// Finds what can happen in the state, or what must be learnt to know it.
  mutating func generate(_ stride: Stride) -> TableMiss? {
    candidates.removeAll(keepingCapacity: true)
    let base = state.fingerprint(by: known.table)
    if let miss = generateDeliveries(stride, base) { return miss }
    if let miss = generateChoices(stride, base) { return miss }
    if let miss = generateAsks(stride, base) { return miss }
    if let miss = generateClientAsks(stride, base) { return miss }
    return stride == .one ? generateGlobals(base) : nil
  }

  private mutating func generateDeliveries(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    var lastKey: Int32 = -1
    let cut = known.table.cutMask[state.budget]
    for position in 0..<state.envelopeCount {
      let envelope = state.envelopes[position]
      let facts = known.table.envelopes[envelope]
      let isFirst = facts.key != lastKey
      lastKey = facts.key
      if isFirst, facts.kind != .stream, facts.link & cut == 0 {
        let host = state.host(of: Int(facts.node))
        let transition = known.table.deliveries[host, Int(facts.column)]
        if transition == Grid.unknown { return .delivery(host: host, envelope: envelope) }
        if keepsIgnored, known.table.transitions[Int(transition)].isIdle { continue }
        let origin = Origin.delivery(envelope: Int32(truncatingIfNeeded: envelope))
        let removed = known.table.isLasting ? -1 : position
        if let miss = propose(transition, removed, TransitionTable.free, origin, stride, base) {
          return miss
        }
      }
      if stride == .one, isFirst || facts.isQueued,
        let miss = generateFates(of: facts, envelope, position, base)
      {
        return miss
      }
    }
    return nil
  }

  /// What the network can do to an envelope.
  private mutating func generateFates(
    of facts: EnvelopeFacts, _ envelope: Int, _ position: Int, _ base: UInt64
  ) -> TableMiss? {
    if known.table.isLasting || facts.kind == .stream || facts.kind == .end { return nil }
    let name = Int32(truncatingIfNeeded: envelope)
    let (loss, duplicate) = (known.table.lossPrice(), known.table.duplicatePrice())
    if known.table.budgets[state.budget, loss] != Grid.nothing,
      facts.kind == .datagram || isTail(position, facts.key),
      let miss = propose(
        facts.loss, position, loss, .loss(envelope: name, position: position), .one, base)
    {
      return miss
    }
    guard facts.kind == .datagram,
      known.table.budgets[state.budget, duplicate] != Grid.nothing
    else { return nil }
    return propose(facts.duplication, -1, duplicate, .duplication(envelope: name), .one, base)
  }

  /// Whether what follows on a stream is its end.
  private func isTail(_ position: Int, _ key: Int32) -> Bool {
    guard position &+ 1 < state.envelopeCount else { return false }
    let next = known.table.envelopes[state.envelopes[position &+ 1]]
    return next.key == key && next.kind == .end
  }

  private mutating func generateChoices(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    let mayExpire = suspects || isQuiet
    for node in 0..<known.table.nodes {
      let host = state.host(of: node)
      let start = known.table.hosts[host].menuStart
      if start < 0 { return .menu(host: host) }
      for index in Int(start)..<Int(known.table.hosts[host].menuEnd) {
        let choice = known.table.menu[index]
        if choice.isExpiry, !mayExpire { continue }
        let origin = Origin.choice(Int32(truncatingIfNeeded: index))
        if let miss = propose(choice.transition, -1, choice.price, origin, stride, base) {
          return miss
        }
      }
    }
    return nil
  }

  /// Whether nothing can happen but that time passes.
  private var isQuiet: Bool {
    for node in 0..<known.table.nodes where known.table.hosts[state.host(of: node)].isBusy {
      return false
    }
    if known.table.isLasting { return true }
    let cut = known.table.cutMask[state.budget]
    if cut == 0, known.table.streams.isEmpty { return state.envelopeCount == 0 }
    for position in 0..<state.envelopeCount {
      let facts = known.table.envelopes[state.envelopes[position]]
      if facts.kind != .stream, facts.link & cut == 0 { return false }
    }
    return true
  }

  /// What is asked comes in its order; what would be asked of a node that is down waits or is left
  /// out.
  private mutating func generateAsks(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    var ask = known.table.nextAsk[state.budget]
    while ask < known.table.asks.count {
      let (node, requests, price) = known.table.asks[ask]
      let host = state.host(of: node)
      if known.table.hosts[host].isUp {
        for request in requests {
          let transition = known.table.answers[host, request]
          if transition == Grid.unknown { return .ask(host: host, request: request) }
          let origin = Origin.ask(request: Int32(truncatingIfNeeded: request))
          if let miss = propose(transition, -1, price, origin, stride, base) { return miss }
        }
        return nil
      }
      ask += 1
    }
    return nil
  }

  /// What clients can ask; of different clients in any order.
  private mutating func generateClientAsks(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    for index in 0..<known.table.ready[state.budget].count {
      let number = known.table.ready[state.budget][index]
      let (node, request) = known.table.clientAsks[Int(number)]
      let host = state.host(of: node)
      guard known.table.hosts[host].isUp else { continue }
      let transition = known.table.answers[host, request]
      if transition == Grid.unknown { return .ask(host: host, request: request) }
      let place = Int(known.table.hosts[host].nextRequest)
      let price = known.table.clientPrices[Int(number), place]
      if price == Grid.unknown { return .clientPrice(ask: Int(number), number: place) }
      if let miss = propose(transition, -1, Int(price), .clientAsk(number), stride, base) {
        return miss
      }
    }
    return nil
  }

  /// What happens to no host: a partition, its end, a stream that breaks, a client that gives up.
  private mutating func generateGlobals(_ base: UInt64) -> TableMiss? {
    for index in 0..<known.table.globals.count {
      let choice = known.table.globals[index]
      let transition = known.table.transitions[Int(choice.transition)]
      if transition.operationCount > 0 {
        let operation = known.table.streamOperations[Int(transition.firstOperation)]
        guard state.contains(known.table.streams[Int(operation.stream)].token) else { continue }
      }
      let origin = Origin.global(Int32(truncatingIfNeeded: index))
      if let miss = propose(choice.transition, -1, choice.price, origin, .one, base) {
        return miss
      }
    }
    return nil
  }
}

// MARK: Candidates

extension StateExpander {
  /// What an act takes of a budget: what is left, and what the monitor makes of what clients see.
  private enum Payment {
    case paid(budget: Int, monitor: Int)
    case refused
    case asks(TableMiss)
  }

  private func pay(_ price: Int, of budget: Int, _ monitor: Int) -> Payment {
    let rest = known.table.budgets[budget, price]
    if rest == Grid.unknown { return .asks(.spending(budget: budget, price: price)) }
    guard rest >= 0 else { return .refused }
    guard known.table.hasClients else { return .paid(budget: Int(rest), monitor: monitor) }
    return see(Int(known.table.views[budget, price]), monitor, Int(rest))
  }

  private func see(_ observation: Int, _ monitor: Int, _ budget: Int) -> Payment {
    guard observation > 0 else { return .paid(budget: budget, monitor: monitor) }
    let seen = known.table.monitors[monitor, observation]
    if seen == Grid.unknown {
      return .asks(.observation(monitor: monitor, observation: observation))
    }
    return .paid(budget: budget, monitor: Int(seen))
  }

  /// Adds a candidate, if the budget allows it and it changes anything; or, when two acts are
  /// looked for, all crashes in its middle.
  private mutating func propose(
    _ number: Int32, _ removed: Int, _ price: Int, _ origin: Origin, _ stride: Stride,
    _ base: UInt64
  ) -> TableMiss? {
    guard number >= 0 else { return nil }
    var (budget, monitor) = (state.budget, state.monitor)
    if known.table.isCrash(price) {
      let rest = known.table.budgets[budget, price]
      if rest == Grid.unknown { return .spending(budget: budget, price: price) }
      guard rest >= 0, stride == .one else { return nil }
      // Who will hear no more learns it when the node has crashed, not before.
      return add(number, removed, budget, monitor, origin, base, price)
    }
    if price != TransitionTable.free {
      switch pay(price, of: budget, monitor) {
      case .paid(let rest, let seen): (budget, monitor) = (rest, seen)
      case .refused: return nil
      case .asks(let miss): return miss
      }
    }
    if stride == .one { return add(number, removed, budget, monitor, origin, base) }
    let transition = known.table.transitions[Int(number)]
    let first = Int(transition.firstInterruption)
    for index in first..<first &+ Int(transition.interruptionCount) {
      let crashed = known.table.interruptions[index].transition
      let crash = Int(transition.node)
      if let miss = add(crashed, removed, budget, monitor, origin, base, crash) { return miss }
    }
    return nil
  }

  /// What a transition's envelopes would add to a fingerprint although they are under way for good.
  private func alreadySent(by transition: LocalTransition) -> UInt64 {
    var sum: UInt64 = 0
    let first = Int(transition.firstSend)
    for index in first..<first &+ Int(transition.sendCount) {
      let envelope = Int(known.table.sends[index])
      if state.contains(envelope) { sum &+= known.table.envelopes[envelope].mix }
    }
    return sum
  }

  /// Adds a candidate.
  ///
  /// - Parameter last: what is taken of the budget when all else is done; -1 for nothing.
  private mutating func add(
    _ number: Int32, _ removed: Int, _ budget: Int, _ monitor: Int, _ origin: Origin,
    _ base: UInt64, _ last: Int = -1
  ) -> TableMiss? {
    let transition = known.table.transitions[Int(number)]
    if transition.epoch > highestEpoch { return nil }
    var payment = see(Int(transition.observation), monitor, budget)
    if transition.answers >= 0, case .paid(let budget, let monitor) = payment {
      payment = pay(Int(transition.answers), of: budget, monitor)
    }
    if transition.afterAnswers > 0, case .paid(let budget, let monitor) = payment {
      payment = see(Int(transition.afterAnswers), monitor, budget)
    }
    if last >= 0, case .paid(let budget, let monitor) = payment {
      payment = pay(last, of: budget, monitor)
    }
    let (rest, seen): (Int, Int)
    switch payment {
    case .paid(let budget, let monitor): (rest, seen) = (budget, monitor)
    case .refused: return nil
    case .asks(let miss): return miss
    }
    let dependsOnState =
      transition.operationCount > 0 || transition.crashed >= 0
      || transition.sendCount > 0 && known.table.isMute[rest]
    var fingerprint = base &+ transition.delta
    if removed >= 0 { fingerprint &-= known.table.envelopes[state.envelopes[removed]].mix }
    if known.table.isLasting { fingerprint &-= alreadySent(by: transition) }
    if seen != state.monitor {
      fingerprint &+= known.table.monitorMix[seen] &- known.table.monitorMix[state.monitor]
    }
    if rest != state.budget {
      fingerprint &+= known.table.budgetMix[rest] &- known.table.budgetMix[state.budget]
    } else if transition.isIdle, removed < 0, seen == state.monitor, !dependsOnState {
      return nil
    }
    candidates.append(
      Candidate(
        fingerprint: fingerprint, transition: number, removed: Int32(truncatingIfNeeded: removed),
        monitor: Int32(truncatingIfNeeded: seen), budget: Int32(truncatingIfNeeded: rest),
        origin: origin, dependsOnState: dependsOnState))
    return nil
  }
}
