import ProtocolCore

// From a place back to the acts that lead there. The walk is made in the names of the first state,
// also where the states that are stored stand for others.

/// Where a walk from state to state has come to, and by which acts.
struct Walk<C: Model> {
  fileprivate(set) var acts: [Act<C.Words>] = []
  fileprivate(set) var state: UnpackedState
  fileprivate var system: SystemState<C>

  fileprivate mutating func perform(_ act: Act<C.Words>) {
    guard (try? system.perform(act)) != nil else { return }
    acts.append(act)
  }
}

extension BreadthFirstSearch {
  /// The acts, after the prelude, by which the state at this place was first reached.
  mutating func trail(to place: Place) -> [Act<C.Words>] {
    var walk = self.walk()
    for place in expander.store.way(to: place).dropFirst() { go(&walk, to: place) }
    return withoutIdleCopies(walk)
  }

  /// Its acts, without the doubling of envelopes that are not delivered a second time.
  func withoutIdleCopies(_ walk: Walk<C>) -> [Act<C.Words>] {
    guard explorer.isLasting else { return walk.acts }
    var acts = walk.acts
    for index in acts.indices.reversed() {
      guard case .duplicate = acts[index] else { continue }
      var fewer = acts
      fewer.remove(at: index)
      var system = opening()
      let isPossible = fewer.allSatisfy { (try? system.perform($0)) != nil }
      if isPossible, system.hosts == walk.system.hosts, system.monitor == walk.system.monitor {
        acts = fewer
      }
    }
    return acts
  }

  /// A walk that has not begun.
  mutating func walk() -> Walk<C> {
    let system = opening()
    return Walk(state: number(system), system: system)
  }

  /// Does what leads from the state to one that is stored at a place, in one act or in two.
  mutating func go(_ walk: inout Walk<C>, to place: Place) {
    expander.load(place)
    let goal = expander.state
    for stride in [StateExpander.Stride.one, .two] {
      expander.load(walk.state)
      while let miss = expander.generate(stride) { stepper.answer(miss, in: &expander.known) }
      for candidate in expander.candidates {
        expander.compose(candidate)
        let follower = expander.next
        guard expander.standIn(for: follower) == goal else { continue }
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

  private func perform(_ candidate: StateExpander.Candidate, on walk: inout Walk<C>) {
    switch candidate.origin {
    case .delivery(let envelope):
      // What stays under way for ever is doubled before it is delivered.
      if explorer.isLasting { perform(on: &walk, envelope) { .duplicate($0, $1) } }
      perform(on: &walk, envelope) { .deliver($0, $1) }
    case .loss(let envelope, let position):
      let key = expander.known.key(Int(envelope))
      let earlier = walk.state.envelopes[..<position].count { expander.known.key($0) == key }
      perform(on: &walk, envelope, behind: earlier) { .lose($0, $1) }
    case .duplication(let envelope): perform(on: &walk, envelope) { .duplicate($0, $1) }
    case .choice(let number): walk.perform(stepper.choices[Int(number)])
    case .ask(let number):
      let (node, request, _) = stepper.requests[Int(number)]
      walk.perform(.ask(node, request))
    case .clientAsk(let number):
      let ask = stepper.clientAsks[Int(number)]
      let (node, request, hasClient) = stepper.requests[ask.request]
      let client = stepper.clients[ask.client].id
      walk.perform(.ask(node, request, by: hasClient ? client : nil))
    case .global(let number): walk.perform(stepper.globals[Int(number)])
    }
    guard let crash = stepper.interruptions[candidate.transition] else { return }
    let node = Int(expander.known.table.transitions[Int(candidate.transition)].node)
    walk.perform(
      .crash(explorer.cluster.nodes[node], losing: crash.losing, unsent: crash.unsent))
  }

  private func perform(
    on walk: inout Walk<C>, _ envelope: Int32, behind earlier: Int = 0,
    _ act: (Link, Int) -> Act<C.Words>
  ) {
    let transmission = stepper.envelopes[Int(envelope)]
    let isQueued = expander.known.table.envelopes[Int(envelope)].isQueued
    let system = walk.system
    let places = system.envelopes(on: transmission.link).enumerated().filter { _, position in
      let content = system.envelopes[position].content
      return isQueued ? content.channel == transmission.channel : content == transmission.content
    }
    if let place = places.dropFirst(isQueued ? earlier : 0).first?.offset {
      walk.perform(act(transmission.link, place))
    }
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
