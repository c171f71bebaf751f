/// Looking ahead, for models that can tell which reads a state leads to.
extension Search {
  /// Finds the next read that has not taken effect.
  ///
  /// Where the state leads to none of the reads that
  /// can come before a reset, it is put in the place of all such states: else each order of
  /// operations that nobody reads would be another state.
  ///
  /// - Returns: false where that read can never be answered as it was.
  mutating func looksAhead() -> Bool {
    ahead = -1
    guard transitions.looksAhead else { return true }
    var rank = timeline.nextRead[Int(now.rank)]
    while Int(rank) < timeline.returns.count, isTaken(rank) {
      rank = timeline.nextRead[Int(rank) + 1]
    }
    guard Int(rank) < timeline.returns.count else {
      now.state = Transitions<M>.unread
      return true
    }
    let place = timeline.returns[Int(rank)]
    let call = timeline.callOf[timeline.returning(Int(rank))]
    let mayReset = mayReset(before: place)
    if !mayReset { ahead = call }
    if transitions.admits(call, after: now.state) { return true }
    guard mayReset else { return false }
    if !admitsAnother(before: place) { now.state = Transitions<M>.unread }
    return true
  }

  /// Whether the state leads to another read that is called before this event.
  ///
  /// Those that are called from now on return later than the first, and so are all open then: no
  /// more than there are slots.
  private func admitsAnother(before place: Int32) -> Bool {
    for slot in 0..<Int32(timeline.slots) {
      let operation = occupants[slot]
      if operation >= 0, !now.taken[slot], admits(operation) { return true }
    }
    let moment = timeline.returns[Int(now.rank)]
    for call in timeline.readCalls[timeline.readCalls.partition(from: moment)...] {
      if call > place { return false }
      if admits(timeline.events[Int(call)] >> 1) { return true }
    }
    return false
  }

  private func admits(_ operation: Int32) -> Bool {
    let call = timeline.callOf[Int(operation)]
    return timeline.reads[Int(call)] && transitions.admits(call, after: now.state)
  }

  /// Whether the operation that returns at this place has taken effect.
  private func isTaken(_ rank: Int32) -> Bool {
    let operation = timeline.returning(Int(rank))
    let slot = timeline.slotOf[operation]
    return occupants[slot] == operation && now.taken[slot]
  }

  /// Whether an operation that resets may still take effect before this event.
  private func mayReset(before place: Int32) -> Bool {
    for group in timeline.unknown where timeline.resets[Int(group.call)] {
      let count = used.count(now.used, group.call)
      if count < group.places.count, group.places[count] < place { return true }
    }
    for slot in 0..<Int32(timeline.slots) {
      let operation = occupants[slot]
      guard operation >= 0, !now.taken[slot] else { continue }
      if timeline.resets[Int(timeline.callOf[Int(operation)])] { return true }
    }
    let next = timeline.resetCalls.partition(from: timeline.returns[Int(now.rank)])
    return next < timeline.resetCalls.count && timeline.resetCalls[next] < place
  }
}

extension [Int32] {
  /// Where the first number stands that is not less; the numbers are in order.
  func partition(from number: Int32) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
