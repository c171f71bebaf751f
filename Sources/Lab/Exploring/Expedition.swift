import ProtocolCore

/// One exploration while it goes on: teaches a shard, layer by layer, and judges what it finds.
struct Expedition<C: Chapter> {
  typealias Place = StateStore.Place

  let explorer: Explorer<C>
  var teacher: Teacher<C>
  var shard: Shard
  var scenes: SceneJudge<C>
  /// The layers: the states that take so many acts to reach.
  private(set) var layers: [Range<Place>] = []
  var exploration = Exploration<C>()

  init(_ explorer: Explorer<C>) {
    self.explorer = explorer
    teacher = Teacher(explorer)
    exploration.isByOrbits = explorer.symmetry != nil
    let known = teacher.firstKnowledge(isLasting: explorer.isLasting)
    shard = Shard(known, store: StateStore(limit: explorer.memory))
    shard.suspects = C.faults.contains(.suspicion)
    exploration.unwitnessed = C.Property.allCases.filter { property in
      if case .sometimes = property.form { return explorer.judged.contains(property) }
      return false
    }
    scenes = SceneJudge(nodes: explorer.cluster.nodes.count, conditions: explorer.conditions)
  }

  /// The world when the prelude is over.
  func opening() -> World<C> {
    var world = World(explorer.cluster)
    for act in explorer.prelude { _ = try? world.perform(act) }
    return world
  }

  /// The state that a world is in when nothing has gone wrong in it.
  mutating func number(_ world: World<C>) -> UnpackedState {
    var state = UnpackedState(nodes: world.hosts.count)
    for (node, host) in world.hosts.enumerated() {
      state.hosts[node] = teacher.intern(host, at: node, in: &shard.known)
    }
    state.watch = teacher.intern(world.watch, in: &shard.known)
    state.budget = teacher.intern(
      Budget(explorer.cluster.bounds, faults: C.faults), in: &shard.known)
    for letter in world.letters {
      let envelope = Teacher<C>.Envelope(link: letter.link, message: letter.message)
      guard let number = teacher.intern(envelope, in: &shard.known) else { continue }
      if explorer.isLasting, state.contains(number) { continue }
      state.add(number, by: shard.known.knowledge)
    }
    return state
  }

  mutating func result() -> Exploration<C> {
    if exploration.states == 0 { keepCounts() }
    exploration.depth = layers.lastIndex { !$0.isEmpty } ?? 0
    exploration.steps = teacher.steps
    return exploration
  }

  /// Notes how much there was.
  mutating func keepCounts() {
    exploration.states = shard.store.count
    exploration.statesInOrbits = shard.known.symmetry == nil ? shard.store.count : shard.orbits
    exploration.transitions = shard.transitions
    exploration.bytes = shard.store.mostBytes
  }
}

// MARK: Layers

extension Expedition {
  mutating func run(_ report: (Progress) -> Void) {
    guard begin() else { return }
    let mayCrash = explorer.mayCrash
    var last: Range<Place>?
    while let layer = layers.last, mayCrash ? !(layer.isEmpty && last?.isEmpty != false) : true {
      let end = shard.store.end
      guard judge(layer), expand(layer, .one, report) else { return }
      // Two acts lead two layers on.
      if mayCrash, let last { guard expand(last, .two, report) else { return } }
      last = layer
      let next = shard.store.place(from: end)
      if next == 0, !mayCrash { break }
      layers.append(next..<(next == 0 ? 0 : Place(shard.store.end)))
    }
    judgeRecovery(report)
  }

  /// Adds the first state.
  private mutating func begin() -> Bool {
    let state = number(opening())
    guard shard.add(state) == .done else { return stop(.memory) }
    layers = [shard.store.first..<Place(shard.store.end)]
    return shard.violation == 0 || convict()
  }

  /// Adds all that follows from these states.
  private mutating func expand(
    _ range: Range<Place>, _ stride: Shard.Stride, _ report: (Progress) -> Void
  ) -> Bool {
    var place = range.lowerBound
    while place != 0, place < range.upperBound {
      switch shard.expand(&place, to: range.upperBound, stride, atMost: 1 << 16) {
      case .done: report(progress)
      case .asks(let question): teacher.answer(question, in: &shard.known)
      case .full: return stop(.memory)
      case .tooLong: return stop(.length)
      }
      if shard.violation != 0 { return convict() }
    }
    return true
  }

  var progress: Progress {
    Progress(
      isCalm: exploration.states > 0, states: shard.store.count,
      queue: shard.store.count - shard.expanded,
      depth: layers.lastIndex { !$0.isEmpty } ?? 0, bytes: shard.store.bytes)
  }

  mutating func stop(_ limit: Exploration<C>.Limit) -> Bool {
    exploration.ending = .notExhausted(limit)
    return false
  }

  /// A state was found that never should be.
  private mutating func convict() -> Bool {
    shard.load(shard.violation)
    let watch = teacher.watches[shard.state.watch]
    if let property = teacher.violated(by: watch) {
      exploration.ending = .violated(property, by: trail(to: shard.violation))
    }
    return false
  }

  /// Looks for witnesses among these states.
  private mutating func judge(_ range: Range<Place>) -> Bool {
    var place = range.lowerBound
    while place != 0, place < range.upperBound, !exploration.unwitnessed.isEmpty {
      shard.load(place)
      guard let verdict = scenes.verdict(on: shard.state, by: teacher) else {
        return stop(.memory)
      }
      for property in exploration.unwitnessed {
        guard case .sometimes(let condition) = property.form else { continue }
        guard scenes.holds(condition, somewhere: verdict) else { continue }
        exploration.witnesses[property] = trail(to: place)
        exploration.unwitnessed.removeAll { $0 == property }
      }
      place = shard.store.place(after: place)
    }
    return true
  }
}
