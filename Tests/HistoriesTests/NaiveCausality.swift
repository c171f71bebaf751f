import Histories

/// Sequential consistency, causal consistency in its three forms and PRAM of registers, by trying
/// every order and every relation that the definitions speak of (Bouajjani and others 2017, 3).
struct NaiveCausality {
  let all: [Operation]
  /// Each operation's predecessors in its process.
  let before: [Set<Int>]

  init(_ history: History) {
    // Nothing demands that what nobody read took place.
    let read = history.operations.filter { $0.isKnown && $0.function == "read" }
    all = history.operations.filter { operation in
      operation.isKnown
        || operation.function == "write"
          && read.contains { $0.key == operation.key && $0.output == operation.input }
    }
    let operations = all
    before = operations.indices.map { index in
      Set(
        operations.indices.filter {
          $0 < index && operations[$0].process == operations[index].process
        })
    }
  }

  /// Whether the registers do all of this in this order; of reads only those that count are looked
  /// at.
  private func isLegal(_ order: [Int], _ counts: (Int) -> Bool) -> Bool {
    var held: [Value?: Value] = [:]
    for index in order {
      let operation = all[index]
      if operation.function == "write" {
        held[operation.key] = operation.input
      } else if counts(index), held[operation.key] ?? .null != operation.output {
        return false
      }
    }
    return true
  }

  /// Whether some order of these operations, each after what must come before it, is legal.
  private func someOrder(
    of rest: [Int], after: (Int) -> Set<Int>, _ counts: (Int) -> Bool, _ order: [Int] = []
  ) -> Bool {
    if rest.isEmpty { return isLegal(order, counts) }
    return rest.contains { next in
      after(next).isDisjoint(with: rest)
        && someOrder(of: rest.filter { $0 != next }, after: after, counts, order + [next])
    }
  }

  var isSequential: Bool {
    someOrder(of: Array(all.indices), after: { before[$0] }, { _ in true })
  }

  var isPRAM: Bool {
    Set(all.map(\.process)).allSatisfy { process in
      let seen = all.indices.filter { all[$0].process == process || all[$0].function == "write" }
      return someOrder(of: seen, after: { before[$0] }, { all[$0].process == process })
    }
  }

  /// Every strict partial order that holds the processes' orders, as each operation's predecessors.
  private func someCausality(_ condition: ([Set<Int>]) -> Bool) -> Bool {
    extend([], condition)
  }

  /// One of the topological orders is enough to reach each partial order: operations are added in
  /// every order, each with every set of predecessors that is closed.
  private func extend(_ past: [(index: Int, before: Set<Int>)], _ condition: ([Set<Int>]) -> Bool)
    -> Bool
  {
    let placed = past.map(\.index)
    if placed.count == all.count {
      var co = Array(repeating: Set<Int>(), count: all.count)
      for one in past { co[one.index] = one.before }
      return condition(co)
    }
    for next in all.indices where !placed.contains(next) {
      guard before[next].isSubset(of: placed) else { continue }
      for subset in 0..<(1 << placed.count) {
        let chosen = Set(placed.indices.filter { subset >> $0 & 1 == 1 }.map { placed[$0] })
        let isClosed = past.allSatisfy {
          !chosen.contains($0.index) || $0.before.isSubset(of: chosen)
        }
        guard isClosed, before[next].isSubset(of: chosen) else { continue }
        if extend(past + [(next, chosen)], condition) { return true }
      }
    }
    return false
  }

  var isCausallyConsistent: Bool {
    someCausality { co in
      all.indices.allSatisfy { o in
        someOrder(of: co[o].sorted() + [o], after: { co[$0] }, { $0 == o })
      }
    }
  }

  var isCausalMemory: Bool {
    someCausality { co in
      all.indices.allSatisfy { o in
        someOrder(
          of: co[o].sorted() + [o], after: { co[$0] }, { $0 == o || before[o].contains($0) })
      }
    }
  }

  var isCausallyConvergent: Bool {
    someCausality { co in
      someArbitration(of: Array(all.indices), co) { arbitration in
        all.indices.allSatisfy { o in
          isLegal(arbitration.filter { co[o].contains($0) } + [o], { $0 == o })
        }
      }
    }
  }

  private func someArbitration(
    of rest: [Int], _ co: [Set<Int>], _ order: [Int] = [], _ condition: ([Int]) -> Bool
  ) -> Bool {
    if rest.isEmpty { return condition(order) }
    return rest.contains { next in
      co[next].isDisjoint(with: rest)
        && someArbitration(of: rest.filter { $0 != next }, co, order + [next], condition)
    }
  }
}
