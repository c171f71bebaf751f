import ProtocolCore

// *recovers*: from every state that was found, if nothing fails any more, it must stay possible to
// get to a state in which a condition holds of every node that is up.
//
// The graph of what happens then is built from all states at once: nodes that are down start again
// at once, or never; messages arrive, disks write; and time passes only when nothing else can
// happen, but for as long as it likes. Then all states are marked from which one that satisfies can
// be reached, backwards until nothing more is marked. Every state without a mark is a violation.

extension BreadthFirstSearch {
  mutating func judgeRecovery(_ report: (Progress) -> Void) {
    keepCounts()
    for help in Help.mostFirst {
      let properties = C.Property.allCases.filter(explorer.judged.contains).compactMap { property in
        help.condition(of: property.form).map { (property, $0) }
      }
      guard !properties.isEmpty, exploration.ending == .exhausted else { continue }
      let limit = explorer.memory - expander.store.bytes
      let found = expander.restart(in: StateStore(limit: limit))
      judge(properties, help, after: found, report)
      exploration.bytes = max(exploration.bytes, found.bytes + expander.store.mostBytes)
      _ = expander.restart(in: found)
    }
    for property in exploration.unwitnessed where explorer.judgesFuture {
      guard case .sometimes(let condition) = property.form, C.Monitor.lasts(condition),
        exploration.ending == .exhausted
      else { continue }
      let found = expander.restart(in: StateStore(limit: explorer.memory - expander.store.bytes))
      lookFor(property, condition, in: found, report)
      exploration.bytes = max(exploration.bytes, found.bytes + expander.store.mostBytes)
      _ = expander.restart(in: found)
    }
  }

  /// Looks for a state from which, while nothing is repaired and nothing heals, none can be reached
  /// in which the condition holds of no node: it lasts.
  private mutating func lookFor(
    _ property: C.Property, _ condition: C.Condition, in found: StateStore,
    _ report: (Progress) -> Void
  ) {
    let (suspects, highest) = (expander.suspects, expander.highestEpoch)
    (expander.suspects, expander.highestEpoch) = (false, .max)
    defer { (expander.suspects, expander.highestEpoch) = (suspects, highest) }
    let help = Help(repaired: false, healed: false)
    guard seed(from: found, help), close(report) else { return }
    let marks = mark { table, verdict in !table.holds(condition, somewhere: verdict) }
    guard let marks, let place = firstUnmarked(marks) else { return }
    exploration.witnesses[property] = way(to: place, found, help)
    exploration.unwitnessed.removeAll { $0 == property }
  }

  private mutating func judge(
    _ properties: [(C.Property, C.Condition)], _ help: Help, after found: StateStore,
    _ report: (Progress) -> Void
  ) {
    let (suspects, highest) = (expander.suspects, expander.highestEpoch)
    (expander.suspects, expander.highestEpoch) = (false, .max)
    defer { (expander.suspects, expander.highestEpoch) = (suspects, highest) }
    guard seed(from: found, help), close(report) else { return }
    if expander.violation != 0 {
      // Only more patience than the bounds allow brought this about.
      expander.load(expander.violation)
      let monitor = stepper.monitors[expander.state.monitor]
      if let property = stepper.violated(by: monitor) {
        counterexample(property, expander.violation, found, help)
      }
      return
    }
    for (property, condition) in properties where exploration.ending == .exhausted {
      let marks = mark { table, verdict in table.holds(condition, everywhere: verdict) }
      guard let marks else { return }
      if let place = firstUnmarked(marks) {
        counterexample(property, place, found, help)
      }
    }
  }

  /// Adds what each state becomes when everything is repaired that will be.
  private mutating func seed(from found: StateStore, _ help: Help) -> Bool {
    var place = found.first
    while place != 0 {
      let state = quiesced(place, of: found, help).state
      switch expander.add(state) {
      case .done: place = found.place(after: place)
      case .full: return stop(.memory)
      case .tooLong, .asks: return stop(.length)
      }
    }
    return true
  }

  /// A state when nothing fails any more, and what was done for that.
  private mutating func quiesced(
    _ place: Place, of found: StateStore, _ help: Help
  ) -> (state: UnpackedState, restarts: [Act<C.Words>]) {
    var packed = PackedState()
    var state = UnpackedState(nodes: stepper.hosts.count)
    packed.read(place, of: found)
    packed.unpack(into: &state)
    return quiesce(state, help)
  }

