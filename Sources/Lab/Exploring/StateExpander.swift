/// The hot part of the explorer: goes from state to state by what was learnt, on integers only, and
/// knows no protocol.
///
/// When it comes to something that the table does not hold it changes nothing and returns a miss;
/// the stepper, which knows the protocol, adds the answer to `table` and lets it try again. There
/// are few misses: what one host does with one event is asked once, in however many states it
/// happens.
struct StateExpander {
  /// What was learnt.
  var known: ExplorerTables
  /// The states.
  var store: StateStore
  /// Whether a timer may run out while something else can still happen.
  var suspects = true
  /// Where a state was first found that violates a property; zero while there is none.
  private(set) var violation: StateStore.Place = 0
  /// How many states were expanded.
  private(set) var expanded = 0
  /// How many transitions were taken.
  private(set) var transitions = 0
  /// The sum over states of how many each stands for.
  private(set) var orbits = 0

  /// The state that is being expanded.
  private(set) var state: UnpackedState
  /// What can happen in it.
  private(set) var candidates: [Candidate] = []
  /// A state that follows.
  private(set) var next: UnpackedState
  private var packed = PackedState()
  private var touched: UInt64 = 0

  init(_ known: ExplorerTables, store: StateStore) {
    self.known = known
    self.store = store
    state = UnpackedState(nodes: known.table.nodes)
    next = state
  }

  /// Something that can happen in a state.
  struct Candidate {
    /// The fingerprint of the state that follows.
    var fingerprint: UInt64
    /// What is done.
    var transition: Int32
    /// The position of the envelope that is gone then; -1 for none.
    var removed: Int32
    /// The monitor then.
    var monitor: Int32
    /// The budget then.
    var budget: Int32
    /// What it is, to be told.
    var origin: Origin
  }

  /// What a candidate is.
  enum Origin {
    /// An envelope arrives.
    case delivery(envelope: Int32)
    /// An envelope is lost.
    case loss(envelope: Int32)
    /// An envelope is doubled.
    case duplication(envelope: Int32)
    /// A choice from a host's menu.
    case choice(Int32)
    /// A request is asked.
    case ask(request: Int32)
  }

  /// Of which length the steps are that are looked for.
  enum Stride {
    /// One act.
    case one
    /// An act and a crash in its middle.
    case two
  }

  /// What became of an expansion.
  enum Expansion: Hashable {
    /// It was done.
    case done
    /// Something must be learnt first.
    case asks(TableMiss)
    /// There is no room for more states.
    case full
    /// A state is too long for its record.
    case tooLong
  }
}

// MARK: Expanding

extension StateExpander {
  /// Adds all states that follow from the one at this place and from those after it, up to a
  /// place and at most so many, or until it cannot go on or a property is violated.
  ///
  /// - Parameter place: the first that is not done then; zero when none is left.
  mutating func expand(
    _ place: inout StateStore.Place, to end: StateStore.Place, _ stride: Stride, atMost limit: Int
  ) -> Expansion {
    var rest = limit
    while place != 0, place < end, rest > 0, violation == 0 {
      let expansion = expand(place, stride)
      guard expansion == .done else { return expansion }
      if stride == .one { expanded &+= 1 }
      place = store.place(after: place)
      rest &-= 1
    }
    return .done
  }

  /// Adds all states that follow from the one at this place.
  private mutating func expand(_ place: StateStore.Place, _ stride: Stride) -> Expansion {
    load(place)
    if let miss = generate(stride) { return .asks(miss) }
    guard store.makeRoom(for: candidates.count) else { return .full }
    transitions &+= candidates.count
    if known.symmetry != nil { return expandSymmetric(from: place) }
    for candidate in candidates {
      touched ^= store.touch(UInt32(truncatingIfNeeded: candidate.fingerprint &>> 32))
    }
    for index in candidates.indices {
      let candidate = candidates[index]
      packed.pack(candidate, after: state, by: known.table)
      if packed.isTooLong { return .tooLong }
      let (found, isNew) = store.insert(
        packed.words, count: packed.count,
        UInt32(truncatingIfNeeded: candidate.fingerprint &>> 32), from: place)
      if isNew, violation == 0, known.table.isViolated[Int(candidate.monitor)] {
        violation = found
      }
    }
    return .done
  }

  /// Adds a first state, unless it is there.
  mutating func add(_ state: UnpackedState) -> Expansion {
    guard store.makeRoom(for: 1) else { return .full }
    next = state
    return insertNext(from: 0)
  }

