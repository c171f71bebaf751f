import ProtocolCore

/// One exploration while it goes on: teaches a expander, layer by layer, and judges what it finds.
struct BreadthFirstSearch<C: Model> {
  typealias Place = StateStore.Place

  let explorer: Explorer<C>
  var stepper: LocalStepper<C>
  var expander: StateExpander
  var scenes: ConditionTable<C>
  /// The layers: the states that take so many acts to reach.
  private(set) var layers: [Range<Place>] = []
  var exploration = Exploration<C>()

  init(_ explorer: Explorer<C>) {
    var explorer = explorer
    let opening = SystemState.begun(explorer.cluster)
    let cuts = opening.cuts
    if !cuts.isEmpty, !explorer.cluster.partitions.contains(where: { Set($0) == cuts }) {
      explorer.cluster.partitions.append(cuts.sorted())
    }
    explorer.cluster.asks = opening.asksToCome
    self.explorer = explorer
    stepper = LocalStepper(explorer, beginsCut: !cuts.isEmpty)
    exploration.isByOrbits = explorer.symmetry != nil
    let known = stepper.firstTables(isLasting: explorer.isLasting)
    expander = StateExpander(known, store: StateStore(limit: explorer.memory))
    expander.suspects = explorer.cluster.faults.contains(.suspicion)
    expander.keepsIgnored = explorer.keepsIgnored
    expander.highestEpoch = Int32(clamping: explorer.cluster.bounds.epoch)
    // What lasts is not missing where nobody looks for it.
    exploration.unwitnessed = C.Property.allCases.filter { property in
      guard case .sometimes(let condition) = property.form else { return false }
      return explorer.judged.contains(property)
        && (explorer.judgesFuture || !C.Monitor.lasts(condition))
    }
    scenes = ConditionTable(nodes: explorer.cluster.nodes.count, conditions: explorer.conditions)
  }

  /// The system when the prelude is over.
  func opening() -> SystemState<C> { SystemState.begun(explorer.cluster) }

  /// The state that a system is in when nothing has gone wrong in it.
  mutating func number(_ system: SystemState<C>) -> UnpackedState {
    var state = UnpackedState(nodes: system.hosts.count)
    for (node, host) in system.hosts.enumerated() {
      state.hosts[node] = stepper.intern(host, at: node, in: &expander.known)
    }
    state.monitor = stepper.intern(system.monitor, in: &expander.known)
    state.budget = stepper.intern(budget(of: system), in: &expander.known)
    for name in system.streams.sorted() {
      let deed = stepper.operation(.send, name.near, name.far, name.channel)
      guard case .stream(let operation)? = deed else { continue }
      state.add(
        expander.known.table.streams[Int(operation.stream)].token, by: expander.known.table)
    }
    for envelope in system.envelopes {
      let transmission = LocalStepper<C>.Transmission(
        link: envelope.link, content: envelope.content, channel: envelope.content.channel)
      guard let number = stepper.intern(transmission, in: &expander.known) else { continue }
      if explorer.isLasting, state.contains(number) { continue }
      state.add(number, by: expander.known.table)
    }
    return state
  }

  /// What may still go wrong after the prelude.
  private func budget(of system: SystemState<C>) -> Budget {
    let cluster = explorer.cluster
    var budget = Budget(cluster)
    if !system.cuts.isEmpty {
      budget.cut = (cluster.partitions.firstIndex { Set($0) == system.cuts } ?? -1) + 1
    }
    if C.Node.readsClock { budget.readings = system.hosts.map { $0.reading.count } }
    // What a client has begun to ask stands first among its asks.
    for begun in system.wanted {
      guard let client = stepper.clients.firstIndex(where: { $0.id == begun.client }) else {
        continue
      }
      budget.clients[client].chosen = 0
      guard let outstanding = system.outstanding.first(where: { $0.client == begun.client }),
        let node = system.index(of: outstanding.node)
      else { continue }
      budget.clients[client].waiting = ExploredClient.Waiting(
        node: node, number: outstanding.number.number)
    }
    return budget
  }

