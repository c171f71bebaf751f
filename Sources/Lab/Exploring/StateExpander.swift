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
  /// Whether a message of which its receiver makes nothing stays under way.
  var keepsIgnored = false
  /// The highest epoch that a node may come to.
  var highestEpoch = Int32.max
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
  var candidates: [Candidate] = []
  /// A state that follows.
  var next: UnpackedState
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
    /// Whether what it leaves under way depends on more than what was learnt.
    ///
    /// It does something to streams, or sends where it is cut for good.
    var dependsOnState: Bool
  }

  /// What a candidate is.
  enum Origin {
    /// An envelope arrives.
    case delivery(envelope: Int32)
    /// An envelope is lost.
    case loss(envelope: Int32, position: Int)
    /// An envelope is doubled.
    case duplication(envelope: Int32)
    /// A choice from a host's menu.
    case choice(Int32)
    /// A request is asked.
    case ask(request: Int32)
    /// A client asks.
    case clientAsk(Int32)
    /// A choice that is no host's.
    case global(Int32)
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
      if candidate.dependsOnState {
        compose(candidate)
        let expansion = insertNext(from: place)
        guard expansion == .done else { return expansion }
        continue
      }
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
      let isLost =
        known.table.isMute[next.budget]
        && known.table.envelopes[envelope].link & known.table.cutMask[next.budget] != 0
      if !isLost, !known.table.isLasting || !next.contains(envelope) {
        next.add(envelope, by: known.table)
      }
      send &+= 1
    }
    if candidate.dependsOnState { operateStreams(transition) }
  }
}
