/// Locality, over all small histories: whether a store is right when each of its keys is.
///
/// Two clients do two things each, with two keys: a write of a value of its own, or a read of
/// nothing or of what is written there. All such histories are gone through, in all ways in which
/// calls and answers can lie; each is judged whole and key by key, by trying all orders.
///
/// Source: Herlihy and Wing 1990, 3.1 (linearizability is local); Attiya and Welch 1994 (sequential
/// consistency is not).
struct Locality {
  /// What was found.
  struct Result: Hashable {
    /// How many histories there are.
    var histories = 0
    /// How many are right key by key, by real time and by each client's order.
    var linearizableByKey = 0
    var sequentialByKey = 0
    /// And how many of those are not right as a whole.
    var linearizableNotWhole = 0
    var sequentialNotWhole = 0
  }

  private struct Operation {
    var client = 0
    var key = 0
    /// What is written; nil for a read.
    var written: Int?
    /// What is read; zero for nothing.
    var read = 0
    var called = 0
    var returned = 0
  }

  /// Goes through all histories.
  static func run() -> Result {
    var result = Result()
    for times in moments {
      var operations = (0..<4).map { place in
        Operation(client: place / 2, called: times[place].0, returned: times[place].1)
      }
      fill(&operations, 0, &result)
    }
    return result
  }

  /// All ways in which four moments of one client and four of the other can lie.
  private static let moments: [[(Int, Int)]] = (0..<256).filter { $0.nonzeroBitCount == 4 }.map {
    mask in
    let first = (0..<8).filter { mask & (1 << $0) != 0 }
    let second = (0..<8).filter { mask & (1 << $0) == 0 }
    return [
      (first[0], first[1]), (first[2], first[3]), (second[0], second[1]), (second[2], second[3]),
    ]
  }

  /// Chooses what each operation does; the first is of the first key, for the keys are alike.
  private static func fill(_ operations: inout [Operation], _ place: Int, _ result: inout Result) {
    guard place < operations.count else { return judge(operations, &result) }
    for key in place == 0 ? 0...0 : 0...1 {
      operations[place].key = key
      operations[place].written = place + 1
      fill(&operations, place + 1, &result)
      operations[place].written = nil
      for value in 0...4 {
        operations[place].read = value
        fill(&operations, place + 1, &result)
      }
    }
  }

  private static func judge(_ operations: [Operation], _ result: inout Result) {
    // What is read was written there.
    let isRead = operations.allSatisfy { read in
      read.written != nil || read.read == 0
        || operations.contains { $0.written == read.read && $0.key == read.key }
    }
    guard isRead else { return }
    result.histories += 1
    let keys = [0, 1].map { key in operations.filter { $0.key == key } }
    for isTimed in [true, false] {
      guard keys.allSatisfy({ isOrdered($0, isTimed) }) else { continue }
      let isWhole = isOrdered(operations, isTimed)
      if isTimed {
        result.linearizableByKey += 1
        result.linearizableNotWhole += isWhole ? 0 : 1
      } else {
        result.sequentialByKey += 1
        result.sequentialNotWhole += isWhole ? 0 : 1
      }
    }
  }

  /// Whether some order respects real time, or each client's order, and the keys.
  private static func isOrdered(_ operations: [Operation], _ isTimed: Bool) -> Bool {
    func go(_ rest: [Operation], _ values: [Int]) -> Bool {
      if rest.isEmpty { return true }
      return rest.indices.contains { place in
        let next = rest[place]
        let isFirst = rest.allSatisfy { other in
          isTimed
            ? other.returned >= next.called
            : other.client != next.client || other.called >= next.called
        }
        guard isFirst, next.written != nil || values[next.key] == next.read else { return false }
        var after = values
        if let written = next.written { after[next.key] = written }
        var others = rest
        others.remove(at: place)
        return go(others, after)
      }
    }
    return go(operations, [0, 0])
  }
}
