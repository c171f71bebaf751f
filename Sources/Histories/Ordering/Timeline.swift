/// One object's operations as the search sees them: numbers.
///
/// An operation of known outcome has a *slot* from its call to its return, the smallest that is
/// free: so the operations that are open at any moment are a few bits, however long the history is.
/// An operation of unknown outcome stays open for ever and has none; those of one call are counted.
struct Timeline {
  /// Operation shifted left by one; the lowest bit is set for a return.
  private(set) var events: [Int32] = []
  /// Where each return stands among `events`.
  private(set) var returns: [Int32] = []
  /// Each operation's number among `calls`.
  let callOf: [Int32]
  /// What was asked and answered, each once.
  let calls: [Call]
  /// Which calls leave every state as it is.
  let reads: [Bool]
  /// After which calls nothing is left of the state before.
  let resets: [Bool]
  /// Where operations of known outcome that reset, and that read, are called, among `events`.
  private(set) var resetCalls: [Int32] = []
  private(set) var readCalls: [Int32] = []
  /// Each operation's slot; -1 where the outcome is unknown.
  private(set) var slotOf: [Int32]
  /// Each operation's place among the returns; `Int32.max` where the outcome is unknown.
  private(set) var rankOf: [Int32]
  /// How many slots there are.
  private(set) var slots = 0
  /// The place among the returns of the first read that returns then or later.
  private(set) var nextRead: [Int32] = []
  /// The operations of unknown outcome, a group a call, in the order of the groups' first calls.
  private(set) var unknown: [Group] = []

  /// Operations of one call whose outcome is unknown.
  struct Group {
    let call: Int32
    /// The places of their calls among `events`.
    var places: [Int32]
  }

  /// The timeline of these operations, and which of their calls only read or reset.
  ///
  /// - Complexity: O(n log n).
  init(
    _ operations: [Operation], _ numbered: NumberedCalls, reads: [Bool], resets: [Bool],
    flaw: CheckerFlaw? = nil
  ) {
    self.resets = resets
    callOf = numbered.callOf
    calls = numbered.calls
    self.reads = reads
    slotOf = Array(repeating: -1, count: operations.count)
    rankOf = Array(repeating: .max, count: operations.count)
    order(operations, flaw)
    take(operations)
  }

  /// Calls come before returns of the same moment: such operations are concurrent.
  ///
  /// An operation of unknown outcome that changes nothing is left out.
  private mutating func order(_ operations: [Operation], _ flaw: CheckerFlaw?) {
    var moments: [(moment: Int, event: Int32)] = []
    moments.reserveCapacity(operations.count * 2)
    for (index, operation) in operations.enumerated() {
      let event = Int32(index) << 1
      if let end = operation.end {
        moments.append((operation.call, event))
        moments.append((max(end, operation.call), event | 1))
      } else if !reads[Int(callOf[index])] {
        moments.append((operation.call, event))
      }
    }
    let isSorted = zip(moments, moments.dropFirst()).allSatisfy { Timeline.isBefore($0, $1) }
    if flaw == .returnsFirst {
      moments.sort { ($0.moment, 1 - $0.event & 1) < ($1.moment, 1 - $1.event & 1) }
    } else if !isSorted {
      moments.sort(by: Timeline.isBefore)
    }
    events = moments.map(\.event)
  }

  private static func isBefore(_ a: (moment: Int, event: Int32), _ b: (moment: Int, event: Int32))
    -> Bool
  {
    (a.moment, a.event & 1, a.event) < (b.moment, b.event & 1, b.event)
  }

  private mutating func take(_ operations: [Operation]) {
    var free: [Int32] = []
    var groups: [Int32: Int] = [:]
    for (place, event) in events.enumerated() {
      let operation = Int(event >> 1)
      if event & 1 == 1 {
        rankOf[operation] = Int32(returns.count)
        returns.append(Int32(place))
        free.append(slotOf[operation])
      } else {
        if !operations[operation].isKnown {
          let call = callOf[operation]
          if let group = groups[call] {
            unknown[group].places.append(Int32(place))
          } else {
            groups[call] = unknown.count
            unknown.append(Group(call: call, places: [Int32(place)]))
          }
          continue
        }
        if resets[Int(callOf[operation])] { resetCalls.append(Int32(place)) }
        if reads[Int(callOf[operation])] { readCalls.append(Int32(place)) }
        if free.isEmpty {
          free.append(Int32(slots))
          slots += 1
        }
        slotOf[operation] = free.removeLast()
      }
    }
    nextRead = Array(repeating: Int32(returns.count), count: returns.count + 1)
    for rank in returns.indices.reversed() {
      let operation = Int(events[Int(returns[rank])] >> 1)
      nextRead[rank] = reads[Int(callOf[operation])] ? Int32(rank) : nextRead[rank + 1]
    }
  }

  /// The operation that returns at this place among the returns.
  func returning(_ rank: Int) -> Int { Int(events[Int(returns[rank])] >> 1) }
}

/// What was asked and answered, each once, and its number for each operation.
struct NumberedCalls {
  private(set) var calls: [Call] = []
  private(set) var callOf: [Int32] = []

  init<M: Model>(_ operations: [Operation], _ model: M) {
    var numbers: [Call: Int32] = [:]
    callOf.reserveCapacity(operations.count)
    for operation in operations {
      let call = model.call(of: operation)
      let number = numbers[call] ?? Int32(calls.count)
      if number == calls.count {
        numbers[call] = number
        calls.append(call)
      }
      callOf.append(number)
    }
  }
}
