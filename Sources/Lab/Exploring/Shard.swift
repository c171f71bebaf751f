/// The hot part of the explorer: goes from state to state by what was learnt, on integers only, and
/// knows no protocol.
///
/// When it comes to something that was not learnt yet it changes nothing and returns a question;
/// whoever knows the protocol adds the answer to `knowledge` and lets it try again. There are few
/// questions: what one host does with one event is asked once, in however many states it happens.
struct Shard {
  /// What was learnt.
  var known: Knowing
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

  init(_ known: Knowing, store: StateStore) {
    self.known = known
    self.store = store
    state = UnpackedState(nodes: known.knowledge.nodes)
    next = state
  }

  /// Something that can happen in a state.
  struct Candidate {
    /// The fingerprint of the state that follows.
    var fingerprint: UInt64
    /// What is done.
    var lesson: Int32
    /// The position of the letter that is gone then; -1 for none.
    var removed: Int32
    /// The observer then.
    var watch: Int32
    /// The budget then.
    var budget: Int32
    /// What it is, for whoever wants to tell.
    var origin: Origin
  }

  /// What a candidate is.
  enum Origin {
    /// A letter arrives.
    case delivery(letter: Int32)
    /// A letter is lost.
    case loss(letter: Int32)
    /// A letter is doubled.
    case duplication(letter: Int32)
    /// A choice from a host's menu.
    case choice(Int32)
    /// A question is asked.
    case ask(question: Int32)
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
    case asks(Question)
    /// There is no room for more states.
    case full
    /// A state is too long for its record.
    case tooLong
  }
}

// MARK: Expanding

extension Shard {
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
    if let question = generate(stride) { return .asks(question) }
    guard store.makeRoom(for: candidates.count) else { return .full }
    transitions &+= candidates.count
    if known.symmetry != nil { return expandSymmetric(from: place) }
    for candidate in candidates {
      touched ^= store.touch(UInt32(truncatingIfNeeded: candidate.fingerprint &>> 32))
    }
    for index in candidates.indices {
      let candidate = candidates[index]
      packed.pack(candidate, after: state, by: known.knowledge)
      if packed.isTooLong { return .tooLong }
      let (found, isNew) = store.insert(
        packed.words, count: packed.count,
        UInt32(truncatingIfNeeded: candidate.fingerprint &>> 32), from: place)
      if isNew, violation == 0, known.knowledge.isViolated[Int(candidate.watch)] {
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
    known.symmetry?.name(&state, by: known.knowledge)
    return state
  }

  /// Where the state is, if it is there.
  mutating func find(_ state: UnpackedState) -> StateStore.Place? {
    let state = standIn(for: state)
    packed.pack(state)
    let fingerprint = state.fingerprint(by: known.knowledge)
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
      known.symmetry?.name(&next, by: known.knowledge)
      orbit = known.symmetry?.orbit ?? 1
    }
    packed.pack(next)
    if packed.isTooLong { return .tooLong }
    let fingerprint = next.fingerprint(by: known.knowledge)
    let (found, isNew) = store.insert(
      packed.words, count: packed.count, UInt32(truncatingIfNeeded: fingerprint &>> 32),
      from: place)
    if isNew {
      orbits &+= orbit
      if violation == 0, known.knowledge.isViolated[next.watch] { violation = found }
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
    let lesson = known.knowledge.lessons[Int(candidate.lesson)]
    for node in 0..<known.knowledge.nodes { next.hosts[node] = state.hosts[node] }
    if lesson.host >= 0 { next.hosts[Int(lesson.node)] = Int(lesson.host) }
    next.watch = Int(candidate.watch)
    next.budget = Int(candidate.budget)
    next.copyLetters(of: state, but: Int(candidate.removed))
    var send = Int(lesson.firstSend)
    let last = send &+ Int(lesson.sendCount)
    while send < last {
      let letter = Int(known.knowledge.sends[send])
      if !known.knowledge.isLasting || !next.contains(letter) {
        next.add(letter, by: known.knowledge)
      }
      send &+= 1
    }
  }
}

// MARK: What can happen

extension Shard {
  /// Finds what can happen in the state, or what must be learnt to know it.
  mutating func generate(_ stride: Stride) -> Question? {
    candidates.removeAll(keepingCapacity: true)
    let base = state.fingerprint(by: known.knowledge)
    if let question = generateDeliveries(stride, base) { return question }
    if let question = generateChoices(stride, base) { return question }
    return generateAsks(stride, base)
  }

  private mutating func generateDeliveries(_ stride: Stride, _ base: UInt64) -> Question? {
    var lastKey: Int32 = -1
    for position in 0..<state.letterCount {
      let letter = state.letters[position]
      let facts = known.knowledge.letters[letter]
      if facts.key == lastKey { continue }
      lastKey = facts.key
      let host = state.host(of: Int(facts.node))
      let lesson = known.knowledge.deliveries[host, Int(facts.column)]
      if lesson == Grid.unknown { return .delivery(host: host, letter: letter) }
      let origin = Origin.delivery(letter: Int32(truncatingIfNeeded: letter))
      let removed = known.knowledge.isLasting ? -1 : position
      if let question = propose(lesson, removed, Knowledge.Price.none, origin, stride, base) {
        return question
      }
      if stride == .one, let question = generateFates(of: facts, letter, position, base) {
        return question
      }
    }
    return nil
  }