  mutating func result() -> Exploration<C> {
    if exploration.states == 0 { keepCounts() }
    exploration.depth = layers.lastIndex { !$0.isEmpty } ?? 0
    exploration.steps = stepper.steps
    return exploration
  }

  /// Notes how much there was.
  mutating func keepCounts() {
    exploration.states = expander.store.count
    exploration.statesInOrbits =
      expander.known.symmetry == nil ? expander.store.count : expander.orbits
    exploration.transitions = expander.transitions
    exploration.bytes = expander.store.mostBytes
  }
}

// MARK: Layers

extension BreadthFirstSearch {
  mutating func run(_ report: (Progress) -> Void) {
    guard begin() else { return }
    let mayCrash = explorer.mayCrash
    var last: Range<Place>?
    while let layer = layers.last, mayCrash ? !(layer.isEmpty && last?.isEmpty != false) : true {
      let end = expander.store.end
      guard judge(layer), expand(layer, .one, report) else { return }
      // Two acts lead two layers on.
      if mayCrash, let last { guard expand(last, .two, report) else { return } }
      last = layer
      let next = expander.store.place(from: end)
      if next == 0, !mayCrash { break }
      layers.append(next..<(next == 0 ? 0 : Place(expander.store.end)))
    }
    judgeRecovery(report)
  }

  /// Adds the first state.
  private mutating func begin() -> Bool {
    let state = number(opening())
    guard expander.add(state) == .done else { return stop(.memory) }
    layers = [expander.store.first..<Place(expander.store.end)]
    return expander.violation == 0 || reportViolation()
  }

  /// Adds all that follows from these states.
  private mutating func expand(
    _ range: Range<Place>, _ stride: StateExpander.Stride, _ report: (Progress) -> Void
  ) -> Bool {
    var place = range.lowerBound
    while place != 0, place < range.upperBound {
      switch expander.expand(&place, to: range.upperBound, stride, atMost: 1 << 16) {
      case .done: report(progress)
      case .asks(let miss): stepper.answer(miss, in: &expander.known)
      case .full: return stop(.memory)
      case .tooLong: return stop(.length)
      }
      if expander.violation != 0 { return reportViolation() }
    }
    return true
  }

  var progress: Progress {
    Progress(
      isQuiescing: exploration.states > 0, states: expander.store.count,
      queue: expander.store.count - expander.expanded,
      depth: layers.lastIndex { !$0.isEmpty } ?? 0, bytes: expander.store.bytes)
  }

  mutating func stop(_ limit: Exploration<C>.Limit) -> Bool {
    exploration.ending = .notExhausted(limit)
    return false
  }

  /// A state was found that never should be.
  private mutating func reportViolation() -> Bool {
    expander.load(expander.violation)
    let monitor = stepper.monitors[expander.state.monitor]
    if let property = stepper.violated(by: monitor) {
      exploration.ending = .violated(property, by: trail(to: expander.violation))
    }
    return false
  }

  /// Looks for witnesses among these states.
  private mutating func judge(_ range: Range<Place>) -> Bool {
    var place = range.lowerBound
    while place != 0, place < range.upperBound, !exploration.unwitnessed.isEmpty {
      expander.load(place)
      guard let verdict = scenes.verdict(on: expander.state, by: stepper) else {
        return stop(.memory)
      }
      for property in exploration.unwitnessed {
        guard case .sometimes(let condition) = property.form, !C.Monitor.lasts(condition)
        else { continue }
        guard scenes.holds(condition, somewhere: verdict) else { continue }
        exploration.witnesses[property] = trail(to: place)
        exploration.unwitnessed.removeAll { $0 == property }
      }
      place = expander.store.place(after: place)
    }
    return true
  }
}