  /// The state that stands for the orbit of this one.
  mutating func standIn(for state: UnpackedState) -> UnpackedState {
    var state = state
    known.symmetry?.name(&state, by: known.table)
    return state
  }

  /// Where the state is, if it is there.
  mutating func find(_ state: UnpackedState) -> StateStore.Place? {
    let state = standIn(for: state)
    packed.pack(state)
    let fingerprint = state.fingerprint(by: known.table)
    return store.find(
      packed.words, count: packed.count, UInt32(truncatingIfNeeded: fingerprint &>> 32))
  }

  /// Where the states are that follow from the one at this place, all of which were added.
  mutating func followers(of place: StateStore.Place) -> [StateStore.Place] {
    load(place)
    guard generate(.one) == nil else { return [] }
    return candidates.compactMap { candidate in
      compose(candidate)
      return find(next)
    }
  }

  /// Forgets all states, not what was learnt, and begins anew.
  ///
  /// - Returns: the states.
  mutating func restart(in store: StateStore) -> StateStore {
    let old = self.store
    self.store = store
    violation = 0
    expanded = 0
    return old
  }

  /// Adds `next`, under the name of its orbit, unless it is there.
  mutating func insertNext(from place: StateStore.Place) -> Expansion {
    var orbit = 1
    if known.symmetry != nil {
      known.symmetry?.name(&next, by: known.table)
      orbit = known.symmetry?.orbit ?? 1
    }
    packed.pack(next)
    if packed.isTooLong { return .tooLong }
    let fingerprint = next.fingerprint(by: known.table)
    let (found, isNew) = store.insert(
      packed.words, count: packed.count, UInt32(truncatingIfNeeded: fingerprint &>> 32),
      from: place)
    if isNew {
      orbits &+= orbit
      if violation == 0, known.table.isViolated[next.monitor] { violation = found }
    }
    return .done
  }

  /// Makes the state at this place the one that is expanded.
  mutating func load(_ place: StateStore.Place) {
    packed.read(place, of: store)
    packed.unpack(into: &state)
  }

  /// Makes this the state that is expanded.
  mutating func load(_ state: UnpackedState) { self.state = state }

  /// Makes `next` what follows from a candidate.
  mutating func compose(_ candidate: Candidate) {
    let transition = known.table.transitions[Int(candidate.transition)]
    for node in 0..<known.table.nodes { next.hosts[node] = state.hosts[node] }
    if transition.host >= 0 { next.hosts[Int(transition.node)] = Int(transition.host) }
    next.monitor = Int(candidate.monitor)
    next.budget = Int(candidate.budget)
    next.copyEnvelopes(of: state, but: Int(candidate.removed))
    var send = Int(transition.firstSend)
    let last = send &+ Int(transition.sendCount)
    while send < last {
      let envelope = Int(known.table.sends[send])
      if !known.table.isLasting || !next.contains(envelope) {
        next.add(envelope, by: known.table)
      }
      send &+= 1
    }
  }
}

// MARK: What can happen

extension StateExpander {
  /// Finds what can happen in the state, or what must be learnt to know it.
  mutating func generate(_ stride: Stride) -> TableMiss? {
    candidates.removeAll(keepingCapacity: true)
    let base = state.fingerprint(by: known.table)
    if let miss = generateDeliveries(stride, base) { return miss }
    if let miss = generateChoices(stride, base) { return miss }
    return generateAsks(stride, base)
  }

  private mutating func generateDeliveries(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    var lastKey: Int32 = -1
    for position in 0..<state.envelopeCount {
      let envelope = state.envelopes[position]
      let facts = known.table.envelopes[envelope]
      if facts.key == lastKey { continue }
      lastKey = facts.key
      let host = state.host(of: Int(facts.node))
      let transition = known.table.deliveries[host, Int(facts.column)]
      if transition == Grid.unknown { return .delivery(host: host, envelope: envelope) }
      let origin = Origin.delivery(envelope: Int32(truncatingIfNeeded: envelope))
      let removed = known.table.isLasting ? -1 : position
      if let miss = propose(transition, removed, TransitionTable.Price.none, origin, stride, base) {
        return miss
      }
      if stride == .one, let miss = generateFates(of: facts, envelope, position, base) {
        return miss
      }
    }
    return nil
  }