  /// What the network can do to a letter.
  private mutating func generateFates(
    of facts: LetterFacts, _ letter: Int, _ position: Int, _ base: UInt64
  ) -> Question? {
    if known.knowledge.isLasting { return nil }
    let name = Int32(truncatingIfNeeded: letter)
    let (loss, duplicate) = (Knowledge.Price.loss, Knowledge.Price.duplicate)
    if known.knowledge.budgets[state.budget, loss] != Grid.nothing,
      let question = propose(facts.loss, position, loss, .loss(letter: name), .one, base)
    {
      return question
    }
    guard known.knowledge.budgets[state.budget, duplicate] != Grid.nothing else { return nil }
    return propose(facts.duplication, -1, duplicate, .duplication(letter: name), .one, base)
  }

  private mutating func generateChoices(_ stride: Stride, _ base: UInt64) -> Question? {
    let mayExpire = suspects || isQuiet
    for node in 0..<known.knowledge.nodes {
      let host = state.host(of: node)
      let start = known.knowledge.hosts[host].menuStart
      if start < 0 { return .menu(host: host) }
      for index in Int(start)..<Int(known.knowledge.hosts[host].menuEnd) {
        let choice = known.knowledge.menu[index]
        if choice.price == Knowledge.Price.expiry, !mayExpire { continue }
        let origin = Origin.choice(Int32(truncatingIfNeeded: index))
        if let question = propose(choice.lesson, -1, choice.price, origin, stride, base) {
          return question
        }
      }
    }
    return nil
  }

  /// Whether nothing can happen but that time passes.
  private var isQuiet: Bool {
    if state.letterCount > 0, !known.knowledge.isLasting { return false }
    for node in 0..<known.knowledge.nodes where known.knowledge.hosts[state.host(of: node)].isBusy {
      return false
    }
    return true
  }

  /// What is asked comes in its order; what would be asked of a node that is down waits or is left
  /// out.
  private mutating func generateAsks(_ stride: Stride, _ base: UInt64) -> Question? {
    var ask = known.knowledge.nextAsk[state.budget]
    while ask < known.knowledge.asks.count {
      let (node, questions) = known.knowledge.asks[ask]
      let host = state.host(of: node)
      if known.knowledge.hosts[host].isUp {
        for question in questions {
          let lesson = known.knowledge.answers[host, question]
          if lesson == Grid.unknown { return .ask(host: host, question: question) }
          let origin = Origin.ask(question: Int32(truncatingIfNeeded: question))
          let price = Knowledge.Price.firstAsk + ask
          if let question = propose(lesson, -1, price, origin, stride, base) { return question }
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
  ) -> Question? {
    guard number >= 0 else { return nil }
    var budget = state.budget
    if price != Knowledge.Price.none {
      let rest = known.knowledge.budgets[budget, price]
      if rest == Grid.unknown { return .spending(budget: budget, price: price) }
      guard rest >= 0 else { return nil }
      budget = Int(rest)
    }
    if stride == .one { return add(number, removed, budget, origin, base) }
    let lesson = known.knowledge.lessons[Int(number)]
    guard lesson.interruptionCount > 0 else { return nil }
    let rest = known.knowledge.budgets[budget, Knowledge.Price.crash]
    if rest == Grid.unknown { return .spending(budget: budget, price: Knowledge.Price.crash) }
    guard rest >= 0 else { return nil }
    let first = Int(lesson.firstInterruption)
    for index in first..<first &+ Int(lesson.interruptionCount) {
      let crashed = known.knowledge.interruptions[index].lesson
      if let question = add(crashed, removed, Int(rest), origin, base) { return question }
    }
    return nil
  }

  /// What a lesson's letters would add to a fingerprint although they are under way for good.
  private func alreadySent(by lesson: Lesson) -> UInt64 {
    var sum: UInt64 = 0
    let first = Int(lesson.firstSend)
    for index in first..<first &+ Int(lesson.sendCount) {
      let letter = Int(known.knowledge.sends[index])
      if state.contains(letter) { sum &+= known.knowledge.letters[letter].mix }
    }
    return sum
  }

  private mutating func add(
    _ number: Int32, _ removed: Int, _ budget: Int, _ origin: Origin, _ base: UInt64
  ) -> Question? {
    let lesson = known.knowledge.lessons[Int(number)]
    var watch = state.watch
    var fingerprint = base &+ lesson.delta
    if removed >= 0 { fingerprint &-= known.knowledge.letters[state.letters[removed]].mix }
    if known.knowledge.isLasting { fingerprint &-= alreadySent(by: lesson) }
    if lesson.glance != 0 {
      let seen = known.knowledge.watches[watch, Int(lesson.glance)]
      if seen == Grid.unknown { return .glance(watch: watch, glance: Int(lesson.glance)) }
      if Int(seen) != watch {
        fingerprint &+= known.knowledge.watchMix[Int(seen)] &- known.knowledge.watchMix[watch]
        watch = Int(seen)
      }
    }
    if budget != state.budget {
      fingerprint &+= known.knowledge.budgetMix[budget] &- known.knowledge.budgetMix[state.budget]
    } else if lesson.isIdle, removed < 0, watch == state.watch {
      return nil
    }
    candidates.append(
      Candidate(
        fingerprint: fingerprint, lesson: number, removed: Int32(truncatingIfNeeded: removed),
        watch: Int32(truncatingIfNeeded: watch), budget: Int32(truncatingIfNeeded: budget),
        origin: origin))
    return nil
  }
}
