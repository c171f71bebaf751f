import ProtocolCore

// *recovers*: from every state that was found, if nothing fails any more, it must stay possible to
// get to a state in which a condition holds of every node that is up.
//
// The graph of what happens then is built from all states at once: nodes that are down start again
// at once, or never; messages arrive, disks write; and time passes only when nothing else can
// happen, but for as long as it likes. Then all states are marked from which one that satisfies can
// be reached, backwards until nothing more is marked. Every state without a mark is a violation.

extension Expedition {
  mutating func judgeRecovery(_ report: (Progress) -> Void) {
    keepCounts()
    for repaired in [true, false] {
      let properties = C.Property.allCases.compactMap { property in
        if explorer.judged.contains(property),
          case .recovers(let condition, repaired) = property.form
        {
          return (property, condition)
        }
        return nil as (C.Property, C.Condition)?
      }
      guard !properties.isEmpty, exploration.ending == .exhausted else { continue }
      let limit = explorer.memory - shard.store.bytes
      let found = shard.restart(in: StateStore(limit: limit))
      judge(properties, repaired: repaired, after: found, report)
      exploration.bytes = max(exploration.bytes, found.bytes + shard.store.mostBytes)
      _ = shard.restart(in: found)
    }
  }

  private mutating func judge(
    _ properties: [(C.Property, C.Condition)], repaired: Bool, after found: StateStore,
    _ report: (Progress) -> Void
  ) {
    let suspects = shard.suspects
    shard.suspects = false
    defer { shard.suspects = suspects }
    guard sow(from: found, repaired: repaired), grow(report) else { return }
    if shard.violation != 0 {
      // Only more patience than the bounds allow brought this about.
      shard.load(shard.violation)
      let watch = teacher.watches[shard.state.watch]
      if let property = teacher.violated(by: watch) {
        blame(property, shard.violation, found, repaired: repaired)
      }
      return
    }
    for (property, condition) in properties where exploration.ending == .exhausted {
      guard let marks = mark(condition) else { return }
      if let place = firstUnmarked(marks) {
        blame(property, place, found, repaired: repaired)
      }
    }
  }

  /// Adds what each state becomes when everything is repaired that will be.
  private mutating func sow(from found: StateStore, repaired: Bool) -> Bool {
    var place = found.first
    while place != 0 {
      let state = calmed(place, of: found, repaired: repaired).state
      switch shard.add(state) {
      case .done: place = found.place(after: place)
      case .full: return stop(.memory)
      case .tooLong, .asks: return stop(.length)
      }
    }
    return true
  }

  /// A state when nothing fails any more, and what was done for that.
  private mutating func calmed(
    _ place: Place, of found: StateStore, repaired: Bool
  ) -> (state: UnpackedState, restarts: [Act<C.Words>]) {
    var packed = PackedState()
    var state = UnpackedState(nodes: teacher.hosts.count)
    packed.read(place, of: found)
    packed.unpack(into: &state)
    return calm(state, repaired: repaired)
  }

  private mutating func calm(
    _ state: UnpackedState, repaired: Bool
  ) -> (state: UnpackedState, restarts: [Act<C.Words>]) {
    shard.load(state)
    var restarts: [Act<C.Words>] = []
    for node in state.hosts.indices where repaired {
      guard !shard.known.knowledge.hosts[shard.state.host(of: node)].isUp else { continue }
      while let question = shard.generate(.one) { teacher.answer(question, in: &shard.known) }
      let restart = Act<C.Words>.restart(teacher.cluster.nodes[node])
      for candidate in shard.candidates {
        guard case .choice(let number) = candidate.origin else { continue }
        guard teacher.choices[Int(number)] == restart else { continue }
        shard.compose(candidate)
        shard.load(shard.next)
        restarts.append(restart)
        break
      }
    }
    var calmed = shard.state
    calmed.budget = teacher.intern(
      .calm(asks: shard.known.knowledge.asks.count), in: &shard.known)
    return (calmed, restarts)
  }

  /// Adds all that follows.
  private mutating func grow(_ report: (Progress) -> Void) -> Bool {
    var place = shard.store.first
    while place != 0, shard.violation == 0 {
      switch shard.expand(&place, to: .max, .one, atMost: 1 << 16) {
      case .done: report(progress)
      case .asks(let question): teacher.answer(question, in: &shard.known)
      case .full: return stop(.memory)
      case .tooLong: return stop(.length)
      }
    }
    return true
  }

  /// Marks every state from which one in which the condition holds can be reached.
  private mutating func mark(_ condition: C.Condition) -> Marks? {
    var marks = Marks(upTo: shard.store.end)
    var open: [Place] = []
    open.reserveCapacity(shard.store.count)
    var place = shard.store.first
    while place != 0 {
      shard.load(place)
      guard let verdict = scenes.verdict(on: shard.state, by: teacher) else {
        _ = stop(.memory)
        return nil
      }
      if scenes.holds(condition, everywhere: verdict) {
        marks.insert(place)
      } else {
        open.append(place)
      }
      place = shard.store.place(after: place)
    }
    // What follows from a state stands behind it, mostly: from the back two rounds do, mostly.
    open.reverse()
    while true {
      let rest = open.filter { place in
        let isMarked = shard.followers(of: place).contains { marks.contains($0) }
        if isMarked { marks.insert(place) }
        return !isMarked
      }
      if rest.count == open.count { return marks }
      open = rest
    }
  }

  private func firstUnmarked(_ marks: Marks) -> Place? {
    var place = shard.store.first
    while place != 0 {
      if !marks.contains(place) { return place }
      place = shard.store.place(after: place)
    }
    return nil
  }

  /// Tells by which acts a state is reached in which nothing fails any more.
  private mutating func blame(
    _ property: C.Property, _ place: Place, _ found: StateStore, repaired: Bool
  ) {
    let way = shard.store.way(to: place)
    var origin = found.first
    while origin != 0 {
      let seed = calmed(origin, of: found, repaired: repaired).state
      if shard.find(seed) == way[0] { break }
      origin = found.place(after: origin)
    }
    let calm = shard.restart(in: found)
    var walk = self.walk()
    for place in shard.store.way(to: origin).dropFirst() { go(&walk, to: place) }
    _ = shard.restart(in: calm)
    if way.count > 1 {
      let (state, restarts) = self.calm(walk.state, repaired: repaired)
      go(&walk, to: state, by: restarts)
      for place in way.dropFirst() { go(&walk, to: place) }
    }
    exploration.ending = .violated(property, by: withoutIdleCopies(walk))
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