  /// What the network can do to an envelope.
  private mutating func generateFates(
    of facts: EnvelopeFacts, _ envelope: Int, _ position: Int, _ base: UInt64
  ) -> TableMiss? {
    if known.table.isLasting { return nil }
    let name = Int32(truncatingIfNeeded: envelope)
    let (loss, duplicate) = (TransitionTable.Price.loss, TransitionTable.Price.duplicate)
    if known.table.budgets[state.budget, loss] != Grid.nothing,
      let miss = propose(facts.loss, position, loss, .loss(envelope: name), .one, base)
    {
      return miss
    }
    guard known.table.budgets[state.budget, duplicate] != Grid.nothing else { return nil }
    return propose(facts.duplication, -1, duplicate, .duplication(envelope: name), .one, base)
  }

  private mutating func generateChoices(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    let mayExpire = suspects || isQuiet
    for node in 0..<known.table.nodes {
      let host = state.host(of: node)
      let start = known.table.hosts[host].menuStart
      if start < 0 { return .menu(host: host) }
      for index in Int(start)..<Int(known.table.hosts[host].menuEnd) {
        let choice = known.table.menu[index]
        if choice.price == TransitionTable.Price.expiry, !mayExpire { continue }
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
    if state.envelopeCount > 0, !known.table.isLasting { return false }
    for node in 0..<known.table.nodes where known.table.hosts[state.host(of: node)].isBusy {
      return false
    }
    return true
  }

  /// What is asked comes in its order; what would be asked of a node that is down waits or is left
  /// out.
  private mutating func generateAsks(_ stride: Stride, _ base: UInt64) -> TableMiss? {
    var ask = known.table.nextAsk[state.budget]
    while ask < known.table.asks.count {
      let (node, requests) = known.table.asks[ask]
      let host = state.host(of: node)
      if known.table.hosts[host].isUp {
        for request in requests {
          let transition = known.table.answers[host, request]
          if transition == Grid.unknown { return .ask(host: host, request: request) }
          let origin = Origin.ask(request: Int32(truncatingIfNeeded: request))
          let price = TransitionTable.Price.firstAsk + ask
          if let miss = propose(transition, -1, price, origin, stride, base) { return miss }
        }
        return nil
      }
      ask += 1
    }
    return nil
  }

  /// Adds a candidate, if the budget allows it and it changes anything; or, when two acts are
  /// looked for, all crashes in its middle.
  private mutating func propose(
    _ number: Int32, _ removed: Int, _ price: Int, _ origin: Origin, _ stride: Stride,
    _ base: UInt64
  ) -> TableMiss? {
    guard number >= 0 else { return nil }
    var budget = state.budget
    if price != TransitionTable.Price.none {
      let rest = known.table.budgets[budget, price]
      if rest == Grid.unknown { return .spending(budget: budget, price: price) }
      guard rest >= 0 else { return nil }
      budget = Int(rest)
    }
    if stride == .one { return add(number, removed, budget, origin, base) }
    let transition = known.table.transitions[Int(number)]
    guard transition.interruptionCount > 0 else { return nil }
    let rest = known.table.budgets[budget, TransitionTable.Price.crash]
    if rest == Grid.unknown { return .spending(budget: budget, price: TransitionTable.Price.crash) }
    guard rest >= 0 else { return nil }
    let first = Int(transition.firstInterruption)
    for index in first..<first &+ Int(transition.interruptionCount) {
      let crashed = known.table.interruptions[index].transition
      if let miss = add(crashed, removed, Int(rest), origin, base) { return miss }
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

  private mutating func add(
    _ number: Int32, _ removed: Int, _ budget: Int, _ origin: Origin, _ base: UInt64
  ) -> TableMiss? {
    let transition = known.table.transitions[Int(number)]
    var monitor = state.monitor
    var fingerprint = base &+ transition.delta
    if removed >= 0 { fingerprint &-= known.table.envelopes[state.envelopes[removed]].mix }
    if known.table.isLasting { fingerprint &-= alreadySent(by: transition) }
    if transition.observation != 0 {
      let seen = known.table.monitors[monitor, Int(transition.observation)]
      if seen == Grid.unknown {
        return .observation(monitor: monitor, observation: Int(transition.observation))
      }
      if Int(seen) != monitor {
        fingerprint &+= known.table.monitorMix[Int(seen)] &- known.table.monitorMix[monitor]
        monitor = Int(seen)
      }
    }
    if budget != state.budget {
      fingerprint &+= known.table.budgetMix[budget] &- known.table.budgetMix[state.budget]
    } else if transition.isIdle, removed < 0, monitor == state.monitor {
      return nil
    }
    candidates.append(
      Candidate(
        fingerprint: fingerprint, transition: number, removed: Int32(truncatingIfNeeded: removed),
        monitor: Int32(truncatingIfNeeded: monitor), budget: Int32(truncatingIfNeeded: budget),
        origin: origin))
    return nil
  }
}