  private mutating func quiesce(
    _ state: UnpackedState, _ help: Help
  ) -> (state: UnpackedState, restarts: [Act<C.Words>]) {
    var state = state
    var restarts: [Act<C.Words>] = []
    if help.healed, stepper.budgets[state.budget].cut > 0 {
      var healed = stepper.budgets[state.budget]
      healed.cut = 0
      state.budget = stepper.intern(healed, in: &expander.known)
      restarts.append(.heal)
    }
    expander.load(state)
    for node in state.hosts.indices where help.repaired {
      guard !expander.known.table.hosts[expander.state.host(of: node)].isUp else { continue }
      while let miss = expander.generate(.one) { stepper.answer(miss, in: &expander.known) }
      let restart = Act<C.Words>.restart(stepper.cluster.nodes[node])
      for candidate in expander.candidates {
        guard case .choice(let number) = candidate.origin else { continue }
        guard stepper.choices[Int(number)] == restart else { continue }
        expander.compose(candidate)
        expander.load(expander.next)
        restarts.append(restart)
        break
      }
    }
    var quiesced = expander.state
    let budget = stepper.budgets[quiesced.budget]
    if !help.healed, budget.cut > 0 {
      let cut = expander.known.table.cutMask[quiesced.budget]
      for position in (0..<quiesced.envelopeCount).reversed() {
        let facts = expander.known.table.envelopes[quiesced.envelopes[position]]
        if facts.kind == .datagram, facts.link & cut != 0 { quiesced.remove(at: position) }
      }
    }
    quiesced.budget = stepper.intern(
      budget.calm(stepper.cluster, healed: help.healed), in: &expander.known)
    return (quiesced, restarts)
  }

  /// Adds all that follows.
  private mutating func close(_ report: (Progress) -> Void) -> Bool {
    var place = expander.store.first
    while place != 0, expander.violation == 0 {
      switch expander.expand(&place, to: .max, .one, atMost: 1 << 16) {
      case .done: report(progress)
      case .asks(let miss): stepper.answer(miss, in: &expander.known)
      case .full: return stop(.memory)
      case .tooLong: return stop(.length)
      }
    }
    return true
  }

  /// Marks every state from which one can be reached that is as it should be.
  private mutating func mark(
    _ isReached: (ConditionTable<C>, ConditionTable<C>.Verdict) -> Bool
  ) -> Marks? {
    var marks = Marks(upTo: expander.store.end)
    var open: [Place] = []
    open.reserveCapacity(expander.store.count)
    var place = expander.store.first
    while place != 0 {
      expander.load(place)
      guard let verdict = scenes.verdict(on: expander.state, by: stepper) else {
        _ = stop(.memory)
        return nil
      }
      if isReached(scenes, verdict) {
        marks.insert(place)
      } else {
        open.append(place)
      }
      place = expander.store.place(after: place)
    }
    // What follows from a state stands behind it, mostly: from the back two rounds do, mostly.
    open.reverse()
    while true {
      let rest = open.filter { place in
        let isMarked = expander.followers(of: place).contains { marks.contains($0) }
        if isMarked { marks.insert(place) }
        return !isMarked
      }
      if rest.count == open.count { return marks }
      open = rest
    }
  }

  /// The first state without a mark.
  ///
  /// Where it is bounded what may still come when nothing fails any more, only the states count in
  /// which nothing has come yet: from each of them it must be possible within the bounds.
  private func firstUnmarked(_ marks: Marks) -> Place? {
    let isBounded = !explorer.cluster.bounds.recovery.isEmpty
    var place = expander.store.first
    while place != 0 {
      let counts = !isBounded || expander.store.parent(of: place) == 0
      if counts, !marks.contains(place) { return place }
      place = expander.store.place(after: place)
    }
    return nil
  }

  /// Tells by which acts a state is reached that violates the property.
  private mutating func counterexample(
    _ property: C.Property, _ place: Place, _ found: StateStore, _ help: Help
  ) {
    exploration.ending = .violated(property, by: way(to: place, found, help))
  }

  /// The acts by which a state is reached in which nothing fails any more.
  private mutating func way(
    to place: Place, _ found: StateStore, _ help: Help
  ) -> [Act<C.Words>] {
    let way = expander.store.way(to: place)
    var origin = found.first
    while origin != 0 {
      let seed = quiesced(origin, of: found, help).state
      if expander.find(seed) == way[0] { break }
      origin = found.place(after: origin)
    }
    let quiesce = expander.restart(in: found)
    var walk = self.walk()
    for place in expander.store.way(to: origin).dropFirst() { go(&walk, to: place) }
    _ = expander.restart(in: quiesce)
    if way.count > 1 {
      let (state, restarts) = self.quiesce(walk.state, help)
      go(&walk, to: state, by: restarts)
      for place in way.dropFirst() { go(&walk, to: place) }
    }
    return withoutIdleCopies(walk)
  }
}

/// A set of places.
private struct Marks {
  private var bits: [UInt64]

  init(upTo end: Int) { bits = Array(repeating: 0, count: end / 64 + 1) }

  mutating func insert(_ place: StateStore.Place) { bits[Int(place) / 64] |= 1 << (place % 64) }

  func contains(_ place: StateStore.Place) -> Bool {
    bits[Int(place) / 64] & (1 << (place % 64)) != 0
  }
}
