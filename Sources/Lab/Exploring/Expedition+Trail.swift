import ProtocolCore

// From a place back to the acts that lead there. The walk is made in the names of the first state,
// also where the states that are stored stand for others.

/// Where a walk from state to state has come to, and by which acts.
struct Walk<C: Chapter> {
  fileprivate(set) var acts: [Act<C.Words>] = []
  fileprivate(set) var state: UnpackedState
  fileprivate var world: World<C>

  fileprivate mutating func perform(_ act: Act<C.Words>) {
    guard (try? world.perform(act)) != nil else { return }
    acts.append(act)
  }
}

extension Expedition {
  /// The acts, after the prelude, by which the state at this place was first reached.
  mutating func trail(to place: Place) -> [Act<C.Words>] {
    var walk = self.walk()
    for place in shard.store.way(to: place).dropFirst() { go(&walk, to: place) }
    return withoutIdleCopies(walk)
  }

  /// Its acts, without the doubling of letters that are not delivered a second time.
  func withoutIdleCopies(_ walk: Walk<C>) -> [Act<C.Words>] {
    guard explorer.isLasting else { return walk.acts }
    var acts = walk.acts
    for index in acts.indices.reversed() {
      guard case .duplicate = acts[index] else { continue }
      var fewer = acts
      fewer.remove(at: index)
      var world = opening()
      let isPossible = fewer.allSatisfy { (try? world.perform($0)) != nil }
      if isPossible, world.hosts == walk.world.hosts, world.watch == walk.world.watch {
        acts = fewer
      }
    }
    return acts
  }

  /// A walk that has not begun.
  mutating func walk() -> Walk<C> {
    let world = opening()
    return Walk(state: number(world), world: world)
  }

  /// Does what leads from the state to one that is stored at a place, in one act or in two.
  mutating func go(_ walk: inout Walk<C>, to place: Place) {
    shard.load(place)
    let goal = shard.state
    for stride in [Shard.Stride.one, .two] {
      shard.load(walk.state)
      while let question = shard.generate(stride) { teacher.answer(question, in: &shard.known) }
      for candidate in shard.candidates {
        shard.compose(candidate)
        let follower = shard.next
        guard shard.standIn(for: follower) == goal else { continue }
        perform(candidate, on: &walk)
        walk.state = follower
        return
      }
    }
  }

  /// Does these acts, which lead to this state.
  func go(_ walk: inout Walk<C>, to state: UnpackedState, by acts: [Act<C.Words>]) {
    for act in acts { walk.perform(act) }
    walk.state = state
  }

  private func perform(_ candidate: Shard.Candidate, on walk: inout Walk<C>) {
    switch candidate.origin {
    case .delivery(let letter):
      // What stays under way for ever is doubled before it is delivered.
      if explorer.isLasting { perform(on: &walk, letter) { .duplicate($0, $1) } }
      perform(on: &walk, letter) { .deliver($0, $1) }
    case .loss(let letter): perform(on: &walk, letter) { .lose($0, $1) }
    case .duplication(let letter): perform(on: &walk, letter) { .duplicate($0, $1) }
    case .choice(let number): walk.perform(teacher.choices[Int(number)])
    case .ask(let number):
      let (node, request) = teacher.questions[Int(number)]
      walk.perform(.ask(node, request))
    }
    guard let crash = teacher.interruptions[candidate.lesson] else { return }
    let node = Int(shard.known.knowledge.lessons[Int(candidate.lesson)].node)
    walk.perform(
      .crash(explorer.cluster.nodes[node], losing: crash.losing, unsent: crash.unsent))
  }

  private func perform(
    on walk: inout Walk<C>, _ letter: Int32, _ act: (Link, Int) -> Act<C.Words>
  ) {
    let envelope = teacher.letters[Int(letter)]
    let place = walk.world.letters(on: envelope.link).firstIndex { position in
      walk.world.letters[position].message == envelope.message
    }
    if let place { walk.perform(act(envelope.link, place)) }
  }
}

extension StateStore {
  /// The places from a first state to this one.
  func way(to place: Place) -> [Place] {
    var places = [place]
    while let last = places.last, parent(of: last) != 0 { places.append(parent(of: last)) }
    return places.reversed()
  }
}
