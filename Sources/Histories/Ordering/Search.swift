/// Looks for an order of one object's operations that respects real time and the model.
///
/// Wing and Gong's search with Lowe's memo, just in time: an operation takes effect at the latest
/// when it returns, so only the return of one that has not yet taken effect asks for a decision,
/// and then some of the open operations take effect, it being the last. A configuration that was
/// met leads nowhere the second time. Reads take effect as soon as the state allows, for that
/// forecloses nothing; of several open operations of one call the one that returns first takes
/// effect first, for they can change places. Nothing recurs: the way there is a stack of frames.
///
/// Sources: Wing & Gong, Testing and verifying concurrent objects, 1993; Lowe, Testing for
/// linearizability, 2017 (the memo, and just-in-time linearization).
///
/// - Complexity: exponential in the number of operations open at once in the worst case, which the
///   budget bounds; memory O(steps) beside the timeline, a window and three numbers each.
struct Search<M: Model, Taken: Window> {
  let timeline: Timeline
  var transitions: Transitions<M>
  var used = UsedCalls()
  private var table: ConfigurationTable<Taken>
  var occupants: Occupants
  var now: Configuration<Taken>

  private struct Frame {
    let configuration: Configuration<Taken>
    /// How long the order was.
    let length: Int
    /// Where its candidates stand on their stack; those from `next` on are untried.
    let first: Int
    var next: Int
  }
  private var frames: [Frame] = []
  /// Known operations as they are, unknown calls as `-1 - call`.
  private var candidates: [Int32] = []
  /// The order so far, in the same numbers.
  private var order: [Int32] = []

  /// For each call, when it was last seen among open operations, and where among them.
  private var visits: [(visit: Int32, place: Int32)]
  private var visit: Int32 = 0

  /// The call of the next read that all which takes effect now must lead to; -1 without.
  var ahead: Int32 = -1

  /// The most returns that any order passed, and what was seen there.
  private var furthest = Furthest()

  /// What was seen where the search got furthest.
  struct Furthest {
    var rank: Int32 = -1
    var order: [Int32] = []
    /// States in which the next return cannot be answered as it was.
    var states: Set<Int32> = []
  }

  private let flaw: CheckerFlaw?

  init(_ timeline: Timeline, _ model: M, from initial: M.State, flaw: CheckerFlaw?) {
    self.timeline = timeline
    self.flaw = flaw
    transitions = Transitions(model, timeline.calls, from: initial)
    table = ConfigurationTable(slots: timeline.slots)
    occupants = Occupants(timeline)
    visits = Array(repeating: (0, 0), count: timeline.calls.count)
    now = Configuration(
      rank: 0, state: Transitions<M>.initial, used: 0, taken: Taken(slots: timeline.slots))
  }

  /// What became of a search.
  enum Result {
    /// An order: known operations as they are, unknown calls as `-1 - call`.
    case ordered([Int32])
    /// None; the return that no order passes, the longest order before it, the states there, and
    /// all that were met.
    case stuck(rank: Int, order: [Int32], states: [M.State], met: [M.State])
  }

  /// Searches.
  mutating func run(_ meter: inout Meter) throws(Exhausted) -> Result {
    while true {
      try meter.step()
      if advance() { return .ordered(order) }
      let isAlive = looksAhead()
      let entry = flaw == nil ? now : flawed
      if try table.insert(entry, used, &meter, beside: transitions.bytes + used.bytes) {
        note()
        if isAlive { open() }
      }
      guard descend() else {
        return .stuck(
          rank: Int(furthest.rank), order: furthest.order,
          states: furthest.states.subtracting([Transitions<M>.unread]).sorted()
            .map { transitions.states[Int($0)] }, met: transitions.states)
      }
    }
  }

  /// What a flawed memo knows of a configuration.
  private var flawed: Configuration<Taken> {
    var entry = now
    if flaw == .memoWithoutState { entry.state = 0 }
    if flaw == .memoWithoutWindow { entry.taken = Taken(slots: timeline.slots) }
    if flaw == .memoWithoutUnknown { entry.used = 0 }
    return entry
  }

  /// Passes the returns of what has taken effect, and lets reads take effect.
  ///
  /// - Returns: whether all returns are behind.
  private mutating func advance() -> Bool {
    while Int(now.rank) < timeline.returns.count {
      occupants.move(to: Int(timeline.returns[Int(now.rank)]), timeline)
      read()
      let slot = timeline.slotOf[timeline.returning(Int(now.rank))]
      guard now.taken[slot] else { return false }
      now.taken[slot] = false
      now.rank += 1
    }
    return true
  }

  private mutating func read() {
    for slot in 0..<Int32(timeline.slots) {
      let operation = occupants[slot]
      guard operation >= 0, !now.taken[slot] else { continue }
      let call = timeline.callOf[Int(operation)]
      guard timeline.reads[Int(call)], transitions.after(now.state, call) == now.state else {
        continue
      }
      now.taken[slot] = true
      order.append(operation)
    }
  }

  private mutating func note() {
    if now.rank > furthest.rank {
      furthest = Furthest(rank: now.rank, order: order)
    }
    if now.rank == furthest.rank, furthest.states.count < 16 { furthest.states.insert(now.state) }
  }

  /// Opens a frame: what may take effect before the next return, to be tried last to first.
  private mutating func open() {
    let first = candidates.count
    let goal = timeline.returning(Int(now.rank))
    var better: [Int32] = []
    proposeUnknown(goal, &better)
    let firstKnown = candidates.count
    for operation in firstOfEach() where operation != goal && flaw != .aloneOnly {
      propose(operation, timeline.callOf[Int(operation)], goal, &better)
    }
    let ranks = timeline.rankOf
    candidates[firstKnown...].sort { ranks[Int($0)] > ranks[Int($1)] }
    candidates += better
    let state = transitions.after(now.state, timeline.callOf[goal])
    if state >= 0, ahead < 0 || transitions.admits(ahead, after: state) {
      candidates.append(Int32(goal))
    }
    frames.append(
      Frame(configuration: now, length: order.count, first: first, next: candidates.count))
  }

  /// Of the open operations that have not taken effect and do more than read, the one of each call
  /// that returns first.
  private mutating func firstOfEach() -> [Int32] {
    visit += 1
    var open: [Int32] = []
    for slot in 0..<Int32(timeline.slots) {
      let operation = occupants[slot]
      guard operation >= 0, !now.taken[slot] else { continue }
      let call = Int(timeline.callOf[Int(operation)])
      guard !timeline.reads[call] else { continue }
      if visits[call].visit != visit {
        visits[call] = (visit, Int32(open.count))
        open.append(operation)
      } else {
        let place = Int(visits[call].place)
        let other = Int(open[place])
        let isEarlier = timeline.rankOf[Int(operation)] < timeline.rankOf[other]
        if isEarlier == (flaw != .lastReturnsFirst) { open[place] = operation }
      }
    }
    return open
  }

  private mutating func proposeUnknown(_ goal: Int, _ better: inout [Int32]) {
    if flaw == .unknownNever { return }
    let moment = flaw == .unknownBeforeCall ? .max : timeline.returns[Int(now.rank)]
    for group in timeline.unknown {
      if group.places[0] > moment { break }
      let count = used.count(now.used, group.call)
      guard count < (flaw == .unknownOnce ? 1 : group.places.count), group.places[count] < moment
      else { continue }
      propose(-1 - group.call, group.call, goal, &better)
    }
  }

  private mutating func propose(
    _ candidate: Int32, _ call: Int32, _ goal: Int, _ better: inout [Int32]
  ) {
    let state = transitions.after(now.state, call)
    guard state >= 0, ahead < 0 || transitions.admits(ahead, after: state) else { return }
    // Of unknown outcome, and nothing would change: it need not have taken place.
    if candidate < 0, state == now.state { return }
    if transitions.after(state, timeline.callOf[goal]) >= 0 {
      better.append(candidate)
    } else {
      candidates.append(candidate)
    }
  }

  /// Takes the next untried candidate of the last frame that has one.
  ///
  /// - Returns: false when there is none left.
  private mutating func descend() -> Bool {
    while var frame = frames.popLast() {
      if frame.next == frame.first {
        candidates.removeSubrange(frame.first...)
        continue
      }
      frame.next -= 1
      let candidate = candidates[frame.next]
      now = frame.configuration
      order.removeSubrange(frame.length...)
      occupants.move(to: Int(timeline.returns[Int(now.rank)]), timeline)
      frames.append(frame)
      candidates.removeSubrange(frame.next...)
      take(candidate)
      return true
    }
    return false
  }

  private mutating func take(_ candidate: Int32) {
    order.append(candidate)
    guard candidate >= 0 else {
      now.state = transitions.after(now.state, -1 - candidate)
      now.used = used.adding(-1 - candidate, to: now.used)
      return
    }
    now.state = transitions.after(now.state, timeline.callOf[Int(candidate)])
    now.taken[timeline.slotOf[Int(candidate)]] = true
  }
}
